"""What follows from an act at once, without a model: what rested on an item, what had given way to it, who one is."""

from __future__ import annotations

from typing import Any

from elephantasm_cli.acts.context import OperatorContext
from elephantasm_cli.dream.identity import update_identity
from elephantasm_cli.dream.reexamine import (
    LESSON_SUPPORT,
    database_time,
    dependants,
    holding_sources,
    support,
)
from elephantasm_cli.ids import layer_of
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import LIVE_STATES, Layer, State, TransformationType, Trust


def withdraw_support(context: OperatorContext, item_id: str) -> None:
    """Look again at everything that rests on ``item_id``, which holds no more, and at what it had replaced.

    Inside the caller's transaction. A lesson that is left with too little is archived; knowledge that is left with
    nothing waits as a candidate for other evidence. What had given way to the item holds again.
    """
    for layer, row in dependants(context.store, item_id):
        look_again(context, layer, row, item_id)
    _revive(context, item_id)


def look_again(context: OperatorContext, layer: Layer, row: dict[str, Any], without: str) -> None:
    """Whether a lesson or piece of knowledge still has enough to rest on ``without`` what it says went."""
    if row["trust"] == Trust.OPERATOR:
        return
    live = holding_sources(context.store, row["id"])
    if layer is Layer.LESSON and support(live) < LESSON_SUPPORT:
        values: dict[str, Any] = {"state": State.ARCHIVED.value, "archived_at": database_time(context.store)}
        reason = f"only {support(live)} of its memories still hold without {without}"
        kind = TransformationType.ARCHIVE
    elif layer is Layer.KNOWLEDGE and not live:
        values = {"state": State.CANDIDATE.value}
        reason = f"it rested on {without}, which holds no more"
        kind = TransformationType.REFINE
    else:
        return
    if context.change(kind, layer, row["id"], values, reason):
        withdraw_support(context, row["id"])


def _revive(context: OperatorContext, item_id: str) -> None:
    """What was superseded by ``item_id``, and only for its sake, holds again."""
    store = context.store
    layer = layer_of(item_id)
    ended = [(Layer.KNOWLEDGE, found) for found in store.log.gave_way_to(item_id, Layer.KNOWLEDGE)]
    if layer is not None and layer is not Layer.IDENTITY:
        ended = [*((layer, found) for found in store.derived.superseded_by(layer, item_id)), *ended]
    for ended_layer, ended_id in ended:
        row = store.derived.find(ended_layer, ended_id)
        if row is None or row["state"] != State.SUPERSEDED or row.get("valid_to") is None:
            continue
        if row["superseded_by"] not in (None, item_id) or store.tombstones.over(ended_id):
            continue
        values = {"state": State.ACTIVE.value, "superseded_by": None, "valid_to": None}
        context.change(TransformationType.RESTORE, ended_layer, ended_id, values, f"it had given way to {item_id}")


def follow_identity(context: OperatorContext) -> None:
    """A new identity version, if the current one says what live knowledge does not bear out any more.

    In transactions of its own, since it may take the embedder.
    """
    current = context.store.derived.current_identity()
    if current is None:
        return
    used = [edge["source_id"] for edge in context.store.log.sources_of(current["id"]) if edge["weight"] > 0]
    rows = context.store.derived.many(Layer.KNOWLEDGE, [each for each in used if layer_of(each) is Layer.KNOWLEDGE])
    gone = [each for each in used if layer_of(each) is Layer.KNOWLEDGE and not _is_live(rows.get(each))]
    if gone:
        update_identity(context)


def _is_live(row: dict[str, Any] | None) -> bool:
    return row is not None and row["state"] in LIVE_STATES


def live_items(context: OperatorContext) -> list[tuple[Layer, dict[str, Any]]]:
    """Every memory, lesson and piece of knowledge that may still be shown or come back."""
    states = [state.value for state in (*LIVE_STATES, State.CANDIDATE, State.ARCHIVED)]
    layers = [layer for layer in TABLES if layer is not Layer.IDENTITY]
    return [(layer, row) for layer in layers for row in context.store.derived.listed(layer, states=states)]
