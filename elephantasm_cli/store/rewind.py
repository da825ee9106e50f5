"""Taking a copy of a file back to what was known at a time: the log, the events and all that hangs on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elephantasm_cli.store.connection import connect_memory
from elephantasm_cli.store.rows import TABLES, encode, quoted
from elephantasm_cli.store.store import Store
from elephantasm_cli.store.tips import note_tips
from elephantasm_cli.vocabulary import Layer, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.store.connection import Connection

NEVER = 1 << 62


def copy_in_memory(store: Store) -> Store:
    """The whole file in memory, on a connection of its own; the caller closes it."""
    connection = connect_memory()
    store.connection.backup(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    return Store(connection, store.path, read_only=False)


def rewind(store: Store, until: str, in_force: Callable[[dict[str, list[str]]], Callable[[str], bool]]) -> int:
    """Take ``store``, a copy, back to ``until`` (stored time, inclusive), and return how many rows changed with it.

    An act that was not finished by then had not happened. ``in_force`` makes of who undoes what an answer to which
    transformations count. What has been forgotten since is not there either: nothing brings it back.
    """
    connection = store.connection
    store.enable_vectors()
    with store.transaction():
        first_event = _first(connection, "SELECT min(seq) FROM events WHERE recorded_at > ?", until)
        first_entry = _first(
            connection,
            "SELECT min(seq) FROM transformations WHERE act_id IN "
            "(SELECT act_id FROM transformations GROUP BY act_id HAVING max(created_at) > ?)",
            until,
        )
        changed = _rewind_rows(store, first_entry)
        connection.execute(
            "DELETE FROM lineage WHERE transformation_id IN (SELECT id FROM transformations WHERE seq >= ?)",
            (first_entry,),
        )
        connection.execute("DELETE FROM transformations WHERE seq >= ?", (first_entry,))
        later = connection.execute("SELECT id FROM events WHERE seq >= ? AND is_deleted = 0", (first_event,)).fetchall()
        for (event_id,) in later:
            store.passages.remove_item(event_id)
        connection.execute("DELETE FROM events WHERE seq >= ?", (first_event,))
        note_tips(connection)
        _rewind_records(connection, until)
        _rewind_edges(store, in_force(store.log.undoers()))
    return changed


def _first(connection: Connection, sql: str, until: str) -> int:
    found = connection.execute(sql, (until,)).fetchone()[0]
    return NEVER if found is None else int(found)


def _rewind_rows(store: Store, first: int) -> int:
    """Put every row that an entry from ``first`` on touched into the state before it."""
    touched = store.connection.execute(
        "SELECT target_id, target_type FROM transformations WHERE seq >= ? AND target_type != ? "
        "GROUP BY target_id ORDER BY target_id",
        (first, Layer.EVENT.value),
    ).fetchall()
    for item_id, name in touched:
        layer = Layer(name)
        table = TABLES[layer]
        row = store.derived.any_state(layer, item_id)
        if row is None:
            continue
        then = _state_before(store, item_id, first)
        store.connection.execute(f"DELETE FROM {table.name} WHERE id = ?", (item_id,))
        if then is not None:
            store.connection.execute(
                f"INSERT INTO {table.name} ({quoted(table.all_columns)}) "
                f"VALUES ({', '.join('?' * len(table.all_columns))})",
                encode(table, then),
            )
        if then is None or then["is_deleted"]:
            store.passages.remove_item(item_id)
        elif row["is_deleted"] or table.text_of(row) != table.text_of(then):
            store.passages.replace_item(layer, item_id, table.text_of(then), then[table.date_column])
    for table in TABLES.values():
        if "superseded_by" in table.columns:  # what took its place may be forgotten by now
            store.connection.execute(
                f"UPDATE {table.name} SET superseded_by = NULL WHERE superseded_by NOT IN (SELECT id FROM {table.name})"
            )
    return len(touched)


def _state_before(store: Store, item_id: str, first: int) -> dict[str, Any] | None:
    """The row before entry ``first``: what the next entry says it was, else what the last one made of it."""
    entries = store.connection.execute(
        "SELECT seq, transformation_type, before, after, salt FROM transformations WHERE target_id = ? ORDER BY seq",
        (item_id,),
    ).fetchall()
    earlier = [entry for entry in entries if entry["seq"] < first]
    if not earlier:
        return None
    following = next(entry for entry in entries if entry["seq"] >= first)
    if following["salt"] and following["transformation_type"] != TransformationType.FORGET:
        return None if following["before"] is None else dict(json.loads(following["before"]))
    if earlier[-1]["salt"]:
        return dict(json.loads(earlier[-1]["after"]))
    return None


def _rewind_records(connection: Connection, until: str) -> None:
    """Dreams, accesses, packs and tombstones that came later."""
    connection.execute("DELETE FROM accesses WHERE at > ?", (until,))
    later = "(SELECT id FROM dreams WHERE started_at > ?)"
    connection.execute(f"UPDATE accesses SET dream_id = NULL WHERE dream_id IN {later}", (until,))
    connection.execute(f"DELETE FROM dream_jobs WHERE dream_id IN {later}", (until,))
    connection.execute("DELETE FROM dreams WHERE started_at > ?", (until,))
    connection.execute("DELETE FROM memory_packs WHERE created_at > ?", (until,))
    connection.execute("DELETE FROM tombstones WHERE created_at > ?", (until,))


def _rewind_edges(store: Store, in_force: Callable[[str], bool]) -> None:
    """Edges count where their act was in force then."""
    rows = store.connection.execute("SELECT DISTINCT transformation_id, is_deleted FROM lineage").fetchall()
    for transformation_id, is_deleted in rows:
        if bool(is_deleted) == in_force(transformation_id):
            store.log.retract(transformation_id, retracted=not in_force(transformation_id))
