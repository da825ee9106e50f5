"""Token counting. The bundled counter is measured against cl100k_base in docs/recall.md; here are its promises."""

from __future__ import annotations

import math

import pytest

from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.services.embedding import ASSETS
from elephantasm_cli.services.tokens import SAFETY, load_counter

CL100K = {
    "Hello world": 2,
    "Melanie: I went to a support group yesterday and it was so powerful!": 16,
    "[8 May 2023]": 7,
    "for i in range(10): print(f'{i:>3}')": 14,
    "/usr/lib/python3.11/site-packages/numpy/core.py": 12,
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08": 43,
    "我喜欢在周末去爬山，因为空气很好。": 22,
    "日本語のテキストを書いています。": 15,
    "저는 주말에 등산을 좋아합니다.": 15,
    "🎉😊🙏🏽": 11,
}
"""Token counts of cl100k_base."""


@pytest.fixture(scope="module")
def bundled():
    return load_counter()


@pytest.mark.parametrize(("text", "tokens"), CL100K.items())
def test_the_bundled_count_is_not_below_cl100k(bundled, text, tokens):
    """Chat, code, paths, hashes, Chinese, Japanese, Korean, emoji."""
    assert bundled.count(text) >= tokens


def test_plain_english_is_not_counted_much_too_high(bundled):
    """Slack costs evidence."""
    text = "We talked about the weather and then about the plans for next week. " * 20
    assert bundled.count(text) <= 281 * 1.1  # cl100k: 281


def test_a_text_counts_as_the_sum_of_its_lines(bundled):
    """What the ledger of a pack relies on."""
    lines = ["Ada: the first line", "Bob: it's 12345 o'clock, isn't it?", "", "    indented(code)", "中文"]
    whole = bundled.count("\n".join(lines) + "\n")
    assert whole == math.ceil(round(sum(map(bundled.weigh, lines)), 6))
    assert bundled.count("") == 0


@pytest.mark.parametrize(
    "text", ["a" * 5000, "Ab" * 500, "\x00\x01", "\u200d" * 9, "ﬁ", "\U0001f468\u200d\U0001f469", "\n" * 50]
)
def test_any_text_can_be_counted(bundled, text):
    """No input breaks the count, and none is free of charge."""
    assert bundled.count(text) >= 1
    assert bundled.count(text) <= SAFETY * len(text.encode()) + 1


def test_a_tokenizer_file_counts_exactly():
    """The path of a tokenizer.json names the tokenizer of the budget."""
    counter = load_counter(str(ASSETS / "tokenizer.json"))
    assert counter.count("hello world") == 2
    assert counter.weigh("hello world") == 2.0
    assert counter.name.endswith("tokenizer.json")


def test_a_file_that_is_no_tokenizer_is_refused(tmp_path):
    """With the setting to change."""
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")
    with pytest.raises(ModelFileError, match=r"pack\.tokenizer"):
        load_counter(str(path))
