"""Clusters of memories by meaning: average-link agglomeration over cosine distance.

Nearest-neighbour chains (Murtagh 1983) with the Lance-Williams update for average link: time O(n^2), one n x n
float32 matrix (36 MB at 3,000 vectors). Average link is reducible, so the chain finds the same tree as the textbook
algorithm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32] | NDArray[np.float64]

_DECIMALS = 5
"""Distances are rounded before they are compared: kernels of different processors differ in the last bits."""


def average_link(vectors: Vectors, max_distance: float = 0.35) -> list[list[int]]:
    """Clusters of the rows of ``vectors`` (n x d, any length): members' indexes, sorted, clusters by first member.

    Two clusters are joined while the mean cosine distance between their members is below ``max_distance`` (in [0, 2]).
    Every row is in exactly one cluster; ties go to the lower index, so equal input gives equal output.
    """
    count = len(vectors)
    if count == 0:
        return []
    joins = [(distance, a, b) for distance, a, b in _tree(_distances(vectors)) if distance < max_distance]
    parent = list(range(count))
    for _, a, b in joins:
        low, high = sorted((_root(parent, a), _root(parent, b)))
        parent[high] = low
    clusters: dict[int, list[int]] = {}
    for index in range(count):
        clusters.setdefault(_root(parent, index), []).append(index)
    return list(clusters.values())


def within_reach(vectors: Vectors, starts: Sequence[int], max_distance: float) -> list[int]:
    """The rows that steps shorter than ``max_distance`` lead to from ``starts`` (included), ascending.

    A step that is longer by a rounding error counts too: one row too many changes no cluster, one too few might.
    """
    import numpy as np

    unit = _unit(vectors).astype(np.float32)
    reached = np.zeros(len(unit), dtype=bool)
    front = np.array(sorted(starts), dtype=np.int64)
    while len(front):
        reached[front] = True
        rest = np.flatnonzero(~reached)
        front = rest[(unit[rest] @ unit[front].T).max(axis=1) > 1.0 - max_distance - 10.0**-_DECIMALS]
    return np.flatnonzero(reached).tolist()


def medoid(vectors: Vectors, members: Sequence[int]) -> int:
    """The member (an index into ``vectors``) nearest to all members by mean cosine; the lowest of equals.

    Raises ValueError where there are no members.
    """
    import numpy as np

    if not members:
        raise ValueError("a medoid needs at least one member")
    chosen = sorted(members)
    unit = _unit(vectors)[chosen]
    return chosen[int(np.argmax(np.round(unit @ unit.sum(axis=0), _DECIMALS)))]


def cohesion(vectors: Vectors, members: Sequence[int]) -> float:
    """The mean cosine between the different members of a cluster, in [-1, 1]; 1 for a single one."""
    count = len(members)
    if count < 2:
        return 1.0
    total = _unit(vectors)[list(members)].sum(axis=0)
    return round(float((total @ total - count) / (count * (count - 1))), _DECIMALS)


def _unit(vectors: Vectors) -> NDArray[np.float64]:
    """Rows scaled to length 1; a zero row stays zero."""
    import numpy as np

    rows = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths == 0, 1.0, lengths)


def _distances(vectors: Vectors) -> NDArray[np.float32]:
    """Rounded cosine distances between all rows, infinite on the diagonal."""
    import numpy as np

    unit = _unit(vectors)
    matrix = np.round(1.0 - unit @ unit.T, _DECIMALS).astype(np.float32)
    np.fill_diagonal(matrix, np.inf)
    return matrix


def _tree(matrix: NDArray[np.float32]) -> list[tuple[float, int, int]]:
    """All joins as ``(distance, cluster, cluster)``, a cluster named by its lowest member; ``matrix`` is used up."""
    import numpy as np

    count = len(matrix)
    sizes = np.ones(count)
    alive = np.ones(count, dtype=bool)
    chain: list[int] = []
    joins: list[tuple[float, int, int]] = []
    while len(joins) < count - 1:
        if not chain:
            chain.append(int(np.argmax(alive)))
        tip = chain[-1]
        nearest = int(np.argmin(matrix[tip]))
        if len(chain) > 1 and matrix[tip, chain[-2]] <= matrix[tip, nearest]:
            nearest = chain[-2]  # of equals the one before wins, or the chain could run in a circle
        if len(chain) < 2 or nearest != chain[-2]:
            chain.append(nearest)
            continue
        del chain[-2:]
        keep, gone = sorted((tip, nearest))
        joins.append((float(matrix[keep, gone]), keep, gone))
        merged = (sizes[keep] * matrix[keep] + sizes[gone] * matrix[gone]) / (sizes[keep] + sizes[gone])
        merged[~alive] = np.inf
        merged[[keep, gone]] = np.inf
        matrix[keep], matrix[:, keep] = merged, merged
        matrix[gone], matrix[:, gone] = np.inf, np.inf
        sizes[keep] += sizes[gone]
        alive[gone] = False
    return joins


def _root(parent: list[int], index: int) -> int:
    """The cluster's lowest member, shortening the way for the next question."""
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index
