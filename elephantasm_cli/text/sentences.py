"""Sentences with exact character offsets: what reflection selects from, and where passages are cut.

Rules, not a model: chat and logs are full of file names, versions, decimals, emoji and missing capitals, which
models trained on newspapers cut in the wrong places. Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from elephantasm_cli.text.words import STOPWORDS

_EMOJI = (
    "\u203c\u2049\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\ufe0f\u200d"
    "\U0001f000-\U0001faff\U000e0020-\U000e007f"
)
_BREAK = re.compile(
    r"""[.!?…]++["'”’»)\]*_]*+"""
    r"|[。！？｡]++[」』”’）]*+"
    r"|\n(?:[ \t\r]*+\n)*+"
    rf"|[{_EMOJI}]++"
    r"|(?<=\s)[:;]-?[)(DP](?=\s)"
)
_TRAILING_EMOJI = re.compile(rf"[ \t]*+[{_EMOJI}]++")
_FENCE = re.compile(r"^[ \t]{0,3}(`{3,}|~{3,}).*$", re.MULTILINE)
_MARKER = re.compile(r"[ \t]*+(?:(?:[-*+•–]|\d{1,3}[.)]|#{1,6}|>+)[ \t]++)*+")
ASIDE = re.compile(r"\[[^\]]*\][.!?]?")
"""A whole sentence that is a note in brackets, such as what picture was shared."""
_HEADING = re.compile(r"[ \t]*+#{1,6}[ \t]++")
_STARTS_BLOCK = re.compile(r"[ \t\r]*+(?:\n|(?:[-*+•–]|\d{1,3}[.)]|#{1,6}|>)[ \t]|[|`~])")
_BEFORE_ORDINAL = re.compile(r"\b(?:am|vom|zum|bis|im|der|den|dem)\s$")
""" "Am 12. in Kufstein"."""
_LAST_TOKEN = re.compile(r"[^\s(\[\"“]*+$")
_NEXT_WORD = re.compile(r"\s*+[\"'“‘(\[]*+([^\W_]+(?:['’][^\W_]+)?)")

_NEVER_LAST = frozenset(
    """ch mr mrs ms dr prof rev hon gen col sgt capt lt st mt vs e.g i.e eg ie cf al fig figs eq vol pp ca approx dept
    resp incl excl""".split()  # noqa: SIM905
)
"""Abbreviations that a sentence does not end with."""
_SELDOM_LAST = frozenset(
    """etc inc ltd co corp jr sr a.m p.m u.s u.k u.s.a no nr jan feb mar apr jun jul aug sep sept oct nov dec
    mon tue tues wed thu thurs fri sat sun""".split()  # noqa: SIM905
)
"""Abbreviations that end a sentence only where a capital follows (and "No." where anything but a digit does)."""

_OF_SOMEBODY = frozenset("says said is was has had will would thinks thought wants wanted asked told".split())  # noqa: SIM905
"""What somebody does who is named by an initial: "B. says"."""

_GERMAN_MONTHS = frozenset(
    "januar jänner februar märz april mai juni juli august september oktober november dezember".split()  # noqa: SIM905
)

_NEAR = 80
"""How far a rule looks around a mark; a bound keeps the whole linear."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, ``text`` being exactly the source's ``[start:end]``; a fenced block of code is one unit."""

    start: int
    end: int
    text: str
    is_code: bool = False


def is_question(text: str) -> bool:
    """Whether the text ends in a question mark (whatever closes after it)."""
    return text.rstrip(" \n\t\"'”’)*_").endswith(("?", "？"))


def split_sentences(text: str) -> list[Sentence]:
    """The sentences of ``text`` in order, without surrounding white space and list markers; blank ones left out."""
    found = []
    for start, end, is_code in sentence_spans(text):
        first = start if is_code else _MARKER.match(text, start, end).end()  # type: ignore[union-attr]
        while first < end and text[first].isspace():
            first += 1
        last = end
        while last > first and text[last - 1].isspace():
            last -= 1
        if last > first:
            found.append(Sentence(first, last, text[first:last], is_code))
    return found


def is_heading(text: str, start: int) -> bool:
    """Whether a sentence of prose that starts at ``start``, its marker included or not, is a Markdown heading."""
    while start < len(text) and text[start].isspace():
        start += 1
    heading = _HEADING.match(text, text.rfind("\n", 0, start) + 1)
    return heading is not None and start <= heading.end()


