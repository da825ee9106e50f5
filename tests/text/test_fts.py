"""Index text and queries, against a real FTS5 table."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from elephantasm_cli.text.fts import MAX_TERMS, index_text, match_expression, query_terms


@pytest.fixture
def table() -> Iterator[Any]:
    """An FTS5 table as the store makes it, holding a few texts."""
    sqlite = pytest.importorskip("pysqlite3")
    connection = sqlite.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='porter unicode61')")
    for text in (
        "the quick fox",
        "foo_bar in a/b.py uses C++",
        "Dana's dog",
        "今天我喜欢编程",
        "東京 に 住む",
        "don't panic",
    ):
        connection.execute("INSERT INTO t VALUES (?)", [index_text(text)])
    yield connection
    connection.close()


def found(table: Any, query: str) -> list[int]:
    """The row ids that ``query`` finds."""
    rows = table.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", [match_expression(query_terms(query))])
    return [row[0] for row in rows]


def test_text_without_cjk_is_indexed_as_it_is() -> None:
    """The index sees the very string."""
    text = "naïve café: foo_bar 🙂"
    assert index_text(text) is text


def test_cjk_runs_become_pairs_and_a_last_character() -> None:
    """A lone character stays; the words around keep their place."""
    assert index_text("我喜欢Python。好").split() == ["我喜", "喜欢", "欢", "Python。", "好"]


@pytest.mark.parametrize(
    ("query", "row"),
    [("foxes", 1), ("what is foo_bar?", 2), ("a/b.py", 2), ("C++", 2), ("Dana's", 3), ("喜欢", 4), ("编程好", 4),
     ("編", None),
     ("今", 4), ("程", 4), ("東", 5), ("京", 5), ("panics", 6)],
)  # fmt: skip
def test_questions_find_the_text_they_name(table: Any, query: str, row: int | None) -> None:
    """Identifiers, possessives, Chinese and Japanese are found by what they contain."""
    assert found(table, query) == ([row] if row else [])


def test_query_stopwords_go_unless_nothing_else_is_left() -> None:
    """A question of stopwords alone still asks for something."""
    assert query_terms("What did the fox do with the Fox?") == ["fox"]
    assert query_terms("to be or not") == ["to", "be", "or", "not"]


def test_a_page_as_a_question_is_cut() -> None:
    """The number of terms is bounded, and FTS5 takes the longest query."""
    assert len(query_terms(" ".join(f"word{n}" for n in range(5000)))) == MAX_TERMS


def nasty_strings() -> list[str]:
    """Hand-made troublemakers and 200 seeded random ones."""
    alphabet = [
        *"\"'*^(){}[]:-+.,;!?\\/@#$%&=<>|~`\x00\n\t ",
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "text:",
        "\ud800",
        "é",
        "漢",
        "🙂",
        "a",
        "１",
    ]
    random_source = random.Random(7)
    made = ["".join(random_source.choices(alphabet, k=random_source.randint(1, 30))) for _ in range(200)]
    return [
        "",
        '"',
        '""',
        "'",
        "NOT",
        "a AND",
        "* OR",
        "NEAR(a b, 3)",
        "text : x",
        "^x",
        "{a b}: c",
        "-x",
        "it's",
        "\x00",
        "x" * 100_000,
        *made,
    ]


def test_no_string_makes_fts5_raise(table: Any) -> None:
    """Neither as a question nor as a raw term."""
    for nasty in nasty_strings():
        for expression in (match_expression(query_terms(nasty)), match_expression([nasty, nasty[::-1]])):
            table.execute("SELECT rowid FROM t WHERE t MATCH ?", [expression]).fetchall()


def test_no_terms_match_nothing(table: Any) -> None:
    """An empty query is an answer, not an error."""
    assert found(table, " ?! ") == []


def test_the_largest_query_stays_below_the_engines_limits(table: Any) -> None:
    """FTS5 limits the depth of an expression; `MAX_TERMS` terms fit."""
    expression = match_expression([f"w{n}" for n in range(MAX_TERMS)])
    assert table.execute("SELECT count(*) FROM t WHERE t MATCH ?", [expression]).fetchone() == (0,)
