"""Message lists of the OpenAI, Anthropic and LangChain libraries."""

from __future__ import annotations

import json

import pytest

from elephantasm_cli.vocabulary import EventType

OPENAI = [
    {"role": "user", "content": "How is the weather in Lisbon?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "get_weather", "arguments": '{"city": "Lisbon", "unit": "C"}'},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "18 degrees"},
    {"role": "assistant", "content": "It is 18 degrees."},
]

ANTHROPIC = [
    {"role": "user", "content": [{"type": "text", "text": "Run the tests"}, {"type": "image", "source": {}}]},
    {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "hm"},
            {"type": "text", "text": "Running them."},
            {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "pytest -x"}},
        ],
    },
    {
        "role": "user",
        "content": [
            {
                "type": "tool_result",
                "tool_use_id": "t1",
                "is_error": True,
                "content": [{"type": "text", "text": "1 failed"}],
            }
        ],
    },
]


@pytest.mark.parametrize("layout", ["array", "pretty", "lines", "wrapped", "wrapped lines"])
def test_openai_messages_in_any_layout(take, store, layout):
    """An array, a pretty-printed one, one a line, or under ``messages``: always the same four events."""
    text = {
        "array": json.dumps(OPENAI),
        "pretty": json.dumps(OPENAI, indent=2),
        "lines": "\n".join(map(json.dumps, OPENAI)),
        "wrapped": json.dumps({"messages": OPENAI}, indent=1),
        "wrapped lines": json.dumps({"messages": OPENAI}) + "\n",
    }[layout]
    report = take(text, "weather.json")
    assert report.formats == {"messages": 1}
    assert [(draft.event_type, draft.author, draft.content) for draft in store.drafts] == [
        (EventType.USER_MESSAGE, "User", "How is the weather in Lisbon?"),
        (EventType.TOOL_CALL, "Assistant", "get_weather (city=Lisbon, unit=C)"),
        (EventType.TOOL_RESULT, "get_weather", "18 degrees"),
        (EventType.ASSISTANT_MESSAGE, "Assistant", "It is 18 degrees."),
    ]
    assert {draft.session_id for draft in store.drafts} == {"weather"}


def test_anthropic_blocks_become_events_of_their_own(take, store):
    """Text, tool use and tool result are events; thoughts and images are skipped and counted."""
    report = take(json.dumps(ANTHROPIC), "run.json")
    assert [(draft.event_type, draft.content) for draft in store.drafts] == [
        (EventType.USER_MESSAGE, "Run the tests"),
        (EventType.ASSISTANT_MESSAGE, "Running them."),
        (EventType.TOOL_CALL, "Bash: pytest -x"),
        (EventType.TOOL_RESULT, "1 failed"),
    ]
    result = store.drafts[-1]
    assert (result.role, result.author, result.trust) == ("tool", "Bash", "tool")
    assert result.metadata["is_error"] is True
    assert report.skipped == {"thinking": 1, "image block": 1}


@pytest.mark.parametrize(
    "records",
    [
        [{"type": "human", "data": {"content": "Hi", "id": None}}, {"type": "ai", "data": {"content": "Hello"}}],
        [{"type": "human", "content": "Hi"}, {"type": "ai", "content": "Hello"}],
        [
            {"lc": 1, "type": "constructor", "id": ["langchain", "HumanMessage"], "kwargs": {"content": "Hi"}},
            {"lc": 1, "type": "constructor", "id": ["langchain", "AIMessageChunk"], "kwargs": {"content": "Hello"}},
        ],
    ],
)
def test_langchain_messages_in_their_three_shapes(take, store, records):
    """``data``, flat, and serialised constructors give user and assistant messages."""
    report = take(json.dumps(records), "lc.json")
    assert report.formats == {"messages": 1}
    assert [(draft.role, draft.content) for draft in store.drafts] == [("user", "Hi"), ("assistant", "Hello")]


def test_langchain_tool_calls_name_their_tool(take, store):
    """``args`` is an object there, not JSON text."""
    call = {
        "type": "ai",
        "data": {"content": "", "tool_calls": [{"name": "search", "args": {"query": "ferns"}, "id": "c"}]},
    }
    take([call])
    assert store.drafts[0].content == "search: ferns"


def test_conversations_in_one_file_get_sessions_of_their_own(take, store):
    """Named ones keep their name, the others are numbered after the file."""
    hello = [{"role": "user", "content": "hello"}]
    take([{"messages": hello}, {"messages": hello}, {"id": "c9", "messages": hello}], "many.jsonl")
    assert [draft.session_id for draft in store.drafts] == ["many", "many-2", "c9"]


def test_a_truncated_array_gives_what_is_whole(take, store, tmp_path):
    """The elements before the break are stored, the rest is one reject."""
    text = json.dumps([{"role": "user", "content": f"message {n}"} for n in range(3)])
    report = take(text[:-12], "cut.json", rejects=tmp_path / "r.jsonl")
    assert [draft.content for draft in store.drafts] == ["message 0", "message 1"]
    assert (report.added, report.rejected, report.read) == (2, 1, 3)
    assert "not readable as JSON" in (tmp_path / "r.jsonl").read_text()


def test_items_of_openai_responses_are_understood(take, store):
    """Calls and their outputs stand beside messages there, and reasoning is skipped."""
    report = take(
        [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Weather?"}]},
            {"type": "reasoning", "id": "r", "summary": []},
            {"type": "function_call", "call_id": "c", "name": "weather", "arguments": '{"query": "Lisbon"}'},
            {"type": "function_call_output", "call_id": "c", "output": "18"},
        ]
    )
    assert [(draft.event_type, draft.author, draft.content) for draft in store.drafts] == [
        (EventType.USER_MESSAGE, "User", "Weather?"),
        (EventType.TOOL_CALL, "Assistant", "weather: Lisbon"),
        (EventType.TOOL_RESULT, "weather", "18"),
    ]
    assert report.skipped == {"thinking": 1}


def test_a_long_argument_is_left_out_and_named(take, store):
    """What a call writes into a file is not remembered as something said."""
    block = {"type": "tool_use", "id": "t", "name": "Write", "input": {"file_path": "a.py", "content": "x\n" * 90}}
    take(json.dumps([{"role": "assistant", "content": [block]}]), "w.json")
    (draft,) = store.drafts
    assert draft.content == "Write: a.py"
    assert draft.metadata["omitted_arguments"] == ["content"]
