"""Recall on a real file, with a bag-of-words embedder."""

from __future__ import annotations

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.pack.build import PackOptions, build_pack, search
from elephantasm_cli.pack.contents import NOT_RELEVANT
from elephantasm_cli.recall import recall, standing, with_sources
from elephantasm_cli.recall_features import (
    WEIGHTS,
    Evidence,
    asks_when,
    belief_parts,
    memory_parts,
    named_authors,
    score_candidates,
)
from elephantasm_cli.recall_floor import GENERAL, WORDS_WEIGHT
from elephantasm_cli.store.search import EventPassage, Visibility
from elephantasm_cli.text.sentences import is_question
from elephantasm_cli.vocabulary import Layer
from tests.recall.conftest import LATER, said, texts


def test_what_was_said_in_other_words_is_found_by_its_vector(agent, embedder, tell):
    """Dense search finds a passage that shares no word with the question."""
    tell(said("My new automobile arrived"), said("I prefer green tea"), said("The weather was dull"))
    found = recall(agent.store, embedder, "vehicle", visibility=Visibility(LATER))
    assert found.floor.passed
    assert texts(found)[0] == "My new automobile arrived"


def test_words_alone_decide_where_there_is_no_embedder(agent, tell):
    """Without an embedder recall still answers."""
    tell(said("My car broke down"), said("I prefer green tea"), vectors=False)
    found = recall(agent.store, None, "green tea", visibility=Visibility(LATER))
    assert texts(found)[0] == "I prefer green tea"
    assert found.floor.cosine is None


def test_passages_without_a_vector_yet_are_found_by_their_words(agent, embedder, tell):
    """A passage that the index job has not reached competes by its words."""
    tell(said("I prefer green tea"))
    tell(said("The green lamp broke yesterday"), vectors=False)
    found = recall(agent.store, embedder, "green lamp broke", visibility=Visibility(LATER))
    assert texts(found)[0] == "The green lamp broke yesterday"


def test_a_question_about_nothing_that_was_said_gets_nothing(agent, embedder, tell):
    """Below the floor there are no items, and the result says how far below."""
    tell(said("My car broke down on the motorway"), said("I prefer green tea in the morning"))
    found = recall(agent.store, embedder, "Which cryptographic hash did Napoleon choose?", visibility=Visibility(LATER))
    assert found.items == ()
    assert not found.floor.passed
    assert found.floor.matched_share == 0.0


def test_a_name_alone_does_not_lift_a_question_over_the_floor(agent, tell):
    """Matched words count without the names of who speaks."""
    tell(said("Ada likes tea", author="Bob"), said("So do I", author="Ada"), vectors=False)
    found = recall(agent.store, None, "Ada cryptography napoleon", visibility=Visibility(LATER))
    assert found.floor.matched_share == 0.0


def test_a_name_of_several_words_occurs_where_they_stand_together(agent, tell):
    """A watch in the night is no "Night Watch": neither word of it counts where nobody speaks of that."""
    tell(said("I take the watch tonight: a long night for the harbour crew"), vectors=False)
    asked = "Who painted the Night Watch?"
    apart = recall(agent.store, None, asked, visibility=Visibility(LATER)).floor
    assert (apart.passed, apart.matched_share, apart.unknown_names) == (False, 0.0, ("Night Watch",))
    tell(said("We saw the night-watch in Amsterdam", at="2026-05-02T10:00:00Z"), vectors=False)
    together = recall(agent.store, None, asked, visibility=Visibility(LATER)).floor
    assert (together.passed, together.unknown_names) == (True, ())
    assert together.matched_share > 0.0


def test_a_word_coined_here_is_no_general_knowledge(agent, embedder, tell):
    """ "cuebook" is no English word: a question about it, though it names nobody, is about what was said."""
    tell(said("cuebook is built with two frameworks"), said("The lamp broke"))
    asked = {
        word: recall(
            agent.store, embedder, f"Which frameworks is {word} built with?", visibility=Visibility(LATER)
        ).floor
        for word in ("cuebook", "lamp")
    }
    lost = {
        word: floor.cosine + WORDS_WEIGHT * floor.matched_share - floor.answerability for word, floor in asked.items()
    }
    assert lost == pytest.approx({"cuebook": 0.0, "lamp": GENERAL}, abs=1e-5)


