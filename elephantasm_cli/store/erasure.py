"""Erasing for good: rows, snapshots, indexes and pages, so that nothing of the words is left in the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from elephantasm_cli.ids import canonical_json
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import CONTEXT_SUPPORT, Layer, TombstoneReason

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

EVERYWHERE = {
    "dreams": ("options", "models", "budget_used", "error", "metadata"),
    "dream_jobs": ("error", "metadata"),
    "checkpoints": ("metadata",),
}
"""Columns outside of the layers and the log that may hold words of what was said."""


class Erasure:
    """The verbs of forgetting. Callers open the transactions, but for `checkpoint` and `vacuum`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def sources(self) -> dict[str, set[str]]:
        """What every derived item rests on: by the edges that count, else by those that did once. What a memory only
        goes on from is not what it was made of."""
        counting: dict[str, set[str]] = {}
        retracted: dict[str, set[str]] = {}
        for source, target, is_deleted in self._connection.execute(
            "SELECT source_id, target_id, is_deleted FROM lineage WHERE weight > ? ORDER BY id", (CONTEXT_SUPPORT,)
        ):
            (retracted if is_deleted else counting).setdefault(str(target), set()).add(str(source))
        return {**retracted, **counting}

    def contexts(self) -> dict[str, set[str]]:
        """What every memory only goes on from, and quotes behind its own words."""
        found: dict[str, set[str]] = {}
        for source, target in self._connection.execute(
            "SELECT source_id, target_id FROM lineage WHERE weight > 0 AND weight <= ? ORDER BY id", (CONTEXT_SUPPORT,)
        ):
            found.setdefault(str(target), set()).add(str(source))
        return found

    def rows(self, layer: Layer) -> Iterator[dict[str, Any]]:
        """Every row of a derived layer, withdrawn ones too."""
        from elephantasm_cli.store.rows import decode

        table = TABLES[layer]
        for row in self._connection.execute(f"SELECT * FROM {table.name} ORDER BY id").fetchall():
            yield decode(row, table.json_columns)

    def erase_event(self, event_id: str) -> None:
        """Leave of an event its place and hashes alone, and index its successor without it."""
        following = self._connection.execute(
            "SELECT n.* FROM events e JOIN events n ON n.session_id = e.session_id AND n.seq > e.seq "
            "WHERE e.id = ? AND n.is_deleted = 0 ORDER BY n.seq LIMIT 1",
            (event_id,),
        ).fetchone()
        self._store.passages.remove_item(event_id)
        self._connection.execute(
            "UPDATE events SET session_id = '', role = '', author = '', content = '', content_sha256 = '', salt = '', "
            "occurred_at = recorded_at, source = '', dedupe_key = 'forgotten:' || id, token_count = 0, "
            "metadata = '{}', event_type = 'observation', trust = 'import', is_deleted = 1 WHERE id = ?",
            (event_id,),
        )
        if following is not None:
            self._store.passages.index_again(dict(following))

    def erase_row(self, layer: Layer, item_id: str) -> None:
        """Delete a derived row, its indexes, the tombstones over it (but for the hash) and what was counted of it."""
        self._store.passages.remove_item(item_id)
        self._connection.execute(f"DELETE FROM {TABLES[layer].name} WHERE id = ?", (item_id,))
        self._connection.execute("DELETE FROM accesses WHERE item_id = ?", (item_id,))
        self._connection.execute(
            "UPDATE tombstones SET reason = ?, embedding = NULL, updated_at = ? "
            "WHERE json_extract(metadata, '$.item') = ? AND reason != ?",
            (TombstoneReason.FORGET.value, utc_now(), item_id, TombstoneReason.FORGET.value),
        )

    def entries(self) -> Iterator[dict[str, Any]]:
        """What every entry of the log says and of what, snapshots parsed; blanked ones are left out."""
        for row in self._connection.execute(
            "SELECT id, target_id, target_type, before, after, reasoning, parameters FROM transformations "
            "WHERE salt != '' ORDER BY seq"
        ):
            yield {
                **dict(row),
                "before": None if row["before"] is None else json.loads(row["before"]),
                "after": None if row["after"] is None else json.loads(row["after"]),
                "parameters": json.loads(row["parameters"]),
            }

    def blank_entry(self, transformation_id: str, forgotten_by: str) -> None:
        """Take the words of a log entry and its salt; its hashes stay, and the name of the act that forgot it."""
        self._connection.execute(
            "UPDATE transformations SET before = NULL, after = NULL, reasoning = '', parameters = '{}', salt = '', "
            "metadata = ? WHERE id = ?",
            (canonical_json({"forgotten_by": forgotten_by}), transformation_id),
        )

    def retract_edges(self, item_ids: Iterable[str]) -> None:
        """Edges from or to what was forgotten count no more."""
        self._connection.executemany(
            "UPDATE lineage SET is_deleted = 1 WHERE source_id = :id OR target_id = :id",
            [{"id": item_id} for item_id in item_ids],
        )

    def latest_is_blank(self, item_id: str) -> bool:
        """Whether the last entry of a row has lost its words, so that the log cannot rebuild it."""
        row = self._connection.execute(
            "SELECT salt FROM transformations WHERE target_id = ? ORDER BY seq DESC LIMIT 1", (item_id,)
        ).fetchone()
        return row is not None and row[0] == ""

    def delete_packs(self, tells: Callable[[Mapping[str, Any]], bool]) -> list[str]:
        """Delete the saved packs that ``tells`` is true of and return their ids."""
        gone = [row["id"] for row in self._store.packs.listed() if tells(row)]
        self._connection.executemany("DELETE FROM memory_packs WHERE id = ?", [(pack_id,) for pack_id in gone])
        return gone

    def clean_everywhere(self, leaks: Callable[[Any], bool]) -> int:
        """Take what ``leaks`` is true of out of dreams, their jobs and checkpoints; returns how many rows changed."""
        changed = 0
        for table, columns in EVERYWHERE.items():
            for row in self._connection.execute(f"SELECT rowid AS place, * FROM {table}").fetchall():
                values = {column: self._cleaned(column, row[column], leaks) for column in columns if row[column]}
                values = {column: value for column, value in values.items() if value != row[column]}
                if values:
                    assignments = ", ".join(f"{column} = ?" for column in values)
                    self._connection.execute(
                        f"UPDATE {table} SET {assignments} WHERE rowid = ?", (*values.values(), row["place"])
                    )
                    changed += 1
        return changed

    def _cleaned(self, column: str, text: str, leaks: Callable[[Any], bool]) -> str | None:
        if column == "error":
            return None if leaks(text) else text
        value = json.loads(text)
        kept = without(value, leaks)
        return text if kept == value else canonical_json(kept)

    def compact(self) -> None:
        """Write the indexes anew without what was deleted from them."""
        self._connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
        self._store.vectors.rebuild()

    def checkpoint(self) -> bool:
        """Bring the write-ahead log into the file and empty it; False where a reader holds it."""
        patience = self._connection.execute("PRAGMA busy_timeout").fetchone()[0]
        self._connection.execute("PRAGMA busy_timeout = 100")
        try:
            return int(self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]) == 0
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {int(patience)}")

    def vacuum(self) -> None:
        """Write the whole file anew, and the bit vectors after it: vec0's tables do not outlive a change of row ids."""
        self._store.enable_vectors()
        self._connection.execute("VACUUM")
        with self._store.transaction():
            self._store.vectors.rebuild()

    def schema(self) -> list[str]:
        """The SQL that every file of this version holds."""
        return [str(row[0]) for row in self._connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")]

    def values(self) -> Iterator[tuple[str, Any]]:
        """Every text in every table, as (table, value), JSON parsed."""
        tables = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' "
            "AND name NOT LIKE 'passages_%' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            for row in self._connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, str):
                        yield str(table), json.loads(value) if value[:1] in ("{", "[") and _is_json(value) else value

    def forgotten(self) -> dict[str, int]:
        """The items that an act has forgotten, each with the number of the log entry that says so.

        A row of the same id may have been made since: what is older than the entry is gone, what is younger is not.
        """
        return {
            str(row[0]): int(row[1])
            for row in self._connection.execute(
                "SELECT target_id, max(seq) FROM transformations WHERE transformation_type = 'forget' "
                "AND after IS NULL AND salt != '' GROUP BY target_id"
            )
        }


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def without(value: Any, leaks: Callable[[Any], bool]) -> Any:
    """Plain values without the parts of them that leak; a list loses the entry, an object the field."""
    if isinstance(value, dict):
        return {key: without(inner, leaks) for key, inner in value.items() if not (leaks(key) or _is_bad(inner, leaks))}
    if isinstance(value, list):
        return [without(inner, leaks) for inner in value if not leaks(inner)]
    return value


def _is_bad(value: Any, leaks: Callable[[Any], bool]) -> bool:
    return isinstance(value, str) and leaks(value)


def without_sessions(row: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    """The metadata of a derived row without the sessions that are ``gone``."""
    metadata = dict(row["metadata"])
    if isinstance(metadata.get("sessions"), list):
        metadata["sessions"] = [session for session in metadata["sessions"] if session not in gone]
    return metadata
