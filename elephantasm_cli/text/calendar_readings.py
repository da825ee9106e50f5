"""What dates of the calendar mean: "8 May", "the 8th of May", "May 2023", "8.5.", and in which year, by the tense."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from elephantasm_cli.text import periods
from elephantasm_cli.text.date_guards import PUT_TO
from elephantasm_cli.text.date_patterns import MONTH_NUMBERS
from elephantasm_cli.text.periods import WEEKDAYS, Period
from elephantasm_cli.text.surroundings import sentence_start
from elephantasm_cli.text.tense import Tense, tense_at

_ARRANGED = re.compile(
    r"\b(?:fixed|confirmed|(?:re)?booked|invited|accepted|applied|registered|entered|reserved|(?:re)?scheduled|postponed|registered|signed\s+up|got\s+(?:the\s+|our\s+|my\s+)?tickets)\b",
    re.I,
)
_POSTPONED = re.compile(
    r"\b(?:pushed|moved|put|delayed|brought|postponed)(?:\s+(?:it|them|that|this|the\s+\w+))?(?:\s+(?:back|off|forward|out))?"
    r"\s+(?:un)?(?:to|til|till)\s+(?:the\s+|about\s+)?$",
    re.I,
)
""" "We've pushed it to the 3rd of October"."""
_ONWARDS = re.compile(r"\s+(?:on|onwards?)\b(?!\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day)", re.I)
_UP_TO = re.compile(r"\b(?:by|until|till|til|up\s+to)\s+(?:the\s+)?$", re.I)
_FROM = re.compile(r"\b(?:from|starting|beginning)\s+(?:on\s+)?$", re.I)
_HAD = re.compile(r"\b(?:had|was|were|lasted|lived|stayed|worked|did(?:n['’]t)?)\b", re.I)
_UNTIL = re.compile(r"\s+(?:to|till|until|through)\b", re.I)
NEAR = 30
"""How far a rule looks back from an expression."""
CLEARLY_NEAR_DAYS = 45
"""A day of a month without a year that lies this near is meant, whatever the tense."""
UNCLEARLY_FAR_DAYS = 120
"""One that lies further in both directions has no year, where no tense tells."""
UNCLEARLY_PAST_DAYS = 60
"""The same of what is past: a date with no verb is mostly one to come."""


def day_month(match: re.Match[str], text: str, today: date, months_only: bool) -> Period | None:
    """A day of a month, of the year that is said, or that its weekday or the tense tells."""
    kind = match.lastgroup or ""
    year = match["year_" + kind]
    if year is None and not is_month(text[slice(*match.span("month_" + kind))]):
        return None
    number, first = MONTH_NUMBERS[match["month_" + kind].rstrip(".")], int(match["day_" + kind])
    until = match["until_month_day"] if kind == "month_day" else None
    if year is None:
        if months_only:
            return periods.month(today.year, number)
        tense = Tense.NONE if _is_arranged(match, text) else tense_at(text, match.start(), match.end())
        start = max(0, match.start() - 60)
        if _POSTPONED.search(text, start, match.start()) or PUT_TO.search(text, start, match.start()):
            tense = Tense.FUTURE
        if _is_due(match, text):
            tense = Tense.FUTURE
        held = _year_of_weekday(match[0], today, number, first) or _nearest_year(today, number, first, tense)
    else:
        held = int(year)
    begin = date(held, number, first)
    return periods.days(begin, date(held, number, int(until))) if until and int(until) > first else periods.day(begin)


def _year_of_weekday(expression: str, today: date, month_number: int, day_number: int) -> int | None:
    """The only year near ``today`` in which the date falls on the weekday that is named with it."""
    named = re.match(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", expression, re.I)
    if named is None:
        return None
    found = []
    for held in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):  # 29 February
            if date(held, month_number, day_number).weekday() == weekday_number(named[0]):
                found.append(held)
    return found[0] if len(found) == 1 else None


def _is_arranged(match: re.Match[str], text: str) -> bool:
    """Whether what is past is the arranging, not the date: "booked for 11 July", "decided: from May on"."""
    if _ONWARDS.match(text, match.end()):
        return True
    return _ARRANGED.search(text, max(0, match.start() - 60), match.start()) is not None


def is_bound(match: re.Match[str], text: str) -> bool:
    """Whether a day is where something begins or ends that may be to come, though it was settled in the past: "I
    swapped to the early shift from Monday"."""
    begins = _FROM.search(text, max(0, match.start() - NEAR), match.start()) is not None
    return _is_due(match, text) or (begins and _UNTIL.match(text, match.end()) is None)


