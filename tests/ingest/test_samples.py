"""The sample files under tests/data, oddities and all."""

from __future__ import annotations

from pathlib import Path

import pytest

from elephantasm_cli.vocabulary import EventType, Trust

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def session(take, store, tmp_path):
    """The report, the drafts by line, and the rejects of the Claude Code sample."""
    rejects = tmp_path / "r.jsonl"
    report = take(DATA / "claude_code_session.jsonl", rejects=rejects)
    by_line: dict[int, list] = {}
    for draft in store.drafts:
        by_line.setdefault(int(draft.source.rpartition(":")[2]), []).append(draft)
    return report, by_line, rejects.read_text()


def test_nothing_that_nobody_said_becomes_an_event(session):
    """Titles, commands, interruptions, summaries, unknown and system lines, thoughts and empty ones."""
    report, by_line, _ = session
    assert not by_line.keys() & {1, 2, 3, 4, 6, 28, 29, 30, 31, 38, 48, 49, 50, 53, 54, 62}
    assert report.formats == {"claude-code": 1}
    assert report.skipped["empty"] == 3
    assert report.skipped["title"] == 2


def test_broken_lines_are_rejects_and_stop_nothing(session):
    """A line without message, two that are cut off, one that is no object."""
    report, by_line, rejects = session
    assert report.rejected == 4
    assert all(f'"line": {number}' in rejects for number in (55, 56, 57, 64))
    assert by_line.keys() & {58, 59, 60, 61}


def test_a_repeated_line_is_one_event_and_a_changed_one_is_kept(session):
    """The same uuid three times, the third with other words."""
    report, by_line, _ = session
    assert (report.duplicates, report.changed) == (1, 1)
    assert 21 not in by_line
    assert 22 in by_line


def test_blocks_and_results_in_their_variants(session):
    """Several blocks a line, results as text or list, errors, images beside text."""
    _, by_line, _ = session
    assert [draft.event_type for draft in by_line[12]] == [EventType.ASSISTANT_MESSAGE, EventType.TOOL_CALL]
    assert len(by_line[11]) == len(by_line[18]) == len(by_line[19]) == 2
    assert by_line[15][0].metadata["is_error"] is True
    assert [draft.event_type for draft in by_line[36]] == [EventType.TOOL_RESULT]
    assert all(draft.trust is Trust.TOOL for number in (9, 13, 15, 19, 36) for draft in by_line[number])


def test_what_was_hidden_or_inserted_is_gone(session):
    """Reminders, private parts, and what a sub-agent was told as the user's word."""
    _, by_line, _ = session
    assert "system-reminder" not in by_line[23][0].content
    assert "private" not in by_line[24][0].content
    assert by_line[33][0].trust is Trust.AGENT
    assert by_line[33][0].metadata["is_sidechain"] is True


def test_damaged_characters_are_replaced_and_others_kept(session):
    """A lone surrogate and a NUL are noted; Dutch, Japanese and emoji come through."""
    _, by_line, _ = session
    assert by_line[43][0].metadata["replaced"] == ["surrogate"]
    assert by_line[44][0].metadata["replaced"] == ["nul"]
    assert not by_line[46][0].content.isascii()
    assert "replaced" not in by_line[46][0].metadata


def test_openai_and_anthropic_samples_name_their_tools(take, store):
    """Every result knows the tool it is of."""
    for name in ("messages_openai.json", "messages_anthropic.json"):
        report = take(DATA / name)
        assert (report.formats, report.rejected) == ({"messages": 1}, 0)
    results = [draft for draft in store.drafts if draft.event_type is EventType.TOOL_RESULT]
    assert len(results) >= 4
    assert all(draft.metadata["tool"] == draft.author != "Tool" for draft in results)


def test_the_log_of_speakers_keeps_times_names_and_continuations(take, store):
    """A line without time by somebody heard before is a message, another one goes on with the last."""
    take(DATA / "notes.txt")
    contents = {draft.content: draft for draft in store.drafts}
    assert {draft.author for draft in store.drafts} == {"Agnes", "Bram", "Chloé"}
    assert any("\nIt was 350 last year" in content for content in contents)
    late = contents["(no time on this line) I printed it."]
    assert (late.author, late.metadata) == ("Bram", {"time": "guessed"})
    assert late.occurred_at == "2026-02-18T09:12:00.000001Z"
    assert "Link to the manual: https://pump.example/manual?id=7" in contents


def test_the_chat_of_two_friends_is_read_whole(take, store):
    """Every turn with its author and session."""
    report = take(DATA / "two_friends.jsonl")
    assert (report.added, report.rejected, report.skipped) == (len(store.drafts), 0, {})
    assert {draft.author for draft in store.drafts} == {"Hana", "Oskar"}
    assert len(report.sessions) == 4
