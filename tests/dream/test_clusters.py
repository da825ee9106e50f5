"""Clusters: right, deterministic, quick."""

from __future__ import annotations

import time

import numpy as np
import pytest

from elephantasm_cli.dream.clusters import average_link, cohesion, medoid


def naive(vectors: np.ndarray, limit: float) -> list[list[int]]:
    """The textbook algorithm: join the closest pair of clusters until none is close enough."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    distance = 1 - unit @ unit.T
    clusters = [[index] for index in range(len(vectors))]
    while len(clusters) > 1:
        pairs = [
            (distance[np.ix_(a, b)].mean(), i, j)
            for i, a in enumerate(clusters)
            for j, b in enumerate(clusters)
            if i < j
        ]
        best, i, j = min(pairs)
        if best >= limit:
            break
        clusters[i] = sorted(clusters[i] + clusters.pop(j))
    return sorted(clusters)


@pytest.mark.parametrize("seed", range(8))
def test_the_chain_finds_the_clusters_of_the_textbook(seed: int) -> None:
    """On points in no special position both algorithms agree."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(5, 12))
    vectors = centres[generator.integers(0, 5, 40)] + 0.6 * generator.normal(size=(40, 12))
    found = average_link(vectors, 0.35)
    assert found == naive(vectors, 0.35)
    assert 1 < len(found) < 40


def test_nothing_one_and_equal_vectors() -> None:
    """The small cases."""
    assert average_link(np.zeros((0, 3))) == []
    assert average_link(np.ones((1, 3))) == [[0]]
    assert average_link(np.ones((5, 3))) == [[0, 1, 2, 3, 4]]
    assert average_link(np.eye(3)) == [[0], [1], [2]]


def test_zero_vectors_stay_alone() -> None:
    """A vector without direction is like nothing."""
    assert average_link(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.01], [0.0, 0.0]])) == [[0], [1, 2], [3]]


def test_equal_input_gives_equal_output_and_every_row_has_one_cluster() -> None:
    """Also with many ties."""
    generator = np.random.default_rng(3)
    vectors = generator.integers(0, 2, size=(120, 6)).astype(np.float32)
    first = average_link(vectors, 0.3)
    assert first == average_link(vectors.copy(), 0.3)
    assert sorted(index for cluster in first for index in cluster) == list(range(120))
    assert first == sorted(first)


def test_input_is_not_changed() -> None:
    """The caller's vectors are theirs."""
    vectors = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]])
    before = vectors.copy()
    average_link(vectors)
    np.testing.assert_array_equal(vectors, before)


def test_the_medoid_is_the_most_central_member() -> None:
    """Ties go to the lowest index; no members are refused."""
    vectors = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [9.0, 0.0]])
    assert medoid(vectors, [2, 1, 0]) == 1
    assert medoid(np.ones((3, 2)), [2, 1]) == 1
    with pytest.raises(ValueError, match="at least one"):
        medoid(vectors, [])


def test_cohesion_is_the_mean_cosine_between_members() -> None:
    """One for equals and for a single member, zero for strangers."""
    assert cohesion(np.eye(2), [0, 1]) == 0.0
    assert cohesion(np.ones((3, 2)), [0, 1, 2]) == 1.0
    assert cohesion(np.eye(2), [0]) == 1.0


def test_a_thousand_vectors_take_seconds_at_most() -> None:
    """Quadratic, not cubic."""
    vectors = np.random.default_rng(1).normal(size=(1000, 64)).astype(np.float32)
    begin = time.process_time()
    assert len(average_link(vectors, 0.9)) > 1
    assert time.process_time() - begin < 5
