"""The wall clock, and the one text form of a time: ``YYYY-MM-DDTHH:MM:SS.ffffffZ`` in UTC (sorts as it reads)."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from elephantasm_cli.errors import UsageError


def utc_now() -> str:
    """Now, as text. ``ELEPHANTASM_NOW`` (an ISO time) fixes it, which tests and reproducible demos use."""
    fixed = os.environ.get("ELEPHANTASM_NOW")
    return parse_time(fixed) if fixed else format_time(datetime.now(UTC))


def format_time(moment: datetime) -> str:
    """``moment`` as text; a naive one is taken as UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def to_datetime(text: str) -> datetime:
    """The aware datetime of a stored time."""
    return datetime.fromisoformat(text)


def parse_time(text: str) -> str:
    """Any ISO 8601 time or date as stored text; naive means UTC, a bare date its midnight. Raises UsageError."""
    try:
        return format_time(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is not a time: write it as 2026-03-01 or 2026-03-01T14:30:00Z") from error


def parse_time_inclusive(text: str) -> str:
    """Like `parse_time`, but a bare date means its last instant: "as of 8 May" includes what happened on 8 May."""
    stripped = text.strip()
    if len(stripped) == 10 and "T" not in stripped:
        return parse_time(stripped)[:11] + "23:59:59.999999Z"
    return parse_time(stripped)


def days_between(earlier: str, later: str) -> float:
    """Days from ``earlier`` to ``later`` (stored times); never negative."""
    return max(0.0, (to_datetime(later) - to_datetime(earlier)).total_seconds() / 86400.0)


def human_date(text: str) -> str:
    """``8 May 2023`` for a stored time: how dates are written in indexed text, packs and memories."""
    return f"{int(text[8:10])} {MONTHS[int(text[5:7]) - 1]} {text[:4]}"


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""English month names, spelled here because strftime would follow the locale."""
