"""The held-out test of reflection: its draw, its marks, and how its figures are counted."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

import pytest

from elephantasm_cli.services.clock import human_date
from elephantasm_cli.vocabulary import EventType


@pytest.fixture
def cases(script):
    """What the test is made of."""
    return script("reflect_cases")


@pytest.fixture
def runner(script):
    """The script itself."""
    return script("reflect_heldout")


@pytest.fixture(scope="module")
def conversations():
    """Three conversations of unlike length, in membench's format."""
    return [
        {
            "id": f"talk-{number}",
            "sessions": [
                {
                    "id": f"S{session}",
                    "date": f"2025-02-{session:02}T10:00",
                    "turns": [
                        {"id": f"D{session}:{turn}", "speaker": ("Ada", "Bo")[turn % 2], "text": f"Line {turn}."}
                        for turn in range(1, 12 + number)
                    ],
                }
                for session in range(1, 21)
            ],
        }
        for number in range(3)
    ]


def turns_of(cases, conversations, places):
    return [(place[0], place[1], turn["id"]) for place in places for turn in cases.excerpt(conversations, place)]


def test_the_draw_is_the_same_every_time(cases, conversations):
    """One seed, one draw; another seed, another."""
    drawn = cases.draw(conversations, cases.SEED)
    assert drawn == cases.draw(conversations, cases.SEED)
    assert drawn != cases.draw(conversations, cases.SEED + 1)


def test_drawn_excerpts_are_whole_and_share_no_turn(cases, conversations):
    """Forty of six turns, thirteen or fourteen a conversation, no turn twice."""
    drawn = cases.draw(conversations, cases.SEED)
    assert Counter(place[0] for place in drawn) == {"talk-0": 14, "talk-1": 13, "talk-2": 13}
    turns = turns_of(cases, conversations, drawn)
    assert len(turns) == len(set(turns)) == 240


def test_a_draw_keeps_off_what_is_taken(cases, conversations):
    """The excerpts to tune on share no turn with the held-out ones."""
    held_out = cases.draw(conversations, cases.SEED, count=20)
    others = cases.draw(conversations, 1, count=20, taken=held_out)
    assert set(turns_of(cases, conversations, held_out)).isdisjoint(turns_of(cases, conversations, others))


def test_excerpts_to_tune_on_stay_the_same_and_are_never_held_out(cases, conversations, monkeypatch):
    """Those of the first seed were there before the held-out ones; every other seed keeps off these."""
    longer = [
        {**each, "sessions": [{**one, "id": f"{one['id']}.{copy}"} for copy in range(4) for one in each["sessions"]]}
        for each in conversations
    ]
    used = cases.draw(longer, 7)
    rows = {"used": [dict(zip(("conversation", "session", "first"), place, strict=True)) for place in used]}
    monkeypatch.setattr(cases, "load_marks", lambda: rows)
    first = cases.dev_places(longer, cases.DEV_SEED)
    held_out = cases.draw(longer, cases.SEED, taken=[*used, *first])
    rows["drawn"] = [dict(zip(("conversation", "session", "first"), place, strict=True)) for place in held_out]
    assert cases.dev_places(longer, cases.DEV_SEED) == first
    kept = set(turns_of(cases, longer, [*used, *held_out]))
    for seed in range(1, 6):
        assert kept.isdisjoint(turns_of(cases, longer, cases.dev_places(longer, seed)))
    assert cases.dev_places(longer, 2) != cases.draw(longer, 2, taken=used)


def test_a_draw_without_room_says_so(cases, conversations):
    """Fewer excerpts than asked for would be another test."""
    with pytest.raises(ValueError, match="no room"):
        cases.draw(conversations, cases.SEED, count=200)


def test_an_excerpt_is_dated_and_authored_as_its_session(cases, conversations):
    """As membench's adapter ingests them."""
    first = cases.excerpt(conversations, ("talk-1", "S3", "D3:5"))[0]
    assert first == {
        "id": "D3:5",
        "role": "user",
        "author": "Bo",
        "content": "Line 5.",
        "occurred_at": "2025-02-03T10:00",
    }


def test_of_the_drawn_only_the_places_are_kept(cases):
    """Forty of them, each with marks within reach of its first turn, and no text."""
    drawn = cases.load_marks()["drawn"]
    assert len({cases.place_of(row) for row in drawn}) == cases.DRAWN
    for row in drawn:
        assert row.keys() == {"conversation", "session", "first", "marks", "must_not"}
        day, first = row["first"].split(":")
        turns = {f"{day}:{int(first) + place}" for place in range(cases.TURNS)}
        assert len(row["marks"]) <= cases.TURNS // cases.TURNS_PER_MARK
        assert row["must_not"]
        for mark in row["marks"]:
            assert mark["turn"] in turns
            assert all(len(key.split()) <= 2 for group in mark["keys"] for key in group), mark


