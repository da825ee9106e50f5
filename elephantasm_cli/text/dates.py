"""Date expressions: "yesterday", "two weekends ago", "in May" against the time of the event that says them.

`resolve_dates` leaves an expression alone where two readings are equally good ("5/8/2023", "Monday" in a sentence
without tense, or behind another day): a wrong date in a memory is worse than none. English, with the commonest German
and French words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from elephantasm_cli.text.date_guards import names_none
from elephantasm_cli.text.date_patterns import EXPRESSION, lowered, may_name_a_date
from elephantasm_cli.text.date_readings import READINGS, RELATIVE, WITH_MONTH
from elephantasm_cli.text.periods import Period
from elephantasm_cli.text.words import STOPWORDS

_PREPOSITION_BEFORE = re.compile(
    r"\b(?:on|in|since|until|till|by|from|before|after|for|of|to|through|during|around|about|between|with|than|late|early|mid|do|zum|vom|am|im|ab|seit|bis|(?:make|call)(?:\s+(?:it|that))?|suggest|prefer)"
    r"\s+(?:the\s+)?$",
    re.I,
)
_IS_BEFORE = re.compile(r"\b(?:its|today['’]?s|today\s+is)\s+(?:not\s+)?$", re.I)
""" "Its april 14": it is that day, and nothing is on it."""
_IS_SUBJECT = re.compile(r"\s+(?:is|was|will be|would be|were|works|marks|feels|felt|seems|has been|had been)\b", re.I)
_OF_THE_NIGHT = re.compile(r"tonight|tomorrow|this morning|last night", re.I)
_RECURRING = re.compile(
    r"\b(?:every|each)\s+(?:single\s+)?(?:year|spring|summer|autumn|fall|winter|season)\b|\b(?:annually|yearly)\b|\bthe\s+year\s+round\b|\bas\s+(?:ever|always|usual)\b"
    r"|\bused\s+to\b(?!\s+be\b)|\b(?:fiscal|financial|tax|school|academic|accounting)\s+year\b",
    re.I,
)
"""What is so every year, or was, names months of no particular one: "aboard from May to September every year"."""
_WAS_FOR = re.compile(
    r"\b(?:was|were)\s+(?:on\s+|for\s+|planned\s+for\s+|(?:meant|supposed|going)\s+to\s+be\s+(?:on\s+)?|originally\s+(?:on\s+|for\s+)?)?(?:the\s+)?$",
    re.I,
)
_NAMED_DAY = re.compile(r"(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\b(?!\s+(?:days?|weeks?))|[a-z]{3,9}\.?\s+\d", re.I)
LONGEST_LEAD = 40
"""In characters: so far before a day stands what says that it was the day."""
_NO_MORE = re.compile(
    r"\b(?:now|instead|moved|changed|postponed|pushed|brought\s+forward|rescheduled|not\s+any\s?more)\b", re.I
)
"""A day that is no longer the day may have been to come: "was Saturday, now it's Sunday the 18th"."""
_TELLS_YEAR = re.compile(r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|by|until|till?)\b", re.I)
HALF_A_YEAR = 183
"""In days."""
MORNING = 5
"""The hour (UTC) before which it may still be the night of the day before."""
_SENTENCE_END = re.compile(r"[.!?;\n]")
_SENTENCE_START = re.compile(r"(?:^|[.!?\n]\s*)[\"'“(]*$")


@dataclass(frozen=True, slots=True)
class ResolvedDate:
    """``phrase``, the text's ``[start:end]``, means the days ``first_day`` to ``last_day`` (``YYYY-MM-DD``, inclusive).

    ``label`` names them ("7 May 2023", "the week of 1 May 2023", "around 2020"). ``is_relative`` is False where the
    phrase alone, read without the event's time, already says so ("8 May 2023").
    """

    start: int
    end: int
    phrase: str
    first_day: str
    last_day: str
    label: str
    is_relative: bool
    period: Period
    is_year_told: bool = False
    """Whether words other than the tense tell which year is meant."""


def resolve_dates(text: str, occurred_at: str) -> list[ResolvedDate]:
    """The date expressions of ``text``, in order, resolved against ``occurred_at`` (a stored time, or just its day).

    "Tonight" said before `MORNING` may be the night that ends or the evening to come, and "tomorrow" the day that has
    begun: both stay as they are.
    """
    if not may_name_a_date(text):
        return []
    is_night = occurred_at[10:11] == "T" and occurred_at[11:13].isdecimal() and int(occurred_at[11:13]) < MORNING
    found = _resolved(text, date.fromisoformat(occurred_at[:10]))
    return [each for each in found if not (is_night and _OF_THE_NIGHT.match(each.phrase))]


def query_dates(query: str) -> list[tuple[str, str]]:
    """``(first_day, last_day)`` of each date that a question names in full ("in May 2023", "8 May 2023", "2022")."""
    if not may_name_a_date(query):
        return []
    return [(found.first_day, found.last_day) for found in _resolved(query, None)]


def query_months(query: str) -> list[int]:
    """The months (1 to 12) that a question names, with or without a year or a day, in order of first mention."""
    if not may_name_a_date(query):
        return []
    found = [found.period.first.month for found in _resolved(query, date(2001, 1, 1), months_only=True)]
    return list(dict.fromkeys(found))


def replace_relative(text: str, occurred_at: str) -> str:
    """``text`` with every expression that depends on ``occurred_at`` replaced by the date it means.

    "I met Ana yesterday." said on 8 May 2023 becomes "I met Ana on 7 May 2023." A month or a day of one whose year is
    only told by the tense stays as it is where another year's lies nearer.
    """
    pieces, end = [], 0
    for found in resolve_dates(text, occurred_at):
        if found.is_relative and _is_nearest(found, date.fromisoformat(occurred_at[:10])):
            replacement, stop = _replacement(text, found)
            pieces += [text[end : found.start], replacement]
            end = stop
    return "".join([*pieces, text[end:]]) if pieces else text


def _resolved(text: str, today: date | None, *, months_only: bool = False) -> Iterator[ResolvedDate]:
    """Expressions in order; without ``today`` only those that need none."""
    named_day = False
    for match in EXPRESSION.finditer(lowered(text)):
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        if kind in ("of_year", "of_month"):
            start, end = match.span("year" if kind == "of_year" else "month")
        is_relative = kind in RELATIVE or (kind in ("day_month", "month_day") and match["year_" + kind] is None)
        if (is_relative and today is None) or (months_only and kind not in WITH_MONTH):
            continue
        if (
            is_relative
            and _WAS_FOR.search(text, max(0, start - LONGEST_LEAD), start)
            and _NO_MORE.search(_sentence_around(text, start, end))
        ):
            continue
        if is_relative and today is not None and names_none(kind, text, start, end, today):
            continue
        if kind == "weekday" and named_day:
            continue  # "on the 17th of May. Sunday morning we sing": of that week, or of this one
        named_day = named_day or kind in ("numeric", "day_month", "month_day")
        if is_relative and kind in WITH_MONTH and _RECURRING.search(_sentence_around(text, start, end)):
            continue
        try:
            period = READINGS[kind](match, text, today or date.min, months_only)
        except (ValueError, OverflowError):
            continue
        if period is not None:
            first, last = period.first.isoformat(), period.last.isoformat()
            told = kind not in WITH_MONTH or _TELLS_YEAR.search(text, max(0, start - 8), end) is not None
            yield ResolvedDate(start, end, text[start:end], first, last, period.label, is_relative, period, told)


def _is_nearest(found: ResolvedDate, today: date) -> bool:
    """Whether no other year's month or day of that name lies nearer, where that is what was said."""
    if found.is_year_told:
        return True
    middle = found.period.first + (found.period.last - found.period.first) / 2
    return found.period.unit not in ("day", "days", "month") or abs((middle - today).days) <= HALF_A_YEAR