def test_nothing_after_as_of_is_seen(agent, embedder, tell):
    """As-of is event time, inclusive."""
    tell(
        said("The red key is lost", at="2026-05-01T10:00:00Z"), said("The red key is found", at="2026-05-02T10:00:00Z")
    )
    first = recall(agent.store, embedder, "red key", visibility=Visibility("2026-05-01T10:00:00.000000Z"))
    assert texts(first) == ["The red key is lost"]
    both = recall(agent.store, embedder, "red key", visibility=Visibility("2026-05-02T10:00:00.000000Z"))
    assert len(both.items) == 2


def test_filters_keep_sessions_and_authors_apart(agent, embedder, tell):
    """What a filter excludes does not take a candidate's place."""
    tell(said("the red key one"), said("the red key two", session="s2"), said("the red key three", author="Bob"))
    by_session = recall(agent.store, embedder, "red key", visibility=Visibility(LATER, sessions=("s2",)))
    by_author = recall(agent.store, embedder, "red key", visibility=Visibility(LATER, authors=("Bob",)))
    assert texts(by_session) == ["the red key two"]
    assert texts(by_author) == ["the red key three"]


def test_a_date_that_is_asked_for_is_found_through_a_relative_one(agent, tell):
    """ "Yesterday" said on 8 May answers a question about 7 May."""
    tell(
        said("I planted the orchard trees", at="2026-04-01T10:00:00Z", session="a"),
        said("I pruned the orchard trees yesterday", at="2026-05-08T10:00:00Z", session="b"),
        vectors=False,
    )
    found = recall(agent.store, None, "What about the orchard trees on 7 May 2026?", visibility=Visibility(LATER))
    assert texts(found)[0] == "I pruned the orchard trees yesterday"
    assert found.items[0].parts["date"] == pytest.approx(WEIGHTS["date"])


def test_an_answer_inherits_from_the_question_before_it(agent, tell):
    """The turn after a relevant question ranks before a turn after a plain one."""
    tell(
        said("Where did you buy the telescope?", author="Bob"),
        said("In a small shop in Vienna", author="Ada"),
        said("Nothing new here", author="Bob", session="s2"),
        said("In a small shop in London", author="Ada", session="s2"),
        vectors=False,
    )
    found = recall(agent.store, None, "telescope", visibility=Visibility(LATER))
    assert texts(found).index("In a small shop in Vienna") < 2
    vienna = next(item for item in found.items if "Vienna" in item.text)
    assert vienna.parts["answer"] > 0


def test_neighbours_are_found_where_sessions_were_ingested_in_turns(agent, tell):
    """The next turn of a session is its neighbour, whatever came in between."""
    for place, words in enumerate(("The telescope question?", "An unrelated remark", "It came from Vienna", "Bye")):
        tell(said(words, session="s1" if place % 2 == 0 else "s2"), vectors=False)
    found = recall(agent.store, None, "telescope", visibility=Visibility(LATER))
    assert {item.text for item in found.items} == {"The telescope question?", "It came from Vienna"}


def test_superseded_and_candidate_rows_stay_out(small):
    """A pack shows live states only; a superseded row shows again where it was valid."""
    with open_agent() as agent:
        now = recall(agent.store, None, "When does Ada deploy?", visibility=Visibility(LATER))
        assert small.memory in [item.id for item in now.items]
        assert small.old not in [item.id for item in now.items]
        then = recall(agent.store, None, "When does Ada deploy?", visibility=Visibility("2026-05-02T00:00:00.000000Z"))
        assert small.old in [item.id for item in then.items]
        assert small.memory not in [item.id for item in then.items]


def test_what_took_a_place_is_as_relevant_as_what_held_before(small):
    """The event that the old row rests on is the best; the row that superseded it corrects it, and scores by it."""
    with open_agent() as agent:
        found = recall(agent.store, None, "tuesdays", visibility=Visibility(LATER))
    assert found.items[0].id == small.events[0]
    row = next(item for item in found.items if item.id == small.memory)
    assert row.corrects == 1.0 > row.relevance
    assert row.parts["relevance"] == 0.6


