"""Where an expression of a date names none in particular: every week's, one of a list, an idiom, a quotation. Pure.

The readings say what day is meant where one is; a wrong day is worse than none, so that in doubt the words stay.
"""

from __future__ import annotations

import re
from datetime import date

from elephantasm_cli.text.surroundings import sentence_end, sentence_start
from elephantasm_cli.text.tense import Tense, tense_at

NEAR = 60
"""In characters: how far a rule looks back from an expression."""
_WEEKDAY = r"(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?"
_PART = r"(?:\s+(?:night|morning|evening|afternoon))?"
_LISTED_AFTER = re.compile(
    rf"{_PART}\s*(?:,|/|[-–]|\b(?:and|or|to|till|until|through)\b)\s*(?:or\s+|and\s+)?(?:the\s+|on\s+)?{_WEEKDAY}\b",
    re.I,
)
_LISTED_BEFORE = re.compile(
    rf"\b{_WEEKDAY}{_PART}\s*(?:,|/|[-–]|\b(?:and|or|to|till|until|through)\b)\s*(?:or\s+|and\s+)?(?:the\s+|on\s+)?$",
    re.I,
)
""" "Thursday to Saturday", "Tuesday or Friday": as a rule those of every week."""
_EVERY = re.compile(rf"\b(?:every|each)\s+(?:other\s+|second\s+)?{_WEEKDAY}\b", re.I)
_OWNED = re.compile(r"\b(?:my|your|his|her|our|their)\s+$", re.I)
""" "Can you take my Friday": a shift."""
_ABLE = re.compile(
    r"\b(?:can|cannot|can['’]?t|could|never|don['’]?t|won['’]?t)(?:\s+not)?\s+(?:do|work|make)\s+$", re.I
)
_IT_IS = re.compile(r"\b(?:its|it['’]s|it\s+is|today['’]?s|today\s+is)\s+$", re.I)
_COMPOUND = re.compile(
    r"\s+(?:mass|service|school|roast|dinner|lunch|brunch|league|club|class(?:es)?|market|shifts?|football|training|paper|edition|group|people|crowd|rota)\b",
    re.I,
)
PUT_TO = re.compile(r"\b(?:moved?|pushed|changed|shifted|put|postponed)\b[^.!?;]{0,40}\bto\s+(?:the\s+)?$", re.I)
""" "It has moved to Monday": past in tense, and to come."""
_WOULD = re.compile(r"(?:\bwould|['’]d)\s+\w+\s+$|\bif\b[^.!?;]*\b(?:won|had|were|was|got|lost)\b[^.!?;]*$", re.I)
_OR_SO = re.compile(r"\s+or\s+(?:so|two|three|four|more)\b", re.I)
_ROUND = re.compile(
    r"\b(?:ten|twelve|fifteen|twenty|thirty|forty|fifty|a\s+hundred|\d{2,})\s+years?\b|\byears?\s+from\s+now\b", re.I
)
""" "In thirty years they will say it": no year is meant."""
_LEAP_DAY = re.compile(r"(?:the\s+)?29(?:th)?\s+(?:of\s+)?feb|feb\w*\.?\s+(?:the\s+)?29", re.I)
""" "It is reached on the 29th of February": whenever there is one."""
_IN = re.compile(r"\bin\s+$", re.I)
""" "In March 27": of 2027."""
_DATED = re.compile(r"['’]s\s+date\b", re.I)
_TODAY_IS = re.compile(rf"['’]s\s+{_WEEKDAY}\b", re.I)
_OFTEN = re.compile(r"\b(?:often|usually|always|typically|generally|normally)\b[^.!?;]*$", re.I)
_NAMES_IT = re.compile(r"(?:n['’]t\s+(?:tell|say)(?:\s+(?:me|us|him|her|them))?|\b(?:says|saying))\s*[:,]?\s+$", re.I)
""" "Don't tell me next year again": what somebody says when they put it off."""
_IS_LIKENED = re.compile(r"\s+is\s+an?\s+\w+,\s+not\b", re.I)
""" "Tomorrow is a region, not a date": no day is meant."""
LONGEST_QUOTATION = 240
"""In characters: how far a mark is looked for to either side, in the same line."""
_QUOTATION_MARK = re.compile('["\u201c\u201d]')


def names_none(kind: str, text: str, start: int, end: int, today: date) -> bool:
    """Whether the expression ``[start:end]`` of a ``kind`` (as in `date_patterns`) names no date in particular."""
    before = text[max(0, start - NEAR) : start]
    if _NAMES_IT.search(before) or _IS_LIKENED.match(text, end) or _is_read_out(text, start, end):
        return True
    if kind == "weekday":
        return _is_any_week(text, start, end, before)
    if kind in ("day_month", "month_day") and _LEAP_DAY.match(text[start:end]):
        return True
    if kind == "month_day":
        return _IN.search(before) is not None
    if kind in ("ahead", "ago") and _OR_SO.match(text, end):
        return True
    if kind == "ahead":
        return _ROUND.search(text, start, end) is not None
    if kind == "of_month":
        return _OFTEN.search(before) is not None
    if kind == "fixed":
        return bool(_WOULD.search(before) or _DATED.match(text, end) or _TODAY_IS.match(text, end))
    is_this_week = kind == "named" and text[start:end].casefold() == "this week"
    return is_this_week and today.weekday() == 6 and tense_at(text, start, end) is not Tense.PAST  # perhaps tomorrow's


def _is_any_week(text: str, start: int, end: int, before: str) -> bool:
    sentence = text[sentence_start(text, start) : sentence_end(text, end)]
    return bool(
        _LISTED_AFTER.match(text, end)
        or _LISTED_BEFORE.search(before)
        or _EVERY.search(sentence)
        or _OWNED.search(before)
        or _ABLE.search(before)
        or _IT_IS.search(before)
        or _COMPOUND.match(text, end)
        or PUT_TO.search(before)
    )


def _is_read_out(text: str, start: int, end: int) -> bool:
    """Whether it stands between double quotation marks: somebody's very words, or what a screen says."""
    first = max(text.rfind("\n", 0, start) + 1, start - LONGEST_QUOTATION)
    opened = len(_QUOTATION_MARK.findall(text, first, start)) % 2 == 1
    closes = _QUOTATION_MARK.search(text, end, end + LONGEST_QUOTATION)
    return opened and closes is not None and "\n" not in text[end : closes.start()]
