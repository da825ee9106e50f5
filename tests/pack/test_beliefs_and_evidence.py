"""What of beliefs and of what was said has a place, where both say something of the question."""

from __future__ import annotations

import pytest

from elephantasm_cli.pack.compile import TOP_LINE_SHARE, compile_pack
from elephantasm_cli.pack.contents import NO_ROOM, SHARE_USED
from elephantasm_cli.pack.identity import identity_lines
from elephantasm_cli.pack.order import ABOUT
from elephantasm_cli.vocabulary import Layer

BUDGET = 200
WIDE = 1000
HEADINGS = 6
TOP_LINE = int(TOP_LINE_SHARE * BUDGET) - HEADINGS
"""What the best belief of a full pack may weigh, by the words' counter: its share pays for its heading, and for the one
that evidence then needs."""
FULL = BUDGET - 7
"""A pack of more tokens has no room for another turn."""
ANSWERS = {"relevance": 1.0, "similarity": ABOUT}
"""A row that rests on the turn that answers best, and is about the question itself."""


@pytest.fixture
def events(item):
    """More short turns than there is room for."""
    return [item(f"Turn word{n} other{n}", f"evt_{n:02}", 0.9 - n / 1000, seq=n) for n in range(80)]


def line_of(weight, topic="fern"):
    """A text that weighs this much as a listed line by that counter: its mark, its words, its line break."""
    return " ".join(f"{topic}{n}" for n in range(weight - 2))


def reasons(pack):
    return {left.item_id: left.reason for left in pack.left_out}


@pytest.mark.parametrize("layer", [Layer.KNOWLEDGE, Layer.LESSON, Layer.MEMORY])
def test_to_a_question_what_was_said_stands_and_a_belief_that_repeats_it_does_not(item, counter, layer):
    """However well the belief scores; the reason names the line."""
    found = [item("Deploys wait until Friday", "row_1", 0.9, layer, author=""), item("Deploys wait until Friday!")]
    pack = compile_pack(found, budget=BUDGET, counter=counter, query="deploys")
    assert pack.item_ids == ("evt_1",)
    assert reasons(pack) == {"row_1": "repeats: Ada: Deploys wait until Friday!"}


@pytest.mark.parametrize("layer", [Layer.KNOWLEDGE, Layer.LESSON, Layer.MEMORY])
def test_without_a_question_the_belief_stands_and_what_repeats_it_does_not(item, counter, layer):
    """However well the turn scores."""
    found = [
        item("Deploys wait until Friday", "evt_1", 0.9, author=""),
        item("Deploys wait until Friday.", "row_1", layer=layer),
    ]
    pack = compile_pack(found, budget=BUDGET, counter=counter)
    assert pack.item_ids == ("row_1",)
    assert reasons(pack)["evt_1"].startswith("repeats: - Deploys wait until Friday.")


def test_beliefs_come_before_memories_whether_asked_or_not(item, counter):
    """A memory that says what a belief says already is left out."""
    found = [
        item("Deploys wait until Friday", "mem_1", 0.9, Layer.MEMORY, author=""),
        item("Deploys wait until Friday", "kno_1", 0.5, Layer.KNOWLEDGE, author=""),
    ]
    for query in (None, "deploys"):
        pack = compile_pack(found, budget=BUDGET, counter=counter, query=query)
        assert pack.item_ids == ("kno_1",)
        assert reasons(pack) == {"mem_1": "repeats: - Deploys wait until Friday"}


def test_a_belief_that_adds_something_has_its_share_of_a_full_pack(item, counter, events):
    """Evidence alone would take all of the budget, and scores better."""
    found = [*events, item(line_of(TOP_LINE), "kno_1", 0.1, Layer.KNOWLEDGE, **ANSWERS)]
    pack = compile_pack(found, budget=BUDGET, counter=counter, query="turn")
    assert "kno_1" in pack.item_ids
    assert pack.token_count > FULL


@pytest.fixture
def many(item):
    """More short turns than a pack of `WIDE` tokens has room for."""
    return [item(f"Turn word{n} other{n}", f"evt_{n:03}", 0.9 - n / 1000, seq=n) for n in range(300)]


@pytest.mark.parametrize("sources", [("evt_000", "evt_299"), ("evt_299",), ()])
def test_memories_take_no_room_of_evidence(item, counter, many, sources):
    """Much as they are like the question: the pack is that of the turns alone."""
    found = [*many, item("Gorse", "mem_1", 2.0, Layer.MEMORY, similarity=1.0, sources=sources)]
    pack = compile_pack(found, budget=WIDE, counter=counter, query="turn")
    assert pack.text == compile_pack(many, budget=WIDE, counter=counter, query="turn").text


