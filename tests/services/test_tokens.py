"""Token counting. tests/property/test_token_bound.py compares the bundled counter with cl100k_base itself."""

from __future__ import annotations

import pytest
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from elephantasm_cli.agent import open_agent
from elephantasm_cli.config import PackSettings
from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.pack.build import PackOptions, build_pack
from elephantasm_cli.services.byte_pairs import is_ordinary
from elephantasm_cli.services.embedding import ASSETS
from elephantasm_cli.services.tokens import load_counter

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


@pytest.mark.parametrize(
    ("word", "ordinary"),
    [("lamp", True), ("frameworks", True), ("unlocked", True), ("cuebook", False), ("qx", False), ("", False)],
)
def test_ordinary_words_are_those_of_the_vocabulary_and_their_forms(word, ordinary):
    """A name that somebody coined is none of them."""
    assert is_ordinary(word) is ordinary


@pytest.fixture(scope="module")
def bundled():
    return load_counter()


@pytest.mark.parametrize(("text", "tokens"), CL100K.items())
def test_the_bundled_count_is_not_below_cl100k(bundled, text, tokens):
    """Chat, code, paths, hashes, Chinese, Japanese, Korean, emoji."""
    assert bundled.count(text) >= tokens


@pytest.mark.parametrize("text", list(CL100K)[:3])
def test_plain_english_is_counted_exactly(bundled, text):
    """Slack costs evidence."""
    assert bundled.count(text) == CL100K[text]


def test_a_name_costs_more_where_no_space_precedes_it(bundled):
    """At a line's start, where the speakers of a pack stand."""
    assert bundled.count(" Evan") == 1
    assert bundled.count("Evan") == 2


def test_a_text_counts_as_the_sum_of_its_lines(bundled):
    """What the ledger of a pack relies on."""
    lines = ["Ada: the first line", "Bob: it's 12345 o'clock, isn't it?", "    indented(code)", "中文"]
    assert bundled.count("\n".join(lines) + "\n") == sum(map(bundled.weigh, lines))


def test_empty_lines_may_count_as_one_token_together(bundled):
    """Their weights are then a little more than the count, never less."""
    assert bundled.count("a\n\n\n") == 2
    assert sum(map(bundled.weigh, ["a", "", ""])) == 4


def test_nothing_counts_as_nothing(bundled):
    """An empty pack fits any budget."""
    assert bundled.count("") == 0


@pytest.mark.parametrize(
    "text", ["a" * 5000, "Ab" * 500, "\x00\x01", "\u200d" * 9, "ﬁ", "\U0001f468\u200d\U0001f469", "\n" * 50, "\udce9"]
)
def test_any_text_can_be_counted(bundled, text):
    """No input breaks the count, and none is free of charge or dearer than its bytes."""
    assert 1 <= bundled.count(text) <= len(text.encode("utf-8", "surrogatepass"))


def test_a_long_run_is_counted_at_once(bundled):
    """A page of Chinese is one piece: the work grows with its length, not with the square of it."""
    assert 10_000 < bundled.count("我喜欢在周末去爬山" * 5_000) < 135_000


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


@pytest.fixture
def own_tokenizer(tmp_path):
    """A tokenizer.json that counts characters: one that no rule of thumb would guess."""
    tokenizer = Tokenizer(models.WordLevel({"x": 0, "?": 1}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=64)
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    return path


@pytest.mark.parametrize("budget", [0, 60, 200, 500, 2000])
@pytest.mark.parametrize("query", [None, "When do we deploy?"])
def test_a_pack_by_a_tokenizer_file_keeps_that_tokenizers_budget(small, own_tokenizer, budget, query):
    """Exactly, whatever truncation or padding the file asks for."""
    options = PackOptions(query=query, budget=budget, settings=PackSettings(tokenizer=str(own_tokenizer)))
    with open_agent() as agent:
        pack = build_pack(agent.store, options, embedder=agent.checked_embedder)
    assert pack.tokenizer.endswith("/tokenizer.json")
    assert pack.token_count == len(pack.text) <= budget
    assert pack.text or budget <= 60
