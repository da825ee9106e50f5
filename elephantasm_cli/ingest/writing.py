"""Drafts into the store, a batch at a time: one transaction each, counted only once it is committed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.ingest.report import IngestReport

BATCH_EVENTS = 500
BATCH_CHARACTERS = 8_000_000
FORGOTTEN = "forgotten earlier"
BATCH_SECONDS = 1.0
"""With the second that a silent stream is waited for, no event waits longer than two."""


class Outcome(Protocol):
    """What became of a batch: ``changed`` events had a known key and other content, and are stored as well;
    ``forgotten`` ones were kept out.
    """

    @property
    def added(self) -> int: ...
    @property
    def duplicates(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def forgotten(self) -> int: ...


class EventSink(Protocol):
    """The part of the store's events that ingest needs."""

    def add(self, drafts: Sequence[EventDraft]) -> Outcome:
        """Write ``drafts`` in their order, inside the caller's transaction."""
        ...


class EventStore(Protocol):
    """The part of the store that ingest needs."""

    @property
    def events(self) -> EventSink: ...

    def transaction(self) -> AbstractContextManager[object]:
        """One transaction: committed and durable when left, rolled back when left by an exception."""
        ...


class _RolledBackError(Exception):
    """Leaves the transaction of a dry run."""


class BatchWriter:
    """Collects drafts and writes them as batches of at most 500 events, 8 million characters or one second."""

    def __init__(
        self,
        store: EventStore | None,
        report: IngestReport,
        *,
        dry_run: bool = False,
        on_batch: Callable[[IngestReport], None] | None = None,
    ) -> None:
        """``store`` None (only in a dry run) stands for an agent that does not exist yet. ``on_batch`` is called after
        every commit with the report so far.
        """
        self._store = store
        self._report = report
        self._dry_run = dry_run
        self._on_batch = on_batch
        self._batch: list[EventDraft] = []
        self._characters = 0
        self._due = 0.0
        self._rehearsed: dict[str, bytes] = {}

    def add(self, draft: EventDraft) -> None:
        """Take ``draft``, and write the batch if that fills it."""
        if not self._batch:
            self._due = time.monotonic() + BATCH_SECONDS
        self._batch.append(draft)
        self._characters += len(draft.content)
        full = len(self._batch) >= BATCH_EVENTS or self._characters >= BATCH_CHARACTERS
        if full or time.monotonic() >= self._due:
            self.flush()

    def flush(self) -> None:
        """Write what has been collected; on return it is durable and counted."""
        if not self._batch:
            return
        added, duplicates, changed, forgotten = self._rehearse() if self._dry_run else self._write()
        self._report.added += added
        self._report.duplicates += duplicates
        self._report.changed += changed
        self._report.skip(FORGOTTEN, forgotten)
        self._batch.clear()
        self._characters = 0
        if self._on_batch is not None:
            self._on_batch(self._report)

    def _write(self) -> tuple[int, int, int, int]:
        if self._store is None:
            raise ValueError("only a dry run can do without a store")
        with self._store.transaction():
            outcome = self._store.events.add(self._batch)
        return outcome.added, outcome.duplicates, outcome.changed, outcome.forgotten

    def _rehearse(self) -> tuple[int, int, int, int]:
        """What writing would do: write and roll back. What earlier batches would have stored is remembered here."""
        fresh: list[EventDraft] = []
        duplicates = changed = 0
        for draft in self._batch:
            digest = hashlib.blake2b(draft.content.encode("utf-8"), digest_size=16).digest()
            known = self._rehearsed.setdefault(draft.dedupe_key, digest)
            if known is digest:
                fresh.append(draft)
            elif known == digest:
                duplicates += 1
            else:
                changed += 1
        if self._store is None or not fresh:
            return len(fresh), duplicates, changed, 0
        try:
            with self._store.transaction():
                outcome = self._store.events.add(fresh)
                raise _RolledBackError
        except _RolledBackError:
            pass
        return outcome.added, outcome.duplicates + duplicates, outcome.changed + changed, outcome.forgotten
