"""Recall: a question in, ranked items out. No model runs but the embedder, on the question alone.

Events are searched by words and by vector; both lists and the neighbours of what they found are the candidates, and
`recall_features` scores those. Derived rows are few: each layer is looked at whole and scored by the events it rests
on, by how like the question it is and by what it is worth. Everything reads one snapshot and changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from elephantasm_cli.recall_features import Evidence, Scored, name_words, score_candidates, without_names
from elephantasm_cli.recall_floor import (
    WORDS_WEIGHT,
    FloorDecision,
    Term,
    decide,
    names_in,
    related,
    speaks_of_nobody,
    telling,
)
from elephantasm_cli.recalled import RecalledItem, RecallResult, derived_item, event_item, rank_order
from elephantasm_cli.rerank import rerank
from elephantasm_cli.services.byte_pairs import is_ordinary
from elephantasm_cli.store.full_text import FullTextSearch
from elephantasm_cli.store.search import EventPassage, PassageSearch, Visibility
from elephantasm_cli.store.vectors import NEAREST
from elephantasm_cli.text.fts import index_text, query_terms
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.services.reranker import Reranker
    from elephantasm_cli.store.store import Store

LEXICAL_CANDIDATES = 150
DENSE_CANDIDATES = NEAREST
ASKED_BY_ID = 5000
"""Up to this many passages are asked one by one whether they can be seen."""
DERIVED_FLOOR = 0.50
"""A derived row as similar as this has to do with the question."""
RELEVANT = 0.85
"""And so has one that rests on an event with this share of the best event's score."""


def recall(
    store: Store,
    embedder: Embedder | None,
    query: str,
    *,
    visibility: Visibility,
    layers: Sequence[Layer] = tuple(Layer),
    limit: int | None = None,
    lexical: bool = True,
    reranker: Reranker | None = None,
) -> RecallResult:
    """Rank what ``visibility`` lets be seen by its worth for ``query``, at most ``limit`` items.

    ``visibility.as_of`` is now: relative dates, recency and decay count from it. Without an embedder, or where passages
    have no vector yet, words alone decide; ``lexical=False`` leaves it to vectors alone. A ``reranker`` rescores the
    best passages of events. Identity is not recalled: it always holds.
    """
    with store.snapshot():
        return _Search(store, embedder, query, visibility, lexical, reranker).result(layers, limit)


def standing(store: Store, *, visibility: Visibility, layers: Sequence[Layer], limit: int = 200) -> RecallResult:
    """What is worth knowing without any question: derived rows by their own worth, and the newest events."""
    with store.snapshot():
        search = PassageSearch(store)
        items: list[RecalledItem] = []
        for layer in layers:
            if layer is Layer.EVENT:
                newest = search.newest_events(visibility, limit)
                items += [
                    event_item(passage, Scored(round(1.0 - place / (limit + 1), 6), {"recency": 1.0}), 0.0)
                    for place, passage in enumerate(newest)
                ]
            elif layer is not Layer.IDENTITY:
                items += [
                    derived_item(layer, row, visibility.last) for row in search.derived_rows(layer, visibility).values()
                ]
        return RecallResult(tuple(sorted(items, key=rank_order)), FloorDecision(True), candidates=len(items))


