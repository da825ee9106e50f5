"""Vectors of what derived rows say without speaker and date: what a dream compares, embedded once and kept.

Each hangs on its item's first passage and goes with it, so that a changed or forgotten row leaves no vector behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from elephantasm_cli.store.rows import TABLES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from elephantasm_cli.store.connection import Connection
    from elephantasm_cli.vocabulary import Layer

PART = 500
"""Ids in one statement."""


class CoreVectors:
    """Rows of `core_vectors`. Callers open the transactions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, item_ids: Sequence[str], model_sha256: str) -> dict[str, NDArray[np.float32]]:
        """The vectors of this model that are there, by item id."""
        import numpy as np

        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(item_ids), PART):
            part = item_ids[start : start + PART]
            for item_id, blob in self._connection.execute(
                "SELECT p.item_id, c.vector FROM passages p JOIN core_vectors c ON c.passage_id = p.id "
                f"WHERE p.ordinal = 0 AND c.model_sha256 = ? AND p.item_id IN ({', '.join('?' * len(part))})",
                (model_sha256, *part),
            ):
                found[item_id] = np.frombuffer(blob, dtype="<f4")
        return found

    def lacking(self, layer: Layer, model_sha256: str) -> list[str]:
        """The ids of the rows of ``layer``, in whatever state, that have no vector of this model."""
        rows = self._connection.execute(
            f"SELECT r.id FROM {TABLES[layer].name} r JOIN passages p ON p.item_id = r.id AND p.ordinal = 0 "
            "LEFT JOIN core_vectors c ON c.passage_id = p.id AND c.model_sha256 = ? "
            "WHERE c.passage_id IS NULL AND r.is_deleted = 0 ORDER BY r.rowid",
            (model_sha256,),
        )
        return [row[0] for row in rows]

    def add(self, vectors: Mapping[str, NDArray[np.float32]], model_sha256: str) -> None:
        """Keep the vectors of these items; one whose item is gone is left out."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO core_vectors (passage_id, model_sha256, vector) "
            "SELECT id, ?, ? FROM passages WHERE item_id = ? AND ordinal = 0",
            [(model_sha256, vector.astype("<f4").tobytes(), item_id) for item_id, vector in vectors.items()],
        )
