"""Events: stored once, in order, whole or not at all, by one writer at a time."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading

import pytest

from elephantasm_cli.store.store import open_store


def add(store, *drafts):
    with store.transaction():
        return store.events.add(drafts)


def test_same_events_twice_add_nothing(store, draft):
    """The dedupe key makes ingest idempotent."""
    drafts = [draft("one"), draft("two")]
    assert add(store, *drafts).added == 2
    again = add(store, *drafts)
    assert (again.added, again.duplicates) == (0, 2)
    assert store.events.count() == 2


def test_same_key_with_other_content_is_kept_beside_the_first(store, draft):
    """A message that was edited at its source is stored under key and content hash, once."""
    add(store, draft("one", key="k"))
    for expected in ((0, 0, 1), (0, 1, 0)):
        outcome = add(store, draft("other", key="k"))
        assert (outcome.added, outcome.duplicates, outcome.changed) == expected
    assert [event["content"] for event in store.events.listed()] == ["one", "other"]


def test_events_keep_time_speaker_and_order(store, draft):
    """What comes back is what went in."""
    add(
        store,
        draft("later", at="2026-03-02T10:00:00.000000Z"),
        draft("earlier", author="Lee", at="2026-03-01T10:00:00.000000Z"),
    )
    assert [(e["content"], e["author"], e["occurred_at"]) for e in store.events.listed()] == [
        ("later", "Dana", "2026-03-02T10:00:00.000000Z"),
        ("earlier", "Lee", "2026-03-01T10:00:00.000000Z"),
    ]
    assert store.events.newest_time() == "2026-03-02T10:00:00.000000Z"
    assert [e["content"] for e in store.events.listed(until="2026-03-01T12:00:00.000000Z")] == ["earlier"]
    assert [e["content"] for e in store.events.listed(author="Lee", newest_first=True, limit=1)] == ["earlier"]


def test_full_text_is_written_with_the_event(store, draft):
    """A search finds an event at once, by its words, its speaker and the date that "yesterday" means."""
    add(store, draft("we sailed to Elba yesterday", author="Mira", at="2023-05-08T10:00:00.000000Z"))
    for words in ("elba", "mira", '"7 May 2023"'):
        found = store.connection.execute(
            "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?", (words,)
        ).fetchall()
        assert len(found) == 1, words


def test_previous_turn_is_indexed_as_context_across_batches(store, draft):
    """The turn before, of the same session, stands beside a turn even when it came with an earlier ingest."""
    add(store, draft("where is the harbour?"))
    add(store, draft("in Elba", session="other"), draft("behind the church"))
    rows = store.connection.execute("SELECT rowid FROM passages_fts WHERE context MATCH 'harbour'").fetchall()
    assert [row[0] for row in rows] == [3]


def test_rolled_back_transaction_leaves_nothing(store, draft):
    """An error in the block undoes events, passages and full text together."""
    with pytest.raises(ZeroDivisionError), store.transaction():
        raise ZeroDivisionError(store.events.add([draft("gone")]))
    for table in ("events", "passages", "passages_fts_docsize"):
        assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_two_writers_take_turns(store, path, draft):
    """Concurrent writers wait for each other and lose nothing."""
    counter = itertools.count()

    def write() -> None:
        with open_store(path) as other:
            for _ in range(20):
                number = next(counter)
                with other.transaction():
                    other.events.add([draft(f"event {number}")])

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.events.count() == 80
    assert [event["seq"] for event in store.events.listed()] == list(range(1, 81))


def test_killed_writer_leaves_only_whole_batches(store, path, draft):
    """A process killed while it writes loses no batch that it acknowledged, and leaves no half batch."""
    script = f"""
import sys
from pathlib import Path
from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.store.store import open_store
from elephantasm_cli.vocabulary import EventType, Trust
store = open_store(Path({str(path)!r}))
for batch in range(100000):
    with store.transaction():
        store.events.add([
            EventDraft("s", EventType.NOTE, "user", "A", f"{{batch}} {{n}}", "2026-01-01T00:00:00.000000Z", "t",
                       f"{{batch}}:{{n}}", Trust.USER, {{}})
            for n in range(5)
        ])
    print(batch, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    acknowledged = [int(process.stdout.readline()) for _ in range(12)]
    process.kill()
    rest = process.stdout.read().split()
    process.stdout.close()
    process.wait()
    last = int(rest[-1]) if rest else acknowledged[-1]
    count = store.events.count()
    assert count % 5 == 0
    assert (last + 1) * 5 <= count <= (last + 2) * 5
