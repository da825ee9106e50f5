"""Passages cover the text, fit the model and stay quick."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elephantasm_cli.text.passages import MAX_TOKENS, estimate_tokens, split_passages


@given(
    st.lists(st.sampled_from([*"ab .!?\n_-1今😊A", "word ", "```\n", "internationalization "]), max_size=300).map(
        "".join
    ),
    st.integers(1, 40),
)
def test_passages_cover_the_text_and_never_exceed_the_limit(text: str, limit: int) -> None:
    """Contiguous, complete, none empty, each within the limit."""
    spans = split_passages(text, limit)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    assert all(start < end and estimate_tokens(text[start:end]) <= limit for start, end in spans)


def test_short_texts_are_one_passage_and_empty_ones_none() -> None:
    """Most events are short."""
    assert split_passages("Hello there.") == [(0, 12)]
    assert split_passages("") == []


def test_passages_are_cut_between_sentences() -> None:
    """Each begins a sentence."""
    text = "This sentence has seven words in it. " * 60
    spans = split_passages(text)
    assert len(spans) > 1
    assert all(
        text[start:end].strip().startswith("This") and text[start:end].strip().endswith("it.") for start, end in spans
    )


def test_a_section_of_some_length_starts_with_its_heading() -> None:
    """A short section stays with the one after it, and no comment in code is a heading."""
    section = " ".join(["The green hive has brood on six frames."] * 6)
    text = f"# Bees\n\nBy hand.\n\n## 8 March\n\n{section}\n\n## 2 April\n\n{section}\n```\n# make\n```\n\n#hashtag"
    passages = [text[start:end] for start, end in split_passages(text, 100)]
    assert "".join(passages) == text
    assert [passage.strip()[:10] for passage in passages] == ["# Bees\n\nBy", "## 2 April"]


def test_an_overlong_sentence_is_cut_at_spaces() -> None:
    """No word is torn apart that fits."""
    text = "alpha beta " * 500
    assert all(text[start:end].split()[0] in ("alpha", "beta") for start, end in split_passages(text))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("hello world", 2),
        ("it's 2023!", 6),
        ("internationalization", 3),
        ("foo_bar(x)", 6),
        ("我喜欢", 3),
        ("naïveté", 1),
    ],
)
def test_tokens_are_estimated_by_words_digits_and_signs(text: str, tokens: int) -> None:
    """The estimate never exceeds the number of characters."""
    assert estimate_tokens(text) == tokens <= len(text)


@pytest.mark.parametrize("unit", ["a", "word and more ", "今", ".", "Short one. "])
def test_a_huge_line_is_cut_in_linear_time(unit: str) -> None:
    """Two megabytes in one line, in seconds of one busy core."""
    text = unit * (2_000_000 // len(unit))
    begin = time.process_time()
    spans = split_passages(text)
    assert spans[-1][1] == len(text)
    assert all(end - start <= 8 * MAX_TOKENS * 8 for start, end in spans)
    assert time.process_time() - begin < 8
