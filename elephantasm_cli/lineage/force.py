"""Which transformations are in force: an undo takes one out of force, and undoing the undo puts it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Force:
    """Answers for every transformation of a log. ``undoers`` maps an id to the ids of what undoes it."""

    def __init__(self, undoers: Mapping[str, Sequence[str]]) -> None:
        self._undoers = undoers
        self._known: dict[str, bool] = {}

    def __call__(self, transformation_id: str) -> bool:
        """Whether a transformation is in force: nothing that undoes it is.

        An undo is later than what it undoes, so the walk ends; it keeps its own stack, since undoing may go deep.
        """
        stack = [transformation_id]
        while stack:
            asked = stack[-1]
            unknown = [undo for undo in self._undoers.get(asked, ()) if undo not in self._known]
            if unknown:
                stack += unknown
                continue
            self._known[asked] = not any(self._known[undo] for undo in self._undoers.get(asked, ()))
            stack.pop()
        return self._known[transformation_id]

    def undone_by(self, transformation_id: str) -> str | None:
        """The undo in force over a transformation."""
        return next((undo for undo in self._undoers.get(transformation_id, ()) if self(undo)), None)
