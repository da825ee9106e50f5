"""Saved packs, and which items recorded packs have shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.ids import PACK, canonical_json, derive_id, layer_of, sha256_text
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

LIST_COLUMNS = {
    Layer.EVENT: "event_ids",
    Layer.MEMORY: "memory_ids",
    Layer.LESSON: "lesson_ids",
    Layer.KNOWLEDGE: "knowledge_ids",
}
JSON_COLUMNS = ("options", *LIST_COLUMNS.values(), "metadata")


class Packs:
    """Rows of `memory_packs` and `accesses`. Callers open the transactions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def save(
        self,
        *,
        text: str,
        token_count: int,
        item_ids: Sequence[str],
        query: str | None,
        options: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        name: str = "",
        compiled_by: str,
    ) -> str:
        """Store a compiled pack. Its id follows from text, query and options: the same pack saved twice is one row."""
        pack_id = derive_id(PACK, self._store.agent.id, text, query, dict(options))
        now = utc_now()
        by_layer: dict[Layer, list[str]] = {layer: [] for layer in LIST_COLUMNS}
        for item_id in dict.fromkeys(item_ids):
            if (layer := layer_of(item_id)) in by_layer:
                by_layer[layer].append(item_id)
        row: dict[str, Any] = {
            "id": pack_id,
            "name": name,
            "query": query,
            "options": canonical_json(dict(options)),
            "token_count": token_count,
            "sha256": sha256_text(text),
            **{LIST_COLUMNS[layer]: canonical_json(ids) for layer, ids in by_layer.items()},
            "compiled_by": compiled_by,
            "metadata": canonical_json(dict(metadata or {})),
            "text": text,
            "created_at": now,
            "updated_at": now,
        }
        self._connection.execute(
            f"INSERT INTO memory_packs ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) "
            "ON CONFLICT (id) DO NOTHING",
            tuple(row.values()),
        )
        return pack_id

    def record(self, item_ids: Sequence[str]) -> None:
        """Note that these items were shown; the next dream counts it."""
        now = utc_now()
        self._connection.executemany(
            "INSERT INTO accesses (item_id, at, created_at, updated_at) VALUES (?, ?, ?, ?)",
            [(item_id, now, now, now) for item_id in item_ids],
        )

    def access_counts(self, ids: Sequence[str] | None = None) -> dict[str, int]:
        """Counted accesses per item (those that a dream has marked); all items that have any, or ``ids`` only."""
        sql = "SELECT item_id, count(*) FROM accesses WHERE dream_id IS NOT NULL AND is_deleted = 0 {} GROUP BY item_id"
        if ids is None:
            return {str(row[0]): int(row[1]) for row in self._connection.execute(sql.format(""))}
        counts = dict.fromkeys(ids, 0)
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            marks = sql.format(f"AND item_id IN ({', '.join('?' * len(part))})")
            counts |= {str(row[0]): int(row[1]) for row in self._connection.execute(marks, part)}
        return counts

    def find(self, pack_id: str) -> dict[str, Any] | None:
        row = self._connection.execute(
            "SELECT * FROM memory_packs WHERE id = ? AND is_deleted = 0", (pack_id,)
        ).fetchone()
        return decode_pack(row) if row else None

    def listed(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Saved packs, newest first."""
        return [
            decode_pack(row)
            for row in self._connection.execute(
                "SELECT * FROM memory_packs WHERE is_deleted = 0 ORDER BY created_at DESC, id LIMIT ?",
                (-1 if limit is None else limit,),
            )
        ]


def decode_pack(row: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(row)
    for column in JSON_COLUMNS:
        values[column] = json.loads(values[column])
    values["is_deleted"] = bool(values["is_deleted"])
    return values
