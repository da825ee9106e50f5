"""What recall finds: passages of events and derived rows, each with its score and what it is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from elephantasm_cli.recall_features import Scored, belief_parts, memory_parts
from elephantasm_cli.recall_floor import FloorDecision
from elephantasm_cli.services.clock import days_between
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.store.search import EventPassage
from elephantasm_cli.vocabulary import Layer


class RecalledItem(NamedTuple):
    """One passage of an event, or one derived row, with its score and the weighted parts that add up to it.

    ``text`` is the item's own ``[start:end]``, ``occurred_at`` the event's time or the row's.
    ``sources`` are the events a derived row rests on (filled by packs that need them). Of a derived row, ``relevance``
    is that of the best event it rests on, and ``corrects`` that of the best event below what it superseded: shares of
    the best event's score, 0 without one or without a question. A passage that ``is_related`` has itself to do with the
    question; another one is among the candidates because of what stands beside it, or for want of better.
    """

    id: str
    layer: Layer
    text: str
    score: float
    parts: Mapping[str, float]
    occurred_at: str
    trust: str
    similarity: float = 0.0
    relevance: float = 0.0
    corrects: float = 0.0
    is_related: bool = True
    ordinal: int = 0
    start: int = 0
    end: int = 0
    seq: int = 0
    session_id: str = ""
    author: str = ""
    role: str = ""
    event_type: str = ""
    kind: str = ""
    state: str = ""
    sources: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """The two features that weigh most, in words."""
        strongest = sorted(self.parts.items(), key=lambda part: (-part[1], part[0]))[:2]
        return ", ".join(f"{name} {value:.2f}" for name, value in strongest if value > 0)


@dataclass(frozen=True, slots=True)
class RecallResult:
    """Items best first (ties by layer, id, ordinal); one per passage, so a long event can occur more than once."""

    items: tuple[RecalledItem, ...]
    floor: FloorDecision
    terms: tuple[str, ...] = ()
    candidates: int = 0
    below_floor: tuple[RecalledItem, ...] = field(default=(), repr=False)

    def best_per_item(self) -> tuple[RecalledItem, ...]:
        """The best passage of each item."""
        seen: dict[str, RecalledItem] = {}
        for item in self.items:
            seen.setdefault(item.id, item)
        return tuple(seen.values())


def event_item(passage: EventPassage, scored: Scored, similarity: float, *, is_related: bool = True) -> RecalledItem:
    """A passage with its score; ``similarity`` is its cosine to the question."""
    return RecalledItem(
        id=passage.item_id,
        layer=Layer.EVENT,
        text=passage.text,
        score=scored.score,
        parts=scored.parts,
        occurred_at=passage.occurred_at,
        trust=passage.trust,
        similarity=similarity,
        is_related=is_related,
        ordinal=passage.ordinal,
        start=passage.start,
        end=passage.end,
        seq=passage.seq,
        session_id=passage.session_id,
        author=passage.author,
        role=passage.role,
        event_type=passage.event_type,
        sources=(passage.item_id,),
    )


def derived_item(
    layer: Layer,
    row: Mapping[str, Any],
    now: str,
    similarity: float | None = None,
    relevance: float = 0.0,
    corrects: float = 0.0,
) -> RecalledItem:
    """A derived row with its score at the stored time ``now``: for a question, if it has a similarity to one.

    What corrects a relevant row is as relevant.
    """
    table = TABLES[layer]
    relevant = max(relevance, corrects)
    if layer is Layer.MEMORY:
        parts = memory_parts(
            importance=row["importance_score"],
            confidence=row["confidence"],
            age_days=days_between(row["time_end"], now),
            accesses=row["accesses"],
            similarity=similarity,
            relevance=relevant,
        )
    else:
        certainty = row["certainty"] if layer is Layer.KNOWLEDGE else row["confidence"]
        parts = belief_parts(certainty=certainty, similarity=similarity, relevance=relevant)
    text = row["content"] if layer is Layer.LESSON else table.text_of(row)  # a lesson's title is for lists
    return RecalledItem(
        id=row["id"],
        layer=layer,
        text=text,
        score=round(math.fsum(parts.values()), 6),
        parts=parts,
        occurred_at=row[table.date_column],
        trust=row["trust"],
        similarity=round(similarity or 0.0, 6),
        relevance=relevance,
        corrects=corrects,
        end=len(text),
        kind=row.get("kind") or row.get("category") or row.get("pattern_type") or "",
        state=row["state"],
    )


def rank_order(item: RecalledItem) -> tuple[float, str, str, int]:
    """Best first, equal ones by layer, id and ordinal: a total order."""
    return (-item.score, item.layer.value, item.id, item.ordinal)
