"""Words, stopwords and the plural fold."""

from __future__ import annotations

import pytest

from elephantasm_cli.text.words import (
    STOPWORDS,
    cjk_pairs,
    content_overlap,
    content_words,
    fold_plural,
    has_cjk,
    is_cjk,
    words,
)


def test_words_are_casefolded_and_keep_inner_apostrophes() -> None:
    """Curly apostrophes become straight, underscores and signs separate."""
    assert words("Don’t STOP foo_bar, O'Brien's C++ 3.11!") == [
        "don't",
        "stop",
        "foo",
        "bar",
        "o'brien's",
        "c",
        "3",
        "11",
    ]


def test_content_words_drop_stopwords_and_possessives_and_fold_plurals() -> None:
    """What remains are the words that carry meaning."""
    assert content_words("It's Dana's tests that aren't in the two cities") == ["dana", "test", "two", "city"]


def test_cjk_runs_count_as_pairs() -> None:
    """A run without spaces is taken apart; a lone character stays, Latin letters beside it too."""
    assert content_words("我喜欢 Python版 好") == ["我喜", "喜欢", "python", "版", "好"]
    assert cjk_pairs("好") == ["好"]


@pytest.mark.parametrize(
    ("char", "expected"), [("漢", True), ("か", True), ("カ", True), ("한", True), ("é", False), ("・", False)]
)
def test_cjk_letters_are_recognised(char: str, expected: bool) -> None:
    """Letters count, punctuation between them does not."""
    assert is_cjk(char) is expected
    assert has_cjk(f"x {char} y") is expected


@pytest.mark.parametrize(
    ("word", "folded"),
    [("tests", "test"), ("cities", "city"), ("boxes", "box"), ("class", "class"), ("bus", "bus"), ("gas", "gas"),
     ("analysis", "analysis"), ("matches", "match"), ("ties", "tie"), ("languages", "language")],
)  # fmt: skip
def test_plurals_fold_by_spelling(word: str, folded: str) -> None:
    """Only endings that are nearly always plurals go."""
    assert fold_plural(word) == folded


def test_overlap_is_the_share_of_distinct_content_words() -> None:
    """Order, case and number do not matter; a text without content is covered by anything."""
    assert content_overlap("Dana likes green tests", "The test that Dana wrote is green") == pytest.approx(3 / 4)
    assert content_overlap("it is", "anything") == 1.0


def test_stopwords_are_in_the_form_that_words_returns() -> None:
    """A stopword that `words` would spell otherwise could never match."""
    assert all(words(stop) == [stop] for stop in STOPWORDS)
