"""The floor of recall: when the events have something to say to a question, and what a question is about."""

from __future__ import annotations

import pytest

from elephantasm_cli.recall_floor import (
    ENOUGH,
    ENOUGH_MEANING,
    ENOUGH_WORDS,
    GENERAL,
    RELATED,
    UNKNOWN_NAME,
    UNKNOWN_WORDS,
    WORDS_WEIGHT,
    Term,
    decide,
    names_in,
    related,
    speaks_of_nobody,
    telling,
)

ALONE = {1: (), 2: ()}
"""Two candidates with nothing beside them."""


def test_meaning_and_words_of_one_place_add_up():
    """Neither is enough here, both together are; the place that has both decides, not the best of each."""
    near, held = (
        {1: 0.2, 2: 0.05},
        [Term(1.0, frozenset({1})), Term(1.0, frozenset()), Term(1.0, frozenset({2})), Term(1.0, frozenset({2}))],
    )
    decision = decide(held, near, ALONE)
    assert decision.answerability == pytest.approx(0.2 + WORDS_WEIGHT * 0.25)
    assert (decision.cosine, decision.matched_share) == (0.2, 0.25)
    assert decision.needed == ENOUGH
    assert decision.passed
    apart = decide([Term(1.0, frozenset({2})), Term(3.0, frozenset())], {1: 0.2, 2: 0.0}, ALONE)
    assert apart.answerability == pytest.approx(0.2)
    assert not apart.passed


def test_without_vectors_words_alone_decide():
    """The share of the terms' idf, against a measure of its own."""
    decision = decide([Term(1.0, frozenset({1})), Term(9.0, frozenset())], {}, ALONE)
    assert (decision.answerability, decision.needed, decision.cosine) == (0.1, ENOUGH_WORDS, None)
    assert decision.passed
    assert not decide([Term(1.0, frozenset({1})), Term(19.0, frozenset())], {}, ALONE).passed


def test_without_words_meaning_alone_decides():
    """A search by meaning has no terms."""
    decision = decide([], {1: 0.1, 2: ENOUGH_MEANING}, ALONE)
    assert (decision.answerability, decision.needed, decision.matched_share) == (ENOUGH_MEANING, ENOUGH_MEANING, 0.0)
    assert decision.passed
    assert not decide([], {2: ENOUGH_MEANING - 0.01}, ALONE).passed


def test_nothing_passes_where_there_are_no_candidates():
    """Neither with terms nor without."""
    assert not decide([Term(1.0, frozenset())], {}, {}).passed
    assert not decide([], {}, {}).passed


def test_a_cosine_below_zero_takes_nothing_from_the_words():
    """A passage pointing away is as good as one without a vector."""
    terms = [Term(1.0, frozenset({1}))]
    assert decide(terms, {1: -0.5}, {1: ()}) == decide(terms, {2: 0.0}, {1: ()})


def test_words_that_nobody_ever_said_lower_it():
    """By their share of the idf: the same match says less of a question of which half is unheard of."""
    known = decide([Term(1.0, frozenset({1})), Term(1.0, frozenset())], {1: 0.3}, {1: ()})
    unknown = decide([Term(1.0, frozenset({1})), Term(1.0, frozenset(), is_known=False)], {1: 0.3}, {1: ()})
    assert known.answerability - unknown.answerability == pytest.approx(UNKNOWN_WORDS / 2)


def test_names_that_never_occur_lower_it_once():
    """However many they are, and the decision tells them."""
    terms, near = [Term(1.0, frozenset({1}))], {1: 0.05}
    known = decide(terms, near, {1: ()})
    unknown = decide(terms, near, {1: ()}, ["Napoleon", "Josephine"])
    assert known.answerability - unknown.answerability == pytest.approx(UNKNOWN_NAME)
    assert (known.passed, unknown.passed) == (True, False)
    assert (known.unknown_names, unknown.unknown_names) == ((), ("Napoleon", "Josephine"))


