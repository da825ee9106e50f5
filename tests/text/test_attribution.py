"""Whose words a memory holds: what is written is read back."""

from __future__ import annotations

import pytest

from elephantasm_cli.text.attribution import QUOTED, RETOLD, behind, dated, goes_on_from, own_words, undated

DAY = "3 May 2026"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("Dana says that the build fails.", "Dana said on 3 May 2026 that the build fails."),
        ("Dana wants to move to Ghent.", "Dana wants to move to Ghent (3 May 2026)."),
        ("Dana moved to Ghent on 1 May 2026.", "Dana moved to Ghent on 1 May 2026."),
        ("Dana moved to Ghent on 1 Sept 2025.", "Dana moved to Ghent on 1 Sept 2025."),
    ],
)
def test_a_statement_says_its_day_once(statement, said):
    """Only where it names none, and `undated` takes back just that."""
    assert dated(statement, "Dana", DAY) == said
    assert undated(said) == statement
    assert undated(statement) == statement


def test_what_is_written_down_is_noted():
    noted = dated("Dana says that the build fails.", "Dana", DAY, is_note=True)
    assert noted == "Dana noted on 3 May 2026 that the build fails."
    assert undated(noted) == "Dana says that the build fails."


def test_what_stands_behind():
    content = goes_on_from("Dana moved.", "Where to?")
    assert behind(content) == ' (in answer to "Where to?")'
    assert behind("Dana moved.") == ""


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("Dana, 3 May 2026: \"no milk: 'never'\"", QUOTED),
        ("Dana said on 3 May 2026: no milk for them.", RETOLD),
        ("Workshop Mo noted on 3 May 2026: no milk.", RETOLD),
    ],
)
@pytest.mark.parametrize("said_by", ["", "Mr. Brown"])
def test_what_words_go_on_from_is_behind_them(content, form, said_by):
    """And is no part of them."""
    whole = goes_on_from(content, "Do you take milk (or not)?", said_by)
    assert "Do you take milk (or not)?" in whole
    assert own_words(whole) == content
    found = form.match(whole)
    assert found is not None
    assert found["words"] == form.match(content)["words"]
    assert found["behind"] in whole
    assert whole.endswith(".") == content.endswith(".")


def test_what_was_shown_is_no_part_of_the_words():
    """Nor are four things behind them."""
    whole = goes_on_from('Dana, 3 May 2026: "no milk"', "[photo: two cups]", "Ada", is_shown=True)
    assert whole.endswith('(after Ada showed "[photo: two cups]")')
    for said_by in ("", "Ada", "Ines"):
        whole = goes_on_from(whole, "Do you take milk?", said_by)
    assert own_words(whole) == 'Dana, 3 May 2026: "no milk"'
