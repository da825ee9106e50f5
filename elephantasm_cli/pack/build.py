"""Building a pack from a file: options in, recall, compile, format. Search goes the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from elephantasm_cli.config import PackSettings
from elephantasm_cli.errors import UsageError
from elephantasm_cli.pack.budget import Shares
from elephantasm_cli.pack.compile import EXPLAINED, compile_pack
from elephantasm_cli.pack.contents import NOT_RELEVANT, SHOWN_ALREADY, LeftOut, Pack
from elephantasm_cli.pack.explain import json_document
from elephantasm_cli.pack.forms import form_of
from elephantasm_cli.pack.presets import check_preset, full_pack, session_pack
from elephantasm_cli.pack.since import SavedPack, check_continues, continued, find_changes, find_saved
from elephantasm_cli.recall import recall, standing, with_sources
from elephantasm_cli.recalled import RecalledItem, RecallResult
from elephantasm_cli.services.clock import parse_time, parse_time_inclusive
from elephantasm_cli.services.reranker import load_reranker
from elephantasm_cli.services.tokens import load_counter
from elephantasm_cli.store.search import Visibility
from elephantasm_cli.vocabulary import KINDS, TRUST_ORDER, Layer, Preset, State, Trust

if TYPE_CHECKING:
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.store.store import Store

MODES = ("hybrid", "lexical", "dense")
BEGINNING = "0001-01-01T00:00:00.000000Z"
"""The clock of a file without events."""


@dataclass(frozen=True, slots=True)
class PackOptions:
    """What a pack depends on beside the file. ``as_of`` is an ISO time or date, inclusive, ``trust`` the lowest.

    ``since`` is the full id of a saved pack; a session pack takes its ``layers`` and ``trust`` from there.
    """

    query: str | None = None
    budget: int = 1200
    format: str = "markdown"
    preset: Preset | None = None
    since: str | None = None
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
            "preset": None if self.preset is None else self.preset.value,
            "since": self.since,
            "as_of": self.as_of,
            "layers": [layer.value for layer in self.layers],
            "trust": None if self.trust is None else self.trust.value,
            "settings": self.settings.model_dump(),
        }


def build_pack(store: Store, options: PackOptions, *, embedder: Callable[[], Embedder]) -> Pack:
    """The pack of ``options``. ``embedder`` is called only where there is a question and a vector to compare it with.

    Raises UsageError for a format, a time or a saved pack that is none and for options that contradict each other,
    EmbeddingMismatchError as the embedder does.
    """
    form_of(options.format)
    check_preset(options)
    with store.snapshot():
        saved = None if options.since is None else find_saved(store, options.since)
        if options.preset is Preset.SESSION:
            pack = _session(store, options, saved)
        else:
            pack = _asked(store, options, saved, embedder)
    pack = replace(pack, format=options.format, preset=options.preset, since=options.since)
    return replace(pack, text=json_document(pack, explain=options.explain)) if options.format == "json" else pack


def _session(store: Store, options: PackOptions, saved: SavedPack | None) -> Pack:
    """What holds now by itself; with a saved session pack, that one and what changed since."""
    if saved is not None:
        check_continues(saved, options.format)
        options = replace(options, layers=saved.layers, trust=saved.trust)
    form, counter = form_of(options.format), load_counter(options.settings.tokenizer)
    now = parse_time_inclusive(options.as_of) if options.as_of is not None else store.derived.newest_memory_time()
    visibility = Visibility(as_of=now or BEGINNING, trust=_at_least(options.trust))
    layers = [layer for layer in options.layers if layer is not Layer.EVENT]
    result = standing(store, visibility=visibility, layers=layers)
    identity = _identity(store, options)
    pack = session_pack(
        _with_sources(store, options, result.items),
        identity,
        budget=options.budget if saved is None else max(options.budget, saved.budget),
        counter=counter,
        settings=options.settings,
        form=form,
        as_of=visibility.as_of,
    )
    if saved is None:
        return pack
    changes = find_changes(store, saved, pack, identity)
    return continued(saved, changes, pack, budget=options.budget, counter=counter, form=form)


def _asked(store: Store, options: PackOptions, saved: SavedPack | None, embedder: Callable[[], Embedder]) -> Pack:
    """What answers the query; without one, what is worth knowing and what was said last."""
    settings, query = options.settings, _question(options.query)
    visibility = Visibility(as_of=_now(store, options.as_of), trust=_at_least(options.trust))
    if query is None:
        result = standing(store, visibility=visibility, layers=options.layers)
    else:
        model = embedder() if _has_vectors(store) else None
        reranker = load_reranker(settings.reranker)
        result = recall(store, model, query, visibility=visibility, layers=options.layers, reranker=reranker)
    items = _with_sources(store, options, [item for item in result.items if item.is_related])
    common: dict[str, Any] = {
        "budget": options.budget,
        "counter": load_counter(settings.tokenizer),
        "form": form_of(options.format),
        "query": query,
        "as_of": visibility.as_of,
        "wanted": result.terms,
    }
    identity = _identity(store, options)
    if options.preset is Preset.FULL:
        always = standing(store, visibility=visibility, layers=options.layers)
        pack = full_pack(_with_sources(store, options, always.items), items, identity, settings=settings, **common)
    else:
        known = frozenset() if saved is None else saved.item_ids
        pack = compile_pack(
            [item for item in items if item.id not in known],
            identity=None if options.preset is Preset.TURN else identity,
            shares=Shares(settings.identity_tokens, settings.knowledge_share, settings.memory_share),
            shown=() if saved is None else [shown.line for shown in saved.shown],
            **common,
        )
        if saved is not None:
            repeated = [LeftOut.of(item, f"{SHOWN_ALREADY} {saved.id}") for item in items if item.id in known]
            pack = replace(pack, left_out=(*repeated[:EXPLAINED], *pack.left_out))
    unrelated = (*(item for item in result.items if not item.is_related), *result.below_floor)
    floored = tuple(LeftOut.of(item, NOT_RELEVANT) for item in unrelated[:EXPLAINED])
    return replace(pack, left_out=(*pack.left_out, *floored), floor=None if query is None else result.floor)


def _identity(store: Store, options: PackOptions) -> dict[str, Any] | None:
    if Layer.IDENTITY not in options.layers:
        return None
    return store.derived.current_identity(None if options.as_of is None else _now(store, options.as_of))


def _with_sources(store: Store, options: PackOptions, items: Sequence[RecalledItem]) -> Sequence[RecalledItem]:
    """The items with what they rest on for a JSON pack, which tells it."""
    return with_sources(store, items) if options.format == "json" else items


def search(
    store: Store,
    query: str,
    *,
    embedder: Callable[[], Embedder],
    mode: str = "hybrid",
    layers: Sequence[Layer] = tuple(Layer),
    session: str | None = None,
    author: str | None = None,
    kinds: Sequence[str] = (),
    states: Sequence[State] = (),
    trust: Trust | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = 10,
    reranker: str = "",
) -> RecallResult:
    """The best passage of each of the ``limit`` best items that pass every filter.

    ``session`` and ``author`` ask of a derived row whether it rests on such an event. ``kinds`` are memory kinds,
    pattern types of lessons and categories of knowledge, ``states`` (none: those that packs show) states of derived
    rows; events have neither, and are left out where one is asked for. ``trust`` is the lowest. ``since`` and ``until``
    are of event time, inclusive. Raises UsageError for a mode, a kind or a time that is none.
    ``reranker`` is the folder of one, empty for none.
    """
    if mode not in MODES:
        raise UsageError(f"no search mode {mode!r}: choose one of {', '.join(MODES)}")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise UsageError(f"no kind {unknown[0]!r}: choose from {', '.join(KINDS)}")
    chosen = [layer for layer in layers if layer is not Layer.EVENT or not (kinds or states)]
    with store.snapshot():
        visibility = Visibility(
            as_of=_now(store, None),
            since=None if since is None else parse_time(since),
            until=None if until is None else parse_time_inclusive(until),
            sessions=() if session is None else (session,),
            authors=() if author is None else (author,),
            trust=_at_least(trust),
            kinds=tuple(kinds),
            states=tuple(state.value for state in states),
        )
        model = embedder() if mode != "lexical" and _has_vectors(store) else None
        result = recall(
            store,
            model,
            _question(query) or "",
            visibility=visibility,
            layers=chosen,
            lexical=mode != "dense",
            reranker=load_reranker(reranker) if mode == "hybrid" else None,
        )
    return replace(result, items=result.best_per_item()[:limit])


def _question(query: str | None) -> str | None:
    """The words asked, None for none. Halves of characters (an argument that is no UTF-8) become question marks."""
    return (query or "").encode("utf-8", "replace").decode("utf-8").strip() or None


def _now(store: Store, as_of: str | None) -> str:
    """The database's clock: ``as_of``, else the newest event's time."""
    return parse_time_inclusive(as_of) if as_of is not None else store.events.newest_time() or BEGINNING


def _at_least(trust: Trust | None) -> tuple[str, ...]:
    return () if trust is None else tuple(each.value for each in TRUST_ORDER[: TRUST_ORDER.index(trust) + 1])


def _has_vectors(store: Store) -> bool:
    return store.connection.execute("SELECT 1 FROM embeddings LIMIT 1").fetchone() is not None
