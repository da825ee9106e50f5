"""Retelling by rule: what is no whole sentence, told with its speaker and the day. Pure, and no model.

"no milk for me, I ache", said by Halvard, is "Halvard said on 3 May 2026: no milk for Halvard, Halvard aches".
Persons are turned as in reported speech and dates are resolved, so that it is clear who and when; everything else stays
as it was said. It is the last resort before a quotation.
"""

from __future__ import annotations

import re

from elephantasm_cli.dream import speech_grammar as grammar
from elephantasm_cli.dream.reported_speech import LONGEST, REST, Speech, is_order, lowered
from elephantasm_cli.text.attribution import NOTED, SAID
from elephantasm_cli.text.language import is_foreign

_ADDRESSED = re.compile(r"\b(?:thanks?|thank you|dear|darling|love you|xx+)\b", re.I)


def retold(said: str, speaker: str, date: str, *, is_note: bool = False) -> str | None:
    """What ``speaker`` said on ``date`` ("3 May 2026"), in the third person; None where persons cannot be turned.

    ``said`` is one line, relative dates resolved and whoever is "you" called by name. Sentences at the end that cannot
    be turned are left to be quoted, as in `reported_speech.reported`.
    """
    text = grammar.plain(said)
    if len(text) > LONGEST or '"' in text or is_foreign(text):
        return None
    pieces = grammar.pieces_of(text)
    if not pieces or not all(pieces):
        return None
    text = ". ".join(pieces)
    others, several = grammar.OTHERS.search(text) is not None, grammar.PLURAL.search(text) is not None
    if several and (others or grammar.is_about_others(text)):
        return None  # "we" and they would both be "they"
    named = Speech(speaker, by_name=True, their=False)
    if not several and not others and named.shifted(text) is None and not grammar.is_about_others(text):
        named = Speech(speaker, by_name=False, their=True)
    turned: list[str] = []
    rest = ""
    for place, piece in enumerate(pieces):
        shifted = named.shifted(piece) if _is_told(piece) and not (turned and is_order(piece)) else None
        if shifted is None:
            rest = f"; in {named.possessive} words: {REST}{len(pieces) - place}"
            break
        turned.append(lowered(shifted))
    if not turned:
        return None
    return f"{speaker} {NOTED if is_note else SAID} on {date}: {'; '.join(turned)}{rest}."


def _is_told(piece: str) -> bool:
    """Whether a sentence or a part of one is told to nobody in particular."""
    return not (
        grammar.NEVER.search(piece)
        or grammar.ADDRESSED.search(piece)
        or grammar.SECOND_PERSON.search(piece)
        or grammar.QUOTED_SPEECH.search(piece)
        or _ADDRESSED.search(piece)
    )