def _sentence_around(text: str, start: int, end: int) -> str:
    before = _SENTENCE_END.split(text[:start])[-1]
    return before + text[start:end] + _SENTENCE_END.split(text[end:], maxsplit=1)[0]


def _replacement(text: str, found: ResolvedDate) -> tuple[str, int]:
    """The words that replace an expression, and where the text goes on."""
    period, label, end = found.period, found.label, found.end
    before, after = text[max(0, found.start - 24) : found.start], text[end : end + 24]
    starts = _SENTENCE_START.search(before) is not None
    if period.part:
        label = f"the {period.part} of {label}"
    if after[:2] in ("'s", "’s"):
        following = after[2:].split()
        if following and following[0].casefold() in STOPWORDS:
            return _capital(f"{label} is", starts), end + 2
        if period.unit == "day" and not period.part:
            return _capital(f"the {found.label}", starts), end + 2
        return f"{found.phrase}'s ({label})", end + 2
    if period.unit == "season":
        label = f"the {label.replace(' ', ' of ', 1)}"
    if (
        period.unit == "about"
        or _PREPOSITION_BEFORE.search(before)
        or _IS_BEFORE.search(before)
        or (starts and _IS_SUBJECT.match(after))
    ):
        return _capital(label, starts), end
    if period.unit == "day" and _NAMED_DAY.match(found.phrase):
        return _capital(label, starts), end  # "tell her 15 August" is not when she is told
    preposition = "on" if period.unit in ("day", "weekend") else "in"
    return _capital(f"{preposition} {label}", starts), end


def _capital(words: str, wanted: bool) -> str:
    return words[0].upper() + words[1:] if wanted else words
