"""Bytes into lines, without ever holding more than one line, and without polling a stream that is waiting."""

from __future__ import annotations

import io
import os
import select
import stat
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from elephantasm_cli.ingest.records import Line, LineItem, Reject, excerpt_of

CHUNK_BYTES = 1 << 18
MAX_LINE_BYTES = 64 << 20
UTF8_BOM = b"\xef\xbb\xbf"


def file_lines(stream: BinaryIO) -> Iterator[LineItem]:
    """The lines of a regular file."""
    return _surviving(split_lines(iter(lambda: stream.read(CHUNK_BYTES), b"")))


def stream_lines(stream: BinaryIO, idle_seconds: float) -> Iterator[LineItem]:
    """The lines of a pipe or terminal; None once each time it has been silent for ``idle_seconds``."""
    return _surviving(split_lines(_waiting_chunks(stream, idle_seconds)))


def split_lines(chunks: Iterable[bytes | None]) -> Iterator[LineItem]:
    """Chunks cut at line feeds. A line above ``MAX_LINE_BYTES`` becomes a reject; a byte-order mark is dropped."""
    offset = size = number = 0
    pending: list[bytes] = []
    for chunk in chunks:
        if chunk is None:
            yield None
            continue
        parts = chunk.split(b"\n")
        rest = parts.pop()
        for part in parts:
            number += 1
            size += len(part) + 1
            if pending:
                pending.append(part)
                part = b"".join(pending)
                pending.clear()
            yield _line(part + b"\n", size, offset, number)
            offset += size
            size = 0
        if rest:
            if size <= MAX_LINE_BYTES:
                pending.append(rest)
            size += len(rest)
    if size:
        yield _line(b"".join(pending), size, offset, number + 1)


def _surviving(lines: Iterator[LineItem]) -> Iterator[LineItem]:
    """``lines``; a source that breaks off while it is read ends in a reject. The consumer's errors do not pass here."""
    number = 0
    try:
        for item in lines:
            number = item.number if isinstance(item, Line) else number
            yield item
    except OSError as error:
        yield Reject(0, number + 1, f"reading broke off: {error.strerror or error}", "")


def _line(data: bytes, size: int, offset: int, number: int) -> Line | Reject:
    if size > MAX_LINE_BYTES:
        reason = f"the line has {size:,} bytes, more than the {MAX_LINE_BYTES:,} that one record may have"
        return Reject(offset, number, reason, excerpt_of(data))
    if number == 1 and data.startswith(UTF8_BOM):
        data = data[len(UTF8_BOM) :]
    return Line(data, offset, number)


def _waiting_chunks(stream: BinaryIO, idle_seconds: float) -> Iterator[bytes | None]:
    read = stream.read1 if isinstance(stream, io.BufferedReader) else stream.read
    descriptor = _waitable(stream)
    # The first read blocks: nothing can be waiting to be written yet, and what was buffered before us is invisible
    # to select. Later reads drain the buffer, as CHUNK_BYTES is larger than it.
    while chunk := read(CHUNK_BYTES):
        yield chunk
        if descriptor is not None and not select.select([descriptor], [], [], idle_seconds)[0]:
            yield None


def _waitable(stream: BinaryIO) -> int | None:
    """The descriptor to wait on, or None where waiting is not possible (memory, files, pipes on Windows)."""
    if os.name == "nt" or not isinstance(stream, io.BufferedReader):
        return None
    try:
        descriptor = stream.fileno()
        return None if stat.S_ISREG(os.fstat(descriptor).st_mode) else descriptor
    except OSError:
        return None