def _is_due(match: re.Match[str], text: str) -> bool:
    """Whether something lasts, or is to be done, up to a day, and it is not told as past."""
    is_up_to = _UP_TO.search(text, max(0, match.start() - NEAR), match.start()) is not None
    return is_up_to and _HAD.search(text, sentence_start(text, match.start()), match.start()) is None


def _nearest_year(today: date, month_number: int, day_number: int, tense: Tense) -> int:
    """The year in which a date without one most likely lies: the nearest if it is near, else by tense.

    "The start has moved to 20 April", said in March, is past in tense and means the coming April. Raises ValueError
    where either year may be meant.
    """
    candidates = []
    for held in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(held, month_number, day_number))
        except ValueError:  # 29 February
            continue
    nearest = min(candidates, key=lambda day: (abs((day - today).days), day))
    if abs((nearest - today).days) <= CLEARLY_NEAR_DAYS:
        return nearest.year
    if tense is Tense.PAST:
        candidates = [day for day in candidates if day <= today] or candidates
    elif tense is Tense.FUTURE:
        candidates = [day for day in candidates if day >= today] or candidates
    elif (nearest - today).days > UNCLEARLY_FAR_DAYS or (today - nearest).days > UNCLEARLY_PAST_DAYS:
        raise ValueError("either year may be meant")
    return min(candidates, key=lambda day: (abs((day - today).days), day)).year


def month_year(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    """A month of a year."""
    return periods.month(int(match["year_my"]), MONTH_NUMBERS[match["month_my"].rstrip(".")])


def of_month(match: re.Match[str], text: str, today: date, months_only: bool) -> Period | None:
    """A month after a preposition: the newest one in the past tense, the next one in the future tense.

    "She got the place, from January": what was got is past, and what begins is not.
    """
    if not is_month(text[slice(*match.span("month"))]):
        return None
    number = MONTH_NUMBERS[match["month"].rstrip(".")]
    if months_only:
        return periods.month(today.year, number)
    tense = Tense.FUTURE if _is_arranged(match, text) else tense_at(text, match.start(), match.end())
    if match[0].casefold().startswith(("by ", "until ", "till ")) and not _HAD.search(text, 0, match.start()):
        tense = Tense.FUTURE
    if match[0].casefold().startswith("from") and not _UNTIL.match(text, match.end()):
        tense = Tense.FUTURE if tense is Tense.FUTURE else Tense.NONE
    if tense is Tense.PAST:
        return periods.month(today.year - (number > today.month), number)
    if tense is Tense.FUTURE:
        return periods.month(today.year + (number < today.month), number)
    return None


def season_year(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    """A season of a year."""
    return periods.season(int(match["season_y"]), match["season_name"])


def of_year(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    """A whole year, behind a preposition."""
    return periods.year(int(match["year"]))


def numeric(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    """ISO dates; German dates with dots; dates with slashes only where one order alone is possible."""
    parts = re.split(r"[-/.]", match["numeric"])
    if len(parts[0]) == 4:
        return periods.day(date(int(parts[0]), int(parts[1]), int(parts[2])))
    first, second, held = (int(part) for part in parts)
    if "." in match["numeric"] or first > 12 or first == second:
        return periods.day(date(held, second, first))
    return periods.day(date(held, first, second)) if second > 12 else None


def is_month(name: str) -> bool:
    """Whether a month's name is one here: "may" and "march" are verbs, "mar" a fragment, unless capitalised."""
    return name[0].isupper() or (len(name) > 3 and name.casefold() not in ("may", "march"))


def weekday_number(name: str) -> int:
    """Monday is 0; from the full name or its first letters."""
    return next(number for number, full in enumerate(WEEKDAYS) if full.startswith(name[:3]))
