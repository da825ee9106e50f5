"""Words in their places: what no rule turns stands in a statement as it was said."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.verbatim import place_of, with_verbatim, without_verbatim, words_told

WORDS = 'The roof holds. Ask "Agnes"!\nShe knows. I paid forty.'


@pytest.mark.parametrize(
    ("statement", "whole"),
    [
        ("Halvard said: the roof holds.", "Halvard said: the roof holds."),
        (
            f"Halvard said: the roof holds; {place_of(1, 3, 4)}; Halvard paid forty.",
            "Halvard said: the roof holds; \"Ask 'Agnes'!\nShe knows\"; Halvard paid forty.",
        ),
        (
            f"The roof holds; in Halvard's words: {place_of(3, 4, 4)}.",
            'The roof holds; in Halvard\'s words: "I paid forty".',
        ),
        (
            f"The roof holds; in Halvard's words: {place_of(2, 3, 3)}.",
            'The roof holds; in Halvard\'s words: "I paid forty".',
        ),
        (f"Halvard said: {place_of(0, 1, 3)}; Halvard paid forty.", None),
        (f"The roof holds; in Halvard's words: {place_of(0, 5, 5)}.", None),
    ],
)
def test_the_very_words_are_put_in(statement, whole):
    """A rule that has seen other sentences can be trusted with the last ones alone, counted from the end."""
    assert with_verbatim(statement, WORDS) == whole


def test_what_is_quoted_is_not_checked():
    first, middle, last = place_of(0, 1, 4), place_of(1, 2, 4), place_of(3, 4, 4)
    statement = f"Halvard said: {first}; the roof holds; {middle}; it is dry; {last}."
    assert without_verbatim(statement) == "Halvard said: the roof holds; it is dry."
    assert without_verbatim(f"The roof holds; in Halvard's words: {last}.") == "The roof holds."


def test_only_what_is_told_is_checked_against():
    statement = f"Halvard said: the roof holds; {place_of(1, 3, 4)}; Halvard paid forty."
    assert words_told(statement, WORDS) == "The roof holds. I paid forty."
    assert words_told("The roof holds.", WORDS) == WORDS
