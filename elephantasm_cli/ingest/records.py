"""What flows through ingest: lines come in, readers make raw events, rejects and skips of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from elephantasm_cli.vocabulary import EventType, Trust

EXCERPT_CHARACTERS = 200


class Line(NamedTuple):
    """One line of a source: its bytes (line end included), their offset in the source, and its number from 1."""

    data: bytes
    offset: int
    number: int


@dataclass(slots=True)
class RawEvent:
    """One event as a reader found it: nothing guessed, nothing cleaned.

    ``role`` is canonical (see roles.py); ``occurred_at`` is whatever the source gives (ISO text, a number, a datetime,
    None); ``source_id`` is the source's own message id and ``block`` the ordinal of this part of that message;
    ``trust`` is what the record claims for itself; ``notes`` says what decoding had to replace. ``offset`` and ``line``
    locate it (in a JSON document without lines, ``line`` is the number of the record). ``conversation`` numbers the
    conversations of a source that holds several without naming them.
    """

    event_type: EventType
    role: str
    content: str
    session_id: str | None = None
    author: str | None = None
    occurred_at: object = None
    source_id: str | None = None
    block: int = 0
    trust: Trust | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    offset: int = 0
    line: int = 0
    conversation: int = 1


@dataclass(slots=True, frozen=True)
class Reject:
    """A record that could not be taken, where it stands, why, and how it begins."""

    offset: int
    line: int
    reason: str
    excerpt: str


@dataclass(slots=True, frozen=True)
class Skip:
    """A record left out on purpose (a thought, an image, a status line): counted by ``reason``, not an error."""

    reason: str


Item = RawEvent | Reject | Skip | None
"""What a reader yields. None means that the source is waiting for more: a good moment to write what is there."""

LineItem = Line | Reject | None
"""What a reader reads. Anything but a Line is passed on as it is."""


def excerpt_of(value: object) -> str:
    """How ``value`` (bytes, text or JSON) begins, for a reject: enough to find it; redacted and cut when written."""
    if isinstance(value, bytes):
        return value[: 8 * EXCERPT_CHARACTERS].decode("utf-8", "replace")
    text = value if isinstance(value, str) else repr(value)
    return text[: 8 * EXCERPT_CHARACTERS]
