"""The lines of one source with a look at the first ones, for readers that decide by how a source begins."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from elephantasm_cli.ingest.records import Line, LineItem

HEAD_LINES = 50
HEAD_BYTES = 1 << 16

_JSON_START = re.compile(rb'\s*(?:\{\s*(?:["}]|$)|\[\s*(?:\{|\[\s*\{|\]?\s*$))')
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))


class Head:
    """The first lines of a source that are not blank (up to 50, about 64 KiB), as bytes and as JSON."""

    def __init__(self, lines: tuple[bytes, ...]) -> None:
        self.lines = lines

    @cached_property
    def records(self) -> tuple[Any, ...]:
        """The JSON values of the lines that are objects or arrays; none where the lines are parts of one document."""
        if not self.looks_like_json or self.is_document:
            return ()
        values = (_object_or_array(line) for line in self.lines)
        return tuple(value for value in values if value is not None)

    @cached_property
    def objects(self) -> tuple[dict[str, Any], ...]:
        return tuple(record for record in self.records if isinstance(record, dict))

    @cached_property
    def looks_like_json(self) -> bool:
        """Whether the first line, or most of them, begin as a JSON object or array does."""
        matches = [bool(_JSON_START.match(line)) for line in self.lines]
        return bool(matches) and (matches[0] or 2 * sum(matches) > len(matches))

    @cached_property
    def is_document(self) -> bool:
        """Whether this is one JSON document over many lines: its first line opens what it does not close."""
        if not self.lines or not _JSON_START.match(self.lines[0]) or _object_or_array(self.lines[0]) is not None:
            return False
        first = self.lines[0].strip()
        return first.startswith(b"[") or first.endswith((b"{", b"[", b","))

    @cached_property
    def looks_binary(self) -> bool:
        """Whether more than a tenth of the beginning is control characters."""
        sample = b"".join(self.lines)[:HEAD_BYTES]
        return len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) / 10

    @cached_property
    def is_utf16(self) -> bool:
        return bool(self.lines) and self.lines[0].startswith((b"\xff\xfe", b"\xfe\xff"))


class Feed:
    """An iterator over the lines of one source. `head` looks ahead without taking anything away."""

    def __init__(self, lines: Iterator[LineItem]) -> None:
        self._lines = lines
        self._ahead: deque[LineItem] = deque()
        self._head: Head | None = None

    def __iter__(self) -> Iterator[LineItem]:
        self.head()
        while self._ahead:
            yield self._ahead.popleft()
        yield from self._lines

    def head(self) -> Head:
        """How the source begins. Of a stream that pauses, what came before the first pause."""
        if self._head is None:
            lines: list[bytes] = []
            size = 0
            for item in self._lines:
                self._ahead.append(item)
                if item is None and lines:
                    break
                if isinstance(item, Line):
                    size += len(item.data)
                    if item.data.strip():
                        lines.append(item.data)
                if size >= HEAD_BYTES or len(lines) >= HEAD_LINES:
                    break
            self._head = Head(tuple(lines))
        return self._head


def _object_or_array(line: bytes) -> Any:
    try:
        value = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None
