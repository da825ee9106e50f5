"""The memories that new ones are compared with, loaded once a run and kept up to date as the run changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.known import Known
from elephantasm_cli.vocabulary import Layer, State

if TYPE_CHECKING:
    import numpy

    from elephantasm_cli.dream.context import DreamContext

COMPARED_STATES = (State.ACTIVE, State.DECAYING, State.CANDIDATE, State.ARCHIVED)
"""What is superseded has its successor; all else may be said again, or denied."""


class Pool:
    """Rows of memories with the vectors of their words. Looking one up does not read the file again."""

    def __init__(self, context: DreamContext) -> None:
        self._context = context
        self._rows: dict[str, dict[str, Any]] = {}
        self._ids: list[str] = []
        self._places: dict[str, int] = {}
        self._vectors: numpy.ndarray | None = None
        self._known: Known | None = None
        rows = context.store.derived.listed(Layer.MEMORY, states=[state.value for state in COMPARED_STATES])
        self.add(list(rows))

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Take in memories that are not here yet."""
        import numpy

        if not rows:
            return
        vectors = self._context.item_vectors({row["id"]: row["metadata"]["quote"] for row in rows})
        for row in rows:
            self._places[row["id"]] = len(self._ids)
            self._ids.append(row["id"])
            self._rows[row["id"]] = row
            if self._known is not None:
                self._known.add(row["id"], *said_in(row))
        self._vectors = vectors if self._vectors is None else numpy.concatenate([self._vectors, vectors])

    def rows(self, *states: State) -> list[dict[str, Any]]:
        """The memories in one of ``states`` (all without), oldest first."""
        return [row for row in self._rows.values() if not states or row["state"] in states]

    def find(self, memory_id: str) -> dict[str, Any] | None:
        return self._rows.get(memory_id)

    def refresh(self, *memory_ids: str) -> None:
        """Read memories again that the run has changed; what is compared no more leaves."""
        current = self._context.store.derived.many(Layer.MEMORY, memory_ids)
        for memory_id in memory_ids:
            row = current.get(memory_id)
            if row is None or row["state"] not in COMPARED_STATES:
                self._rows.pop(memory_id, None)
            else:
                self._rows[memory_id] = row

    def rivals(self, memory: dict[str, Any]) -> set[str]:
        """The memories that may clash with this one, itself among them."""
        if self._known is None:
            self._known = Known()
            for row in self._rows.values():
                self._known.add(row["id"], *said_in(row))
        return self._known.rivals(*said_in(memory))

    def ranked(self, memory: dict[str, Any], least: float, besides: set[str]) -> list[tuple[float, dict[str, Any]]]:
        """Others with their cosine (to 6 decimals), nearest first, ties by id: those of at least ``least``, and those
        ``besides`` (ids)."""
        import numpy

        if self._vectors is None:
            return []
        # not a matrix product: that starts threads, and its last bits depend on how many there are
        cosines = numpy.einsum("ij,j->i", self._vectors, self._vectors[self._places[memory["id"]]]).round(6)
        ids = {self._ids[place] for place in numpy.flatnonzero(cosines >= least)} | besides
        near = [
            (round(float(cosines[self._places[other_id]]), 6), self._rows[other_id])
            for other_id in ids
            if other_id in self._rows and other_id != memory["id"]
        ]
        return sorted(near, key=lambda pair: (-pair[0], pair[1]["id"]))


def said_in(memory: dict[str, Any]) -> tuple[str, str]:
    """The verbatim words of a memory, and whose they are: what is compared."""
    return memory["metadata"]["quote"], memory["metadata"]["speaker"]
