"""Proof that nothing was lost, invented or altered: the log, folded over the events, gives the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from elephantasm_cli.lineage.chains import INVALID, check_events, check_log, edge_fits, parsed
from elephantasm_cli.lineage.faults import Fault, VerifyReport
from elephantasm_cli.lineage.force import Force
from elephantasm_cli.store.connection import SqliteError, connect_memory
from elephantasm_cli.store.migrate import apply_schema
from elephantasm_cli.store.rows import TABLES, Table, encode, quoted
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.connection import Connection
    from elephantasm_cli.store.store import Store


UNKNOWN = object()
"""The state of a row after an entry whose words were forgotten."""


def verify(store: Store) -> VerifyReport:
    """Run every check on one state of the file; it changes nothing."""
    report = VerifyReport()
    checks = {
        "database": check_database,
        "events": check_events,
        "log": check_log,
        "fold": check_fold,
        "lineage": check_lineage,
        "index": check_index,
    }
    with store.snapshot():
        for name, check in checks.items():
            count = 0
            for found in check(store):
                if isinstance(found, Fault):
                    report.faults.append(found)
                else:
                    count += found
            report.checked[name] = count
    return report


def check_database(store: Store) -> Iterator[Fault | int]:
    """SQLite's own integrity and foreign-key checks."""
    for row in store.connection.execute("PRAGMA integrity_check"):
        yield Fault("database", store.path.name, str(row[0])) if row[0] != "ok" else 1
    for row in store.connection.execute("PRAGMA foreign_key_check"):
        yield Fault("database", f"{row[0]} row {row[1]}", f"points to a missing row of {row[2]}")


def fold(store: Store) -> tuple[Connection, list[Fault]]:
    """The log folded into fresh tables (in memory), and what did not fit on the way. The caller closes it."""
    fresh = connect_memory()
    apply_schema(fresh)
    fresh.execute("PRAGMA foreign_keys = OFF")
    faults: list[Fault] = []
    state: dict[str, Any] = {}
    for row in store.log.raw():
        if row["target_type"] == Layer.EVENT or row["target_type"] not in list(Layer):
            continue  # an event is forgotten, or the entry itself is a fault of the log
        item_id, table = row["target_id"], TABLES[Layer(row["target_type"])]
        before, after = parsed(row["before"]), parsed(row["after"])
        known = state.get(item_id)
        if row["salt"] and known is not UNKNOWN and before != known:
            faults.append(Fault("fold", row["id"], f"its snapshot before is not the state {item_id} was in"))
        fresh.execute(f"DELETE FROM {table.name} WHERE id = ?", (item_id,))
        state[item_id] = after if row["salt"] and after is not INVALID else UNKNOWN
        if isinstance(after, dict):
            try:
                fresh.execute(
                    f"INSERT INTO {table.name} ({quoted(table.all_columns)}) "
                    f"VALUES ({', '.join('?' * len(table.all_columns))})",
                    encode(table, after),
                )
            except (KeyError, TypeError, ValueError, SqliteError) as error:
                faults.append(Fault("fold", row["id"], f"its snapshot after is no row of {table.name}: {error}"))
    return fresh, faults


def check_fold(store: Store) -> Iterator[Fault | int]:
    """Every derived row equals, column for column, what the log makes of it."""
    fresh, faults = fold(store)
    try:
        yield from faults
        for table in TABLES.values():
            made, kept = _stored_rows(fresh, table), _stored_rows(store.connection, table)
            for item_id in sorted(made.keys() | kept.keys()):
                if item_id not in kept:
                    yield Fault("fold", item_id, "the log makes it, the table has lost it")
                elif item_id not in made:
                    yield Fault("fold", item_id, "the table has it, the log knows nothing of it")
                elif made[item_id] != kept[item_id]:
                    columns = [
                        c for c, a, b in zip(table.all_columns, made[item_id], kept[item_id], strict=True) if a != b
                    ]
                    yield Fault("fold", item_id, f"differs from the log in {', '.join(columns)}")
                yield 1
    finally:
        fresh.close()


def _stored_rows(connection: Connection, table: Table) -> dict[str, tuple[Any, ...]]:
    rows = connection.execute(f"SELECT {quoted(table.all_columns)} FROM {table.name}")
    return {row["id"]: tuple(row) for row in rows}


def check_lineage(store: Store) -> Iterator[Fault | int]:
    """Every live derived row reaches an event, and no edge dangles."""
    connection = store.connection
    known = {row[0] for row in connection.execute("SELECT id FROM events")}
    for table in TABLES.values():
        known |= {row[0] for row in connection.execute(f"SELECT id FROM {table.name}")}
    forgotten = store.erasure.forgotten()
    known |= forgotten.keys()
    force = Force(store.log.undoers())
    acts = {row["id"]: row for row in store.log.raw()}
    last = 0
    for row in connection.execute("SELECT * FROM lineage ORDER BY id"):
        if row["id"] > last + 1:
            others = f"and those up to {row['id'] - 1} are" if row["id"] > last + 2 else "is"
            yield Fault("lineage", f"edge {last + 1}", f"edge {last + 1} {others} gone")
        last = row["id"]
        act = acts.get(row["transformation_id"])
        if row["id"] < 1 or act is None or not edge_fits(row, act):
            yield Fault("lineage", row["transformation_id"], f"edge {row['id']} is not as its act made it")
        made = act["seq"] if act else 0
        lost = any(forgotten.get(row[end], 0) > made for end in ("source_id", "target_id"))
        counts = force(row["transformation_id"]) and not lost
        if bool(row["is_deleted"]) == counts:
            yield Fault("lineage", row["transformation_id"], "an edge does not follow what was undone")
        for end in (row["source_id"], row["target_id"]):
            if end not in known:
                yield Fault("lineage", row["transformation_id"], f"an edge points to {end}, which does not exist")
    for table in TABLES.values():
        for (item_id,) in connection.execute(f"SELECT id FROM {table.name} WHERE is_deleted = 0").fetchall():
            if not store.log.reaches_event(item_id):
                yield Fault("lineage", item_id, "rests on no event")
            yield 1


def check_index(store: Store) -> Iterator[Fault | int]:
    """Every live item has its passages, every passage its full text, every vector its passage and quantised copy."""
    connection = store.connection
    covered = {row[0] for row in connection.execute("SELECT DISTINCT item_id FROM passages")}
    expected = {item_id for _, item_id in store.passages.expected_items()}
    advice = "run `elephantasm reindex`"
    for item_id in sorted(expected - covered):
        yield Fault("index", item_id, f"has no passage: {advice}")
    for item_id in sorted(covered - expected):
        yield Fault("index", item_id, f"has passages but is not there: {advice}")
    passages = {row[0] for row in connection.execute("SELECT id FROM passages")}
    full_text = {row[0] for row in connection.execute("SELECT id FROM passages_fts_docsize")}
    vectors = {row[0] for row in connection.execute("SELECT passage_id FROM embeddings")}
    store.enable_vectors()
    quantised = {row[0] for row in connection.execute("SELECT passage_id FROM passages_vec")}
    if passages != full_text:
        yield Fault("index", "passages_fts", f"{len(passages ^ full_text)} rows differ from the passages: {advice}")
    if vectors != quantised:
        yield Fault("index", "passages_vec", f"{len(vectors ^ quantised)} rows differ from the embeddings: {advice}")
    yield len(passages)