def sentence_spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """Contiguous ``(start, end, is_code)`` spans that cover ``text``, white space included, cut between sentences."""
    for start, end, is_code in _blocks(text):
        if is_code:
            yield start, end, True
            continue
        begin = start
        for stop in _stops(text, start, end):
            yield begin, stop, False
            begin = stop
        if begin < end:
            yield begin, end, False


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Prose and fenced code in turn; an unclosed fence runs to the end."""
    if "```" not in text and "~~~" not in text:
        if text:
            yield 0, len(text), False
        return
    prose, opened, fence = 0, -1, ""
    for line in _FENCE.finditer(text):
        if opened < 0:
            opened, fence = line.start(), line.group(1)
        elif line.group(1).startswith(fence) and line.group().strip() == line.group(1):
            if opened > prose:
                yield prose, opened, False
            yield opened, line.end(), True
            prose, opened = line.end(), -1
    if opened >= 0:
        if opened > prose:
            yield prose, opened, False
        yield opened, len(text), True
    elif prose < len(text):
        yield prose, len(text), False


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """The offsets inside prose ``[start:end]`` at which a sentence ends."""
    begin = start
    for mark in _BREAK.finditer(text, start, end):
        if mark.start() < begin or not _ends_sentence(text, begin, mark.start(), mark.end(), end):
            continue
        tail = _TRAILING_EMOJI.match(text, mark.end(), end)
        begin = tail.end() if tail else mark.end()
        yield begin


def _ends_sentence(text: str, begin: int, at: int, after: int, end: int) -> bool:
    """Whether the mark ``[at:after]`` ends the sentence that began at ``begin``."""
    sign = text[at]
    if sign == "\n":
        return _line_ends(text, begin, at, end)
    if sign in "。！？｡":
        return True
    if after >= end:
        return True
    if sign not in ".!?…":  # an emoji or a smiley: only where a new sentence visibly begins
        following = _NEXT_WORD.match(text, after, min(end, after + _NEAR))
        return text[after].isspace() and following is not None and following.group(1)[0].isupper()
    if not text[after].isspace():
        return _TRAILING_EMOJI.match(text, after, end) is not None
    if text[at - 1 : at].isspace() and after - at > 1 and text.startswith("..", at):
        return False  # something left out, as in "SELECT ... FOR UPDATE"
    following = _NEXT_WORD.match(text, after, min(end, after + _NEAR))
    word = following.group(1) if following else ""
    closes_quote = text[after - 1] in "\"'”’»)"
    if word and word[0].islower() and word != "i" and (closes_quote or text.startswith("...", at) or sign == "…"):
        return False
    return not (text.startswith(".", at) and after - at == 1 and _is_abbreviation(text, begin, at, word))


def _is_abbreviation(text: str, begin: int, at: int, following: str) -> bool:
    """Whether the full stop at ``at`` belongs to the token before it ("e.g.", "Dr.", "J.", "2.") and ends nothing."""
    token = _LAST_TOKEN.search(text[max(begin, at - 24) : at]).group()  # type: ignore[union-attr]
    lowered = token.casefold()
    if token.isdigit():  # the number of a list item, or of a day in German
        if len(token) <= 2 and following.casefold() in _GERMAN_MONTHS:
            return True
        if len(token) <= 2 and _BEFORE_ORDINAL.search(text, max(begin, at - 12), at - len(token)):
            return True
        return len(token) <= 3 and at - begin < _NEAR and not text[begin : at - len(token)].strip()
    if lowered in _NEVER_LAST:
        return True
    if lowered == "no":
        return following.isdigit()
    if lowered in _SELDOM_LAST:
        return bool(following) and not following[0].isupper()
    if len(token) == 1 and token.isalpha() and token.isupper() and token != "I":
        return bool(following) and (following.casefold() not in STOPWORDS or following in _OF_SOMEBODY)
    return False


def _line_ends(text: str, begin: int, at: int, end: int) -> bool:
    """Whether the line break at ``at`` ends a sentence: not where a wrapped line goes on in lower case."""
    if not text[begin : min(at, begin + _NEAR)].strip() or _STARTS_BLOCK.match(text, at + 1, end):
        return True
    following = _NEXT_WORD.match(text, at + 1, min(end, at + 1 + _NEAR))
    return not (following and following.group(1)[0].islower() and at - begin >= 30)
