"""Recall: a question in, ranked items out. No model runs but the embedder, on the question alone.

Events are searched by words and by vector; both lists and the neighbours of what they found are the candidates, and
`recall_features` scores those. Derived rows are few: each layer is looked at whole and scored by what it is
worth and by how like the question it is. Everything reads one snapshot of the file and changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from elephantasm_cli.recall_features import (
    Evidence,
    Scored,
    belief_parts,
    memory_parts,
    named_authors,
    score_candidates,
)
from elephantasm_cli.services.clock import days_between
from elephantasm_cli.store.full_text import FullTextSearch
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.store.search import EventPassage, PassageSearch, Visibility
from elephantasm_cli.text.fts import query_terms
from elephantasm_cli.text.words import words
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.store.store import Store

LEXICAL_CANDIDATES = 200
DENSE_CANDIDATES = 200
ASKED_BY_ID = 5000
FLOOR_LOOKED_AT = 10
"""Of how many of the best lexical matches the matched share of the question is taken."""

FLOOR_COSINE = 0.40
FLOOR_SHARE = 0.45
"""A question is answered if either is reached: the best cosine, or the share of its idf that one passage holds."""
FLOOR_SHARE_ALONE = 0.15
"""The share that is enough where there are no vectors to ask."""
DERIVED_FLOOR = 0.40
"""A derived row with less similarity than this has nothing to do with the question."""


class RecalledItem(NamedTuple):
    """One passage of an event, or one derived row, with its score and the weighted parts that add up to it.

    ``text`` is the item's own ``[start:end]``. ``sort`` is its place in time: the event's time and seq, or the row's.
    ``sources`` are the events a derived row rests on (filled by packs that need them).
    """

    id: str
    layer: Layer
    text: str
    score: float
    parts: Mapping[str, float]
    occurred_at: str
    trust: str
    similarity: float = 0.0
    ordinal: int = 0
    start: int = 0
    end: int = 0
    seq: int = 0
    session_id: str = ""
    author: str = ""
    role: str = ""
    event_type: str = ""
    kind: str = ""
    sources: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """The two features that weigh most, in words."""
        strongest = sorted(self.parts.items(), key=lambda part: (-part[1], part[0]))[:2]
        return ", ".join(f"{name} {value:.2f}" for name, value in strongest if value > 0)


@dataclass(frozen=True, slots=True)
class FloorDecision:
    """Whether the events have anything to say to the question. ``top_cosine`` is None where nothing has a vector."""

    passed: bool
    top_cosine: float | None
    matched_share: float


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


def recall(
    store: Store,
    embedder: Embedder | None,
    query: str,
    *,
    visibility: Visibility,
    layers: Sequence[Layer] = tuple(Layer),
    limit: int | None = None,
    lexical: bool = True,
) -> RecallResult:
    """Rank what ``visibility`` lets be seen by its worth for ``query``, at most ``limit`` items.

    ``visibility.as_of`` is now: relative dates, recency and decay count from it. Without an embedder, or where passages
    have no vector yet, words alone decide; ``lexical=False`` leaves it to vectors alone. Identity is not
    recalled: it always holds.
    """
    with store.snapshot():
        return _Search(store, embedder, query, visibility, lexical).result(layers, limit)


def standing(store: Store, *, visibility: Visibility, layers: Sequence[Layer], limit: int = 200) -> RecallResult:
    """What is worth knowing without any question: derived rows by their own worth, and the newest events."""
    with store.snapshot():
        search = PassageSearch(store)
        items: list[RecalledItem] = []
        for layer in layers:
            if layer is Layer.EVENT:
                newest = search.newest_events(visibility, limit)
                items += [
                    _event_item(passage, Scored(round(1.0 - place / (limit + 1), 6), {"recency": 1.0}), 0.0)
                    for place, passage in enumerate(newest)
                ]
            elif layer is not Layer.IDENTITY:
                items += [
                    _derived_item(layer, row, None, visibility.last)
                    for row in search.derived_rows(layer, visibility).values()
                ]
        return RecallResult(tuple(sorted(items, key=_order)), FloorDecision(True, None, 0.0), candidates=len(items))


class _Search:
    """One question's searches over one snapshot."""

    def __init__(
        self, store: Store, embedder: Embedder | None, query: str, visibility: Visibility, lexical: bool
    ) -> None:
        self._search = PassageSearch(store)
        self._store = store
        self._query = query
        self._visibility = visibility
        self._model = embedder.sha256 if embedder is not None else ""
        self._vector: NDArray[np.float32] | None = embedder.embed_query(query) if embedder is not None else None
        self._words = FullTextSearch(store.connection, query_terms(query) if lexical else [])

    def result(self, layers: Sequence[Layer], limit: int | None) -> RecallResult:
        items: list[RecalledItem] = []
        below: list[RecalledItem] = []
        floor, candidates = FloorDecision(False, None, 0.0), 0
        for layer in layers:
            if layer is Layer.EVENT:
                found, floor = self._events()
                candidates += len(found)
                (items if floor.passed else below).extend(found)
            elif layer is not Layer.IDENTITY:
                rows = self._derived(layer)
                candidates += len(rows)
                items += [item for item in rows if item.similarity >= DERIVED_FLOOR]
                below += [item for item in rows if item.similarity < DERIVED_FLOOR]
        return RecallResult(
            tuple(sorted(items, key=_order)[:limit]),
            floor,
            self._words.terms,
            candidates,
            tuple(sorted(below, key=_order)),
        )

    def _events(self) -> tuple[list[RecalledItem], FloorDecision]:
        lexical, passages = self._best_matches()
        best_matches = list(passages)[:FLOOR_LOOKED_AT]
        nearest = self._nearest_events()
        passages |= self._search.event_passages([key for key in nearest if key not in passages], self._visibility)
        before, after = self._neighbours(passages)
        cosine = self._cosines([key for key in passages if key not in nearest]) | nearest
        lexical |= self._words.scores([key for key in passages if key not in lexical])
        evidence = Evidence(passages, lexical, cosine, before, after)
        floor = self._floor(passages, best_matches, [value for key, value in cosine.items() if key in passages])
        scored = score_candidates(self._query, self._visibility.last, evidence)
        return [_event_item(passages[key], scored[key], cosine.get(key, 0.0)) for key in passages], floor

    def _best_matches(self) -> tuple[dict[int, float], dict[int, EventPassage]]:
        """Lexical scores of the best matches, and those of them that are events which can be seen, best first."""
        scores, whole = self._words.ranked()
        found = self._search.first_events(scores, self._visibility, LEXICAL_CANDIDATES)
        if len(found) < LEXICAL_CANDIDATES and not whole:
            scores, _ = self._words.ranked(within=self._all_visible)
            found = self._search.first_events(scores, self._visibility, LEXICAL_CANDIDATES)
        return scores, found

    def _nearest_events(self) -> dict[int, float]:
        if self._vector is None:
            return {}
        narrow = self._visibility != Visibility(self._visibility.as_of) or self._visibility.last < (
            self._store.events.newest_time() or ""
        )
        return dict(
            self._store.vectors.nearest(
                self._vector, Layer.EVENT.value, self._model, DENSE_CANDIDATES, self._visible_among if narrow else None
            )
        )

    def _visible_among(self, passage_ids: Sequence[int]) -> Collection[int]:
        """Few are asked about by id; for many it is quicker to list all that can be seen, once."""
        if len(passage_ids) > ASKED_BY_ID or "_all_visible" in self.__dict__:
            return self._all_visible.intersection(passage_ids)
        return self._search.visible_among(passage_ids, self._visibility)

    @cached_property
    def _all_visible(self) -> frozenset[int]:
        return self._search.visible_event_passage_ids(self._visibility)

    def _neighbours(self, passages: dict[int, EventPassage]) -> tuple[dict[int, int], dict[int, int]]:
        """The passages before and after each candidate in its session; they become candidates too.

        Passages are numbered as they are stored, so the next number is nearly always the neighbour.
        """
        found = list(passages)
        beside = self._search.event_passages(
            sorted({key + step for key in found for step in (-1, 1)} - passages.keys()), self._visibility
        )
        known = passages | beside
        before: dict[int, int] = {}
        after: dict[int, int] = {}
        for key in found:
            previous, following = known.get(key - 1), known.get(key + 1)
            near = [
                key - 1 if _follows(previous, passages[key]) else None,
                key + 1 if _follows(passages[key], following) else None,
            ]
            if None in near:
                exact = self._search.neighbour_ids(passages[key])
                near = [mine if mine is not None else other for mine, other in zip(near, exact, strict=True)]
            if near[0] is not None:
                before[key] = near[0]
                after[near[0]] = key
            if near[1] is not None:
                after[key] = near[1]
                before[near[1]] = key
        wanted = sorted((set(before.values()) | set(after.values())) - passages.keys())
        passages |= {key: beside[key] for key in wanted if key in beside}
        passages |= self._search.event_passages([key for key in wanted if key not in beside], self._visibility)
        return (
            {key: value for key, value in before.items() if key in passages and value in passages},
            {key: value for key, value in after.items() if key in passages and value in passages},
        )

    def _cosines(self, passage_ids: Sequence[int]) -> dict[int, float]:
        if self._vector is None:
            return {}
        return self._store.vectors.cosines(self._vector, passage_ids, self._model)

    def _floor(
        self, passages: Mapping[int, EventPassage], best_matches: Sequence[int], cosines: Sequence[float]
    ) -> FloorDecision:
        """Raw measures, never the fused score: that one makes the best hit good however bad all are."""
        names = {
            word for name in named_authors(self._query, [p.author for p in passages.values()]) for word in words(name)
        }
        telling = [term for term in self._words.terms if term not in names] or self._words.terms
        holding = self._words.holding(best_matches)
        share = max((self._matched_share(telling, [key], holding) for key in best_matches), default=0.0)
        top = max(cosines, default=None)
        enough = share >= FLOOR_SHARE_ALONE if top is None else share >= FLOOR_SHARE or top >= FLOOR_COSINE
        passed = bool(passages) and enough
        return FloorDecision(passed, top, share)

    def _matched_share(
        self, terms: Sequence[str], passage_ids: Collection[int], holding: Mapping[str, frozenset[int]]
    ) -> float:
        """The share of the terms' idf whose terms occur in one of these passages, in [0, 1]."""
        total = math.fsum(map(self._words.idf, terms))
        if total <= 0 or not passage_ids:
            return 0.0
        held = (term for term in terms if not holding[term].isdisjoint(passage_ids))
        return round(math.fsum(map(self._words.idf, held)) / total, 6)

    def _derived(self, layer: Layer) -> list[RecalledItem]:
        rows = self._search.derived_rows(layer, self._visibility)
        passage_ids = [key for row in rows.values() for key in row["passage_ids"]]
        cosine, holding = self._cosines(passage_ids), self._words.holding(passage_ids)
        items = []
        for row in rows.values():
            share = self._matched_share(self._words.terms, row["passage_ids"], holding)
            near = max((cosine.get(key, 0.0) for key in row["passage_ids"]), default=0.0)
            items.append(_derived_item(layer, row, min(1.0, max(share, near)), self._visibility.last))
        return items