def test_a_memory_that_says_what_the_pack_says_adds_nothing(item, counter, many):
    """Though the turns it rests on are others."""
    found = [*many, item(many[0].text, "mem_1", 0.1, Layer.MEMORY, similarity=1.0, sources=("evt_299",))]
    pack = compile_pack(found, budget=WIDE, counter=counter, query="turn")
    assert pack.text == compile_pack(many, budget=WIDE, counter=counter, query="turn").text


def test_a_belief_too_long_for_its_share_leaves_it_to_evidence(item, counter, events):
    """Even one token too long, and no shorter one that answers worse takes its place."""
    found = [
        *events,
        item(line_of(TOP_LINE + 1), "kno_1", 0.5, Layer.KNOWLEDGE, **ANSWERS),
        item("Gorse", "kno_2", 0.4, Layer.KNOWLEDGE, **ANSWERS),
    ]
    pack = compile_pack(found, budget=BUDGET, counter=counter, query="turn")
    assert {line.layer for line in pack.lines} == {Layer.EVENT}
    assert pack.token_count > FULL
    assert reasons(pack)["kno_1"] in (SHARE_USED, NO_ROOM)


def test_what_repeating_beliefs_leave_goes_to_evidence(item, counter, events):
    """Nothing stays reserved for what is not shown."""
    repeated = [item(events[n].text, f"kno_{n}", 0.95, Layer.KNOWLEDGE) for n in range(3)]
    pack = compile_pack([*repeated, *events], budget=BUDGET, counter=counter, query="turn")
    assert {line.layer for line in pack.lines} == {Layer.EVENT}
    assert pack.token_count > FULL
    assert set(reasons(pack)) >= {"kno_0", "kno_1", "kno_2"}


def test_beliefs_take_what_evidence_leaves(item, counter, events):
    """Where little was said, a second one has room too."""
    rows = [item(line_of(TOP_LINE, topic), f"kno_{topic}", 0.5, Layer.KNOWLEDGE) for topic in ("fern", "gorse", "ivy")]
    pack = compile_pack([events[0], *rows], budget=BUDGET, counter=counter, query="turn")
    assert set(pack.item_ids) == {"evt_00", "kno_fern", "kno_gorse", "kno_ivy"}


@pytest.mark.parametrize(
    "row", [{"relevance": 0.99, "similarity": 1.0}, {"relevance": 1.0, "similarity": ABOUT - 0.01}]
)
def test_a_belief_that_answers_less_takes_no_room_of_evidence(item, counter, events, row):
    """It rests on another turn than the best, or is not about the question: the pack is that of the turns alone."""
    found = [*events, item("Gorse", "kno_1", 2.0, Layer.KNOWLEDGE, **row)]
    pack = compile_pack(found, budget=BUDGET, counter=counter, query="turn")
    assert pack.text == compile_pack(events, budget=BUDGET, counter=counter, query="turn").text


def test_a_belief_that_corrects_a_turn_stands_with_it(item, counter, events):
    """What it replaced rests on a turn that is shown, whatever it says itself; far down the list there is no room."""
    for corrects, shown in ((0.98, True), (0.90, False)):
        row = item("Gorse", "kno_1", 0.1, Layer.KNOWLEDGE, corrects=corrects)
        pack = compile_pack([*events, row], budget=BUDGET, counter=counter, query="turn")
        assert ("kno_1" in pack.item_ids) is shown


def test_without_turns_beliefs_and_memories_have_their_shares_and_then_all(item, counter):
    """Neither crowds out the other."""
    rows = [item(line_of(9, f"fern{n}x"), f"kno_{n:02}", 0.9, Layer.KNOWLEDGE) for n in range(40)]
    pack = compile_pack(
        [*rows, item("Gorse", "mem_1", 0.1, Layer.MEMORY)], budget=BUDGET, counter=counter, query="turn"
    )
    assert "mem_1" in pack.item_ids
    assert pack.token_count > BUDGET - 10


def test_a_heading_is_paid_where_it_stands(item, counter, events, identity):
    """Beliefs that are not shown, and an identity without room, cost evidence nothing."""
    rows = [item(line_of(60), f"kno_{n}", 0.9, Layer.KNOWLEDGE, **ANSWERS) for n in range(2)]
    pack = compile_pack([*events, *rows], budget=BUDGET, counter=counter, query="turn", identity=identity)
    assert pack.text == compile_pack(events, budget=BUDGET, counter=counter, query="turn").text


def test_identity_takes_what_evidence_leaves(item, counter, events, identity):
    """In a full pack it has its small share of the budget, at most; where little was said, all of its own."""
    full = compile_pack(events, budget=BUDGET, counter=counter, query="turn", identity=identity)
    little = compile_pack(events[:3], budget=BUDGET, counter=counter, query="turn", identity=identity)
    assert "identity" not in full.tokens
    assert [line.text for line in little.sections[0].lines] == identity_lines(identity)
