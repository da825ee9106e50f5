"""JSON text into values: one record a line, or one document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from elephantasm_cli.ingest.records import Line, LineItem, Reject, excerpt_of

INVALID_UTF8 = "invalid_utf8"
MAX_DOCUMENT_BYTES = 1 << 30

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"\s*")


class Record(NamedTuple):
    """One JSON value, where it stands, and what decoding had to replace."""

    value: Any
    offset: int
    line: int
    notes: tuple[str, ...]
    size: int


def decode_utf8(data: bytes) -> tuple[str, tuple[str, ...]]:
    """``data`` as text; bytes that are not UTF-8 become U+FFFD, and the notes say so."""
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), (INVALID_UTF8,)


def json_lines(lines: Iterable[LineItem]) -> Iterator[Record | Reject | None]:
    """One value a line; blank lines are passed over, a line that is not JSON becomes a reject."""
    decode = _DECODER.decode
    for item in lines:
        if not isinstance(item, Line):
            yield item
            continue
        data, offset, number = item
        text, notes = decode_utf8(data)
        try:
            yield Record(decode(text), offset, number, notes, len(data))
        except (ValueError, RecursionError) as error:
            if not text.isspace():
                yield Reject(offset, number, _why(error), excerpt_of(text))


def json_document(lines: Iterable[LineItem]) -> Iterator[Record | Reject]:
    """The whole source as one JSON value, read into memory; an array gives its elements, numbered from 1.

    Of an array that breaks off, the elements before the break are given, then a reject.
    """
    parts: list[bytes] = []
    size = 0
    for item in lines:
        if isinstance(item, Reject):
            yield item
        elif item is not None:
            size += len(item.data)
            if size > MAX_DOCUMENT_BYTES:
                reason = f"one JSON document of more than {MAX_DOCUMENT_BYTES:,} bytes: write one record a line instead"
                yield Reject(0, 1, reason, excerpt_of(parts[0] if parts else item.data))
                return
            parts.append(item.data)
    text, notes = decode_utf8(b"".join(parts))
    if text and not text.isspace():
        yield from _document_records(text, notes)


def _document_records(text: str, notes: tuple[str, ...]) -> Iterator[Record | Reject]:
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        number = 1
        position = 0
        for number, (element, start, end) in enumerate(_complete_elements(text), start=1):
            yield Record(element, start, number, notes, end - start)
            position = end
            number += 1
        yield Reject(position, number, _why(error), excerpt_of(text[position : position + 2000]))
        return
    if not isinstance(value, list):
        yield Record(value, 0, 1, notes, len(text))
        return
    for number, element in enumerate(value, start=1):
        yield Record(element, 0, number, notes, len(text) // len(value))


def _complete_elements(text: str) -> Iterator[tuple[Any, int, int]]:
    """The elements of a broken array up to the break, each with its start and end."""
    position = _after_space(text, 0)
    separator = "["
    while text.startswith(separator, position):
        position = _after_space(text, position + 1)
        try:
            value, end = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value, position, end
        position = _after_space(text, end)
        separator = ","


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found is not None else position


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "not readable as JSON: nested too deeply"
    return f"not readable as JSON: {str(error).split(';')[0]}"
