"""The commands that list and show."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from elephantasm_cli.agent import open_agent


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_events_are_listed_in_the_order_they_came(run: Any, small: Any) -> None:
    """In a pipe a line an event, its cells separated by tabs."""
    result = run("events")
    assert (result.code, result.err) == (0, "")
    assert [line.split("\t") for line in result.out.splitlines()] == [
        [small.events[0][:12], "2026-05-01 10:00", "user_message", "Ada", "We deploy on Tuesdays."],
        [small.events[1][:12], "2026-05-08 10:00", "user_message", "Ada", "From now on we deploy on Fridays."],
    ]


def test_events_as_json_are_complete(run: Any, small: Any) -> None:
    """Every column, one object a line."""
    found = rows(run("events", "--json").out)
    assert [row["id"] for row in found] == list(small.events)
    assert found[0]["session_id"] == "plans"
    assert {"content_sha256", "trust", "source", "metadata", "token_count"} <= found[0].keys()


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (["--since", "2026-05-02"], [1]),
        (["--until", "2026-05-01"], [0]),
        (["--until", "2026-05-01T09:59:59Z"], []),
        (["--since", "2026-05-01", "--until", "2026-05-08"], [0, 1]),
        (["--newest"], [1, 0]),
        (["--newest", "-n", "1"], [1]),
        (["--author", "Bob"], []),
        (["--session", "plans"], [0, 1]),
        (["--type", "note"], []),
    ],
)
def test_events_are_filtered(run: Any, small: Any, filters: list[str], kept: list[int]) -> None:
    """Each filter of the Python API has its option; a date is taken to its end where it is an end."""
    assert [row["id"] for row in rows(run("events", "--json", *filters).out)] == [small.events[i] for i in kept]


def test_memories_are_listed_with_their_state(run: Any, small: Any) -> None:
    """Also those that were superseded, unless a state is asked for."""
    lines = [line.split("\t") for line in run("memories").out.splitlines()]
    assert lines == [
        [small.old[:12], "2026-05-01", "superseded", "fact", "Ada deploys on Tuesdays."],
        [small.memory[:12], "2026-05-08", "active", "fact", "Ada deploys on Fridays."],
    ]
    assert [row["id"] for row in rows(run("memories", "--state", "active", "--json").out)] == [small.memory]
    both = run("memories", "--state", "active", "--state", "superseded", "--json")
    assert [row["id"] for row in rows(both.out)] == [small.old, small.memory]
    assert [row["id"] for row in rows(run("memories", "--newest", "--json", "-n", "1").out)] == [small.memory]


def test_knowledge_and_lessons_are_listed(run: Any, small: Any) -> None:
    """An empty layer prints nothing and is no error."""
    assert run("knowledge").out == f"{small.knowledge[:12]}\t2026-05-08\tactive\tfact\tDeployments happen on Fridays.\n"
    assert (run("lessons").code, run("lessons").out) == (0, "")


def test_identity_before_the_first_says_so(run: Any, small: Any) -> None:
    """Nothing on stdout, a hint on stderr; JSON says null."""
    result = run("identity")
    assert (result.code, result.out) == (0, "")
    assert "no identity yet" in result.err
    assert run("identity", "--json").out == "null\n"
    assert run("identity", "--versions").out == ""


def test_show_prints_fields_and_text(run: Any, small: Any) -> None:
    """Any unique beginning of an id will do."""
    result = run("show", small.memory[:9])
    assert result.code == 0
    assert f"id:{' ' * 15}{small.memory}" in result.out
    assert result.out.endswith("\n\nAda deploys on Fridays.\n")
    assert json.loads(run("show", small.memory, "--json").out)["layer"] == "memory"


def test_show_history_tells_every_act(run: Any, small: Any) -> None:
    """From birth to what replaced it, oldest first."""
    acts = json.loads(run("show", small.old, "--history", "--json").out)["history"]
    assert [act["transformation_type"] for act in acts] == ["reflection", "supersede"]
    assert acts[1]["after"]["superseded_by"] == small.memory
    out = run("show", small.old, "--history").out
    assert out.index("Ada said so.") < out.index("The later one wins.")


def test_why_walks_down_to_the_words(run: Any, small: Any) -> None:
    """Knowledge, memory, event: each a step further in, the event with the words it is quoted for."""
    lines = run("why", small.knowledge).out.splitlines()
    assert lines[0] == f"{small.knowledge}  Deployments happen on Fridays."
    assert lines[1].startswith(f"  {small.memory}  Ada deploys on Fridays.")
    assert lines[2] == f'    {small.events[1]}  Ada, 8 May 2026: "From now"'


def test_why_down_tells_what_came_of_it(run: Any, small: Any) -> None:
    """The same tree from the other end, and as JSON."""
    tree = json.loads(run("why", "--down", small.events[1], "--json").out)
    assert tree["id"] == small.events[1]
    assert tree["children"][0]["id"] == small.memory
    assert {child["id"] for child in tree["children"][0]["children"]} == {small.knowledge, small.old}


def test_log_is_listed_and_filtered(run: Any, small: Any) -> None:
    """By item, by type, newest first."""
    kinds = [row["transformation_type"] for row in rows(run("log", "--json").out)]
    assert kinds == ["reflection", "reflection", "supersede", "consolidation"]
    assert [row["target_id"] for row in rows(run("log", "--type", "supersede", "--json").out)] == [small.old]
    assert len(rows(run("log", "--item", small.old[:10], "--json").out)) == 2
    assert rows(run("log", "--newest", "-n", "1", "--json").out)[0]["target_id"] == small.knowledge
    assert run("log").out.splitlines()[2].split("\t")[2:] == [
        "supersede",
        small.old[:12],
        "curate_memories",
        "The later one wins.",
    ]


def test_stats_count(run: Any, small: Any) -> None:
    """For people and as JSON."""
    counts = json.loads(run("stats", "--json").out)
    assert (counts["events"], counts["sessions"], counts["transformations"]) == (2, 1, 4)
    assert counts["layers"]["memory"] == {"active": 1, "superseded": 1}
    assert "memory:                  1 active, 1 superseded\n" in run("stats").out


def test_verify_says_what_it_checked(run: Any, small: Any) -> None:
    """A sound file: exit 0."""
    report = json.loads(run("verify", "--json").out)
    assert (report["ok"], report["faults"]) == (True, [])
    assert report["checked"]["events"] == 2
    assert run("verify").out.splitlines()[1] == "events\t2 checked"


def test_verify_finds_a_changed_row_exit_4(run: Any, small: Any) -> None:
    """What was altered behind the log's back is named; the report stays on stdout."""
    with open_agent() as agent:
        agent.store.connection.execute(
            "UPDATE memories SET content = 'Ada never deploys.' WHERE id = ?", (small.memory,)
        )
    result = run("verify")
    assert result.code == 4
    assert f"fold\t{small.memory}\tdiffers from the log in content\n" in result.out
    assert result.err.startswith("elephantasm: 1 fault in default: ")
    assert json.loads(run("verify", "--json").out)["ok"] is False


