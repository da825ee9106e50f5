"""The demo history and the test data beside it are sound: what other tests and measurements rest on."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest

Record = dict[str, Any]
DATA = Path(__file__).resolve().parents[1] / "data"
REQUIRED = {"id", "session", "role", "author", "content", "occurred_at"}


def read_records(text: str) -> list[Record]:
    return [json.loads(line) for line in text.splitlines()]


def sessions_of(records: list[Record]) -> dict[str, list[Record]]:
    return {session: list(group) for session, group in groupby(records, key=lambda record: record["session"])}


def occurred_at(record: Record) -> datetime:
    return datetime.strptime(record["occurred_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def history() -> list[Record]:
    demo = resources.files("elephantasm_cli.demo")
    return read_records(demo.joinpath("history.jsonl").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def by_id(history: list[Record]) -> dict[str, Record]:
    return {record["id"]: record for record in history}


@pytest.fixture(scope="module")
def expectations() -> dict[str, Any]:
    demo = resources.files("elephantasm_cli.demo")
    loaded: dict[str, Any] = json.loads(demo.joinpath("expectations.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def friends() -> list[Record]:
    return read_records((DATA / "two_friends.jsonl").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def claude_code_lines() -> list[str]:
    return (DATA / "claude_code_session.jsonl").read_text(encoding="utf-8").split("\n")


def test_each_record_has_the_fields_of_our_own_shape(history: list[Record]) -> None:
    """No field is missing, unknown, empty or anything but text."""
    for record in history:
        assert REQUIRED <= record.keys() <= REQUIRED | {"type"}, record["id"]
        assert all(isinstance(value, str) and value.strip() for value in record.values()), record["id"]


def test_ids_are_unique_and_number_the_records_of_each_session(history: list[Record]) -> None:
    """Ids follow the order of the file, so that an evidence id can be found by eye."""
    expected = [
        f"s{number}-{ordinal:02d}"
        for number, records in enumerate(sessions_of(history).values(), 1)
        for ordinal in range(1, len(records) + 1)
    ]
    assert [record["id"] for record in history] == expected


def test_there_are_eight_sessions_of_a_natural_length(history: list[Record]) -> None:
    """Eight sessions of 18 to 40 records and 15 to 90 minutes each, named by their day, none interleaved."""
    sessions = sessions_of(history)
    assert len(sessions) == len({record["session"] for record in history}) == 8
    for name, records in sessions.items():
        assert 18 <= len(records) <= 40, name
        length = occurred_at(records[-1]) - occurred_at(records[0])
        assert timedelta(minutes=15) <= length <= timedelta(minutes=90), name
        assert all(record["occurred_at"].startswith(name[:10]) for record in records), name


def test_time_goes_forward(history: list[Record]) -> None:
    """Times ascend strictly through the whole file."""
    times = [occurred_at(record) for record in history]
    assert all(earlier < later for earlier, later in pairwise(times))


def test_exactly_one_session_has_a_gap_that_splits_an_episode(history: list[Record]) -> None:
    """One pause of more than 30 minutes inside a session."""
    gaps = [
        record["id"]
        for records in sessions_of(history).values()
        for previous, record in pairwise(records)
        if occurred_at(record) - occurred_at(previous) > timedelta(minutes=30)
    ]
    assert gaps == ["s7-21"]


def test_roles_authors_and_types_agree(history: list[Record]) -> None:
    """The person and the assistant write messages, the assistant calls tools, and tools write results only."""
    seen = Counter((record["role"], record.get("type")) for record in history)
    assert set(seen) == {("user", None), ("assistant", None), ("assistant", "tool_call"), ("tool", "tool_result")}
    assert {record["author"] for record in history if record["role"] == "user"} == {"Marlene"}
    assert {record["author"] for record in history if record["role"] == "assistant"} == {"Assistant"}
    assert {record["author"] for record in history if record["role"] == "tool"} == {"bash", "pytest"}


def test_each_tool_call_is_followed_by_its_result(history: list[Record]) -> None:
    """A call and its result are neighbours in one session."""
    for record, following in pairwise(history):
        assert (record.get("type") == "tool_call") == (following.get("type") == "tool_result"), record["id"]
        if record.get("type") == "tool_call":
            assert record["session"] == following["session"]


def evidence_ids(value: object) -> list[str]:
    """Every record id that occurs as a string anywhere in ``value``."""
    if isinstance(value, dict):
        return [found for item in value.values() for found in evidence_ids(item)]
    if isinstance(value, list):
        return [found for item in value for found in evidence_ids(item)]
    return [value] if isinstance(value, str) and re.fullmatch(r"s\d+-\d+", value) else []


def test_every_evidence_id_exists(expectations: dict[str, Any], by_id: dict[str, Record]) -> None:
    """No expectation points at a record that is not there."""
    ids = evidence_ids(expectations)
    assert len(ids) > 100
    assert set(ids) <= by_id.keys()


def test_changes_are_stated_before_they_are_changed(expectations: dict[str, Any], by_id: dict[str, Record]) -> None:
    """Each old and new value is found where it is said to be, the new one later."""
    assert len(expectations["superseded"]) >= 6
    for change in expectations["superseded"]:
        old, new = by_id[change["stated_in"]], by_id[change["changed_in"]]
        assert re.search(change["old_pattern"], old["content"]), change["topic"]
        assert re.search(change["new_pattern"], new["content"]), change["topic"]
        assert not re.search(change["new_pattern"], old["content"]), change["topic"]
        assert not re.search(change["old_pattern"], new["content"]), change["topic"]
        assert occurred_at(old) < occurred_at(new), change["topic"]
        assert new["author"] == "Marlene", change["topic"]


def test_problems_come_back_in_three_sessions(expectations: dict[str, Any], by_id: dict[str, Record]) -> None:
    """Each problem shows up in at least three sessions, and every fix ends with passing tests."""
    assert len(expectations["recurring_problems"]) >= 2
    for problem in expectations["recurring_problems"]:
        occurrences = [by_id[record_id] for record_id in problem["occurrences"]]
        assert len({record["session"] for record in occurrences}) >= 3
        assert all(re.search(problem["pattern"], record["content"]) for record in occurrences)
        for record_id in problem["fixed_in"]:
            assert re.search(r"^\d+ passed", by_id[record_id]["content"]), record_id


def test_standing_instructions_can_form_lessons(expectations: dict[str, Any], by_id: dict[str, Record]) -> None:
    """Each theme is said by the person at least three times, in at least three sessions, in different words."""
    assert len(expectations["standing_instructions"]) >= 5
    for instruction in expectations["standing_instructions"]:
        records = [by_id[record_id] for record_id in instruction["evidence_ids"]]
        assert len({record["session"] for record in records}) >= 3, instruction["theme"]
        assert len({record["content"] for record in records}) == len(records), instruction["theme"]
        assert all(re.search(instruction["pattern"], record["content"]) for record in records), instruction["theme"]
        assert {record["author"] for record in records} == {"Marlene"}, instruction["theme"]


def test_declined_offers_are_declined_by_the_person(expectations: dict[str, Any], by_id: dict[str, Record]) -> None:
    """What must not become the person's fact is turned down by them; its pattern finds the claim, not the talk."""
    said = [record["content"] for record in by_id.values() if record["role"] == "user"]
    for item in expectations["must_not_become_user_fact"]:
        assert by_id[item["declined_in"]]["author"] == "Marlene"
        assert item["offered_in"] <= item["declined_in"]
        assert re.search(item["pattern"], item["statement"]), item["statement"]
        assert not [text for text in said if re.search(item["pattern"], text)], item["statement"]