class _Search:
    """One question's searches over one snapshot."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder | None,
        query: str,
        visibility: Visibility,
        lexical: bool,
        reranker: Reranker | None,
    ) -> None:
        self._search = PassageSearch(store)
        self._store = store
        self._query = query
        self._visibility = visibility
        self._reranker = reranker
        self._model = embedder.sha256 if embedder is not None else ""
        self._names = name_words(query, self._search.people())
        self._embedder = embedder
        self._words = FullTextSearch(store.connection, query_terms(query) if lexical else [])

    def result(self, layers: Sequence[Layer], limit: int | None) -> RecallResult:
        items: list[RecalledItem] = []
        below: list[RecalledItem] = []
        floor, candidates = FloorDecision(False), 0
        for layer in layers:
            if layer is Layer.EVENT:
                found, floor = self._events
                candidates += len(found)
                (items if floor.passed else below).extend(found)
            elif layer is not Layer.IDENTITY:
                rows = self._derived(layer)
                candidates += len(rows)
                for item in rows:
                    (items if self._is_about(item) else below).append(item)
        return RecallResult(
            tuple(sorted(items, key=rank_order)[:limit]),
            floor,
            self._words.terms,
            candidates,
            tuple(sorted(below, key=rank_order)),
        )

    @cached_property
    def _events(self) -> tuple[list[RecalledItem], FloorDecision]:
        lexical, passages = self._best_matches()
        nearest = self._nearest_events()
        passages |= self._search.event_passages([key for key in nearest if key not in passages], self._visibility)
        before, after = self._neighbours(passages)
        surroundings = {
            key: [near for near in (before.get(key), after.get(key)) if near is not None] for key in passages
        }
        cosine, window = dict[int, float](), dict[int, float]()
        if self._about is not None:
            cosine, window = self._store.vectors.cosines_in_place(self._about, surroundings, self._model)
        lexical |= self._words.scores([key for key in passages if key not in lexical])
        evidence = Evidence(passages, lexical, cosine, window, before, after)
        terms = self._terms(surroundings)
        floor = self._floor(terms, window, surroundings)
        scored = score_candidates(self._query, self._visibility.last, evidence)
        if self._reranker is not None and floor.passed:
            scored = rerank(self._reranker, self._query, passages, scored)
        near = related(terms, window, surroundings, floor.needed)
        return [
            event_item(passages[key], found, cosine.get(key, 0.0), is_related=key in near or "date" in found.parts)
            for key, found in scored.items()
        ], floor

    def _is_about(self, item: RecalledItem) -> bool:
        """Whether a derived row has to do with the question: by itself, or through relevant events that answer it."""
        if item.similarity >= DERIVED_FLOOR:
            return True
        return self._events[1].passed and max(item.relevance, item.corrects) >= RELEVANT

    def _best_matches(self) -> tuple[dict[int, float], dict[int, EventPassage]]:
        """Lexical scores of the best matches, and those of them that are events which can be seen, best first."""
        scores, whole = self._words.ranked()
        found = self._search.first_events(scores, self._visibility, LEXICAL_CANDIDATES)
        if len(found) < LEXICAL_CANDIDATES and not whole:
            scores, _ = self._words.ranked(within=self._all_visible)
            found = self._search.first_events(scores, self._visibility, LEXICAL_CANDIDATES)
        return scores, found

    def _nearest_events(self) -> dict[int, float]:
        if self._about is None:
            return {}
        narrow = self._visibility != Visibility(self._visibility.as_of) or self._visibility.last < (
            self._store.events.newest_time() or ""
        )
        return dict(
            self._store.vectors.nearest(
                self._about, Layer.EVENT.value, self._model, DENSE_CANDIDATES, self._visible_among if narrow else None
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

    @cached_property
    def _about(self) -> NDArray[np.float32] | None:
        """The vector of the question without the names of speakers: events carry none in theirs."""
        if self._embedder is None:
            return None
        return self._embedder.embed_query(without_names(self._query, self._names))

    @cached_property
    def _vector(self) -> NDArray[np.float32] | None:
        """The vector of the whole question: derived rows say in their own words whom they are about."""
        return None if self._embedder is None else self._embedder.embed_query(self._query)

    def _cosines(self, passage_ids: Sequence[int]) -> dict[int, float]:
        if not passage_ids or self._vector is None:
            return {}
        return self._store.vectors.cosines(self._vector, passage_ids, self._model)

    def _floor(
        self, terms: Sequence[Term], window: Mapping[int, float], surroundings: Mapping[int, Sequence[int]]
    ) -> FloorDecision:
        general = speaks_of_nobody(self._query, self._names) and not any(map(self._is_coined, self._telling))
        return decide(terms, window, surroundings, self._unknown_names, general=general)

    def _terms(self, surroundings: Mapping[int, Sequence[int]]) -> list[Term]:
        """What the question is about, and who of the candidates and what is beside them holds it.

        The words of names that do not occur are held by nothing, though each may: a night and a watch are no "Night
        Watch".
        """
        passages = {*surroundings, *(near for beside in surroundings.values() for near in beside)}
        unknown = frozenset(query_terms(" ".join(self._unknown_names)))
        return [
            Term(self._words.idf(term), frozenset(), is_known=False)
            if term in unknown
            else Term(self._words.idf(term), holders.within(passages), bool(len(holders.text)))
            for term in self._telling
            for holders in [self._words.holders(term)]
        ]

    @cached_property
    def _unknown_names(self) -> list[str]:
        """The names in the question, if not one of them occurs."""
        names = names_in(self._query) if self._words.terms else []
        return [] if any(map(self._is_known, names)) else names

    def _is_coined(self, term: str) -> bool:
        """Whether a word occurs here that is no ordinary English: what somebody called something."""
        return bool(len(self._words.holders(term).text)) and not is_ordinary(term)

    @cached_property
    def _telling(self) -> list[str]:
        return telling(self._words.terms, self._names)

    def _is_known(self, name: str) -> bool:
        """Whether a name occurs somewhere, its words one after the other."""
        return bool(len(self._words.holders(index_text(name)).text))

    def _matched_share(
        self, terms: Sequence[str], passage_ids: Collection[int], holding: Mapping[str, frozenset[int]]
    ) -> float:
        """The share of the terms' idf whose terms occur in one of these passages, in [0, 1]."""
        total = math.fsum(map(self._words.idf, terms))
        if total <= 0 or not passage_ids:
            return 0.0
        held = (term for term in terms if not holding[term].isdisjoint(passage_ids))
        return round(math.fsum(map(self._words.idf, held)) / total, 6)

    @cached_property
    def _relevance(self) -> dict[str, float]:
        """How relevant what each derived row rests on is: its best event's score, as a share of the best of all."""
        found, _ = self._events
        best = max((item.score for item in found), default=0.0)
        shares: dict[str, float] = {}
        for item in found:
            if best > 0 and item.score > 0:
                shares[item.id] = max(shares.get(item.id, 0.0), round(item.score / best, 6))
        return self._search.resting_on(shares)

    @cached_property
    def _corrected(self) -> dict[str, float]:
        """How relevant what each row superseded is."""
        return self._search.superseding(self._relevance)

    def _derived(self, layer: Layer) -> list[RecalledItem]:
        rows = self._search.derived_rows(layer, self._visibility)
        passage_ids = [key for row in rows.values() for key in row["passage_ids"]]
        cosine, holding = self._cosines(passage_ids), self._words.holding(passage_ids)
        items = []
        for row in rows.values():
            share = self._matched_share(self._telling, row["passage_ids"], holding)
            near = max((cosine.get(key, 0.0) for key in row["passage_ids"]), default=0.0)
            similarity = min(1.0, max(0.0, near) + (WORDS_WEIGHT if cosine else 1.0) * share)
            relevance, corrects = (found.get(row["id"], 0.0) for found in (self._relevance, self._corrected))
            items.append(derived_item(layer, row, self._visibility.last, similarity, relevance, corrects))
        return items


def with_sources(store: Store, items: Iterable[RecalledItem]) -> list[RecalledItem]:
    """The items with the events that the derived ones rest on."""
    listed = list(items)
    with store.snapshot():
        sources = PassageSearch(store).source_events([item.id for item in listed if item.layer is not Layer.EVENT])
    return [item._replace(sources=sources.get(item.id, (item.id,))) for item in listed]


def _follows(first: EventPassage | None, second: EventPassage | None) -> bool:
    return first is not None and second is not None and first.session_id == second.session_id
