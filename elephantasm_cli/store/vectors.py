"""The vector index: float32 vectors are the truth, bit vectors in ``vec0`` find the neighbourhood quickly.

The bit vectors are read chunk by chunk from the tables that vec0 keeps them in, and compared here: its own KNN picks
the nearest k in time k x n, which for k = 250 is five times as long as comparing all. Each layer is its own partition,
so that one cannot crowd out another. docs/performance.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from elephantasm_cli.store.connection import Connection

NEAREST = 150
COARSE = 4
"""How many times as many of the nearest bit vectors are rescored as are wanted."""
MOST = 4096
"""At most so many are rescored where they share one distance; the earlier ones then."""
WIDER = 4
"""By which factor a search among passages that may be seen widens until it has enough of them."""

Allowed = Callable[[Sequence[int]], Collection[int]]
"""Which of some passages may be found."""


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
        k: int = NEAREST,
        allowed: Allowed | None = None,
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest passages of ``layer``, more where the last ones tie: (id, cosine), best first, ties by id.

        The coarse search keeps every passage at its last distance, so that the answer does not depend on the order
        in which vectors were written. ``allowed`` limits it: it is asked about ever more of the nearest ones.
        """
        cosines = self.cosines(query, self._coarse(_blob(query), layer, COARSE * k, allowed), model_sha256)
        found = sorted(cosines.items(), key=lambda found: (-found[1], found[0]))
        return [each for each in found if each[1] >= found[min(k, len(found)) - 1][1]]

    def cosines(self, query: NDArray[np.float32], passage_ids: Sequence[int], model_sha256: str) -> dict[int, float]:
        """The cosine, to 6 decimals, of each of these passages that has a vector of this model and length."""
        ids, vectors = self._read(passage_ids, model_sha256, len(query))
        return _rounded(ids, _dots(vectors, query)) if ids else {}

    def cosines_in_place(
        self, query: NDArray[np.float32], surroundings: Mapping[int, Sequence[int]], model_sha256: str
    ) -> tuple[dict[int, float], dict[int, float]]:
        """The cosines, to 6 decimals, of each passage alone and of its window, where it has a vector.

        A window is a passage's vector plus half of those of its ``surroundings``, the passages beside it; one without a
        vector adds nothing.
        """
        import numpy as np

        wanted = sorted(surroundings.keys() | {near for beside in surroundings.values() for near in beside})
        ids, vectors = self._read(wanted, model_sha256, len(query))
        place = {passage_id: at for at, passage_id in enumerate(ids)}
        keys = [key for key in surroundings if key in place]
        if not keys:
            return {}, {}
        alone = vectors[[place[key] for key in keys]].astype(np.float64)
        windows = alone.copy()
        for column in range(max(len(surroundings[key]) for key in keys)):
            near = [
                (row, place[beside[column]])
                for row, key in enumerate(keys)
                if len(beside := surroundings[key]) > column and beside[column] in place
            ]
            if near:
                rows, others = zip(*near, strict=True)
                windows[list(rows)] += 0.5 * vectors[list(others)]
        lengths = np.sqrt((windows * windows).sum(axis=1))
        return (
            _rounded(keys, _dots(alone, query)),
            _rounded(keys, _dots(windows, query) / np.where(lengths > 0, lengths, 1.0)),
        )

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
        if dimension is None:
            dimension = self._connection.execute("SELECT embedding_dimension FROM agent").fetchone()
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
        self._connection.execute("DELETE FROM core_vectors")
        self._make_table(dimension)

    def _make_table(self, dimension: int) -> None:
        self._connection.execute("DROP TABLE passages_vec")
        self._connection.execute(
            "CREATE VIRTUAL TABLE passages_vec USING vec0 ("
            f"passage_id INTEGER PRIMARY KEY, layer TEXT PARTITION KEY, embedding BIT[{int(dimension)}])"
        )

    def _coarse(self, query: bytes, layer: str, k: int, allowed: Allowed | None) -> list[int]:
        """Ids of all allowed passages at most as far (Hamming) as the k-th nearest of them."""
        import numpy as np

        ids, distances = self._distances(query, layer)
        asked = k if allowed is None else 2 * k
        while True:
            near = np.flatnonzero(distances <= _smallest(distances, asked))
            if allowed is not None:
                asked_about = ids[near].tolist()
                seen = frozenset(allowed(asked_about))
                near = near[np.fromiter((key in seen for key in asked_about), dtype=bool, count=len(near))]
            if len(near) >= k or asked >= len(ids):
                break
            asked *= WIDER
        near = near[distances[near] <= _smallest(distances[near], k)]
        near = near[np.lexsort((ids[near], distances[near]))]
        found: list[int] = ids[near[:MOST]].tolist()
        return found

    def _distances(self, query: bytes, layer: str) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
        """The Hamming distance of every bit vector of ``layer`` as (ids, distances); none where lengths differ."""
        import numpy as np

        bits = self._connection.execute("SELECT vec_quantize_binary(?)", (query,)).fetchone()[0]
        ids, distances = [], []
        for rowids, validity, vectors in self._connection.execute(
            "SELECT c.rowids, c.validity, v.vectors FROM passages_vec_chunks c "
            "JOIN passages_vec_vector_chunks00 v ON v.rowid = c.chunk_id WHERE c.partition00 = ?",
            (layer,),
        ):
            size = len(rowids) // 8
            if len(vectors) != size * len(bits):
                break
            used = np.unpackbits(np.frombuffer(validity, dtype=np.uint8), count=size, bitorder="little").view(bool)
            ids.append(np.frombuffer(rowids, dtype="<i8")[used])
            distances.append(_hamming(np.frombuffer(vectors, dtype=np.uint8).reshape(size, -1), bits)[used])
        if not ids:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint16)
        return np.concatenate(ids), np.concatenate(distances)


def _smallest(values: NDArray[np.uint16], count: int) -> int:
    """The ``count``-th smallest value, or the largest of fewer."""
    import numpy as np

    if not len(values):
        return 0
    place = min(count, len(values)) - 1
    return int(np.partition(values, place)[place])


def _hamming(rows: NDArray[np.uint8], bits: bytes) -> NDArray[np.uint16]:
    """How many bits of each row differ from ``bits``."""
    import numpy as np

    width = next(width for width in (8, 2, 1) if len(bits) % width == 0)
    unsigned = np.dtype(f"u{width}")
    apart = rows.view(unsigned) ^ np.frombuffer(bits, dtype=unsigned)
    # numpy 1 cannot count bits
    counts = np.bitwise_count(apart) if hasattr(np, "bitwise_count") else _bit_counts()[apart.view(np.uint8)]
    total: NDArray[np.uint16] = counts.sum(axis=1, dtype=np.uint16)
    return total


@cache
def _bit_counts() -> NDArray[np.uint8]:
    import numpy as np

    return np.array([value.bit_count() for value in range(256)], dtype=np.uint8)


def _rounded(ids: Sequence[int], scores: NDArray[np.float64]) -> dict[int, float]:
    return dict(zip(ids, scores.round(6).tolist(), strict=True))


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