def test_a_word_said_just_beside_counts_half():
    """In the passage itself it counts whole, whatever is said beside it; further away it counts nothing."""
    own = decide([Term(1.0, frozenset({1}))], {}, {1: (2, 3)})
    both = decide([Term(1.0, frozenset({1, 2}))], {}, {1: (2, 3)})
    beside = decide([Term(1.0, frozenset({3}))], {}, {1: (2, 3)})
    away = decide([Term(1.0, frozenset({4}))], {}, {1: (2, 3)})
    assert [each.matched_share for each in (own, both, beside, away)] == [1.0, 1.0, 0.5, 0.0]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Napoleon tell Marie Curie?", ["Napoleon", "Marie Curie"]),
        ("Is Marie's Curie lamp, Ada, Bo's?", ["Marie", "Curie", "Ada", "Bo"]),
        ("Did the Night\nWatch meet the Night  Watch?", ["Night", "Watch"]),
        ("Napoleon slept. Curie did not! Who else?", []),
        ("“Curie slept,” she wrote", []),
        ("Is Curie's or Curie’s lamp older than Curie?", ["Curie"]),
        ("Did we, on Friday 8 May, meet Ada?", ["Ada"]),
        ("Have I, or has A or The, a name?", []),
        ("which database does GitHub use", ["GitHub"]),
        ("Who is O'Brien?", ["O'Brien"]),
        ("no names here", []),
        ("", []),
    ],
)
def test_names_are_what_stands_capitalised_inside_a_sentence(question, names):
    """Not what begins one, in quotes or not; no calendar words, no stopwords, no single letters; possessives bare.

    Words with one space between them are one name, unless the first is a possessive.
    """
    assert names_in(question) == names


def test_what_a_question_is_about_is_neither_who_speaks_nor_when_nor_how_it_is_asked():
    """Names of speakers, calendar words, years, ordinals and words that only ask are left out."""
    terms = ["ada", "describe", "kinds", "lamp", "friday", "may", "2026", "8th", "1500"]
    assert telling(terms, {"ada"}) == ["lamp", "1500"]


def test_a_question_of_nothing_but_such_words_keeps_them_all():
    """Something has to be matched."""
    assert telling(["ada", "friday"], {"ada"}) == ["ada", "friday"]
    assert telling([], {"ada"}) == []


def test_a_question_that_speaks_of_nobody_must_be_met_better():
    """General knowledge is not what a memory of somebody is asked for; words alone are no measure of that."""
    terms, near = [Term(1.0, frozenset({1}))], {1: 0.1}
    asked, general = decide(terms, near, {1: ()}), decide(terms, near, {1: ()}, general=True)
    assert asked.answerability - general.answerability == pytest.approx(GENERAL)
    assert decide(terms, {}, {1: ()}, general=True) == decide(terms, {}, {1: ()})


@pytest.mark.parametrize(
    ("question", "people", "general"),
    [
        ("How does a Bloom filter forget?", (), False),  # written like a name
        ("How does an index split a page?", (), True),
        ("How do we split a page?", (), False),
        ("What did marlene split?", ("marlene",), False),
        ("Comment diviser une page ?", (), False),  # not English: no telling
    ],
)
def test_names_and_pronouns_tell_whom_a_question_is_about(question, people, general):
    """In English; of other languages nothing is assumed."""
    assert speaks_of_nobody(question, people) is general


def test_a_passage_is_related_by_a_share_of_what_the_question_needs():
    """By its meaning, its words, or half of the words beside it; nothing close is asked of each line."""
    least = RELATED * ENOUGH
    window = {1: least, 2: least - 0.01, 3: 0.0, 4: 0.0, 5: -0.5}
    beside = {1: (), 2: (), 3: (), 4: (3,), 5: (4,)}
    terms = [Term(1.0, frozenset({3})), Term(0.5, frozenset())]
    assert related(terms, window, beside, ENOUGH) == {1, 3, 4}
    assert related([], window, beside, ENOUGH) == {1}


def test_by_words_alone_everything_is_related():
    """A paraphrase shares none."""
    assert related([Term(1.0, frozenset({1}))], {}, ALONE, ENOUGH_WORDS) == {1, 2}
