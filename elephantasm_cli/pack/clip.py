"""Clipping: the sentences of a text that carry what it says, whole, in order. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elephantasm_cli.text.sentences import ASIDE, is_heading, split_sentences
from elephantasm_cli.text.words import content_words

KEPT_WORDS = 0.8
"""The share of a text's content words that a clip keeps at least. Harder clipping loses answers."""
EXHAUSTIVE = 9
"""Up to this many sentences every subset is weighed."""
OUTPUT_LINES = 6
"""Of tool output and code at most this many lines are quoted,"""
OUTPUT_CHARACTERS = 240
"""each cut to this many characters."""
GAP = "…"

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Clip:
    """``text`` on one line; ``spans`` are the character ranges that it quotes; inner gaps show as an ellipsis."""

    text: str
    spans: tuple[tuple[int, int], ...]


def one_line(text: str) -> str:
    """``text`` with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()


def whole(text: str) -> Clip:
    """The text unclipped."""
    return Clip(one_line(text), ((0, len(text)),) if text else ())


def clip_prose(text: str, wanted: frozenset[str] = frozenset()) -> Clip:
    """The shortest choice of whole sentences that holds `KEPT_WORDS` of the content words of ``text``.

    As many sentences with a ``wanted`` word (content-word form) as there are stay, and the Markdown heading over what
    stays. Asides in square brackets ("[shares image: a red bicycle]") do not count, and stay where they hold a wanted
    word. One sentence stays whole.
    """
    sentences = split_sentences(text)
    if len(sentences) < 2:
        return whole(text)
    sets = [frozenset(content_words(sentence.text)) for sentence in sentences]
    said = [at for at, sentence in enumerate(sentences) if not ASIDE.fullmatch(sentence.text)]
    every = frozenset().union(*(sets[at] for at in said))
    if not every:
        return whole(text)
    choose = _shortest if len(said) <= EXHAUSTIVE else _thinned
    chosen = choose(
        [sets[at] for at in said],
        [len(sentences[at].text) + 1 for at in said],
        wanted,
        math.ceil(KEPT_WORDS * len(every)),
    )
    kept = {said[place] for place in chosen}
    kept |= {at for at in range(len(sentences)) if at not in said and sets[at] & wanted}
    headings = [
        at for at, sentence in enumerate(sentences) if not sentence.is_code and is_heading(text, sentence.start)
    ]
    kept |= {max(above) for at in kept if (above := [heading for heading in headings if heading < at])}
    if len(kept) == len(sentences):
        return whole(text)
    return _joined(text, [(sentences[at].start, sentences[at].end) for at in sorted(kept)], sorted(kept))


def clip_output(text: str, wanted: frozenset[str] = frozenset()) -> Clip:
    """The lines of tool output or code that hold a ``wanted`` word, else its first ones."""
    spans = [(found.start(), found.end()) for found in re.finditer(r"[^\n]*\S[^\n]*", text)]
    telling = [at for at, (start, end) in enumerate(spans) if wanted.intersection(content_words(text[start:end]))]
    kept = sorted((telling or list(range(len(spans))))[:OUTPUT_LINES])
    if not kept:
        return whole(text)
    cut = [(spans[at][0], min(spans[at][1], spans[at][0] + OUTPUT_CHARACTERS)) for at in kept]
    clip = _joined(text, cut, kept)
    more = len(kept) < len(spans) or any(cut[i][1] < spans[at][1] for i, at in enumerate(kept))
    return Clip(f"{clip.text} {GAP}", clip.spans) if more else clip


def _shortest(sets: Sequence[frozenset[str]], lengths: Sequence[int], wanted: frozenset[str], needed: int) -> list[int]:
    """The best subset: enough words, then fewest characters, then most wanted words, then the earliest sentences."""
    numbers = {word: 1 << at for at, word in enumerate(sorted(frozenset().union(*sets)))}
    masks = [sum(numbers[word] for word in words) for words in sets]
    asked = sum(bit for word, bit in numbers.items() if word in wanted)
    covers, sizes = [0], [0]
    for mask, length in zip(masks, lengths, strict=True):
        covers += [cover | mask for cover in covers]
        sizes += [size + length for size in sizes]
    best = min(
        (
            (-((cover & asked).bit_count()) * (asked != 0), size, choice)
            for choice, (cover, size) in enumerate(zip(covers, sizes, strict=True))
            if cover.bit_count() >= needed
        ),
    )[2]
    return [at for at in range(len(sets)) if best >> at & 1]


def _thinned(sets: Sequence[frozenset[str]], lengths: Sequence[int], wanted: frozenset[str], needed: int) -> list[int]:
    """Greedily: the sentence with the fewest own words a character goes first, those with wanted words last."""
    kept = list(range(len(sets)))
    while len(kept) > 1:
        counts: dict[str, int] = {}
        for at in kept:
            for word in sets[at]:
                counts[word] = counts.get(word, 0) + 1
        own = {at: sum(counts[word] == 1 for word in sets[at]) for at in kept}
        spare = [at for at in kept if len(counts) - own[at] >= needed]
        if not spare:
            break
        kept.remove(min(spare, key=lambda at: (len(sets[at] & wanted), own[at] / lengths[at], at)))
    return kept


def _joined(text: str, spans: Iterable[tuple[int, int]], kept: Sequence[int]) -> Clip:
    """The spans as one line, with a gap mark where something between two of them is left out."""
    listed = tuple(spans)
    pieces: list[str] = []
    for place, (start, end) in enumerate(listed):
        if place and kept[place] != kept[place - 1] + 1:
            pieces.append(GAP)
        pieces.append(one_line(text[start:end]))
    return Clip(" ".join(pieces), listed)
