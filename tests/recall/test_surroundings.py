"""What stands beside a turn, and what rests on it, are found with it."""

from __future__ import annotations

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.ids import derived_id
from elephantasm_cli.recall import RELEVANT, recall
from elephantasm_cli.recall_features import QUESTION_WEIGHTS, Evidence, score_candidates
from elephantasm_cli.recall_floor import WORDS_WEIGHT
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.store.search import PassageSearch, Visibility
from elephantasm_cli.vocabulary import Layer, TransformationType
from tests.conftest import BY_HAND, believe, remember
from tests.recall.conftest import LATER, said, texts

DAY = "2026-05-01T10:00:00.000000Z"
VISIBLE = Visibility(LATER)


def event_of(agent, content):
    return next(event["id"] for event in agent.events() if event["content"] == content)


@pytest.fixture
def shopping(agent, tell):
    """Two sessions, a memory of each, and a belief that rests on the first memory; none shares a word with its event.

    Returns the ids (telescope memory, belief, breakfast memory).
    """
    tell(said("My telescope came from Vienna"), said("Porridge again today", session="s2"))
    memory = remember(agent, "Ada shops abroad.", event_of(agent, "My telescope came from Vienna"), DAY)
    belief = believe(agent, "Foreign goods are worth it.", memory)
    other = remember(agent, "Ada eats early.", event_of(agent, "Porridge again today"), DAY)
    tell()
    return memory, belief, other


def test_an_answer_is_relevant_through_the_question_that_was_asked_beside_it(agent, embedder, tell):
    """It says nothing of a telescope itself; the same words beside another question stay behind."""
    tell(
        said("Which telescope?", author="Bob"),
        said("The cheap blue one"),
        said("Nice colour", author="Bob"),
        said("Which bicycle?", author="Bob", session="s2"),
        said("The cheap grey one", session="s2"),
        said("Nice weather", author="Bob", session="s2"),
    )
    found = recall(agent.store, embedder, "telescope", visibility=VISIBLE, lexical=False)
    parts = {item.text: item.parts for item in found.items}
    assert texts(found)[:2] == ["Which telescope?", "The cheap blue one"]
    # relevant by what stands beside it, the answer lifts the turn after it in its turn
    assert parts["Nice colour"]["neighbour"] > 2 * parts.get("Nice weather", {}).get("neighbour", 0.0)


def test_a_window_counts_for_what_stands_beside_not_for_the_passage_itself(agent, tell):
    """The passage keeps its own cosine."""
    tell(said("one lamp"), said("two lamps"), said("three lamps"), vectors=False)
    passages = _passages(agent)
    first, second, third = passages
    before, after = {second: first, third: second}, {first: second, second: third}
    cosine = dict.fromkeys(passages, 0.1)
    plain = score_candidates("x", LATER, Evidence(passages, {}, cosine, cosine, before, after))
    lifted = score_candidates("x", LATER, Evidence(passages, {}, cosine, cosine | {third: 0.8}, before, after))
    assert "neighbour" not in plain[second].parts
    assert lifted[second].parts["neighbour"] > 0
    assert "dense" not in lifted[third].parts


def test_the_floor_looks_at_a_place_not_at_a_single_passage(agent, embedder, tell):
    """Words beside count half, and the meaning is that of the passage with half of each neighbour."""
    tell(said("Which telescope?", author="Bob"), said("The blue one"))
    question = "telescope blue"
    found = recall(agent.store, embedder, question, visibility=VISIBLE, layers=(Layer.EVENT,))
    assert 0.5 < found.floor.matched_share < 1.0
    # two unrelated unit vectors, the other at half its length, and the question halfway between them
    assert found.floor.cosine == pytest.approx(1.5 / (2 * 1.25) ** 0.5, abs=0.05)
    assert found.floor.answerability == pytest.approx(
        found.floor.cosine + WORDS_WEIGHT * found.floor.matched_share, abs=1e-5
    )


def test_derived_rows_are_found_by_the_events_they_rest_on(agent, embedder, shopping):
    """Through every layer, though they share no word with the question; what rests on other events stays out."""
    memory, belief, other = shopping
    found = recall(agent.store, embedder, "Where is the telescope from?", visibility=VISIBLE)
    parts = {item.id: item.parts for item in found.items}
    assert parts[memory]["relevance"] == parts[belief]["relevance"] == QUESTION_WEIGHTS["relevance"]
    assert other not in parts
    below = {item.id: item.parts for item in found.below_floor}
    assert below[other]["relevance"] < RELEVANT * QUESTION_WEIGHTS["relevance"]


def test_derived_rows_whose_events_fall_below_the_floor_do_too(agent, embedder, shopping):
    """Resting on the best of what does not answer is no answer."""
    memory, belief, _ = shopping
    question = "telescope: how do volcanoes form under oceans, and which minerals crystallise first in cooling magma?"
    found = recall(agent.store, embedder, question, visibility=VISIBLE)
    assert not found.floor.passed
    assert found.items == ()
    assert {memory, belief} <= {item.id for item in found.below_floor}


def test_a_derived_row_that_is_like_the_question_needs_no_event(agent, embedder, shopping):
    """The events say nothing of foreign goods."""
    _, belief, _ = shopping
    found = recall(agent.store, embedder, "Are foreign goods worth it?", visibility=VISIBLE)
    assert not found.floor.passed
    assert [item.id for item in found.items] == [belief]


def test_the_title_of_a_lesson_is_for_lists(small):
    """A pack says what was learnt, not how it is called."""
    title, content = "Deploying by weekday", "Deployments wait until Fridays."
    lesson = derived_id(Layer.LESSON, "procedural", [small.memory], content)
    values = {
        "title": title,
        "content": content,
        "pattern_type": "procedural",
        "confidence": 0.9,
        "support_count": 1,
        "session_count": 1,
        "state": "active",
        "archived_at": None,
        "superseded_by": None,
        "trust": "user",
    }
    source = Source(small.memory, Layer.MEMORY)
    with open_agent() as agent:
        change = Change(TransformationType.REFLECTION, Layer.LESSON, lesson, values, (source,), "Seen once.")
        with agent.store.transaction():
            agent.store.derived.create(change, BY_HAND)
        text = agent.pack().text
        by_title = recall(agent.store, None, "weekday", visibility=VISIBLE, layers=(Layer.LESSON,))
    assert f"- {content}" in text.splitlines()
    assert title not in text
    assert texts(by_title) == [content]


def _passages(agent):
    with agent.store.snapshot():
        return PassageSearch(agent.store).event_passages(range(1, 10), VISIBLE)
