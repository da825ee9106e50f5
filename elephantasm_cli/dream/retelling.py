"""Retelling by rule: what is no whole sentence, told with its speaker and the day. Pure, and no model.

"no milk for me, I ache", said by Halvard, is "Halvard said on 3 May 2026: no milk for Halvard, Halvard aches".
Persons are turned as in reported speech and dates are resolved, so that it is clear who and when; everything else stays
as it was said. What is asked, ordered or said of somebody whom nothing names keeps its very words, in quotation marks,
between what is told. It is the last resort before a quotation.
"""

from __future__ import annotations

import re

from elephantasm_cli.dream import speech_grammar as grammar
from elephantasm_cli.dream.grounding import RELATIVE_DATE
from elephantasm_cli.dream.referents import points_outside
from elephantasm_cli.dream.speech import Speech, is_order, lowered
from elephantasm_cli.dream.verbatim import place_of
from elephantasm_cli.text.attribution import NOTED, SAID
from elephantasm_cli.text.language import is_foreign
from elephantasm_cli.text.words import content_words

LONGEST = 500
"""In characters: what is longer is read as well in its own words."""
LEAST_TOLD = 0.5
"""Share of the content words that must be told rather than quoted."""
_ANSWERS = re.compile(r"(?:yes|no|not|never|none|both|all)\b", re.I)
_ADDRESSED = re.compile(r"\b(?:thanks?|thank you|dear|darling|love you|xx+)\b", re.I)


def retold(said: str, speaker: str, date: str, *, is_note: bool = False, before: str = "") -> str | None:
    """What ``speaker`` said on ``date`` ("3 May 2026"), in the third person; None where little of it can be turned.

    ``said`` is one line, relative dates resolved and whoever is "you" called by name; ``before`` was said before it,
    and stands behind it in quotation marks. Sentences that cannot be turned leave a place for their words, as
    `verbatim` has it.
    """
    text = grammar.plain(said)
    if len(text) > LONGEST or is_foreign(text):
        return None
    pieces = grammar.pieces_of(text)
    if not pieces or not all(pieces):
        return None
    told = _Teller(pieces, speaker, before).told()
    words = [len(content_words(piece)) for piece in pieces]
    share = sum(count for count, piece in zip(words, told, strict=True) if piece is not None)
    if not any(told) or share < LEAST_TOLD * sum(words):
        return None
    return f"{speaker} {NOTED if is_note else SAID} on {date}: {'; '.join(_with_places(pieces, told))}."


class _Teller:
    """The sentences of one quote, each told if it can be."""

    def __init__(self, pieces: list[str], speaker: str, before: str) -> None:
        self._pieces, self._before = pieces, before
        text = ". ".join(pieces)
        others = grammar.OTHERS.search(text) is not None or grammar.is_about_others(text)
        several = grammar.PLURAL.search(text) is not None
        self._named = Speech(speaker, by_name=True, their=False, is_apart=several and others)
        self._unnamed = None if several or others else Speech(speaker, by_name=False, their=True)

    def told(self) -> list[str | None]:
        """Each piece in the third person; None for one that stays as it was said."""
        found: list[str | None] = []
        known = self._before
        for piece in self._pieces:
            outside = points_outside(piece) and points_outside(f"{known} {piece}".strip())
            found.append(None if outside else self._turned(piece, is_first=not found))
            known = known if outside else f"{known} {piece}.".strip()
        return found

    def _turned(self, piece: str, *, is_first: bool) -> str | None:
        if not _is_told(piece) or piece.count('"') % 2 or (not is_first and is_order(piece)):
            return None
        if RELATIVE_DATE.search(piece):
            return None  # no day that is sure
        shifted = self._named.shifted(piece)
        if shifted is None and self._unnamed is not None and not is_order(piece):
            shifted = self._unnamed.shifted(piece)
        return shifted and lowered(shifted)


def _with_places(pieces: list[str], told: list[str | None]) -> list[str]:
    """What is told, and places for each run of sentences that is not, without exclamations ("what?")."""
    telling = [" " in piece or bool(content_words(piece) or _ANSWERS.match(piece)) for piece in pieces]
    parts: list[str] = []
    first = 0
    for number, piece in enumerate([*told, ""]):
        if piece is None:
            continue
        if any(telling[first:number]):
            parts.append(place_of(first, number, len(told)))
        first = number + 1
        if piece and telling[number]:
            parts.append(piece)
    return parts


def _is_told(piece: str) -> bool:
    """Whether a sentence or a part of one is told to nobody in particular."""
    return not (
        grammar.NEVER.search(piece)
        or grammar.ADDRESSED.search(piece)
        or grammar.SECOND_PERSON.search(piece)
        or grammar.QUOTED_SPEECH.search(piece)
        or _ADDRESSED.search(piece)
    )
