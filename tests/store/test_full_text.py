"""Full text on a real file: who holds a word, and what it scores."""

from __future__ import annotations

import math

import pytest

from elephantasm_cli.store import full_text
from elephantasm_cli.store.full_text import FullTextSearch
from elephantasm_cli.text.fts import match_expression


@pytest.fixture
def add(store, draft):
    """Store one event for each text, each in a session of its own unless one is named."""

    def put(*texts, session=None):
        with store.transaction():
            store.events.add(
                [draft(text, key=f"{session}{n}", session=session or str(n)) for n, text in enumerate(texts)]
            )

    return put


@pytest.fixture
def search(store):
    def over(*terms):
        return FullTextSearch(store.connection, terms)

    return over


FILLER = [f"nothing of note, remark {n}" for n in range(20)]


def test_a_word_in_the_passage_counts_more_than_one_in_the_turn_before(search, add):
    """The context column has half the weight."""
    add("marmalade on toast for breakfast", "nothing on toast for breakfast", *FILLER, session="s")
    found, whole = search("marmalade").ranked()
    assert list(found) == [1, 2]
    assert found[1] > found[2] > 0
    assert whole


def test_equal_scores_are_in_order_of_id(search, add):
    """Ties never depend on the query plan."""
    add(*["the same words"] * 30, *["other"] * 40)
    assert list(search("words").ranked()[0]) == list(range(1, 31))


def test_a_rare_word_scores_more_than_a_common_one_and_a_short_passage_more_than_a_long_one(search, add):
    """The two ideas of BM25."""
    add("common", "common", "common " + "padding " * 30, "rare", *FILLER)
    found, _ = search("common", "rare").ranked()
    assert list(found) == [4, 1, 2, 3]


def test_the_order_is_close_to_that_of_fts5_itself(search, add, store):
    """For passages of one length that hold a word once it is the same formula."""
    add("red key", "red door", "old key", "old door", "red red", *FILLER)
    found = search("red", "key").scores(range(1, 5))
    theirs = dict(
        store.connection.execute(
            "SELECT rowid, -bm25(passages_fts, 1.0, 0.5) FROM passages_fts WHERE passages_fts MATCH ?",
            (match_expression(["red", "key"]),),
        ).fetchall()
    )
    assert sorted(found, key=lambda key: -found[key])[0] == max(theirs, key=lambda key: theirs[key]) == 1
    assert set(found) == set(theirs) - {5} == {1, 2, 3}


def test_holders_are_those_of_either_column(search, add):
    """A set of passages: how many, and which of some."""
    add("red key", "blue door", "green lamp", session="s")
    held = search("key").holders("key")
    assert len(held) == 2
    assert held.among([1, 2, 3, 99]) == {1, 2}
    assert held.isdisjoint([3])
    assert not held.isdisjoint([2])
    assert held.isdisjoint([])


def test_a_term_is_found_by_its_stem_and_as_a_phrase(search, add):
    """Terms go through FTS5's own tokenizer, apostrophes and CJK prefixes included."""
    add("Ada was planning the o'brien visit", "\u65e5\u672c\u8a9e", *FILLER)
    assert search().holders("plan").among([1, 2]) == {1}
    assert search().holders("o'brien").among([1, 2]) == {1}
    assert search().holders("\u65e5").among([1, 2]) == {2}
    assert len(search().holders('"')) == 0


def test_idf_is_never_negative_and_a_word_that_all_hold_weighs_next_to_nothing(search, add):
    """Two measures of one count: what a floor sums up, and what ranks."""
    add(*["word here"] * 9, "other")
    words = search("word", "other")
    assert words.idf("word") == pytest.approx(math.log1p(1.5 / 9.5))
    assert words.weight("word") == full_text.LEAST_WEIGHT
    assert words.weight("other") == pytest.approx(math.log(9.5 / 1.5))


def test_a_question_without_terms_matches_nothing(search, add):
    """No terms, no scores."""
    add("red key")
    assert search().ranked() == ({}, True)
    assert search().scores([1]) == {}
    assert search("absent").ranked() == ({}, True)


def test_of_many_matches_the_promising_are_scored_and_the_rest_is_known_of(search, add, monkeypatch):
    """Those that hold more come first; of equals the later ones; and a search within some passages finds its own."""
    monkeypatch.setattr(full_text, "SCORED", 5)
    monkeypatch.setattr(full_text, "MOST_SCORED", 8)
    add("red key", *["red lamp"] * 20, *FILLER, *FILLER)
    found, whole = search("red", "key").ranked()
    assert list(found) == [1, *range(15, 22)]
    assert not whole
    within, whole = search("red", "key").ranked(within={3, 4, 30})
    assert list(within) == [3, 4]
    assert whole


def test_a_score_does_not_depend_on_its_company(search, add):
    """One passage asked for alone scores as it does among all."""
    add("red key on the shelf", "a red lamp", "the key", *FILLER)
    together, _ = search("red", "key").ranked()
    alone = search("red", "key")
    assert all(alone.scores([key]) == {key: score} for key, score in together.items())


def test_words_are_found_the_same_after_a_rebuild_in_another_order(search, add, store):
    """What the index holds decides, not how it came to hold it."""
    add("red key", "old red door", "blue key", *FILLER)
    before = search("red", "key").ranked()
    rows = [
        (1, "Dana 1 March 2026 red key", ""),
        (2, "Dana 1 March 2026 old red door", ""),
        (3, "Dana 1 March 2026 blue key", ""),
    ]
    with store.transaction():
        store.connection.execute("DELETE FROM passages_fts WHERE rowid <= 3")
        store.connection.executemany("INSERT INTO passages_fts (rowid, text, context) VALUES (?, ?, ?)", reversed(rows))
    assert search("red", "key").ranked() == before
