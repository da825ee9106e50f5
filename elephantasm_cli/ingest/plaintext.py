"""``text``: a log, a conversation in ``Speaker: text`` lines, or one note; plain or markdown.

How a source begins decides: a time at the start of the first line makes it a log, repeated or well-known speakers make
it a conversation, anything else is one note. In logs and conversations a line without a start of its own continues the
one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from elephantasm_cli.ingest import roles
from elephantasm_cli.ingest.feed import Feed, Head
from elephantasm_cli.ingest.jsontext import decode_utf8
from elephantasm_cli.ingest.records import Item, Line, RawEvent
from elephantasm_cli.vocabulary import EventType

NOTE_CHARACTERS = 1 << 18
"""A note longer than this is stored in parts, cut between paragraphs where there is one."""

_STAMP = re.compile(
    r"\s*[\[(]?(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?)?)[\])]?"
    r"(?:\s+-\s+|\s*:\s+|\s+|$)"
)
_SPEAKER = re.compile(
    r"\s*(?:\*\*|__)?([^\W\d_][\w.'’-]*(?: [\w.'’()-]+){0,3}?)(?:\*\*|__)?\s?(?:：\s*|:(?:\*\*|__)?(?:\s+|$))"
)
_HEADING = re.compile(r"#{1,6}\s+(?:\*\*)?([^\W\d_]+)(?:\*\*)?:?\s*$")
_NOT_SPEAKERS = frozenset(
    {
        *(
            "note",
            "notes",
            "todo",
            "fixme",
            "hint",
            "tip",
            "warning",
            "warn",
            "error",
            "info",
            "debug",
            "trace",
            "critical",
        ),
        *("fatal", "notice", "summary", "title", "subject", "date", "from", "to", "cc", "http", "https", "ftp", "file"),
        *("example", "usage", "step", "output", "input", "result", "see", "ps", "re", "abstract", "tags", "author"),
        *("status", "version", "name"),
    }
)


class _Start(NamedTuple):
    """What the beginning of a line says, and the text after it."""

    time: str | None
    speaker: str | None
    text: str


@dataclass(slots=True)
class _Open:
    """The event being read: its start, its lines so far, where it began."""

    start: _Start
    offset: int
    line: int
    notes: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    size: int = 0


class TextReader:
    """Plain text of any kind; takes what no other format claims."""

    name = "text"

    def detect(self, head: Head) -> float:
        return 0.05 if head.looks_like_json else 0.2

    def parse(self, feed: Feed) -> Iterator[Item]:
        is_log, is_conversation = _shape(feed.head())
        if is_log or is_conversation:
            return _utterances(feed, is_log)
        return _note(feed)


def _shape(head: Head) -> tuple[bool, bool]:
    starts = [_start(decode_utf8(line)[0].rstrip("\r\n")) for line in head.lines]
    first = next((start for start in starts if start.speaker or start.time or not start.text.startswith("#")), None)
    if first is None:
        return False, False
    if first.time:
        return True, False
    speakers = [start.speaker for start in starts if start.speaker]
    if not first.speaker:
        return False, False
    known = first.speaker.lower() in roles.SPEAKER_ROLES
    repeated = len(set(speakers)) < len(speakers)
    # Three lines of three people are an exchange; thirty of thirty are a list of fields.
    exchange = len(speakers) == len(starts) and 1 < len(starts) <= 3
    return False, known or repeated or exchange


def _start(text: str) -> _Start:
    stamp = _STAMP.match(text)
    rest = text[stamp.end() :] if stamp else text
    found = _SPEAKER.match(rest) or _HEADING.match(rest)
    if found is not None:
        name = found.group(1)
        lowered = name.lower()
        known = lowered in roles.SPEAKER_ROLES
        plausible = not name[0].islower() and lowered.split()[0] not in _NOT_SPEAKERS and found.re is _SPEAKER
        if known or plausible:
            return _Start(stamp.group(1) if stamp else None, name, rest[found.end() :])
    return _Start(stamp.group(1) if stamp else None, None, rest)


def _utterances(feed: Feed, is_log: bool) -> Iterator[Item]:
    current: _Open | None = None
    known = set(roles.SPEAKER_ROLES)
    for item in feed:
        if not isinstance(item, Line):
            # A pause ends what is being said, so that a live log is written as it comes.
            if item is None and current is not None:
                yield from _finished(current)
                current = _Open(current.start, current.offset, current.line, ())
            yield item
            continue
        decoded, notes = decode_utf8(item.data)
        text = decoded.rstrip("\r\n")
        start = _start(text)
        # In a log, a speaker without a time is one that has been heard before; any other "Word: …" may be anything.
        if start.time or (start.speaker and (not is_log or start.speaker.lower() in known)):
            if start.speaker:
                known.add(start.speaker.lower())
            if current is not None:
                yield from _finished(current)
            current = _Open(start, item.offset, item.number, notes, [start.text])
        elif current is None:
            current = _Open(_Start(None, None, text), item.offset, item.number, notes, [text])
        else:
            if not current.lines:
                current.offset, current.line = item.offset, item.number
            current.lines.append(text)
            current.notes = current.notes or notes
        current.size += len(text)
        if current.size > NOTE_CHARACTERS:
            yield from _finished(current)
            current = _Open(current.start, item.offset, item.number, ())
    if current is not None:
        yield from _finished(current)


def _finished(current: _Open) -> Iterator[RawEvent]:
    content = "\n".join(current.lines).strip("\n")
    if not content.strip() and not current.start.speaker:
        return
    if not current.lines:
        return
    speaker = current.start.speaker
    role = roles.SPEAKER_ROLES.get(speaker.lower(), roles.UNKNOWN) if speaker else roles.UNKNOWN
    event_type = roles.event_type_of(role, speaker)
    yield RawEvent(
        event_type,
        role,
        content,
        author=speaker or "Log",
        occurred_at=_iso(current.start.time),
        notes=current.notes,
        offset=current.offset,
        line=current.line,
    )


def _note(feed: Feed) -> Iterator[Item]:
    lines: list[str] = []
    notes: tuple[str, ...] = ()
    size = part = offset = first = 0
    for item in feed:
        if not isinstance(item, Line):
            # No pause ends a note: only the end of the source does.
            yield item
            continue
        text, found = decode_utf8(item.data)
        text = text.removesuffix("\n").removesuffix("\r")
        notes = notes or found
        if size > NOTE_CHARACTERS and (not text.strip() or size > 2 * NOTE_CHARACTERS):
            yield _note_part(lines, notes, part, offset, first)
            lines, notes, size, part = [], (), 0, part + 1
        if not lines:
            offset, first = item.offset, item.number
        lines.append(text)
        size += len(text) + 1
    if any(line.strip() for line in lines):
        yield _note_part(lines, notes, part, offset, first)


def _note_part(lines: list[str], notes: tuple[str, ...], part: int, offset: int, line: int) -> RawEvent:
    # The id makes an edited note known as a changed one, instead of as a stranger.
    return RawEvent(
        EventType.NOTE,
        roles.UNKNOWN,
        "\n".join(lines).strip("\n"),
        source_id="note",
        block=part,
        notes=notes,
        offset=offset,
        line=line,
    )


def _iso(stamp: str | None) -> str | None:
    """The stamp as ISO 8601: a decimal point for a comma, no space before the offset."""
    if stamp is None:
        return None
    text = stamp.replace(",", ".").replace("UTC", "Z")
    return re.sub(r"\s(?=Z|[+-])", "", text)
