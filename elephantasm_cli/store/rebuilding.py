"""A fresh file out of the events and the log: what is derived is made anew, and what cannot be derived is copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import UsageError
from elephantasm_cli.store.connection import connect_memory
from elephantasm_cli.store.migrate import CURRENT_VERSION, apply_schema
from elephantasm_cli.store.rows import TABLES, quoted
from elephantasm_cli.store.store import Store, open_store

if TYPE_CHECKING:
    from elephantasm_cli.store.connection import Connection

COPIED = (
    "agent", "events", "dreams", "dream_jobs", "transformations", "lineage", "memory_packs", "accesses", "tombstones",
    "checkpoints", "chain_tips",
)  # fmt: skip
"""The tables that are not derived, in an order that their references allow."""


def rebuild(store: Store, folded: Connection, target: Path | None) -> Store:
    """A store at ``target`` (None: in memory) with the rows that the log was ``folded`` into; the caller closes it.

    Passages and full text are made anew from the items; vectors are left to `elephantasm reindex`. Raises UsageError if
    there is a file at ``target``.
    """
    if target is not None and target.exists():
        raise UsageError(f"{target} is there already: name a file that is not")
    fresh = _fresh(store, target)
    try:
        with fresh.transaction():
            fresh.connection.execute("DELETE FROM agent")
            for table in COPIED:
                _copy(store.connection, fresh.connection, table)
            for derived in TABLES.values():
                _copy(folded, fresh.connection, derived.name)
            fresh.passages.rebuild()
    except BaseException:
        fresh.close()
        raise
    return fresh


def _fresh(store: Store, target: Path | None) -> Store:
    if target is not None:
        return open_store(target, create=True)
    connection = connect_memory()
    apply_schema(connection)
    connection.execute(f"PRAGMA user_version = {CURRENT_VERSION}")
    return Store(connection, store.path, read_only=False)


def _copy(source: Connection, target: Connection, table: str) -> None:
    columns = tuple(row[1] for row in source.execute(f"PRAGMA table_info({table})"))
    target.executemany(
        f"INSERT INTO {table} ({quoted(columns)}) VALUES ({', '.join('?' * len(columns))})",
        (tuple(row) for row in source.execute(f"SELECT {quoted(columns)} FROM {table} ORDER BY rowid")),
    )


def indexed(store: Store) -> Iterator[tuple[tuple[str, int], Any]]:
    """(item, ordinal) of every passage with its span, its words in full text, and whether its bits are its vector's."""
    connection = store.connection
    store.enable_vectors()
    spoken = _terms(connection)
    bits = {row[0]: row[1] for row in connection.execute("SELECT passage_id, embedding FROM passages_vec")}
    quantised = connection.execute("SELECT passage_id, vec_quantize_binary(vector) FROM embeddings")
    vectors = {row[0]: row[1] for row in quantised}
    for row in connection.execute("SELECT * FROM passages ORDER BY id"):
        same = vectors.get(row["id"]) == bits.get(row["id"])
        yield (row["item_id"], row["ordinal"]), (row["char_start"], row["char_end"], spoken.get(row["id"], ()), same)


def _terms(connection: Connection) -> Mapping[int, tuple[tuple[str, str, int], ...]]:
    """What full text holds of each passage: column, term and place, in that order."""
    connection.execute("CREATE VIRTUAL TABLE temp.spoken USING fts5vocab (main, passages_fts, instance)")
    try:
        found: dict[int, list[tuple[str, str, int]]] = {}
        for term, passage, column, place in connection.execute("SELECT term, doc, col, offset FROM temp.spoken"):
            found.setdefault(int(passage), []).append((str(column), str(term), int(place)))
        return {passage: tuple(sorted(terms)) for passage, terms in found.items()}
    finally:
        connection.execute("DROP TABLE temp.spoken")
