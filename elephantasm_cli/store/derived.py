"""Memories, lessons, knowledge and identity: one set of verbs over the four tables.

Every write goes through `DerivedRows.create` or `DerivedRows.change`, which write the row, its passages, one
transformation and its lineage together. There is no other way in, which is what lets the log rebuild the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import ConflictError
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.store.changes import Change, Provenance
from elephantasm_cli.store.rows import TABLES, Table, decode, encode, quoted
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store


class DerivedRows:
    """Reads and writes the derived layers as plain dicts whose keys are the columns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def find(self, layer: Layer, item_id: str) -> dict[str, Any] | None:
        """The live row with this full id."""
        return self.many(layer, [item_id]).get(item_id)

    def many(self, layer: Layer, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The live rows with these ids, by id."""
        table = TABLES[layer]
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            marks = ", ".join("?" * len(part))
            for row in self._connection.execute(
                f"SELECT {quoted(table.all_columns)} FROM {table.name} WHERE is_deleted = 0 AND id IN ({marks})", part
            ):
                found[row["id"]] = decode(row, table.json_columns)
        return found

    def listed(
        self, layer: Layer, *, states: Sequence[str] | None = None, newest_first: bool = False, limit: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """Live rows in the order they were made (or newest first), of ``states`` only where given."""
        table = TABLES[layer]
        conditions, values = ["r.is_deleted = 0"], list[Any]()
        if states is not None and "state" in table.columns:
            conditions.append(f"r.state IN ({', '.join('?' * len(states))})")
            values += states
        direction = "DESC" if newest_first else "ASC"
        columns = ", ".join(f'r."{column}"' for column in table.all_columns)
        sql = (
            f"SELECT {columns} FROM {table.name} r WHERE {' AND '.join(conditions)} ORDER BY "
            f"(SELECT min(t.seq) FROM transformations t WHERE t.target_id = r.id) {direction}, r.id {direction}"
        )
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        for row in self._connection.execute(sql, values):
            yield decode(row, table.json_columns)

    def current_identity(self, as_of: str | None = None) -> dict[str, Any] | None:
        """The newest identity version; with ``as_of`` (stored time) the newest made of what had happened by then."""
        table = TABLES[Layer.IDENTITY]
        row = self._connection.execute(
            f"SELECT {quoted(table.all_columns)} FROM identity WHERE is_deleted = 0 "
            "AND (:as_of IS NULL OR json_extract(metadata, '$.clock') <= :as_of) ORDER BY version DESC LIMIT 1",
            {"as_of": as_of},
        ).fetchone()
        return decode(row, table.json_columns) if row else None

    def next_version(self) -> int:
        """The number of the next identity version, above all there ever were."""
        return int(self._connection.execute("SELECT ifnull(max(version), 0) + 1 FROM identity").fetchone()[0])

    def newest_memory_time(self) -> str | None:
        """When the last thing happened that was reflected on: it moves with a dream, not with each event."""
        row = self._connection.execute("SELECT max(time_end) FROM memories WHERE is_deleted = 0").fetchone()
        return None if row[0] is None else str(row[0])

    def counts(self) -> dict[str, dict[str, int]]:
        """Live rows per layer and state (identity: state "active" for all versions)."""
        found: dict[str, dict[str, int]] = {}
        for layer, table in TABLES.items():
            state = "state" if "state" in table.columns else "'active'"
            found[layer.value] = {
                str(row[0]): int(row[1])
                for row in self._connection.execute(
                    f"SELECT {state}, count(*) FROM {table.name} WHERE is_deleted = 0 GROUP BY 1 ORDER BY 1"
                )
            }
        return found

    def any_state(self, layer: Layer, item_id: str) -> dict[str, Any] | None:
        """The row with this full id, also a rejected or undone one; None where there is none, or it was forgotten."""
        table = TABLES[layer]
        row = self._connection.execute(
            f"SELECT {quoted(table.all_columns)} FROM {table.name} WHERE id = ?", (item_id,)
        ).fetchone()
        return decode(row, table.json_columns) if row else None

    def updated_at(self, layer: Layer, item_id: str) -> str:
        """The version of a row that is there, withdrawn or not."""
        return str(self._stored(TABLES[layer], item_id)["updated_at"])

    def superseded_by(self, layer: Layer, item_id: str) -> list[str]:
        """The rows of ``layer``, withdrawn ones too, that point to this one as their successor, by id."""
        return [
            str(row[0])
            for row in self._connection.execute(
                f"SELECT id FROM {TABLES[layer].name} WHERE superseded_by = ? ORDER BY id",
                (item_id,),
            )
        ]

    def exists(self, layer: Layer, item_id: str) -> bool:
        """Whether this id was ever made, whatever became of the row."""
        return (
            self._connection.execute(f"SELECT 1 FROM {TABLES[layer].name} WHERE id = ?", (item_id,)).fetchone()
            is not None
        )

    def create(self, change: Change, provenance: Provenance) -> bool:
        """Write a new row; False, and nothing written, where the id exists already (also archived or undone)."""
        if self.exists(change.layer, change.target_id):
            return False
        table = TABLES[change.layer]
        now = utc_now()
        row = {"metadata": {}, "is_deleted": False, **change.values}
        row |= {"id": change.target_id, "created_at": now, "updated_at": now}
        marks = ", ".join("?" * len(table.all_columns))
        self._connection.execute(
            f"INSERT INTO {table.name} ({quoted(table.all_columns)}) VALUES ({marks})", encode(table, row)
        )
        after = self._stored(table, change.target_id)
        self._store.log.record(change, provenance, before=None, after=after)
        self._store.new_derived.add(change.target_id)
        self._store.passages.replace_item(
            change.layer, change.target_id, table.text_of(after), after[table.date_column]
        )
        return True

    def change(self, change: Change, provenance: Provenance) -> bool:
        """Change a row; False where nothing would change.

        Raises ConflictError if the row is not at the expected version any more, or gone.
        """
        table = TABLES[change.layer]
        before = self._stored(table, change.target_id)
        if change.expected_updated_at is not None and before["updated_at"] != change.expected_updated_at:
            raise ConflictError(f"{change.target_id} changed while it was being worked on: run the command again")
        after = {**before, **change.values}
        if after == before:
            return False
        after["updated_at"] = max(utc_now(), before["updated_at"])
        self._connection.execute(
            f"UPDATE {table.name} SET ({quoted(table.all_columns)}) = ({', '.join('?' * len(table.all_columns))}) "
            "WHERE id = ?",
            (*encode(table, after), change.target_id),
        )
        after = self._stored(table, change.target_id)
        self._store.log.record(change, provenance, before=before, after=after)
        if after["is_deleted"]:
            self._store.passages.remove_item(change.target_id)
        elif before["is_deleted"] or _indexed(table, before) != _indexed(table, after):
            self._store.passages.replace_item(
                change.layer, change.target_id, table.text_of(after), after[table.date_column]
            )
        return True

    def recheck(self, versions: dict[str, tuple[Layer, str]]) -> None:
        """Raise ConflictError unless each id is still live and at the ``updated_at`` given."""
        for item_id, (layer, updated_at) in versions.items():
            row = self.find(layer, item_id)
            if row is None or row["updated_at"] != updated_at:
                raise ConflictError(f"{item_id} changed while it was being worked on: run the command again")

    def _stored(self, table: Table, item_id: str) -> dict[str, Any]:
        row = self._connection.execute(
            f"SELECT {quoted(table.all_columns)} FROM {table.name} WHERE id = ?", (item_id,)
        ).fetchone()
        if row is None:
            raise ConflictError(f"{item_id} is not there any more: run the command again")
        return decode(row, table.json_columns)


def _indexed(table: Table, row: dict[str, Any]) -> tuple[str, str]:
    """What the indexes hold of a row: its words and its date."""
    return table.text_of(row), str(row[table.date_column])
