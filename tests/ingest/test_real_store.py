"""Ingest into a real file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from elephantasm_cli.ingest.pipeline import IngestOptions, ingest
from elephantasm_cli.ingest.sources import FileSource, RecordsSource
from elephantasm_cli.store.store import Store, open_store


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "a.db", create=True, read_only=False) as store:
        yield store


def records(count: int) -> list[dict[str, object]]:
    return [{"role": "user", "content": f"message {n}", "session": f"s{n % 7}"} for n in range(count)]


def test_events_are_stored_once_and_in_order(file):
    """More than one batch; the second run finds everything there."""
    report = ingest(file, [RecordsSource(records(1100))])
    assert (report.added, report.sessions) == (1100, {f"s{n}" for n in range(7)})
    assert [event["content"] for event in file.events.listed()] == [f"message {n}" for n in range(1100)]
    again = ingest(file, [RecordsSource(records(1101))])
    assert (again.added, again.duplicates) == (1, 1100)


def test_changed_words_under_a_known_id_are_kept_beside_the_old(file):
    """Both texts are there, each counted once, and the third run adds nothing."""
    counts = []
    for words in ("first", "second", "second"):
        report = ingest(file, [RecordsSource([{"id": "m", "role": "user", "content": words}])])
        counts.append((report.added, report.changed, report.duplicates))
    assert counts == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert [event["content"] for event in file.events.listed()] == ["first", "second"]


def test_a_dry_run_leaves_the_file_as_it_was(file):
    """What it counts is what the real run then does."""
    ingest(file, [RecordsSource(records(3))])
    rehearsed = ingest(file, [RecordsSource(records(1200))], IngestOptions(dry_run=True))
    assert file.events.count() == 3
    real = ingest(file, [RecordsSource(records(1200))])
    assert (rehearsed.added, rehearsed.duplicates) == (real.added, real.duplicates) == (1197, 3)


def test_the_bundled_history_reads_without_a_reject(file):
    """Every record of it becomes an event, and reading it again adds nothing."""
    import elephantasm_cli.demo as demo

    path = Path(demo.__path__[0]) / "history.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    report = ingest(file, [FileSource(path)])
    assert (report.added, report.rejected, report.skipped) == (len(lines), 0, {})
    assert [event["content"] for event in file.events.listed()] == [line["content"] for line in lines]
    assert ingest(file, [FileSource(path)]).added == 0
