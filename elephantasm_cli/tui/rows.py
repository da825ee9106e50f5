"""A row of a list, whatever list it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of an item. ``text`` may hold anything and is made visible where it is drawn.

    ``score`` is in [0, 1]. ``note`` is a remark of the list itself, such as why a pack left the row out.
    """

    id: str
    layer: str
    text: str
    date: str = ""
    kind: str = ""
    state: str = ""
    who: str = ""
    score: float | None = None
    trust: str = ""
    session: str = ""
    note: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Row:
        """A row as the store's lists give it."""
        return cls(
            id=values["id"],
            layer=values["layer"],
            text=values["text"],
            date=values["date"],
            kind=values["kind"],
            state=values["state"],
            who=values["who"],
            score=values["score"],
            trust=values["trust"],
            session=values["session"],
        )