def with_sources(store: Store, items: Iterable[RecalledItem]) -> list[RecalledItem]:
    """The items with the events that the derived ones rest on."""
    listed = list(items)
    with store.snapshot():
        sources = PassageSearch(store).source_events([item.id for item in listed if item.layer is not Layer.EVENT])
    return [item._replace(sources=sources.get(item.id, (item.id,))) for item in listed]


def _follows(first: EventPassage | None, second: EventPassage | None) -> bool:
    return first is not None and second is not None and first.session_id == second.session_id


def _event_item(passage: EventPassage, scored: Scored, similarity: float) -> RecalledItem:
    return RecalledItem(
        id=passage.item_id,
        layer=Layer.EVENT,
        text=passage.text,
        score=scored.score,
        parts=scored.parts,
        occurred_at=passage.occurred_at,
        trust=passage.trust,
        similarity=similarity,
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


def _derived_item(layer: Layer, row: Mapping[str, Any], similarity: float | None, now: str) -> RecalledItem:
    table = TABLES[layer]
    if layer is Layer.MEMORY:
        parts = memory_parts(
            importance=row["importance_score"],
            confidence=row["confidence"],
            age_days=days_between(row["time_end"], now),
            accesses=row["accesses"],
            similarity=similarity,
        )
    else:
        certainty = row["certainty"] if layer is Layer.KNOWLEDGE else row["confidence"]
        parts = belief_parts(certainty=certainty, similarity=similarity)
    text = table.text_of(row)
    return RecalledItem(
        id=row["id"],
        layer=layer,
        text=text,
        score=round(math.fsum(parts.values()), 6),
        parts=parts,
        occurred_at=row[table.date_column],
        trust=row["trust"],
        similarity=round(similarity or 0.0, 6),
        end=len(text),
        kind=row.get("kind") or row.get("category") or row.get("pattern_type") or "",
    )


def _order(item: RecalledItem) -> tuple[float, str, str, int]:
    return (-item.score, item.layer.value, item.id, item.ordinal)
