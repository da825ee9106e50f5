"""The transformation log: append-only, hash-chained, complete enough to rebuild every derived row.

What a transformation says (snapshots, reasoning, parameters, lineage) is hashed with a random salt, and the chain runs
over those hashes. `forget` can therefore blank the words and the salt: the chain still verifies, and no guess at what
was forgotten can be confirmed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import NotFoundError
from elephantasm_cli.ids import ACT, TRANSFORMATION, canonical_json, derive_id, sha256_text
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.store.edges import Edges
from elephantasm_cli.store.events import CHAIN_START, link
from elephantasm_cli.store.tips import set_tip

if TYPE_CHECKING:
    from elephantasm_cli.store.changes import Change, Provenance
    from elephantasm_cli.store.store import Store
    from elephantasm_cli.vocabulary import Layer, TransformationType

CHAINED = (
    "seq", "id", "act_id", "dream_id", "transformation_type", "workflow_name", "target_id", "target_type",
    "before_sha256", "after_sha256", "prompt_name", "prompt_sha256", "model_id", "created_by", "undoes", "created_at",
)  # fmt: skip
"""The columns that stay for good: what the chain is taken over."""


class TransformationLog(Edges):
    """Appends to the log and reads it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def record(
        self,
        change: Change,
        provenance: Provenance,
        *,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> str:
        """Append one transformation with its lineage and return its id. Only the derived rows' writer calls this."""
        if not self._connection.in_transaction:
            raise RuntimeError("a change to a derived row needs `with store.transaction():` around it")
        tip = self._connection.execute(
            "SELECT seq, chain_sha256 FROM transformations ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        seq, chain = (tip[0] + 1, tip[1]) if tip else (1, CHAIN_START)
        transformation_id = derive_id(TRANSFORMATION, self._store.agent.id, seq)
        salt = os.urandom(16).hex()
        now = utc_now()
        edges = [
            [source.id, source.layer.value, source.weight, *(source.quote or (None, None))] for source in change.sources
        ]
        parameters = dict(provenance.parameters)
        row: dict[str, Any] = {
            "seq": seq,
            "id": transformation_id,
            "act_id": provenance.act_id or derive_id(ACT, self._store.agent.id, seq),
            "dream_id": provenance.dream_id,
            "transformation_type": change.transformation_type.value,
            "workflow_name": provenance.workflow_name,
            "target_id": change.target_id,
            "target_type": change.layer.value,
            "before": None if before is None else canonical_json(before),
            "after": None if after is None else canonical_json(after),
            "before_sha256": snapshot_hash(salt, before),
            "after_sha256": statement_hash(salt, after, change.reasoning, parameters, edges),
            "salt": salt,
            "reasoning": change.reasoning,
            "prompt_name": provenance.prompt_name,
            "prompt_sha256": provenance.prompt_sha256,
            "model_id": provenance.model_id,
            "parameters": canonical_json(parameters),
            "created_by": provenance.created_by,
            "undoes": provenance.undoes,
            "created_at": now,
            "updated_at": now,
        }
        row["chain_sha256"] = link(chain, chained_hash(row))
        self._connection.execute(
            f"INSERT INTO transformations ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
        )
        self._connection.executemany(
            "INSERT INTO lineage (transformation_id, source_id, source_type, weight, quote_start, quote_end, "
            "target_id, target_type, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(transformation_id, *edge, change.target_id, change.layer.value, now, now) for edge in edges],
        )
        set_tip(self._connection, "log", seq, row["chain_sha256"])
        return transformation_id

    def get(self, transformation_id: str) -> dict[str, Any]:
        """One transformation with its ``sources``. Raises NotFoundError."""
        row = self._connection.execute("SELECT * FROM transformations WHERE id = ?", (transformation_id,)).fetchone()
        if row is None:
            raise NotFoundError(f"no transformation {transformation_id}: `elephantasm log` lists them")
        return self._decode(row)

    def of_target(self, item_id: str) -> list[dict[str, Any]]:
        """Every transformation of an item, oldest first, each with its ``sources``."""
        rows = self._connection.execute(
            "SELECT * FROM transformations WHERE target_id = ? ORDER BY seq", (item_id,)
        ).fetchall()
        return [self._decode(row) for row in rows]

    def first_of(self, item_id: str, after: int = 0) -> str | None:
        """The id of the first transformation of an item after entry ``after``."""
        row = self._connection.execute(
            "SELECT id FROM transformations WHERE target_id = ? AND seq > ? ORDER BY seq LIMIT 1", (item_id, after)
        ).fetchone()
        return None if row is None else str(row[0])

    def of_act(self, act_id: str) -> list[dict[str, Any]]:
        """Every transformation of one act, oldest first, each with its ``sources``."""
        rows = self._connection.execute(
            "SELECT * FROM transformations WHERE act_id = ? ORDER BY seq", (act_id,)
        ).fetchall()
        return [self._decode(row) for row in rows]

    def of_dream(self, dream_id: str) -> list[dict[str, Any]]:
        """Every transformation of one dream, oldest first, each with its ``sources``."""
        return list(self.listed(dream_id=dream_id))

    def undoers(self) -> dict[str, list[str]]:
        """Which transformations undo which: the undone id, and the ids of what undoes it, oldest first."""
        found: dict[str, list[str]] = {}
        for row in self._connection.execute(
            "SELECT id, undoes FROM transformations WHERE undoes IS NOT NULL ORDER BY seq"
        ):
            found.setdefault(str(row[1]), []).append(str(row[0]))
        return found

    def listed(
        self,
        *,
        dream_id: str | None = None,
        act_id: str | None = None,
        target_id: str | None = None,
        transformation_type: str | None = None,
        workflow_name: str | None = None,
        created_by: str | None = None,
        model_id: str | None = None,
        since: str | None = None,
        until: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The log in order, filtered; ``since`` and ``until`` (stored times) are inclusive."""
        given: Mapping[str, Any] = {
            "dream_id = ?": dream_id,
            "act_id = ?": act_id,
            "target_id = ?": target_id,
            "transformation_type = ?": transformation_type,
            "workflow_name = ?": workflow_name,
            "created_by = ?": created_by,
            "model_id = ?": model_id,
            "created_at >= ?": since,
            "created_at <= ?": until,
        }
        conditions = ["1", *(condition for condition, value in given.items() if value is not None)]
        values = [value for value in given.values() if value is not None]
        direction = "DESC" if newest_first else "ASC"
        sql = f"SELECT * FROM transformations WHERE {' AND '.join(conditions)} ORDER BY seq {direction}"
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        for row in self._connection.execute(sql, values).fetchall():
            yield self._decode(row)

    def targets_since(
        self, seq: int, layers: Sequence[Layer], transformation_types: Sequence[TransformationType] = ()
    ) -> list[tuple[int, str]]:
        """The items of ``layers`` made or changed after ``seq``, each once with its first seq there, in that order.

        ``transformation_types`` limits what counts.
        """
        values = [seq, *(layer.value for layer in layers), *(name.value for name in transformation_types)]
        of_layer = f"target_type IN ({', '.join('?' * len(layers))})"
        of_type = f"AND transformation_type IN ({', '.join('?' * len(transformation_types))})"
        return [
            (int(row[0]), str(row[1]))
            for row in self._connection.execute(
                f"SELECT min(seq), target_id FROM transformations WHERE seq > ? AND {of_layer} "
                f"{of_type if transformation_types else ''} GROUP BY target_id ORDER BY min(seq)",
                values,
            )
        ]

    def tip(self) -> str:
        """The last link of the chain, in hex: it stands for the whole log."""
        row = self._connection.execute("SELECT chain_sha256 FROM transformations ORDER BY seq DESC LIMIT 1").fetchone()
        return str(row[0]) if row else CHAIN_START

    def newest_seq(self) -> int:
        return int(self._connection.execute("SELECT ifnull(max(seq), 0) FROM transformations").fetchone()[0])

    def raw(self) -> Iterator[dict[str, Any]]:
        """Every row as stored, in order: what the verifier reads."""
        for row in self._connection.execute("SELECT * FROM transformations ORDER BY seq"):
            yield dict(row)

    def _decode(self, row: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(row)
        for column in ("before", "after", "parameters", "metadata"):
            values[column] = None if values[column] is None else json.loads(values[column])
        values["is_deleted"] = bool(values["is_deleted"])
        values["sources"] = [
            dict(edge)
            for edge in self._connection.execute(
                "SELECT source_id, source_type, target_id, target_type, weight, quote_start, quote_end FROM lineage "
                "WHERE transformation_id = ? ORDER BY id",
                (values["id"],),
            )
        ]
        return values


def snapshot_hash(salt: str, before: Mapping[str, Any] | None) -> str:
    """Salted hex SHA-256 of the snapshot before."""
    return sha256_text(salt + canonical_json(None if before is None else dict(before)))


def statement_hash(
    salt: str,
    after: Mapping[str, Any] | None,
    reasoning: str,
    parameters: Mapping[str, Any],
    edges: list[list[Any]],
) -> str:
    """Salted hex SHA-256 of all a transformation says: the snapshot after, why, how, and from what."""
    said = [None if after is None else dict(after), reasoning, dict(parameters), edges]
    return sha256_text(salt + canonical_json(said))


def chained_hash(row: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the columns that stay for good."""
    return sha256_text(canonical_json([row[column] for column in CHAINED]))
