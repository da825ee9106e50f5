"""The edges of the lineage: what rests on what, by which transformation. An edge that is retracted supports nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elephantasm_cli.store.connection import Connection
    from elephantasm_cli.store.store import Store
    from elephantasm_cli.vocabulary import Layer

REACHES_EVENT = """
WITH RECURSIVE up (id, type) AS (
  SELECT source_id, source_type FROM lineage WHERE target_id = :id AND weight > 0 AND is_deleted = 0
  UNION
  SELECT l.source_id, l.source_type FROM lineage l JOIN up ON l.target_id = up.id AND up.type != 'event'
  WHERE l.weight > 0 AND l.is_deleted = 0
)
SELECT 1 FROM up JOIN events e ON e.id = up.id WHERE up.type = 'event' AND e.is_deleted = 0 LIMIT 1
"""
RESTING_ON = """
WITH RECURSIVE same (id) AS (
  SELECT :id
  UNION
  SELECT m.id FROM same CROSS JOIN memories m ON m.superseded_by = same.id WHERE m.valid_to IS NULL AND m.is_deleted = 0
)
SELECT l.target_type, l.target_id FROM same CROSS JOIN lineage l ON l.source_id = same.id
WHERE l.weight > 0 AND l.is_deleted = 0 AND l.target_type IN ('lesson', 'knowledge')
GROUP BY l.target_id ORDER BY min(l.id)
"""
"""CROSS JOIN keeps the order of the tables: the planner would read all of lineage."""


class Edges:
    """Reads of table `lineage`, and the one change an edge may see."""

    _store: Store
    _connection: Connection

    def reaches_event(self, item_id: str) -> bool:
        """Whether a path of lineage leads from this derived row to an event."""
        return self._connection.execute(REACHES_EVENT, {"id": item_id}).fetchone() is not None

    def resting_entries(self, item_id: str) -> list[str]:
        """The ids of the transformations that cite this item, oldest first, also those that are undone."""
        return [
            str(row[0])
            for row in self._connection.execute(
                "SELECT transformation_id FROM lineage WHERE source_id = ? GROUP BY transformation_id ORDER BY min(id)",
                (item_id,),
            )
        ]

    def retract(self, transformation_id: str, *, retracted: bool = True) -> None:
        """Let the edges of a transformation count no more, or again where nothing at their ends was forgotten."""
        self._connection.execute(
            "UPDATE lineage SET is_deleted = ? WHERE transformation_id = ?", (int(retracted), transformation_id)
        )
        if not retracted:
            forgotten = self._store.erasure.forgotten()
            rows = self._connection.execute(
                "SELECT l.id, l.source_id, l.target_id, t.seq FROM lineage l "
                "JOIN transformations t ON t.id = l.transformation_id WHERE t.id = ?",
                (transformation_id,),
            ).fetchall()
            lost = [
                (row["id"],)
                for row in rows
                if any(forgotten.get(row[end], 0) > row["seq"] for end in ("source_id", "target_id"))
            ]
            self._connection.executemany("UPDATE lineage SET is_deleted = 1 WHERE id = ?", lost)

    def edges_from(self, item_id: str) -> list[dict[str, Any]]:
        """Edges by which this item supports another: what came of it, in log order."""
        return [
            dict(row)
            for row in self._connection.execute(
                "SELECT l.*, t.seq FROM lineage l JOIN transformations t ON t.id = l.transformation_id "
                "WHERE l.source_id = ? AND l.weight > 0 AND l.is_deleted = 0 ORDER BY t.seq, l.id",
                (item_id,),
            )
        ]

    def sources_of(self, item_id: str) -> list[dict[str, Any]]:
        """Edges by which another supports this item: what it rests on, in log order."""
        return [
            dict(row)
            for row in self._connection.execute(
                "SELECT l.*, t.seq FROM lineage l JOIN transformations t ON t.id = l.transformation_id "
                "WHERE l.target_id = ? AND l.weight > 0 AND l.is_deleted = 0 ORDER BY t.seq, l.id",
                (item_id,),
            )
        ]

    def resting_on(self, item_id: str) -> list[tuple[str, str]]:
        """(layer, id) of the lessons and knowledge that rest on this item or a memory merged into it, in log order."""
        return [(str(row[0]), str(row[1])) for row in self._connection.execute(RESTING_ON, {"id": item_id})]

    def supporting(self, item_ids: Sequence[str]) -> set[str]:
        """The ids of all that supports one of these items."""
        found: set[str] = set()
        for start in range(0, len(item_ids), 500):
            part = item_ids[start : start + 500]
            found |= {
                str(row[0])
                for row in self._connection.execute(
                    "SELECT DISTINCT source_id FROM lineage WHERE weight > 0 AND is_deleted = 0 "
                    f"AND target_id IN ({', '.join('?' * len(part))})",
                    part,
                )
            }
        return found

    def borne_out_by(self, item_ids: Sequence[str], layer: Layer, *, more_than: float) -> set[str]:
        """The items of ``layer`` that rest on one of at most 500 others by an edge of ``more_than`` that weight."""
        return {
            str(row[0])
            for row in self._connection.execute(
                "SELECT DISTINCT target_id FROM lineage WHERE target_type = ? AND weight > ? AND is_deleted = 0 "
                f"AND source_id IN ({', '.join('?' * len(item_ids))})",
                (layer.value, more_than, *item_ids),
            )
        }

    def gave_way_to(self, item_id: str, layer: Layer) -> list[str]:
        """The items of ``layer`` that this one took the place of, in log order."""
        return [
            str(row[0])
            for row in self._connection.execute(
                "SELECT target_id FROM lineage WHERE source_id = ? AND target_type = ? AND weight = 0 "
                "AND is_deleted = 0 GROUP BY target_id ORDER BY min(id)",
                (item_id, layer.value),
            )
        ]

    def raw_edges(self) -> dict[str, list[list[Any]]]:
        """Every transformation's edges in the form its hash is taken over."""
        found: dict[str, list[list[Any]]] = {}
        for row in self._connection.execute(
            "SELECT transformation_id, source_id, source_type, weight, quote_start, quote_end FROM lineage ORDER BY id"
        ):
            found.setdefault(row[0], []).append(list(row)[1:])
        return found