def test_a_pack_for_an_old_value_shows_the_one_that_holds(small):
    """The turn that answers best is out of date; the row that superseded what rests on it stands with it."""
    with open_agent() as agent:
        pack = agent.pack("Is it on Tuesdays that we deploy?", budget=400)
    shown = [line.item_id for line in pack.lines]
    assert small.events[0] in shown
    assert small.memory in shown
    assert small.old not in shown


def test_what_a_dream_wrote_changes_neither_which_turns_are_found_nor_their_scores(agent, tell):
    """Its rows repeat the words of some turns, which makes those words no more common among what was said."""
    tell(
        *(said(f"I prefer tea from shop number {n} on Mondays.", session=f"s{n}") for n in range(12)),
        *(said(f"The telescope stood in room {n}, said the guide.", author="Bob", session="t") for n in range(9)),
        vectors=False,
    )

    def turns():
        found = recall(agent.store, None, "which tea near the telescope?", visibility=Visibility(LATER))
        return found.floor, [(item.id, item.score, item.parts) for item in found.items if item.layer is Layer.EVENT]

    before = turns()
    agent.dream(force=True, llm=False)
    assert list(agent.store.derived.listed(Layer.MEMORY))
    assert turns() == before


def test_a_pack_quotes_no_line_that_has_nothing_to_do_with_the_question(agent, tell, embedder):
    """However much room there is; what was said beside the answer, or on a day that was asked for, comes along."""
    remarks = (
        "Salt comes from the sea",
        "Winter tyres hum",
        "Our cat is called Biscuit",
        "She is eleven",
        "Trains ran late",
    )
    tell(*(said(text, at=f"2026-05-{day:02}T10:00:00Z") for day, text in enumerate(remarks, 1)))
    options = PackOptions("What is the cat called?", budget=1000, explain=True)
    pack = build_pack(agent.store, options, embedder=lambda: embedder)
    assert [line.text for line in pack.lines] == [f"Ada: {text}" for text in remarks[1:4]]
    assert {left.reason for left in pack.left_out} == {NOT_RELEVANT}
    assert {left.text for left in pack.left_out} == {remarks[0], remarks[4]}
    dated = PackOptions("Is the cat called Biscuit on 5 May 2026?", budget=1000)
    assert "Trains ran late" in build_pack(agent.store, dated, embedder=lambda: embedder).text


def test_every_recalled_row_names_the_events_it_rests_on(small):
    """Sources go down through all layers."""
    with open_agent() as agent:
        found = recall(agent.store, None, "deployments fridays", visibility=Visibility(LATER))
        by_id = {item.id: item.sources for item in with_sources(agent.store, found.items)}
    assert by_id[small.knowledge] == (small.events[1],)
    assert by_id[small.events[0]] == (small.events[0],)


def test_without_a_question_the_newest_events_come_first(agent, tell):
    """Standing recall goes by time and by what rows are worth."""
    tell(said("first", at="2026-05-01T10:00:00Z"), said("second", at="2026-05-02T10:00:00Z"), vectors=False)
    found = standing(agent.store, visibility=Visibility(LATER), layers=(Layer.EVENT,))
    assert texts(found) == ["second", "first"]


def test_recall_changes_nothing_in_the_file(small):
    """Reading is reading."""
    with open_agent() as agent:
        before = "\n".join(agent.store.connection.iterdump()) if hasattr(agent.store.connection, "iterdump") else ""
        total = agent.store.connection.total_changes
        recall(agent.store, None, "deploy", visibility=Visibility(LATER))
        assert agent.store.connection.total_changes == total
        assert before == "" or before == "\n".join(agent.store.connection.iterdump())


@pytest.mark.parametrize("query", ["C++", "foo-bar", "it's", '"', "AND OR NOT", "col:x", "(", "*", "日本", "\x00"])
def test_no_question_breaks_the_search(agent, tell, query):
    """What a person types is never an FTS5 expression."""
    tell(said("C++ and foo-bar, it's 日本語"), vectors=False)
    recall(agent.store, None, query, visibility=Visibility(LATER))


