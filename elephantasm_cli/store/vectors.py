"""The vector index: float32 vectors are the truth, bit vectors in ``vec0`` find the neighbourhood quickly.

Measured on 384 dimensions: bit KNN over 100,000 passages takes about 8 ms where float KNN takes 110; with the nearest
200 by bits rescored exactly, recall@20 is .994. Each layer is its own partition, so that one cannot crowd out another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from elephantasm_cli.store.connection import Connection

COARSE = 200
"""How many nearest bit vectors are rescored."""
MOST = 4096
"""``vec0`` refuses a larger k."""
SCAN = 1000
"""Up to this many allowed passages are compared one by one instead of searched."""


class VectorIndex:
    """Vectors of passages on an open connection that has sqlite-vec loaded. Writes belong inside a transaction.

    Vectors are unit length; a cosine is their dot product, in [-1, 1].
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, model_sha256: str, rows: Iterable[tuple[int, str, NDArray[np.float32]]]) -> int:
        """Store (passage id, layer, vector), replacing what was there; returns how many. Vectors become unit length."""
        blobs = [(passage_id, layer, _blob(vector)) for passage_id, layer, vector in rows]
        self._connection.executemany("DELETE FROM passages_vec WHERE passage_id = ?", [(row[0],) for row in blobs])
        self._connection.executemany(
            "INSERT OR REPLACE INTO embeddings (passage_id, model_sha256, vector) VALUES (?, ?, ?)",
            [(passage_id, model_sha256, blob) for passage_id, _, blob in blobs],
        )
        self._connection.executemany(
            "INSERT INTO passages_vec (passage_id, layer, embedding) VALUES (?, ?, vec_quantize_binary(?))", blobs
        )
        return len(blobs)

    def nearest(
        self,
        query: NDArray[np.float32],
        layer: str,
        model_sha256: str,
        k: int = COARSE,
        allowed: Sequence[int] | None = None,
    ) -> list[tuple[int, float]]:
        """At least ``k`` nearest passages of ``layer`` as (id, cosine), best first, ties by id.

        The coarse search keeps every passage at its last distance, so that the answer does not depend on the order
        in which vectors were written. ``allowed`` limits it to these passage ids.
        """
        if allowed is not None and len(allowed) <= SCAN:
            ids: Sequence[int] = allowed
        else:
            ids = self._coarse(_blob(query), layer, k, allowed)
        cosines = self.cosines(query, ids, model_sha256)
        return sorted(cosines.items(), key=lambda found: (-found[1], found[0]))

    def cosines(self, query: NDArray[np.float32], passage_ids: Sequence[int], model_sha256: str) -> dict[int, float]:
        """The cosine, to 6 decimals, of each of these passages that has a vector of this model and length."""
        ids, vectors = self._read(passage_ids, model_sha256, len(query))
        scores = _dots(vectors, query) if ids else []
        return {passage_id: round(float(score), 6) for passage_id, score in zip(ids, scores, strict=True)}

    def window_cosines(
        self,
        query: NDArray[np.float32],
        surroundings: Mapping[int, Sequence[int]],
        model_sha256: str,
    ) -> dict[int, float]:
        """The cosine, to 6 decimals, of each passage's window: its vector plus half of those of its surroundings.

        ``surroundings`` gives the passages beside each; what has no vector adds nothing, and has no window.
        """
        import numpy as np

        wanted = sorted(surroundings.keys() | {near for beside in surroundings.values() for near in beside})
        ids, vectors = self._read(wanted, model_sha256, len(query))
        if not ids:
            return {}
        place = {passage_id: at for at, passage_id in enumerate(ids)}
        keys = [key for key in surroundings if key in place]
        windows = vectors[[place[key] for key in keys]].astype(np.float64)
        for column in range(max((len(beside) for beside in surroundings.values()), default=0)):
            near = [(row, place[beside[column]]) for row, key in enumerate(keys)
                    if len(beside := surroundings[key]) > column and beside[column] in place]
            if near:
                rows, others = zip(*near, strict=True)
                windows[list(rows)] += 0.5 * vectors[list(others)]
        lengths = np.sqrt((windows * windows).sum(axis=1))
        scores = _dots(windows, query) / np.where(lengths > 0, lengths, 1.0)
        return {key: round(float(score), 6) for key, score in zip(keys, scores, strict=True)}

    def _read(
        self, passage_ids: Sequence[int], model_sha256: str, dimension: int
    ) -> tuple[list[int], NDArray[np.float32]]:
        """The passages that have a vector of this model and length, and the vectors, one a row."""
        import numpy as np

        ids: list[int] = []
        blobs: list[bytes] = []
        for start in range(0, len(passage_ids), 500):
            part = list(passage_ids[start : start + 500])
            for row in self._connection.execute(
                "SELECT passage_id, vector FROM embeddings WHERE model_sha256 = ? AND length(vector) = ? "
                f"AND passage_id IN ({', '.join('?' * len(part))})",
                [model_sha256, dimension * 4, *part],
            ):
                ids.append(int(row[0]))
                blobs.append(row[1])
        return ids, np.frombuffer(b"".join(blobs), dtype="<f4").reshape(len(ids), dimension)

    def rebuild(self) -> int:
        """Write the bit vectors anew from the float vectors; returns how many. Frees what deleted ones took."""
        dimension = self._connection.execute("SELECT length(vector) / 4 FROM embeddings LIMIT 1").fetchone()
        if dimension is not None:
            self._make_table(int(dimension[0]))
            self._connection.execute(
                "INSERT INTO passages_vec (passage_id, layer, embedding) "
                "SELECT p.id, p.layer, vec_quantize_binary(e.vector) FROM passages p "
                "JOIN embeddings e ON e.passage_id = p.id WHERE length(e.vector) = ? ORDER BY p.id",
                (int(dimension[0]) * 4,),
            )
        return int(self._connection.execute("SELECT count(*) FROM embeddings").fetchone()[0])

    def reset(self, dimension: int) -> None:
        """Forget every vector and make room for ones of ``dimension``: the first step to another embedding model."""
        self._connection.execute("DELETE FROM embeddings")
        self._make_table(dimension)

    def _make_table(self, dimension: int) -> None:
        self._connection.execute("DROP TABLE passages_vec")
        self._connection.execute(
            "CREATE VIRTUAL TABLE passages_vec USING vec0 ("
            f"passage_id INTEGER PRIMARY KEY, layer TEXT PARTITION KEY, embedding BIT[{int(dimension)}])"
        )

    def _coarse(self, query: bytes, layer: str, k: int, allowed: Sequence[int] | None) -> list[int]:
        """Ids of all passages at most as far (Hamming) as the k-th nearest.

        Where more than `MOST` share the last distance, those at it are left out.
        """
        sql = (
            "SELECT passage_id, distance FROM passages_vec "
            "WHERE embedding MATCH vec_quantize_binary(?) AND k = ? AND layer = ?"
        )
        values: list[Any] = [query, 0, layer]
        if allowed is not None:
            sql += " AND passage_id IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(allowed)))
        asked = min(k + k // 4, MOST)
        while True:
            values[1] = asked
            rows = [(int(row[0]), float(row[1])) for row in self._connection.execute(sql, values)]
            if len(rows) < asked:
                break
            if rows[-1][1] > rows[min(k, asked) - 1][1] or asked == MOST:
                break
            asked = min(asked * 2, MOST)
        if len(rows) <= k:
            return [passage_id for passage_id, _ in rows]
        last = rows[k - 1][1]
        if len(rows) == MOST and rows[-1][1] == last:
            return [passage_id for passage_id, distance in rows if distance < last]
        return [passage_id for passage_id, distance in rows if distance <= last]


def _dots(vectors: NDArray[Any], query: NDArray[np.float32]) -> NDArray[np.float64]:
    """The dot product of each row with the query at unit length."""
    import numpy as np

    unit = np.frombuffer(_blob(query), dtype="<f4").astype(np.float64)
    # not a matrix product: its last bits depend on the company in which a vector is read
    scores: NDArray[np.float64] = (vectors.astype(np.float64) * unit).sum(axis=1)
    return scores


def _blob(vector: NDArray[np.float32]) -> bytes:
    """Little-endian float32 of the vector at unit length; the zero vector stays."""
    import numpy as np

    values = np.asarray(vector, dtype=np.float64).ravel()
    length = float(np.sqrt((values * values).sum()))
    return (values / length if length else values).astype("<f4").tobytes()