def test_the_places_of_the_earlier_test_are_kept(cases):
    """As many as it had, each only once, and none of them held out again."""
    marks = cases.load_marks()
    used = {cases.place_of(row) for row in marks["used"]}
    assert len(used) == len(marks["used"]) == cases.DRAWN
    assert used.isdisjoint(map(cases.place_of, marks["drawn"]))
    firsts = {(place[0], *place[2].split(":")) for place in used}
    for row in marks["drawn"]:
        day, first = row["first"].split(":")
        for place in range(1 - cases.TURNS, cases.TURNS):
            assert (row["conversation"], day, str(int(first) + place)) not in firsts


def test_our_own_are_of_every_kind(cases):
    """Eight coding sessions, four chats, three with an assistant, two rows of notes, and three other languages."""
    own = cases.load_marks()["own"]
    assert len({row["id"] for row in own}) == 20
    english = Counter(row["kind"] for row in own if row["language"] == "en")
    assert english == {"coding": 8, "friends": 4, "personal assistant": 3, "notes": 2}
    assert {row["language"] for row in own} == {"en", "de", "fr", "zh"}


def test_our_own_are_well_formed(cases):
    """Four to eight turns in order of time; a tool's result follows its call; sessions with tools hold a failure."""
    for row in cases.load_marks()["own"]:
        turns = row["turns"]
        assert 4 <= len(turns) <= 8
        assert [turn["id"] for turn in turns] == [f"t{number}" for number in range(1, len(turns) + 1)]
        times = [datetime.fromisoformat(turn["occurred_at"]) for turn in turns]
        assert times == sorted(set(times))
        kinds = [turn.get("type") for turn in turns]
        for place, kind in enumerate(kinds):
            assert kind is None or EventType(kind)
            assert (kind == "tool_result") == (place > 0 and kinds[place - 1] == "tool_call")
        assert row["must_not"]


def test_our_own_marks_are_said_in_one_sentence_of_their_turn(cases):
    """By their author, none where there is small talk alone; neither a name nor a date beside a quotation is enough to
    hold them."""
    assert any(not case.marks for case in cases.own_cases())
    for case in cases.own_cases():
        assert len(case.marks) <= len(case.turns) // cases.TURNS_PER_MARK, case.id
        for mark in case.marks:
            turn = case.turns[case.order[mark.turn]]
            assert turn["author"] == mark.author
            assert cases.holds(turn["content"], mark.keys), mark
            for other in case.turns:
                assert not cases.holds(f"{other['author']}, {human_date(other['occurred_at'])}", mark.keys), mark


@pytest.mark.parametrize(
    ("text", "keys", "held"),
    [
        ("Bo went hiking.", [["hik"]], True),
        ("Bo went hiking.", [["iking"]], False),
        ("Bo’s HIKE in\nMay", [["bo's hike in may"]], True),
        ("She moves on the 19th.", [["=19", "=19th"]], True),
        ("She moves in 1999.", [["=19"]], False),
        ("1.96 m tall", [["1.96"]], True),
        ("Use `dry_run` here.", [["run"]], True),
        ("Keep it on Postgres.", [["heron"], ["postgres"]], False),
        ("周五下午不要部署。", [["周五", "friday"], ["部署"]], True),
    ],
)
def test_key_words(cases, text, keys, held):
    """One alternative of every group, at the beginning of a word; whole where it says so."""
    assert cases.holds(text, keys) is held


def memory(statement="Bo hikes.", turns=("t2",), speaker="Bo", **values):
    return {
        "statement": statement,
        "turns": list(turns),
        "speaker": speaker,
        "form": "quotation",
        "memory": 0,
        **values,
    }


@pytest.fixture
def case(cases):
    turns = [
        {"id": f"t{number}", "role": "user", "author": ("Bo", "Ada")[number % 2], "content": content}
        | {"occurred_at": f"2026-01-0{number}T10:00:00Z"}
        for number, content in enumerate(["Hi!", "I hike in the Harz every May.", "Oh?", "I prefer tea."], 1)
    ]
    return cases.Case("talk", "friends", turns, [cases.Mark("t2", "Bo", [["hik"]])], ["Ada hikes"])


def test_a_mark_is_recalled_from_its_turn_or_the_one_beside_it(cases, case):
    """The same words further off, or other words at the right place, are not it."""
    mark = case.marks[0]
    assert cases.is_recalled(mark, case, memory(turns=("t1",)))
    assert cases.is_recalled(mark, case, memory(turns=("t4", "t3")))
    assert not cases.is_recalled(mark, case, memory(turns=("t4",)))
    assert not cases.is_recalled(mark, case, memory("Bo drinks tea."))


def test_whose_words_recall_a_mark(runner, case):
    """A neighbour's words count as recalled, not as the author's."""
    assert runner.found(case.marks[0], case, [memory(speaker="Ada")]) == {"recalled": True, "own": False}
    assert runner.found(case.marks[0], case, [memory(speaker="Ada"), memory()]) == {"recalled": True, "own": True}
    assert runner.found(case.marks[0], case, []) == {"recalled": False, "own": False}


