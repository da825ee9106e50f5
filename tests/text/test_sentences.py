"""Where sentences end."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elephantasm_cli.text.sentences import is_heading, sentence_spans, split_sentences

CASES: list[tuple[str, list[str]]] = [
    ("We use Python 3.11. See main.py. Ok?", ["We use Python 3.11.", "See main.py.", "Ok?"]),
    ("Dr. Smith met Mr. J. Jones at 5 p.m. today. Ok.", ["Dr. Smith met Mr. J. Jones at 5 p.m. today.", "Ok."]),
    ("It works, e.g. here, i.e. now. Good", ["It works, e.g. here, i.e. now.", "Good"]),
    ("Well... maybe. So... Yes.", ["Well... maybe.", "So...", "Yes."]),
    ("Really?! 😊 Yes!! Ok", ["Really?! 😊", "Yes!!", "Ok"]),
    ('"Stop!" he said. "Go." She went.', ['"Stop!" he said.', '"Go."', "She went."]),
    ("i like it. it is fine.", ["i like it.", "it is fine."]),
    ("Plan:\n- first one\n* second. And more\n2. Third", ["Plan:", "first one", "second.", "And more", "Third"]),
    ("# Title\nText here", ["Title", "Text here"]),
    ("This line was wrapped by a writer\nand goes on.", ["This line was wrapped by a writer\nand goes on."]),
    ("Pick plan B. We go. No. 5 wins. No. I won't.", ["Pick plan B.", "We go.", "No. 5 wins.", "No.", "I won't."]),
    ("今天很好。明天见！「好。」他说", ["今天很好。", "明天见！", "「好。」", "他说"]),
    ("I love it 😊 See you :) Bye", ["I love it 😊", "See you :)", "Bye"]),
    ("Version v2.0.1 ships. U.S. users wait.", ["Version v2.0.1 ships.", "U.S. users wait."]),
    ("We sell tea, cups, etc. Come in. It was the U.S. team etc. and more.",
     ["We sell tea, cups, etc.", "Come in.", "It was the U.S. team etc. and more."]),
    ("One.\r\n\r\nTwo", ["One.", "Two"]),
    ("Use SELECT ... FOR UPDATE here. Ok", ["Use SELECT ... FOR UPDATE here.", "Ok"]),
    ("   ", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    """Abbreviations, numbers, file names, emoji, lists and wrapped lines do not mislead."""
    assert [sentence.text for sentence in split_sentences(text)] == expected


def test_a_code_fence_is_one_unit() -> None:
    """Nothing inside it is a sentence; an unclosed one runs to the end."""
    sentences = split_sentences("Run this.\n```py\nx = 1. Y\n\nz!\n```\nDone ~~~\n")
    assert [(s.is_code, s.text) for s in sentences] == [
        (False, "Run this."), (True, "```py\nx = 1. Y\n\nz!\n```"), (False, "Done ~~~"),
    ]  # fmt: skip
    assert [s.is_code for s in split_sentences("Look:\n```\nopen. End")] == [False, True]


@given(st.lists(st.sampled_from([*"ab.!? \n\t\"'`-1~#…。😊:)A", "```\n", "e.g. ", "Dr. "]), max_size=200).map("".join))
def test_spans_cover_the_text_and_sentences_quote_it(text: str) -> None:
    """Spans are contiguous; each sentence is its slice, stripped, in order."""
    spans = list(sentence_spans(text))
    assert "".join(text[start:end] for start, end, _ in spans) == text
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    sentences = split_sentences(text)
    assert all(text[s.start : s.end] == s.text and s.text == s.text.strip() != "" for s in sentences)
    assert all(a.end <= b.start for a, b in pairwise(sentences))


@pytest.mark.parametrize("unit", ["short one. ", ".", "a wrapped line in lower case\n", "1. ", "\n", "😊", "x"])
def test_time_is_linear_in_the_length(unit: str) -> None:
    """Eight times the text costs about eight times the work, not sixty-four."""
    text = unit * (400_000 // len(unit))
    begin = time.process_time()
    assert sum(end - start for start, end, _ in sentence_spans(text)) == len(text)
    assert time.process_time() - begin < 5


def test_a_heading_is_told_from_what_only_looks_like_one() -> None:
    """With or without its marker; a hashtag, a number sign inside a line and a second sentence are none."""
    text = "\n  ## 9 May. A swarm.\nIssue # 7 and #bees."
    assert is_heading(text, 0)
    assert is_heading(text, text.index("9"))
    assert not is_heading(text, text.index("A swarm"))
    assert not is_heading(text, text.index("# 7"))
    assert not is_heading(text, text.index("Issue"))
    assert not is_heading("#bees", 0)
    assert not is_heading("", 0)