def test_there_are_thirty_questions_with_evidence(expectations: dict[str, Any]) -> None:
    """At least thirty different questions, each with evidence, and some that have no answer."""
    questions = [query["q"] for query in expectations["queries"]]
    assert len(questions) == len(set(questions)) >= 30
    assert all(query["evidence_ids"] for query in expectations["queries"])
    assert len(expectations["unanswerable_queries"]) >= 5


def test_people_write_other_languages_and_emoji(history: list[Record]) -> None:
    """The history is not plain ASCII: an umlaut and an emoji of the person are in it."""
    said = " ".join(record["content"] for record in history if record["role"] == "user")
    assert "schönes Wochenende" in said
    assert "🎉" in said


def test_two_friends_chat_over_four_sessions(friends: list[Record]) -> None:
    """At least sixty turns by two people in four sessions, ids unique, times ascending."""
    assert len(friends) >= 60
    assert len(sessions_of(friends)) == 4
    assert {record["author"] for record in friends} == {"Hana", "Oskar"}
    assert {record["role"] for record in friends} == {"user"}
    assert len({record["id"] for record in friends}) == len(friends)
    assert all(occurred_at(earlier) < occurred_at(later) for earlier, later in pairwise(friends))


def test_questions_about_the_friends_have_evidence(friends: list[Record]) -> None:
    """Each question points at existing turns, and only the unanswerable ones at none."""
    ids = {record["id"] for record in friends}
    for question in json.loads((DATA / "two_friends_questions.json").read_text(encoding="utf-8")):
        assert set(question["evidence_ids"]) <= ids, question["q"]
        assert bool(question["evidence_ids"]) == (question["category"] != "unanswerable"), question["q"]


def test_the_claude_code_session_has_its_broken_lines_where_the_readme_says(claude_code_lines: list[str]) -> None:
    """Only the blank line, the broken line and the cut last line are not JSON."""
    broken = []
    for number, line in enumerate(claude_code_lines, 1):
        try:
            json.loads(line)
        except json.JSONDecodeError:
            broken.append(number)
    assert broken == [42, 56, 64]
    assert claude_code_lines[41] == ""
    assert claude_code_lines[-1] != ""


@pytest.mark.parametrize(
    ("number", "fragment"),
    [
        (1, '"type":"summary"'),
        (2, '"type":"file-history-snapshot"'),
        (3, "<command-name>"),
        (4, "<local-command-stdout>"),
        (6, '"type":"thinking"'),
        (8, '"type":"tool_use"'),
        (15, '"is_error":true'),
        (23, "<system-reminder>"),
        (24, "<private>Mevrouw Claes"),
        (26, '"type":"image"'),
        (30, '"type":"hologram"'),
        (33, '"isSidechain":true'),
        (38, "[Request interrupted by user]"),
        (43, r"\ud83d ok"),
        (44, r"scale:\u0000"),
        (46, "発芽試験"),
        (48, '"type":"custom-title"'),
        (50, '"isCompactSummary":true'),
        (62, '"content":null'),
    ],
)
def test_each_oddity_is_on_its_line(claude_code_lines: list[str], number: int, fragment: str) -> None:
    """The line numbers that the README names are right."""
    assert fragment in claude_code_lines[number - 1]


def test_one_uuid_comes_three_times_with_two_contents(claude_code_lines: list[str]) -> None:
    """Lines 20 and 21 are equal, line 22 has their uuid and other words."""
    first, second, third = (json.loads(line) for line in claude_code_lines[19:22])
    assert first == second
    assert first["uuid"] == third["uuid"]
    assert first["message"] != third["message"]


def test_one_timestamp_is_out_of_order(claude_code_lines: list[str]) -> None:
    """Line 41 was written after line 40 and carries an earlier time."""
    assert json.loads(claude_code_lines[40])["timestamp"] < json.loads(claude_code_lines[39])["timestamp"]
