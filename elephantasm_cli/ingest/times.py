"""Times as sources give them, into stored time text."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"-?\d{9,}(?:\.\d+)?")
_MICROSECOND = timedelta(microseconds=1)

# An epoch number is in the unit that puts it before the year 5138 (seconds) and after 1973 (the finer ones).
_UNITS: tuple[tuple[float, int], ...] = ((1e11, 1_000_000), (1e14, 1_000), (1e17, 1))


def read_time(value: object) -> str | None:
    """``value`` as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``; None if it is no time.

    Takes ISO 8601 text (naive means UTC; a bare date is its midnight), datetimes, and epoch numbers, or text of one, in
    seconds, milliseconds, microseconds or nanoseconds.
    """
    try:
        if isinstance(value, str):
            return _stored(_from_text(value.strip()))
        if isinstance(value, datetime):
            return _stored(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _stored(_from_epoch(value))
    except (ValueError, OverflowError):
        return None
    return None


def later_by_a_microsecond(time: str) -> str:
    """The stored time one microsecond after ``time``; ``time`` itself at the end of all times."""
    try:
        return _stored(datetime.fromisoformat(time) + _MICROSECOND)
    except OverflowError:
        return time


def time_after(seconds: float, microseconds: int) -> str:
    """The stored time ``microseconds`` after ``seconds`` since the epoch."""
    return _stored(_EPOCH + timedelta(seconds=seconds, microseconds=microseconds))


def _stored(moment: datetime) -> str:
    if moment.tzinfo is None:
        return moment.isoformat(timespec="microseconds") + "Z"
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def _from_text(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        if _NUMBER.fullmatch(text):
            return _from_epoch(float(text) if "." in text else int(text))
        # Python wants no space before the offset and no name for it.
        return datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", re.sub(r"\s*(?:UTC|GMT)$", "Z", text)))


def _from_epoch(value: int | float) -> datetime:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a finite number")
    size = abs(value)
    for limit, microseconds in _UNITS:
        if size < limit:
            return _EPOCH + timedelta(microseconds=round(value * microseconds))
    return _EPOCH + timedelta(microseconds=int(value) // 1000)
