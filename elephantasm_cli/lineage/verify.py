"""Proof that nothing was lost, invented or altered: the log, folded over the events, gives the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from elephantasm_cli.ids import sha256_text
from elephantasm_cli.lineage.force import Force
from elephantasm_cli.store.connection import connect_memory
from elephantasm_cli.store.events import CHAIN_START, link, row_hash
from elephantasm_cli.store.log import chained_hash, snapshot_hash, statement_hash
from elephantasm_cli.store.migrate import apply_schema
from elephantasm_cli.store.rows import TABLES, Table, encode, quoted
from elephantasm_cli.vocabulary import Layer, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.store.connection import Connection
    from elephantasm_cli.store.store import Store


UNKNOWN = object()
"""The state of a row after an entry whose words were forgotten."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not add up: which check found it, in which row, and what is wrong."""

    check: str
    item: str
    message: str


@dataclass(slots=True)
class VerifyReport:
    """What was checked (how many rows per check), the faults found, and the file that was rebuilt, if one was."""

    checked: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rebuilt: str | None = None

    @property
    def ok(self) -> bool:
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "checked": self.checked,
            "rebuilt": self.rebuilt,
            "faults": [{"check": f.check, "item": f.item, "message": f.message} for f in self.faults],
        }


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


def check_events(store: Store) -> Iterator[Fault | int]:
    """Every event's words, row hash and place in the chain."""
    chain = CHAIN_START
    forgotten = store.erasure.forgotten()
    for row in store.events.chain_rows():
        if not row["salt"] and (row["id"] not in forgotten or row["content"] or not row["is_deleted"]):
            yield Fault("events", row["id"], "its words are gone, and no act has forgotten it")
        elif row["salt"]:
            if sha256_text(row["content"]) != row["content_sha256"]:
                yield Fault("events", row["id"], "its content is not what was ingested")
            elif row_hash(row) != row["row_sha256"]:
                yield Fault("events", row["id"], "one of its columns is not what was ingested")
        chain = link(chain, row["row_sha256"])
        if chain != row["chain_sha256"]:
            yield Fault("events", row["id"], "the chain breaks here: a row before it was changed, added or removed")
            chain = row["chain_sha256"]
        yield 1


def check_log(store: Store) -> Iterator[Fault | int]:
    """Every transformation's hashes and place in the chain."""
    chain = CHAIN_START
    edges = store.log.raw_edges()
    forgetting = {row["act_id"] for row in store.log.raw() if row["transformation_type"] == TransformationType.FORGET}
    for row in store.log.raw():
        if not row["salt"] and json.loads(row["metadata"]).get("forgotten_by") not in forgetting:
            yield Fault("log", row["id"], "its words are gone, and no act has forgotten it")
        elif row["salt"]:
            before = None if row["before"] is None else json.loads(row["before"])
            after = None if row["after"] is None else json.loads(row["after"])
            said = statement_hash(
                row["salt"], after, row["reasoning"], json.loads(row["parameters"]), edges.get(row["id"], [])
            )
            if snapshot_hash(row["salt"], before) != row["before_sha256"] or said != row["after_sha256"]:
                yield Fault("log", row["id"], "what it says is not what was logged")
        chain = link(chain, chained_hash(row))
        if chain != row["chain_sha256"]:
            yield Fault("log", row["id"], "the chain breaks here: an entry before it was changed, added or removed")
            chain = row["chain_sha256"]
        yield 1


def fold(store: Store) -> tuple[Connection, list[Fault]]:
    """The log folded into fresh tables (in memory), and what did not fit on the way. The caller closes it."""
    fresh = connect_memory()
    apply_schema(fresh)
    fresh.execute("PRAGMA foreign_keys = OFF")
    faults: list[Fault] = []
    state: dict[str, Any] = {}
    for row in store.log.raw():
        if row["target_type"] == Layer.EVENT:
            continue
        table = TABLES[Layer(row["target_type"])]
        if not row["salt"]:
            fresh.execute(f"DELETE FROM {table.name} WHERE id = ?", (row["target_id"],))
            state[row["target_id"]] = UNKNOWN
            continue
        before = None if row["before"] is None else json.loads(row["before"])
        after = None if row["after"] is None else json.loads(row["after"])
        known = state.get(row["target_id"])
        if known is not UNKNOWN and before != known:
            faults.append(Fault("fold", row["id"], f"its snapshot before is not the state {row['target_id']} was in"))
        fresh.execute(f"DELETE FROM {table.name} WHERE id = ?", (row["target_id"],))
        if after is not None:
            fresh.execute(
                f"INSERT INTO {table.name} ({quoted(table.all_columns)}) "
                f"VALUES ({', '.join('?' * len(table.all_columns))})",
                encode(table, after),
            )
        state[row["target_id"]] = after
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
    known |= forgotten
    force = Force(store.log.undoers())
    for row in connection.execute("SELECT transformation_id, source_id, target_id, is_deleted FROM lineage"):
        counts = force(row["transformation_id"]) and not {row["source_id"], row["target_id"]} & forgotten
        if bool(row["is_deleted"]) == counts:
            yield Fault(
                "lineage", row["transformation_id"], "an edge counts where the act is undone, or does not where not"
            )
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
