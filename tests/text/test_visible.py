from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elephantasm_cli.text.visible import one_line, visible, visible_json

ORDINARY = "Grüße 日本語 🎉 👨‍👩‍👧 naïve soft\u00adhyphen עברית العربية می‌خواهم ½ — “quoted”"


def test_ordinary_text_is_left_alone() -> None:
    """Letters of any script, marks, emoji joined by joiners and spaces pass unchanged."""
    assert visible(ORDINARY) == ORDINARY
    assert visible_json(json.dumps(ORDINARY, ensure_ascii=False)) == json.dumps(ORDINARY, ensure_ascii=False)


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\x07", "\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egnp", "\\u202egnp"),
        ("\u2066", "\\u2066"),
        ("\u200b", "\\u200b"),
        ("\ufeff", "\\ufeff"),
        ("\u2028", "\\u2028"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("\r", "\\x0d"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped(hidden: str, shown: str) -> None:
    """Controls, bidirectional overrides, invisible characters and tags become escapes that can be read."""
    assert visible(f"a{hidden}b") == f"a{shown}b"


def test_layout_is_kept_on_request() -> None:
    """Line ends and tabs stay where text has several lines, and nothing else does."""
    assert visible("a\n\tb\x1b", keep_layout=True) == "a\n\tb\\x1b"
    assert visible("a\nb") == "a\\x0ab"


def test_one_line_is_one_line() -> None:
    """White space of any kind becomes a space."""
    assert one_line("  a\r\n\tb\u2028c \x1b ") == "a b c \\x1b"


@given(st.text())
def test_escaped_json_says_the_same(text: str) -> None:
    """The document parses to the same value and holds nothing that a terminal would obey."""
    document = visible_json(json.dumps({text: [text]}, ensure_ascii=False))
    assert json.loads(document) == {text: [text]}
    assert visible(document) == document


@given(st.text(alphabet=st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp", "L", "So"))))
def test_nothing_hidden_is_left(text: str) -> None:
    """Whatever goes in, escaping once is enough."""
    once = visible(text)
    assert visible(once) == once
