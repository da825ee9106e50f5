"""The sentence in which an expression stands, as far as a rule looks around it. Pure."""

from __future__ import annotations

import re

REACH = 240
"""In characters, to either side: a bound keeps rules linear in the length of a text."""
_STOP = re.compile(r"[.!?;\n](?:\s|$)")


def sentence_start(text: str, place: int) -> int:
    """Where the sentence around ``place`` begins, at most `REACH` before it."""
    first = max(0, place - REACH)
    return max((stop.end() for stop in _STOP.finditer(text, first, place)), default=first)


def sentence_end(text: str, place: int) -> int:
    """Where the sentence around ``place`` ends, without its stop, at most `REACH` behind it."""
    last = min(len(text), place + REACH)
    stop = _STOP.search(text, place, last)
    return stop.start() if stop else last
