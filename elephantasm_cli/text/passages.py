"""Passages: the pieces, of at most about 180 tokens, in which every text is indexed, embedded and packed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elephantasm_cli.text.sentences import is_heading, sentence_spans
from elephantasm_cli.text.words import CJK_RANGES

MAX_TOKENS = 180
"""Leaves room for the speaker, the date and the embedder's own marks inside its 256 positions."""

SECTION_TOKENS = 40
"""A heading starts a new passage where the one before it has at least this many: what is shorter says little alone."""

_LONGEST_PIECE = 8
_ASCII_PIECE = re.compile(r"[A-Za-z]{1,8}|\d{1,3}|[^\w\s]|_")
_PIECE = re.compile(rf"[{CJK_RANGES}]|[^\W\d_{CJK_RANGES}]{{1,8}}|\d{{1,3}}|[^\w\s]|_")


def estimate_tokens(text: str) -> int:
    """About how many tokens a subword tokenizer makes of ``text``; never more than its characters.

    Counts words (one for each eight letters begun), digits by threes, each sign, each CJK character. The exact count
    for a budget comes from the tokenizer that the budget names; this one decides where to cut.
    """
    return len((_ASCII_PIECE if text.isascii() else _PIECE).findall(text))


def split_passages(text: str, max_tokens: int = MAX_TOKENS) -> list[tuple[int, int]]:
    """Contiguous ``(start, end)`` spans that cover ``text``, each of at most ``max_tokens`` by `estimate_tokens`.

    Cut between sentences, and before the headings of a text that needs more than one; inside a sentence only where it
    alone is too long (then at a line end, a space, or anywhere).
    An empty text has none. Linear in the length of the text.
    """
    length = len(text)
    if length <= max_tokens:
        return [(0, length)] if text else []
    if length <= max_tokens * _LONGEST_PIECE and estimate_tokens(text) <= max_tokens:
        return [(0, length)]
    return list(_packed(text, max_tokens))


def _packed(text: str, max_tokens: int) -> Iterator[tuple[int, int]]:
    """Sentences joined greedily while they fit and their section lasts."""
    piece = _ASCII_PIECE if text.isascii() else _PIECE
    start = held = stop = 0
    for begin, end, is_code in sentence_spans(text):
        size = len(piece.findall(text, begin, end))
        if held + size > max_tokens or (held >= SECTION_TOKENS and not is_code and is_heading(text, begin)):
            if stop > start:
                yield start, stop
            start, held = begin, 0
            if size > max_tokens:
                *whole, (start, size) = _cut(piece, text, begin, end, max_tokens)
                for (cut, _), (until, _) in zip(whole, [*whole[1:], (start, 0)], strict=True):
                    yield cut, until
        held += size
        stop = end
    if stop > start:
        yield start, stop


def _cut(piece: re.Pattern[str], text: str, begin: int, end: int, max_tokens: int) -> list[tuple[int, int]]:
    """``(start, tokens)`` of each part of an overlong span, preferring to cut at a line end, then at a space."""
    parts: list[tuple[int, int]] = []
    start, count = begin, 0
    line = space = (begin, 0)  # where the newest line or word began, and how many tokens stood before it
    for match in piece.finditer(text, begin, end):
        at = match.start()
        if count and text[at - 1].isspace():
            space = (at, count)
            if text[at - 1] == "\n":
                line = (at, count)
        if count == max_tokens:
            cut, before = line if line[0] > start and line[1] * 2 >= max_tokens else space
            if cut <= start:
                cut, before = at, count
            parts.append((start, before))
            start, count = cut, count - before
            line = (start, 0) if line[0] <= start else (line[0], line[1] - before)
            space = (start, 0) if space[0] <= start else (space[0], space[1] - before)
        count += 1
    parts.append((start, count))
    return parts
