"""Memories that say much the same: who may share a cluster, the clusters, and what part of one agrees entirely."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.clusters import average_link, medoid, within_reach
from elephantasm_cli.dream.curate import distinguishing
from elephantasm_cli.dream.statements import is_own_statement
from elephantasm_cli.vocabulary import Layer, State

if TYPE_CHECKING:
    import numpy

    from elephantasm_cli.dream.context import DreamContext

VOICE = 0.7
"""A memory at least so near to the medoid, by cosine, may speak for a cluster in its place."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Memories that say much the same. ``cohesion`` is their mean cosine with the medoid, in [0, 1].

    ``voice`` is the one whose words may stand for all: as near to the medoid as `VOICE` and told as a statement of its
    own ("Dana wants ..."), which can be read by itself; else the medoid.
    """

    members: tuple[dict[str, Any], ...]
    medoid: dict[str, Any]
    cohesion: float
    voice: dict[str, Any]

    @property
    def sessions(self) -> list[str]:
        return sorted({session for member in self.members for session in member["metadata"]["sessions"]})

    @property
    def support(self) -> int:
        """How often it was said: a memory that others were merged into counts for all of them."""
        return sum(int(member["metadata"]["support"]) for member in self.members)


def comparable(context: DreamContext, touched: Collection[str]) -> list[list[dict[str, Any]]]:
    """The active memories that may share a cluster with a ``touched`` one: those of its speaker.

    Without a model that could word what differing ones have in common, only those that agree with it: see `agreeing`.
    """
    groups: dict[tuple[str, frozenset[str]], list[dict[str, Any]]] = {}
    states = [State.ACTIVE.value]
    for memory in context.store.derived.listed(Layer.MEMORY, states=states) if touched else ():
        apart = distinguishing(memory["metadata"]["quote"]) if context.model is None else frozenset()
        groups.setdefault((memory["metadata"]["speaker"], apart), []).append(memory)
    return [group for group in groups.values() if any(memory["id"] in touched for memory in group)]


def clusters(
    memories: Sequence[dict[str, Any]], vectors: numpy.ndarray, max_distance: float, touched: Collection[str]
) -> list[Cluster]:
    """Average-link clusters of memories, those with a ``touched`` one.

    Two clusters are joined only if some of their members are nearer than ``max_distance``: what cannot be reached from
    a touched memory in such steps has no part in its cluster and is left out.
    """
    starts = [place for place, memory in enumerate(memories) if memory["id"] in touched]
    near = within_reach(vectors, starts, max_distance)
    found = []
    for local in average_link(vectors[near], max_distance):
        indices = [near[position] for position in local]
        if any(memories[index]["id"] in touched for index in indices):
            found.append(cluster_of(memories, vectors, indices))
    return found


def cluster_of(memories: Sequence[dict[str, Any]], vectors: numpy.ndarray, indices: list[int]) -> Cluster:
    """These of the memories as a cluster."""
    centre = medoid(vectors, indices)
    cosines = vectors[indices] @ vectors[centre]
    rows = tuple(memories[index] for index in indices)
    cohesion = round(max(0.0, min(1.0, float(cosines.mean()))), 4)
    telling = [
        (-round(float(cosine), 6), row["id"], row)
        for cosine, row in zip(cosines, rows, strict=True)
        if cosine >= VOICE and is_own_statement(row)
    ]
    return Cluster(rows, memories[centre], cohesion, min(telling)[2] if telling else memories[centre])


def agreeing(context: DreamContext, cluster: Cluster) -> list[Cluster]:
    """The cluster by what its members agree in to the last number and name, largest first.

    A quotation may stand only for what says the same: "fails since 1.9" is no evidence of "fails since 2.3".
    """
    groups: dict[frozenset[str], list[dict[str, Any]]] = {}
    for member in cluster.members:
        groups.setdefault(distinguishing(member["metadata"]["quote"]), []).append(member)
    if len(groups) == 1:
        return [cluster]
    vectors = context.item_vectors({member["id"]: member["metadata"]["quote"] for member in cluster.members})
    places = {member["id"]: place for place, member in enumerate(cluster.members)}
    found = [cluster_of(cluster.members, vectors, [places[row["id"]] for row in rows]) for rows in groups.values()]
    return sorted(found, key=lambda part: (-part.support, part.medoid["id"]))