def test_search_gives_the_best_passage_of_each_item(agent, tell, embedder):
    """A long event is found once."""
    tell(said("The harbour crane lifts containers all day long. " * 40), vectors=False)
    found = search(agent.store, "harbour crane", embedder=lambda: embedder, mode="lexical")
    assert len(found.items) == 1


def test_search_by_meaning_alone_leaves_words_out(agent, tell, embedder):
    """Dense mode has no lexical part."""
    tell(said("My new automobile arrived"), said("The vehicle tax"))
    found = search(agent.store, "automobile", embedder=lambda: embedder, mode="dense")
    assert found.items
    assert all("lexical" not in item.parts for item in found.items)


def test_a_memory_scores_by_its_formula():
    """Importance, confidence, recency and retention as 5:3:4:3, and to a question a fifth of the score."""
    full = memory_parts(importance=1.0, confidence=1.0, age_days=0.0, accesses=0, similarity=1.0, relevance=1.0)
    assert sum(full.values()) == pytest.approx(1.0)
    assert sum(memory_parts(importance=1.0, confidence=1.0, age_days=0.0, accesses=0, similarity=None).values()) == (
        pytest.approx(1.0)
    )
    old = memory_parts(importance=0.0, confidence=0.0, age_days=30.0, accesses=0, similarity=0.0)
    assert old["retention"] == pytest.approx(0.2 * 0.2 * 0.5)
    assert old["recency"] == pytest.approx(0.2 * 0.20 / 0.75 * 2 ** (-30 / 7), abs=1e-6)
    used = memory_parts(importance=0.0, confidence=0.0, age_days=30.0, accesses=3, similarity=0.0)
    assert used["retention"] > old["retention"]
    assert belief_parts(certainty=0.8, similarity=None) == {"certainty": 0.8}
    asked = belief_parts(certainty=0.8, similarity=0.4, relevance=0.5)
    assert asked == {"relevance": 0.3, "similarity": 0.08, "certainty": 0.16}


def passage(key, text, author="Ada", session="s1"):
    return EventPassage(
        key,
        f"evt_{key}",
        0,
        0,
        len(text),
        key,
        session,
        "user_message",
        "user",
        author,
        "2026-05-01T10:00:00.000000Z",
        "user",
        text,
    )


def test_the_parts_of_a_score_add_up_to_it():
    """A score is the sum of what `parts` says, rounded."""
    passages = {
        1: passage(1, "Where is the key?", "Bob"),
        2: passage(2, "The key is in the drawer"),
        3: passage(3, "Hm"),
    }
    scored = score_candidates(
        "Where did Ada put the key?",
        LATER,
        Evidence(
            passages, {1: 2.0, 2: 1.5}, {1: 0.4, 2: 0.6, 3: 0.1}, {1: 0.5, 2: 0.6, 3: 0.3}, {2: 1, 3: 2}, {1: 2, 2: 3}
        ),
    )
    for found in scored.values():
        assert found.score == pytest.approx(sum(found.parts.values()), abs=1e-6)
    assert scored[2].score > max(scored[1].score, scored[3].score)
    assert scored[2].parts["speaker"] == WEIGHTS["speaker"]
    assert scored[1].parts["speaker"] == -WEIGHTS["speaker"]


def test_scores_do_not_depend_on_the_order_of_the_candidates():
    """The same candidates in another order score the same."""
    passages = {key: passage(key, f"word{key} key drawer " * key) for key in range(1, 9)}
    lexical = {key: float(key) for key in passages}
    one = score_candidates("key drawer", LATER, Evidence(passages, lexical, {}, {}, {}, {}))
    turned = {key: passages[key] for key in sorted(passages, reverse=True)}
    assert one == score_candidates("key drawer", LATER, Evidence(turned, lexical, {}, {}, {}, {}))


def test_a_question_and_who_it_names_are_recognised():
    """Small helpers of the features."""
    assert asks_when("When did we move?")
    assert asks_when("Which month was it?")
    assert not asks_when("Who was it?")
    assert is_question('Really?"')
    assert not is_question("No.")
    assert named_authors("What does Ada's brother do?", ["Bob", "Ada", "Ada"]) == ["Ada"]
