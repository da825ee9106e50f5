"""What only the forgotten said: the words, phrases and names that must be found nowhere once it is gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from elephantasm_cli.acts.raw_search import Wanted
from elephantasm_cli.services.clock import MONTHS
from elephantasm_cli.text.words import STOPWORDS, words

PHRASE_WORDS = 4
"""So many words in a row, said nowhere else, are a phrase of the forgotten."""
SHORTEST_WORD = 3
SHORTEST_NUMBER = 5
"""Shorter numbers are in every date and score; they count in phrases."""
SHORTEST_IN_BYTES = 6
"""Fewer letters in a row occur in vectors by chance. What is part of a longer word that stays ("report" of "reports")
is in the full text for its sake: words are indexed by their stems."""
SEARCHED_INSIDE = 8
"""A word this long is looked for inside others too: bytes have no word ends."""
MOST_LINES = 300
_PART = re.compile(r"[\n\".:;!?]+")
"""What stands between two parts of a text of which no phrase is made."""


@cache
def ours() -> frozenset[str]:
    """The words that the program writes by itself: vocabularies, names of fields, reasons. They give nothing away."""
    from enum import StrEnum

    from elephantasm_cli import vocabulary
    from elephantasm_cli.dream.dispositions import TRAIT_CUES, VALUE_CUES
    from elephantasm_cli.dream.weights import CUE_NAMES

    enums = [each for each in vars(vocabulary).values() if isinstance(each, type) and issubclass(each, StrEnum)]
    written = [each.value for enum in enums for each in enum]
    written += [*CUE_NAMES]
    written += [*TRAIT_CUES, *VALUE_CUES, *vocabulary.TRAITS, *MONTHS, _REASONS]
    return STOPWORDS | {word for text in written for word in words(text)}


_REASONS = """
absorbed answer announces assistant became begins between bring brings call central certainty changed changes claim
cluster cohesion confidence consolidated contradicts corrected cosine cover covered covers cues decayed decays dreamed
earlier edits evidence failed faded fades first forgotten form gained gains gave gives grounded grounding hang happened
held holds importance judged kept known left loses lost margin meaning memories merged moved needs outright passed place
points prefers quote quoted rests rewrite rewritten role row rows rule rules said sentence session sessions share shares
source sources speaker speaks splits standing stands stated statement statements stay stays successor summary supports
survived taken talks told undone uses values version versions waits wants word worded words works wrote
"""


@dataclass(slots=True)
class Needles:
    """Built from what is forgotten (`add`), less all that is still said (`spare`).

    ``names`` are whole values, such as the id of a session or an author, that nothing else carries; ``lines`` are whole
    sentences or lines, for the search of raw bytes.
    """

    words: set[str] = field(default_factory=set)
    phrases: set[tuple[str, ...]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Take in words of what is forgotten."""
        said = words(text)
        self.words |= {word for word in said if len(word) >= SHORTEST_WORD and not is_short_number(word)} - ours()
        for part in _PART.split(text):
            self.phrases |= set(windows(words(part)))
        self.lines |= {line.strip() for line in re.split(r"[\n\"]", text) if len(words(line)) >= PHRASE_WORDS}

    def spare(self, texts: Iterable[str]) -> None:
        """Leave out what ``texts``, which stay, say as well."""
        inside = {word for word in self.words if len(word) >= SHORTEST_IN_BYTES}
        for text in texts:
            said = words(text)
            self.words.difference_update(said)
            self.phrases.difference_update(windows(said))
            if inside:
                plain = text.casefold()
                inside = {word for word in inside if word in self.words and word not in plain}
            self.spare_lines(text)
        self.words = {word for word in self.words if len(word) < SHORTEST_IN_BYTES or word in inside}

    def spare_lines(self, value: Any) -> None:
        """Leave out the lines that stand in text, or anywhere in plain values, whatever the case."""
        if self.lines:
            for text in texts_in(value):
                lowered = text.lower()
                self.lines = {line for line in self.lines if line.lower() not in lowered}

    def joined(self, other: Needles) -> Needles:
        """Both together."""
        return Needles(
            self.words | other.words, self.phrases | other.phrases, self.names | other.names, self.lines | other.lines
        )

    def leak_in(self, value: Any) -> bool:
        """Whether text, or plain values with text anywhere in them, give something away."""
        return any(self._told_by(text) for text in texts_in(value))

    def _told_by(self, text: str) -> bool:
        if text in self.names:
            return True
        said = words(text)
        return not self.words.isdisjoint(said) or any(window in self.phrases for window in windows(said))

    def for_bytes(self, known: Iterable[str]) -> Wanted:
        """What to look for in raw bytes: whole words, and what counts inside others too. ``known`` is in every file."""
        wanted = {word for word in self.words if len(word) >= SHORTEST_IN_BYTES}.difference(known)
        inside = [word for word in sorted(wanted) if len(word) >= SEARCHED_INSIDE]
        lines = sorted(self.lines)[:MOST_LINES]
        return (
            frozenset(word.encode("utf-8") for word in wanted),
            tuple(each.encode("utf-8").lower() for each in (*inside, *lines)),
        )


def is_short_number(word: str) -> bool:
    return word.isdigit() and len(word) < SHORTEST_NUMBER


def windows(said: list[str]) -> Iterator[tuple[str, ...]]:
    """Every run of `PHRASE_WORDS` words."""
    return (tuple(said[place : place + PHRASE_WORDS]) for place in range(len(said) - PHRASE_WORDS + 1))


def texts_in(value: Any) -> Iterator[str]:
    """Every text in plain values, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)
