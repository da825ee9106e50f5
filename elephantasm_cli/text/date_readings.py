"""What each kind of date expression means: one reading a function, None where two would be equally good.

Those that count from the day on which they were said are here, those of the calendar in `calendar_readings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from elephantasm_cli.text import calendar_readings, periods
from elephantasm_cli.text.calendar_readings import NEAR, is_month, weekday_number
from elephantasm_cli.text.date_patterns import MONTH_NUMBERS, amount
from elephantasm_cli.text.periods import SEASONS, WEEKDAYS, Period
from elephantasm_cli.text.tense import Tense, tense_at

_DURATION_BEFORE = re.compile(r"\b(?:the|my|his|our|their|your|its|for|every|each|per|any|first time)\s+$", re.I)
_DURATION_AFTER = re.compile(r"\s+(?:of|or so|or two)\b", re.I)
_NOT_FOR = re.compile(r"(?:n['’]t|\b(?:never|not|no|nobody))\b[^.;!?]{0,60}$", re.I)
""" "He hasn't spoken to her in twenty years"."""
_HABIT_BEFORE = re.compile(
    r"\b(?:every|each|any|an?|no|most|good|black|happy|cyber|usual|times?|once|twice|done|within)\s+(?:(?:second|other|third|fourth|\d\w\w)\s+)?(?:on\s+)?$",
    re.I,
)
_HABITUAL = re.compile(r"\b(?:weeks|days|months|always|usually|never|normally|weekly)\b[^.!?]*$", re.I)
_SINCE = re.compile(r"\bsince\s+$", re.I)
_DUE_BEFORE = re.compile(r"(?:\b(?:is|are|due|coming|up|back|be|again|now)|'s|'re)\s+$", re.I)
_FRENCH = re.compile(r"\b(?:j'|j’|je|nous|avons|suis|est|c'|le|la|les|un|une|des|du|et|au|avec|pas)\b", re.I)
_IDIOM_BEFORE = re.compile(r"\b(?:like|as if)(?: it was| it were)?(?: just| only)?\s+$", re.I)
_ABOUT = re.compile(r"\babout\s+$", re.I)
""" "I changed my mind about yesterday": about what was said then."""
_GERMAN_MORNING = re.compile(r"\b(?:guten|am|heute|jeden|gestern)\s+morgen\b", re.I)
_GERMAN = re.compile(r"\b(?:ich|wir|ist|sind|und|der|die|das|nicht|ein|eine|wie|auch|mit)\b", re.I)


_POINTED_AT = re.compile(r"\b(?:that|the|same)\s+$", re.I)
""" "That Saturday" is one that was named before."""
_TAKES = re.compile(r"\b(?!is\b|was\b|this\b|us\b|always\b)[a-z]{3,}(?:s|es)\s+(?:[a-z]+\s+)?$", re.I)
""" "The battery dies in four days": how long it takes, every time."""
LONGEST_SPAN = 80
"""In characters: so far before "in eleven days" may stand of what."""
_OF_A_SPAN = re.compile(
    r"\b(?:first|second|third|fourth|fifth|\d+(?:st|nd|rd|th)|once|twice|times|last|only|best|worst|coldest|hottest|driest|wettest|warmest)"
    r"\b(?:(?!\b(?:is|are|will|comes?|starts?|begins?|opens?|due)\b)[^.!?;,\n])*$",
    re.I,
)
""" "The first clear night in eleven days": in all of them."""
_IS_EVERY = re.compile(
    r"(?<!this )(?<!next )(?<!last )(?<!on )\b(?P<day>\w+day) is "
    r"(?!the\b|my\b|our\b|when\b|an?\b|not\b|no\b|fine\b|good\b|ok|better\b|best\b|out\b|off\b|\d)[a-z]+",
    re.I,
)
""" "Wednesday is whist": every one of them is."""
_DAY_BEFORE = re.compile(
    r"\d(?:st|nd|rd|th)?\b(?: of [a-z]+| [a-z]+\.?)?(?: now| then)?,? \(?$|\bday\s*(?:to|till|until|through|[-–])\s*$",
    re.I,
)
_DAY_AFTER = re.compile(
    r",? (?:the )?\d{1,2}(?:st|nd|rd|th)\b"
    r"|\s*(?:to|till|until|through|[-–])\s*(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.I,
)
""" "The 7th of Feb now, Saturday", "Friday the 9th": the number says which; "Monday to Friday" is every week."""
_WEEKS_BEFORE = re.compile(
    r"\b(?:a|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\s+(?:weeks?|fortnight|months?)\s+$", re.I
)
""" "Five weeks today": in five weeks."""


def _fixed_day(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    if _WEEKS_BEFORE.search(text, max(0, match.start() - NEAR), match.start()):
        return None
    phrase = match["fixed"].replace("’", "'")
    part = match["part"] or ""
    if phrase in ("yesterday", "today") and _ABOUT.search(text, max(0, match.start() - NEAR), match.start()):
        return None
    if phrase == "yesterday" and _IDIOM_BEFORE.search(text, max(0, match.start() - NEAR), match.start()):
        return None
    if phrase.startswith(("the day ", "day ")):
        return periods.day(today + timedelta(days=-2 if "before" in phrase else 2))
    if phrase == "morgen" and (_GERMAN.search(text) is None or _GERMAN_MORNING.search(text)):
        return None
    if phrase == "hier" and (_FRENCH.search(text) is None or _GERMAN.search(text) is not None):
        return None
    if phrase.startswith(("this ", "last ")):
        if _DURATION_BEFORE.search(text, max(0, match.start() - NEAR), match.start()):
            return None
        part = phrase.rsplit(None, 1)[1]
        return periods.day(today - timedelta(days=1 if phrase.startswith("last") else 0), part)
    if phrase == "tonight":
        return periods.day(today, "evening")
    return periods.day(today + timedelta(days=_FIXED_SHIFT[phrase.split()[0]]), part)


def _ago(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    found = _away(today, match["ago_n"], match["ago_unit"], -1)
    if found is None or found.unit != "year" or not match["ago"].startswith(("about", "around", "roughly", "almost")):
        return found
    return periods.about(found.first, found.last, found.label)


def _ahead(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    if match["from_now"] is None:
        tense = tense_at(text, match.start(), match.end())
        before = text[max(0, match.start() - 20) : match.start()]
        if (
            tense is Tense.PAST
            or (tense is not Tense.FUTURE and match["in_unit"].startswith("year"))
            or _NOT_FOR.search(text, max(0, match.start() - LONGEST_SPAN), match.start())
            or _HABIT_BEFORE.search(before)
            or _OF_A_SPAN.search(text, max(0, match.start() - LONGEST_SPAN), match.start())
        ):
            return None
        single = match["in_n"] in ("a", "an", "one")
        if (
            (single or _TAKES.search(text, 0, match.start()))
            and tense is not Tense.FUTURE
            and not _DUE_BEFORE.search(before)
        ):
            return None
        if " about " in f" {match[0]} " and match["in_unit"].startswith(("month", "year")):
            return None
        return _away(today, match["in_n"], match["in_unit"], 1)
    return _away(today, match["now_n"], match["now_unit"], 1)


def _away(today: date, number: str, unit: str, sign: int) -> Period | None:
    """``number`` units before (sign -1) or after ``today``."""
    count, vague = amount(number)
    unit = unit.rstrip("s")
    near, far = (2, 5) if vague else (count, count)
    if unit == "weekend":
        saturday = periods.latest_weekday(today, 5) if sign < 0 else periods.coming_weekday(today, 5)
        if sign < 0 and today.weekday() == 6:
            saturday -= timedelta(weeks=1)
        return None if vague else periods.weekend(saturday + timedelta(weeks=sign * (count - 1)))
    if unit in ("day", "week", "wk"):
        size = 1 if unit == "day" else 7
        middle = today + timedelta(days=sign * count * size)
        if vague:
            low, high = sorted((sign * near * size, sign * far * size))
            ends = today + timedelta(days=low), today + timedelta(days=high)
            return periods.about(*ends, periods.human_day(middle))
        return periods.day(middle) if size == 1 else periods.week(middle)
    if unit == "month":
        middle_month = periods.month_away(today, sign * count)
        if vague:
            low, high = sorted((sign * near, sign * far))
            first, last = periods.month_away(today, low).first, periods.month_away(today, high).last
            return periods.about(first, last, middle_month.label)
        return middle_month
    if unit == "decade":
        near, far, count, vague = 8 * count, 12 * count, 10 * count, True
    if vague:
        low, high = sorted((today.year + sign * near, today.year + sign * far))
        return periods.about(date(low, 1, 1), date(high, 12, 31), str(today.year + sign * count))
    return periods.year(today.year + sign * count)


def _named(match: re.Match[str], text: str, today: date, months_only: bool) -> Period | None:
    """last / next / this + week, month, year, weekend, season, weekday or month name."""
    which, name = match["which"].split()[-1], match["name"].rstrip(".")
    which = "last" if which == "past" else "next" if which == "coming" else which
    if name in MONTH_NUMBERS and not is_month(text[slice(*match.span("name"))]):
        return None
    if match["which"] == "past" and name != "weekend":
        return None
    if (
        name != "weekend"
        and not _is_weekday(name)
        and _DURATION_BEFORE.search(text, max(0, match.start() - NEAR), match.start())
    ):
        return None
    if _DURATION_AFTER.match(text, match.end()):
        return None
    step = {"last": -1, "this": 0, "next": 1}[which]
    if name in ("week", "wk"):
        return periods.week(today + timedelta(weeks=step))
    if name == "month":
        return periods.month_away(today, step)
    if name in ("year", "yr"):
        return periods.year(today.year + step)
    tense = tense_at(text, match.start(), match.end())
    if name == "weekend":
        if match["which"].endswith("coming"):
            return periods.weekend(periods.coming_weekday(today + timedelta(days=1), 5))
        return _weekend(today, step, tense)
    if name in SEASONS:
        return _season(today, step, name)
    if name in MONTH_NUMBERS:
        return periods.month(_year_of_month(today, MONTH_NUMBERS[name], step), MONTH_NUMBERS[name])
    weekday = weekday_number(name)
    if which == "last" or (which == "this" and tense is Tense.PAST):
        return periods.day(periods.latest_weekday(today, weekday))
    if which == "this":
        return periods.day(periods.coming_weekday(today, weekday))
    return periods.day(today + timedelta(days=7 - today.weekday() + weekday))


def _weekend(today: date, step: int, tense: Tense) -> Period:
    current = today - timedelta(days=today.weekday() - 5)  # the Saturday of this week, also on its Sunday
    if step == 0 and tense is Tense.PAST and today.weekday() < 3:
        step = -1
    return periods.weekend(current + timedelta(weeks=step))


FAR_SEASON = 100
"""In days: so far away, "this winter" is rather the one of the other half of the world."""


def _season(today: date, step: int, name: str) -> Period | None:
    """Last: the newest that is over (two months at least: nearer, people mean either); next: the first to begin.

    None for the next summer where this year's is still to come: some mean that one, some the one after; and for this
    one where it is far: in the other half of the world it is now.
    """
    if step == 0:
        held = periods.season(today.year - 1, name)
        found = held if held.last >= today else periods.season(today.year, name)
        away = max((found.first - today).days, (today - found.last).days)
        return found if away <= FAR_SEASON else None
    if step > 0:
        if name != "winter" and periods.season(today.year, name).first > today:
            return None
        return next(found for y in (0, 1) if (found := periods.season(today.year + y, name)).first > today)
    found = next(found for y in (0, 1, 2) if (found := periods.season(today.year - y, name)).last < today)
    return found if (today - found.last).days > 60 else None


NEXT_MONTHS = 3
"""So many months ahead, "next June" may be this year's or the year's after."""


def _year_of_month(today: date, number: int, step: int) -> int:
    """The year of the last, this or next month of that name.

    Raises ValueError where the next one may be this year's or the next year's: "next June", said in May.
    """
    if step > 0 and 0 < number - today.month <= NEXT_MONTHS:
        raise ValueError("either year may be meant")
    if step < 0:
        return today.year - (number >= today.month)
    return today.year + (step > 0 and number <= today.month)


def _before_last(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    unit = match["before_unit"]
    if unit == "weekend":
        return _weekend(today, -2, Tense.NONE)
    if unit == "week":
        return periods.week(today - timedelta(weeks=2))
    return periods.month_away(today, -2) if unit == "month" else periods.year(today.year - 2)


_ATTRIBUTE_BEFORE = re.compile(r"\b(?:our|my|your|his|her|their|its|an?)\s+$")
_NOUN_AFTER = re.compile(
    r"\s+(?!(?:at|in|on|to|for|with|and|or|but|is|was|of|by|from|after|before|when|i|we|he|she|they|it|the)\b)[a-z]"
)
""" "Our Thursday dinners" are every week."""


def _plain_weekday(match: re.Match[str], text: str, today: date, _: bool) -> Period | None:
    if _HABIT_BEFORE.search(text, max(0, match.start() - 20), match.start()) or _HABITUAL.search(
        text, max(0, match.start() - 60), match.start()
    ):
        return None
    if _POINTED_AT.search(text, max(0, match.start() - 8), match.start()):
        return None
    if _ATTRIBUTE_BEFORE.search(text, max(0, match.start() - 8), match.start()) and _NOUN_AFTER.match(
        text, match.end()
    ):
        return None
    if any(found["day"].casefold() == match["weekday_name"] for found in _IS_EVERY.finditer(text)):
        return None
    if _DAY_BEFORE.search(text, max(0, match.start() - NEAR), match.start()) or _DAY_AFTER.match(text, match.end()):
        return None
    tense = tense_at(text, match.start(), match.end())
    if tense is Tense.PAST and calendar_readings.is_bound(match, text):
        tense = Tense.NONE
    if _SINCE.search(text, 0, match.start()):
        tense = Tense.PAST
    weekday, part = weekday_number(match["weekday_name"]), match["weekday_part"] or ""
    if tense is Tense.PAST:
        return periods.day(periods.latest_weekday(today, weekday), part)
    if tense is Tense.FUTURE:
        return periods.day(periods.coming_weekday(today + timedelta(days=1), weekday), part)
    return None


def _is_weekday(name: str) -> bool:
    return name != "month" and name[:3] in _SHORT_DAYS


_SHORT_DAYS = frozenset(name[:3] for name in WEEKDAYS)
_FIXED_SHIFT = {
    "yesterday": -1, "today": 0, "tomorrow": 1, "vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1,
    "übermorgen": 2, "avant-hier": -2, "hier": -1, "aujourd'hui": 0, "demain": 1, "après-demain": 2,
}  # fmt: skip

READINGS: dict[str, Callable[[re.Match[str], str, date, bool], Period | None]] = {
    "fixed": _fixed_day,
    "ago": _ago,
    "ahead": _ahead,
    "named": _named,
    "before_last": _before_last,
    "weekday": _plain_weekday,
    "day_month": calendar_readings.day_month,
    "month_day": calendar_readings.day_month,
    "my": calendar_readings.month_year,
    "of_month": calendar_readings.of_month,
    "season": calendar_readings.season_year,
    "of_year": calendar_readings.of_year,
    "numeric": calendar_readings.numeric,
}
"""By the name of the expression's group; called with the match, the text, today and whether only months count."""
RELATIVE = frozenset({"fixed", "ago", "ahead", "named", "before_last", "weekday", "of_month"})
"""Expressions that mean nothing without the time at which they were said."""
WITH_MONTH = frozenset({"day_month", "month_day", "my", "of_month", "numeric"})