def test_note_is_an_operators_event(run: Any, home: Any) -> None:
    """It makes the agent where there is none, and prints the id."""
    event = run("note", "I", "moved", "to", "Lisbon").out.strip()
    shown = json.loads(run("show", event, "--json").out)
    assert (shown["content"], shown["trust"]) == ("I moved to Lisbon", "operator")
    assert json.loads(run("note", "again", "--json").out)["content"] == "again"


def test_migrate_leaves_a_current_file(run: Any, small: Any) -> None:
    """One agent, or all of them."""
    assert run("migrate").out == "default: up to date\n"
    run("note", "hello", "--agent", "other")
    assert run("migrate", "--all").out == "default: up to date\nother: up to date\n"


class Terminal:
    """Makes stdout a terminal of some width."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def __call__(self, columns: int) -> None:
        self._patch.setattr(type(sys.stdout), "isatty", lambda stream: True, raising=False)
        self._patch.setenv("COLUMNS", str(columns))
        self._patch.setenv("TERM", "xterm-256color")


@pytest.fixture
def terminal(run: Any, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def test_on_a_terminal_lists_are_clipped_to_its_width(run: Any, small: Any, terminal: Terminal) -> None:
    """Columns, colour, an ellipsis where the text goes on."""
    terminal(80)
    lines = run("events").out.splitlines()
    assert len(lines) == 2
    assert "\x1b[" in lines[0]
    assert lines[1].rstrip("\x1b[0m").endswith("…")


def test_no_color_is_minded(run: Any, small: Any, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR takes the colours out of everything."""
    terminal(100)
    monkeypatch.setenv("NO_COLOR", "1")
    for command in (["events"], ["memories"], ["why", small.knowledge], ["stats"], ["identity"], ["log"]):
        assert "\x1b[3" not in run(*command).out


def test_on_a_terminal_why_draws_a_tree(run: Any, small: Any, terminal: Terminal) -> None:
    """With branches."""
    terminal(120)
    out = run("why", small.knowledge).out
    assert "└── " in out
    assert "“From now”" in out
