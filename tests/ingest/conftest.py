from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.ingest.pipeline import IngestOptions, ingest
from elephantasm_cli.ingest.report import IngestReport
from elephantasm_cli.ingest.sources import FileSource, RecordsSource, StreamSource


@dataclass
class Outcome:
    added: int = 0
    duplicates: int = 0
    forgotten: int = 0
    changed: int = 0


class MemoryStore:
    """The store's contract in memory: transactions that roll back, and the three outcomes of a draft."""

    def __init__(self) -> None:
        self.events = self
        self.rows: dict[tuple[str, str], EventDraft] = {}
        self.batches: list[int] = []
        self.commits = 0
        self._inside = False

    @property
    def drafts(self) -> list[EventDraft]:
        return list(self.rows.values())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        before = dict(self.rows)
        self._inside = True
        try:
            yield
            self.commits += 1
        except BaseException:
            self.rows = before
            raise
        finally:
            self._inside = False

    def add(self, drafts: Sequence[EventDraft]) -> Outcome:
        assert self._inside, "events are only written inside a transaction"
        outcome = Outcome()
        self.batches.append(len(drafts))
        for draft in drafts:
            keys = {key for key, _ in self.rows}
            if (draft.dedupe_key, draft.content) in self.rows:
                outcome.duplicates += 1
                continue
            if draft.dedupe_key in keys:
                outcome.changed += 1
            else:
                outcome.added += 1
            self.rows[draft.dedupe_key, draft.content] = draft
        return outcome


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def take(store: MemoryStore, tmp_path: Path) -> Callable[..., IngestReport]:
    """Ingest text, bytes, JSON records or a path as one file (``name``) and return the report."""

    def run(
        data: str | bytes | list[Any] | Path,
        name: str = "chat.jsonl",
        *,
        records: list[dict[str, Any]] | None = None,
        stream: bool = False,
        rejects: Path | None = None,
        **options: Any,
    ) -> IngestReport:
        chosen = IngestOptions(**options)
        if records is not None:
            return ingest(store, [RecordsSource(records)], chosen, rejects=rejects)
        if isinstance(data, Path):
            return ingest(store, [FileSource(data)], chosen, rejects=rejects)
        if isinstance(data, list):
            data = "".join(json.dumps(record) + "\n" for record in data)
        if isinstance(data, str):
            data = data.encode("utf-8")
        if stream:
            return ingest(store, [StreamSource(io.BytesIO(data))], chosen, rejects=rejects)
        path = tmp_path / name
        path.write_bytes(data)
        return ingest(store, [FileSource(path)], chosen, rejects=rejects)

    return run


@pytest.fixture
def outcome() -> type[Outcome]:
    return Outcome


@pytest.fixture
def new_store() -> type[MemoryStore]:
    return MemoryStore


@pytest.fixture(autouse=True)
def fixed_now(monkeypatch: pytest.MonkeyPatch) -> str:
    """All of these tests happen at one moment."""
    now = "2026-03-01T12:00:00.000000Z"
    monkeypatch.setenv("ELEPHANTASM_NOW", now)
    return now
