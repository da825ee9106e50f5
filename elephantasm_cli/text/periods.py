"""Stretches of the calendar: what a date expression means, and how a person writes it.

Weeks run from Monday to Sunday (ISO 8601); seasons are those of the northern hemisphere by whole months.
Arithmetic that leaves the years 1 to 9999 raises OverflowError or ValueError.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
"""The month each season begins with; each lasts three."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days ``first`` to ``last``, both included; ``label`` is how a text names it; ``unit`` says what it is.

    ``unit`` is one of day, week, weekend, month, season, year, about (roughly then); ``part`` is a time of the day.
    """

    first: date
    last: date
    label: str
    unit: str
    part: str = ""


def human_day(day: date) -> str:
    """``8 May 2023``, whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day(when: date, part: str = "") -> Period:
    """One day, or a part of it ("morning", "night")."""
    return Period(when, when, human_day(when), "day", part)


def days(first: date, last: date) -> Period:
    """Several days in a row."""
    begin = str(first.day) if (first.year, first.month) == (last.year, last.month) else human_day(first)
    return Period(first, last, f"{begin} to {human_day(last)}", "day")


def week(when: date) -> Period:
    """The week that holds ``when``."""
    monday = when - timedelta(days=when.weekday())
    return Period(monday, monday + timedelta(days=6), f"the week of {human_day(monday)}", "week")


def weekend(saturday: date) -> Period:
    """The weekend that begins on ``saturday``."""
    return Period(saturday, saturday + timedelta(days=1), f"the weekend of {human_day(saturday)}", "weekend")


def month(year_number: int, month_number: int) -> Period:
    """A month (1 to 12) of a year."""
    first = date(year_number, month_number, 1)
    last = date(year_number, month_number, monthrange(year_number, month_number)[1])
    return Period(first, last, f"{MONTHS[month_number - 1]} {year_number}", "month")


def month_away(when: date, months: int) -> Period:
    """The month that lies ``months`` after (before, where negative) the one that holds ``when``."""
    count = when.year * 12 + when.month - 1 + months
    return month(count // 12, count % 12 + 1)


def season(year_number: int, name: str) -> Period:
    """The season that begins in a year; a winter ends in the next one."""
    begins = SEASONS[name]
    first = date(year_number, begins, 1)
    end = month_away(first, 2)
    years = str(year_number) if end.last.year == year_number else f"{year_number}/{end.last.year % 100:02}"
    return Period(first, end.last, f"{name} {years}", "season")


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31), str(number), "year")


def about(first: date, last: date, label: str) -> Period:
    """Some time between two days; ``label`` names the middle ("around 5 May 2023")."""
    return Period(first, last, f"around {label}", "about")


def latest_weekday(before: date, weekday: int) -> date:
    """The last day with this weekday (Monday is 0) strictly before ``before``."""
    return before - timedelta(days=(before.weekday() - weekday - 1) % 7 + 1)


def coming_weekday(from_day: date, weekday: int) -> date:
    """The first day with this weekday on or after ``from_day``."""
    return from_day + timedelta(days=(weekday - from_day.weekday()) % 7)
