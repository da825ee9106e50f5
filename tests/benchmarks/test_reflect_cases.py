"""The excerpts of the held-out test of reflection: their draw, their marks, and how a text is known to hold one."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from elephantasm_cli.services.clock import human_date
from elephantasm_cli.vocabulary import EventType


@pytest.fixture
def cases(script):
    """What the test is made of."""
    return script("reflect_cases")


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


def test_held_out_excerpts_share_no_turn_with_any_earlier(cases, conversations, monkeypatch):
    """Neither with those of the first test, nor with those to tune on, marked or not; as many as there is room for."""

    def rows(places):
        return [dict(zip(("conversation", "session", "first"), place, strict=True)) for place in places]

    longer = [
        {**each, "sessions": [{**one, "id": f"{one['id']}.{copy}"} for copy in range(4) for one in each["sessions"]]}
        for each in conversations
    ]
    longer[0]["sessions"] = longer[0]["sessions"][:50]
    first = cases.draw(longer, 7)
    found = {cases.MARKS: {"used": rows(first)}}
    monkeypatch.setattr(cases, "load_marks", lambda path=cases.MARKS: found[path])
    unmarked = cases.dev_places(longer)
    second = cases.draw(longer, 8, taken=[*first, *unmarked])
    found[cases.DEVELOPMENT_MARKS] = {"drawn": rows(second)}
    held_out = cases.held_out_places(longer)
    assert cases.dev_places(longer) == unmarked
    turns = turns_of(cases, longer, [*first, *unmarked, *second, *held_out])
    assert len(turns) == len(set(turns))
    counts = Counter(place[0] for place in held_out)
    assert 0 < counts["talk-0"] < counts["talk-1"] == counts["talk-2"] == cases.SOUGHT // 3


def test_a_draw_without_room_says_so(cases, conversations):
    """Fewer excerpts than asked for would be another test, unless fewer are wanted."""
    with pytest.raises(ValueError, match="no room"):
        cases.draw(conversations, cases.SEED, count=200)
    assert 0 < len(cases.draw(conversations, cases.SEED, count=200, or_fewer=True)) < 200


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


@pytest.fixture(params=["MARKS", "DEVELOPMENT_MARKS"])
def marked(request, cases):
    """The file of the held-out marks, and that of those to tune on."""
    return getattr(cases, request.param)


def test_of_the_drawn_only_the_places_are_kept(cases, marked):
    """Those of two draws to tune on, each with marks within reach of its first turn, and no text; none held out."""
    drawn = cases.load_marks(marked)["drawn"]
    assert len({cases.place_of(row) for row in drawn}) == len(drawn) == (0 if marked == cases.MARKS else 74)
    for row in drawn:
        assert row.keys() == {"conversation", "session", "first", "marks", "must_not"}
        day, first = row["first"].split(":")
        turns = {f"{day}:{int(first) + place}" for place in range(cases.TURNS)}
        assert len(row["marks"]) <= cases.TURNS // cases.TURNS_PER_MARK
        assert row["must_not"]
        for mark in row["marks"]:
            assert mark["turn"] in turns
            assert all(len(key.split()) <= 2 for group in mark["keys"] for key in group), mark


def test_the_places_of_earlier_tests_are_kept(cases):
    """As many as they had, and no two of the three draws have a turn in common."""
    draws = [cases.load_marks()["used"], cases.load_marks(cases.DEVELOPMENT_MARKS)["drawn"]]
    rows = [row for drawn in draws for row in drawn]
    assert [len(drawn) for drawn in draws] == [cases.DRAWN, cases.DRAWN + 34]
    turns = []
    for row in rows:
        day, first = row["first"].split(":")
        turns += [(row["conversation"], day, int(first) + place) for place in range(cases.TURNS)]
    assert len(turns) == len(set(turns))


def test_our_own_are_of_every_kind(cases, marked):
    """Coding sessions, chats, talk with an assistant and notes; six of the held-out ones are not in English."""
    own = cases.load_marks(marked)["own"]
    counts = (26, 13, 11, 4, 6) if marked == cases.MARKS else (765, 429, 345, 159, 142)
    assert len({row["id"] for row in own}) == len(own) == sum(counts)
    english = Counter(row["kind"] for row in own if row["language"] == "en")
    assert tuple(english[kind] for kind in ("friends", "coding", "personal assistant", "notes")) == counts[:4]
    others = {row["language"] for row in own} - {"en"}
    assert others == ({"de", "pl", "pt"} if marked == cases.MARKS else {"de", "es", "fr", "it", "pl", "pt", "zh"})


def test_our_own_are_new(cases):
    """Nothing that is said in the held-out ones is said in those to tune on, and no two are between the same people."""
    said, people = [], []
    for path in (cases.MARKS, cases.DEVELOPMENT_MARKS):
        turns = [turn for case in cases.own_cases(path) for turn in case.turns if turn["role"] == "user"]
        said.append({turn["content"].casefold() for turn in turns if len(turn["content"].split()) > 5})
        people.append({frozenset(turn["author"] for turn in case.turns) for case in cases.own_cases(path)})
    assert said[0].isdisjoint(said[1])
    shared = {names for names in people[0] & people[1] if len(names - {"Assistant", "bash"}) > 1}
    assert shared == set()


def test_our_own_are_well_formed(cases, marked):
    """Four to eighteen turns in order of time; a tool's result follows its call."""
    for row in cases.load_marks(marked)["own"]:
        turns = row["turns"]
        assert 4 <= len(turns) <= 18
        assert [turn["id"] for turn in turns] == [f"t{number}" for number in range(1, len(turns) + 1)]
        times = [datetime.fromisoformat(turn["occurred_at"]) for turn in turns]
        assert times == sorted(set(times))
        kinds = [turn.get("type") for turn in turns]
        for place, kind in enumerate(kinds):
            assert kind is None or EventType(kind)
            assert (kind == "tool_result") == (place > 0 and kinds[place - 1] == "tool_call")
        assert row["must_not"]


def test_our_own_marks_are_said_in_their_turn(cases, marked):
    """Or beside it, by their author, none where there is small talk alone; neither a name nor a date beside a quotation
    is enough to hold them."""
    assert any(not case.marks for case in cases.own_cases(marked))
    for case in cases.own_cases(marked):
        assert len(case.marks) <= len(case.turns) // cases.TURNS_PER_MARK, case.id
        for mark in case.marks:
            turn = case.turns[case.order[mark.turn]]
            assert turn["author"] == mark.author
            assert cases.holds(case.said_around(mark), mark.keys), mark
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
