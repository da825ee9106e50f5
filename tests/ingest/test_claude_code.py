"""Claude Code's session files."""

from __future__ import annotations

from typing import Any

import pytest

from elephantasm_cli.vocabulary import EventType, Trust


def line(uuid: str, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "uuid": uuid,
        "parentUuid": None,
        "sessionId": "sess-1",
        "timestamp": "2025-06-01T09:00:00.123Z",
        "cwd": "/home/ines/app",
        "version": "2.0.0",
        "isSidechain": False,
        "message": {"role": kind, "content": content},
        **more,
    }


SESSION = [
    {"type": "summary", "summary": "Fixing tests", "leafUuid": "x"},
    {"type": "file-history-snapshot", "messageId": "m"},
    line("u1", "user", "Fix the failing test"),
    line("a1", "assistant", [{"type": "thinking", "thinking": "…"}, {"type": "text", "text": "Let me look."}]),
    line("a2", "assistant", [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "pytest -x"}}]),
    line("u2", "user", [{"type": "tool_result", "tool_use_id": "t1", "content": "1 failed", "is_error": True}]),
    {"type": "custom-title", "customTitle": "tests", "sessionId": "sess-1"},
]


def test_a_session_becomes_its_words_and_its_tools(take, store):
    """Messages, calls and results are events; thoughts, titles and unknown lines are counted."""
    report = take(SESSION)
    assert report.formats == {"claude-code": 1}
    assert [(draft.event_type, draft.author, draft.content, draft.trust) for draft in store.drafts] == [
        (EventType.USER_MESSAGE, "User", "Fix the failing test", Trust.USER),
        (EventType.ASSISTANT_MESSAGE, "Assistant", "Let me look.", Trust.AGENT),
        (EventType.TOOL_CALL, "Assistant", "Bash: pytest -x", Trust.AGENT),
        (EventType.TOOL_RESULT, "Bash", "1 failed", Trust.TOOL),
    ]
    assert store.drafts[-1].metadata["is_error"] is True
    assert report.skipped == {"title": 2, "file-history-snapshot line": 1, "thinking": 1}
    assert {draft.session_id for draft in store.drafts} == {"sess-1"}
    assert store.drafts[0].occurred_at == "2025-06-01T09:00:00.123000Z"


def test_reminders_are_cut_out_of_words_and_results(take, store):
    """What the program inserts was said by nobody; what stands around it stays."""
    take(
        [
            line("u1", "user", "<system-reminder>\nhidden\n</system-reminder>\nUse tabs"),
            line(
                "u2",
                "user",
                [{"type": "tool_result", "tool_use_id": "t", "content": "ok <system-reminder>a</system-reminder>"}],
            ),
        ]
    )
    assert [draft.content for draft in store.drafts] == ["Use tabs", "ok"]


def test_an_unclosed_reminder_is_somebodys_text(take, store):
    """Writing about the tag loses nothing."""
    take([line("u1", "user", "why does <system-reminder> appear?")])
    assert store.drafts[0].content == "why does <system-reminder> appear?"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (line("u", "user", "<command-name>/clear</command-name>"), "command"),
        (line("u", "user", "<local-command-stdout>done</local-command-stdout>"), "command"),
        (line("u", "user", "<bash-input>ls</bash-input>"), "command"),
        (line("u", "user", [{"type": "text", "text": "[Request interrupted by user for tool use]"}]), "command"),
        (line("u", "user", "Caveat: …", isMeta=True), "meta line"),
        (line("u", "user", "This session continues …", isCompactSummary=True), "summary"),
        (line("a", "assistant", "API Error: 500", isApiErrorMessage=True), "error notice"),
        (line("u", "user", "<system-reminder>x</system-reminder>"), "reminder"),
        (line("s", "system", "hook ran"), "system line"),
        (line("u", "user", [{"type": "image", "source": {}}]), "image block"),
    ],
)
def test_what_nobody_said_is_skipped_and_counted(take, store, record, reason):
    """Commands, meta lines, summaries by a model and notices never become events."""
    report = take([record])
    assert store.drafts == []
    assert report.skipped == {reason: 1}
    assert report.rejected == 0


def test_what_a_sub_agent_is_told_is_not_the_users_word(take, store):
    """A sidechain's "user" line was written by the agent, and is trusted as such."""
    take([line("u1", "user", "Search the code for ferns", isSidechain=True)])
    (draft,) = store.drafts
    assert (draft.role, draft.trust) == ("assistant", Trust.AGENT)
    assert draft.metadata == {"is_sidechain": True}


def test_a_line_without_a_message_is_a_reject(take):
    """A user line with nothing in it is not what the format says."""
    report = take(
        [SESSION[2], {"type": "user", "sessionId": "s", "uuid": "u"}, {"type": "user", "message": {"content": 4}}]
    )
    assert (report.added, report.rejected) == (1, 2)


def test_a_session_read_while_it_grows_adds_its_tail(take, store):
    """Every read of the growing file adds only what is new."""
    assert take(SESSION[:4]).added == 2
    report = take(SESSION)
    assert (report.added, report.duplicates) == (2, 2)
    assert take(SESSION).added == 0
    assert len(store.drafts) == 4
