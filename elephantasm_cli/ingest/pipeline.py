"""Ingest: sources in, events in the store, a report out.

reader -> normalise -> redact -> dedupe -> one transaction per batch -> acknowledge. No model runs, no record can stop
the run, and what the report counts as added is durable.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from elephantasm_cli.ingest.feed import Feed
from elephantasm_cli.ingest.formats import detect_reader, get_reader
from elephantasm_cli.ingest.jsonl import JsonlReader
from elephantasm_cli.ingest.lines import file_lines, stream_lines
from elephantasm_cli.ingest.message import MessageReader
from elephantasm_cli.ingest.normalise import LeftOutError, Normaliser
from elephantasm_cli.ingest.records import Item, RawEvent, Reject, Skip, excerpt_of
from elephantasm_cli.ingest.rejects import RejectsFile
from elephantasm_cli.ingest.report import IngestReport
from elephantasm_cli.ingest.sources import (
    FileSource,
    RecordsSource,
    Source,
    StreamSource,
    walk,
)
from elephantasm_cli.ingest.writing import BatchWriter, EventStore
from elephantasm_cli.vocabulary import Trust

IDLE_SECONDS = 1.0
UNKNOWN_FILE = "file of another kind"


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How to read.

    ``format`` names a format (None: each source's beginning decides). ``session`` serves events that name none.
    ``source`` replaces the source's own label. ``trust`` replaces what roles say. ``since`` is a stored time; earlier
    events are skipped. ``dry_run`` counts and writes nothing at all. ``on_batch`` hears of every commit.
    """

    format: str | None = None
    session: str | None = None
    source: str | None = None
    trust: Trust | None = None
    since: str | None = None
    dry_run: bool = False
    on_batch: Callable[[IngestReport], None] | None = None


def ingest(
    store: EventStore | None,
    sources: Iterable[Source],
    options: IngestOptions | None = None,
    *,
    rejects: Path | None = None,
) -> IngestReport:
    """Read ``sources`` into ``store`` and report what was done (``store`` may be None in a dry run).

    Bad records are appended to the file ``rejects`` (None: they are only counted).

    Raises UnknownFormatError before anything is read, and StorageError or DatabaseError when the store cannot write;
    what earlier batches acknowledged stays. When interrupted it writes what it has, then lets the interrupt pass.
    """
    options = options or IngestOptions()
    if options.format is not None:
        get_reader(options.format)
    run = _Run(store, options, rejects)
    started = time.perf_counter()
    try:
        for source in sources:
            run.take(source)
    except KeyboardInterrupt:
        run.writer.flush()
        raise
    run.writer.flush()
    run.report.seconds = time.perf_counter() - started
    return run.report


class _Run:
    """One call of `ingest`: its options, its counts, its writer."""

    def __init__(self, store: EventStore | None, options: IngestOptions, rejects: Path | None) -> None:
        self.options = options
        self.report = IngestReport(dry_run=options.dry_run)
        self.writer = BatchWriter(store, self.report, dry_run=options.dry_run, on_batch=options.on_batch)
        self._rejects = RejectsFile(rejects) if rejects is not None and not options.dry_run else None

    def take(self, source: Source) -> None:
        if isinstance(source, RecordsSource):
            label = self.options.source or source.label
            self._store(_record_items(source), label, self._normaliser(JsonlReader.name, label, source.session, None))
        elif isinstance(source, StreamSource):
            feed = Feed(stream_lines(source.stream, IDLE_SECONDS))
            self._read(feed, self.options.source or source.label, None, None)
        elif source.path.is_dir():
            self._walk(source.path)
        else:
            self._read_file(source)

    def _walk(self, folder: Path) -> None:
        for path, is_ours in walk(folder):
            if is_ours:
                self._read_file(FileSource(path))
            else:
                self.report.read += 1
                self.report.skip(UNKNOWN_FILE)

    def _read_file(self, source: FileSource) -> None:
        label = self.options.source or str(source.path)
        with ExitStack() as stack:
            try:
                file = stack.enter_context(source.path.open("rb"))
                modified = source.path.stat().st_mtime
            except OSError as error:
                self._reject(Reject(0, 0, f"the file cannot be read: {error.strerror}", ""), label)
                return
            self._read(Feed(file_lines(file)), label, source.path.stem, modified)

    def _read(self, feed: Feed, label: str, session: str | None, modified: float | None) -> None:
        head = feed.head()
        if head.is_utf16:
            self._reject(Reject(0, 1, "the text is UTF-16: convert it to UTF-8", ""), label)
            return
        if self.options.format is None and head.looks_binary:
            self._reject(Reject(0, 1, "this looks like a binary file: name its --format to read it anyway", ""), label)
            return
        reader = get_reader(self.options.format) if self.options.format is not None else detect_reader(head)
        if head.lines:
            self.report.formats[reader.name] = self.report.formats.get(reader.name, 0) + 1
        self._store(reader.parse(feed), label, self._normaliser(reader.name, label, session, modified))

    def _normaliser(self, format_name: str, label: str, session: str | None, modified: float | None) -> Normaliser:
        return Normaliser(
            format_name,
            label,
            session=self.options.session or session,
            modified=modified,
            trust=self.options.trust,
            since=self.options.since,
        )

    def _store(self, items: Iterator[Item], label: str, normaliser: Normaliser) -> None:
        report, writer = self.report, self.writer
        for item in items:
            if isinstance(item, RawEvent):
                report.read += 1
                try:
                    draft = normaliser.draft(item)
                except LeftOutError as left_out:
                    report.skip(str(left_out))
                except ValueError as error:
                    report.read -= 1
                    self._reject(Reject(item.offset, item.line, str(error), excerpt_of(item.content)), label)
                else:
                    report.sessions.add(draft.session_id)
                    writer.add(draft)
            elif item is None:
                writer.flush()
            elif isinstance(item, Skip):
                report.read += 1
                report.skip(item.reason)
            else:
                self._reject(item, label)

    def _reject(self, reject: Reject, label: str) -> None:
        self.report.read += 1
        self.report.rejected += 1
        if self._rejects is not None:
            self._rejects.write(label, reject)


def _record_items(source: RecordsSource) -> Iterator[Item]:
    """The events of records in memory; each passes through JSON, so that what is stored is what JSON can say."""
    messages = MessageReader()
    for number, record in enumerate(source.records, start=1):
        try:
            plain = json.loads(json.dumps(record, default=_plain))
        except (TypeError, ValueError, RecursionError) as error:
            yield Reject(number - 1, number, f"the record is not JSON: {error}", excerpt_of(repr(record)))
            continue
        yield from messages.read(plain, number - 1, number)


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