def test_wilson_interval(runner):
    """Known values; nothing counted says nothing."""
    assert runner.wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert runner.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert runner.wilson(0, 0) == (0.0, 1.0)


def result(name, group="friends", memories=(), marks=()):
    return {
        "case": name,
        "group": group,
        "turns": 6,
        "must_not": ["Ada hikes"],
        "marks": [{"turn": "t2", "author": "Bo", "keys": [["hik"]], "recalled": held, "own": held} for held in marks],
        "memories": [memory(f"Statement {n}.", memory=n, kind="fact", quotes=["I hike."]) for n in range(memories)],
        "refused": [],
        "tokens": 10,
        "seconds": 1.0,
    }


def test_summary_counts_by_group(runner):
    """Memories, those over one for three turns, and marks; one line for all."""
    text = runner.summary([result("a", memories=3, marks=[True, False]), result("b", "conversations", memories=1)])
    lines = [line.split() for line in text.splitlines()]
    assert ["friends", "1", "6", "3", "0", "3", "0.50", "1", "0", "10", "1"] in lines
    assert ["all", "2", "12", "4", "0", "4", "0.33", "1", "0", "20", "2"] in lines
    assert "1/2 = 50% (9-91)" in text
    assert "1 in 1" in text


def test_verdicts_are_counted_with_their_interval(runner):
    """By number or by statement; a memory that is not there, or judged twice, is an error."""
    results = [result("a", memories=2), result("b", "conversations", memories=1)]
    verdicts = [
        {"case": "a", "memory": 0, "verdict": "right"},
        {"case": "a", "statement": "Statement 1.", "verdict": "False "},
    ]
    text = runner.judged(verdicts, results)
    assert text.splitlines()[0].split() == ["false", "right"]
    assert "1/2 = 50% (9-91)" in text
    assert text.endswith("2 of 3 memories are judged")
    with pytest.raises(ValueError, match="no memory 7"):
        runner.judged([{"case": "a", "memory": 7, "verdict": "right"}], results)
    with pytest.raises(ValueError, match="twice"):
        runner.judged([*verdicts, {"case": "a", "memory": 1, "verdict": "right"}], results)


def test_one_excerpt_is_dreamt_on_from_end_to_end(runner, case):
    """Without a model: quotations, each with its turn, its words and who said them."""
    found = runner.run(case, None)
    assert found["tokens"] == 0
    assert found["memories"]
    turns = {turn["id"]: turn for turn in case.turns}
    for each in found["memories"]:
        assert each["form"] == "quotation"
        for turn, quote in zip(each["turns"], each["quotes"], strict=True):
            assert quote
            assert quote in turns[turn]["content"]
            assert each["speaker"] == turns[turn]["author"]
            assert quote in runner.shown(found)
    assert json.loads(json.dumps(found)) == found


def test_memories_cite_the_turns_they_rest_on(runner, case):
    """What a tool said rests on the call and its result, in the order of the turns."""
    call = {"id": "t5", "role": "assistant", "author": "Assistant", "content": "bash: make", "type": "tool_call"}
    output = {"id": "t6", "role": "tool", "author": "bash", "content": "make: *** [all] Error 2", "is_error": True}
    output["type"] = "tool_result"
    case.turns.extend({**turn, "occurred_at": "2026-01-04T10:01:00Z"} for turn in (call, output))
    failures = [each for each in runner.run(case, None)["memories"] if "make" in each["statement"]]
    assert [(each["turns"], each["quotes"]) for each in failures] == [
        (["t5", "t6"], ["bash: make", "make: *** [all] Error 2"])
    ]


def test_unlike_conversations_are_refused(runner, cases, tmp_path, monkeypatch):
    """A mark whose turn says something else would count nonsense."""
    rows = [{"conversation": "talk-0", "session": "S1", "first": "D1:1", "must_not": ["-"]}]
    rows[0]["marks"] = [{"turn": "D1:2", "author": "Ada", "keys": [["line 2"]]}]
    turns = [{"id": f"D1:{n}", "speaker": "Ada", "text": f"Line {n}."} for n in range(1, 8)]
    data = tmp_path / "data.json"
    conversation = {"id": "talk-0", "sessions": [{"id": "S1", "date": "2025-02-01T10:00", "turns": turns}]}
    data.write_text(json.dumps([conversation]))
    own = cases.load_marks()["own"]
    monkeypatch.setattr(cases, "load_marks", lambda: {"drawn": rows, "own": own})
    assert len(runner.chosen_cases(data, None)) == 21
    rows[0]["marks"][0]["keys"] = [["line 3"]]
    with pytest.raises(ValueError, match="marked conversations"):
        runner.chosen_cases(data, None)
