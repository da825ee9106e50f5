"""What somebody shows: the words in brackets that a chat has in the place of a picture. Pure.

"These are the ones who bring me joy [shares image: a woman and a child on a swing]" says little without the picture,
and "I got this because it stands for strength" nothing without the one shown a moment before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.memories import Preceding, Quote
from elephantasm_cli.dream.unmeant import SHOWN
from elephantasm_cli.text.sentences import ASIDE, split_sentences

if TYPE_CHECKING:
    from elephantasm_cli.dream.picks import Pick

_PICTURE = re.compile(
    r"\b(?:image|photo\w*|pic(?:ture)?|video|clip|screenshot|drawing|gif|sticker|foto|bild|imagen?|immagine)s?\b\W*\w|[图照]片",
    re.I,
)
TURNS_BACK = 2
"""So far back stands the turn of one's own that the other has just spoken of."""
_THIS = re.compile(
    r"(?<!all\s)(?<!all\sof\s)\b(?:this|these|those)\b(?!\s+(?:is\s+why|time|week|weekend|month|year|morning|evening|"
    r"afternoon|night|summer|winter|spring|autumn|fall)\b)"
    r"(?!(?:\s+[\w'’/-]+){1,5}?\s+(?:I|we|he|she|they|who|that|which|(?:and|where)\s+\w+)\b)",
    re.I,
)
""" "These lovely flowers": what is seen in the picture beside it; not "this man I met"."""


def shown(spoken: Sequence[dict[str, Any]], pick: Pick, *, refers: bool) -> Preceding | None:
    """What is shown with a pick that says "this", or was shown by its speaker a moment before where the pick or what it
    answers ``refers`` to something; None where nothing is, or where the other has shown something since.
    ``spoken``: the turns up to that of the pick and beyond."""
    if _THIS.search(pick.text) and (caption := _caption(pick.event, pick.salient.end)) is not None:
        return caption
    if not refers:
        return None
    if (caption := _caption(pick.event, 0, pick.salient.start)) is not None:
        return caption
    place = next(number for number, event in enumerate(spoken) if event["id"] == pick.event["id"])
    for event in reversed(spoken[max(0, place - TURNS_BACK) : place]):
        if (caption := _caption(event, 0)) is not None:
            return caption if event["author"] == pick.event["author"] else None
    return None


def with_shown(
    behind: Sequence[Preceding], spoken: Sequence[dict[str, Any]], pick: Pick, *, refers: bool
) -> list[Preceding]:
    """What is quoted ``behind`` a pick, with the caption of the picture that it speaks of.

    Words of the speaker that are older than a picture of an earlier turn are not what the pick speaks of, and go; where
    they stand beside that picture and do not point to it, they tell enough.
    """
    caption = shown(spoken, pick, refers=refers)
    if caption is None:
        return list(behind)
    order = {event["id"]: number for number, event in enumerate(spoken)}
    here, there = order[pick.event["id"]], order[caption.quote.event_id]
    kept = []
    for words in behind:
        at = order[words.quote.event_id]
        is_own = not words.is_question and words.quote.author == pick.event["author"]
        if at == there and words.quote.end >= caption.quote.end and words.quote.start <= caption.quote.start:
            return list(behind)
        if is_own and at == there < here and not (_THIS.search(words.quote.text) or SHOWN.search(words.quote.text)):
            return list(behind)
        if not is_own or at >= there or there == here:
            kept.append(words)
    return [
        *(words for words in kept if not words.is_question),
        caption,
        *(words for words in kept if words.is_question),
    ]


def _caption(event: dict[str, Any], start: int, end: int | None = None) -> Preceding | None:
    """The last words in brackets of an event, between two offsets."""
    asides = [
        sentence
        for sentence in split_sentences(event["content"])
        if start <= sentence.start and (end is None or sentence.end <= end)
        if ASIDE.fullmatch(sentence.text) and _PICTURE.search(sentence.text)
    ]
    if not asides:
        return None
    return Preceding(Quote.of(event, asides[-1].start, asides[-1].end), is_question=False, is_shown=True)
