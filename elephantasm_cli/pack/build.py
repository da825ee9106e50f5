"""Building a pack from a file: options in, recall, compile, format. Search goes the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from elephantasm_cli.config import PackSettings
from elephantasm_cli.errors import UsageError
from elephantasm_cli.pack.budget import Shares
from elephantasm_cli.pack.compile import Pack, compile_pack
from elephantasm_cli.pack.render import json_document
from elephantasm_cli.recall import FloorDecision, RecallResult, recall, standing, with_sources
from elephantasm_cli.services.clock import parse_time_inclusive
from elephantasm_cli.services.reranker import load_reranker
from elephantasm_cli.services.tokens import load_counter
from elephantasm_cli.store.search import Visibility
from elephantasm_cli.vocabulary import TRUST_ORDER, Layer, Trust

if TYPE_CHECKING:
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.store.store import Store

FORMATS = ("markdown", "json")
MODES = ("hybrid", "lexical", "dense")
BEGINNING = "0001-01-01T00:00:00.000000Z"
"""The clock of a file without events."""


@dataclass(frozen=True, slots=True)
class PackOptions:
    """What a pack depends on beside the file. ``as_of`` is an ISO time or date, inclusive, ``trust`` the lealowest."""

    query: str | None = None
    budget: int = 1200
    format: str = "markdown"
    as_of: str | None = None
    layers: tuple[Layer, ...] = tuple(Layer)
    trust: Trust | None = None
    explain: bool = False
    settings: PackSettings = field(default_factory=PackSettings)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they are kept with a saved pack."""
        return {
            "budget": self.budget,
            "format": self.format,
            "as_of": self.as_of,
            "layers": [layer.value for layer in self.layers],
            "trust": None if self.trust is None else self.trust.value,
            "settings": self.settings.model_dump(),
        }


def build_pack(store: Store, options: PackOptions, *, embedder: Callable[[], Embedder]) -> Pack:
    """The pack of ``options``. ``embedder`` is called only where there is a question and a vector to compare it with.

    Raises UsageError for a format or a time that is none, EmbeddingMismatchError as the embedder does.
    """
    if options.format not in FORMATS:
        raise UsageError(f"no pack format {options.format!r}: choose one of {', '.join(FORMATS)}")
    settings, query = options.settings, (options.query or "").strip() or None
    with store.snapshot():
        visibility = Visibility(as_of=_now(store, options.as_of), trust=_at_least(options.trust))
        if query is None:
            result = standing(store, visibility=visibility, layers=options.layers)
        else:
            model = embedder() if _has_vectors(store) else None
            reranker = load_reranker(settings.reranker)
            result = recall(store, model, query, visibility=visibility, layers=options.layers, reranker=reranker)
        as_of = visibility.as_of if options.as_of else None
        identity = store.derived.current_identity(as_of) if Layer.IDENTITY in options.layers else None
        items = with_sources(store, result.items) if options.format == "json" else result.items
    pack = compile_pack(
        items,
        budget=options.budget,
        counter=load_counter(settings.tokenizer),
        identity=identity,
        shares=Shares(settings.identity_tokens, settings.knowledge_share, settings.memory_share),
        query=query,
        as_of=visibility.as_of,
        wanted=result.terms,
    )
    pack = replace(pack, left_out=(*pack.left_out, *below_floor(result)))
    return replace(pack, text=json_document(pack, explain=options.explain)) if options.format == "json" else pack


def search(
    store: Store,
    query: str,
    *,
    embedder: Callable[[], Embedder],
    mode: str = "hybrid",
    layers: Sequence[Layer] = tuple(Layer),
    session: str | None = None,
    author: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = 10,
    reranker: str = "",
) -> RecallResult:
    """The best passage of each of the ``limit`` best items. A session or an author is asked of events alone.

    ``reranker`` is the folder of one, empty for none. Raises UsageError for a mode or a time that is none.
    """
    if mode not in MODES:
        raise UsageError(f"no search mode {mode!r}: choose one of {', '.join(MODES)}")
    chosen = [layer for layer in layers if layer is Layer.EVENT or (session is None and author is None)]
    with store.snapshot():
        visibility = Visibility(
            as_of=_now(store, None),
            since=None
            if since is None
            else parse_time_inclusive(since)[:11] + "00:00:00.000000Z"
            if len(since.strip()) == 10
            else parse_time_inclusive(since),
            until=None if until is None else parse_time_inclusive(until),
            sessions=() if session is None else (session,),
            authors=() if author is None else (author,),
        )
        model = embedder() if mode != "lexical" and _has_vectors(store) else None
        result = recall(
            store,
            model,
            query,
            visibility=visibility,
            layers=chosen,
            lexical=mode != "dense",
            reranker=load_reranker(reranker) if mode == "hybrid" else None,
        )
    return replace(result, items=result.best_per_item()[:limit])


def below_floor(result: RecallResult) -> tuple[Any, ...]:
    """What the floor kept out, for an explanation."""
    from elephantasm_cli.pack.compile import EXPLAINED, LeftOut

    return tuple(LeftOut(item.id, item.score, "not relevant enough") for item in result.below_floor[:EXPLAINED])


def _now(store: Store, as_of: str | None) -> str:
    """The database's clock: ``as_of``, else the newest event's time."""
    return parse_time_inclusive(as_of) if as_of is not None else store.events.newest_time() or BEGINNING


def _at_least(trust: Trust | None) -> tuple[str, ...]:
    return () if trust is None else tuple(each.value for each in TRUST_ORDER[: TRUST_ORDER.index(trust) + 1])


def _has_vectors(store: Store) -> bool:
    return store.connection.execute("SELECT 1 FROM embeddings LIMIT 1").fetchone() is not None


__all__ = ["FloorDecision", "PackOptions", "below_floor", "build_pack", "search"]
