"""The archive job: what has decayed for good leaves the packs. Nothing is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elephantasm_cli.dream.decay import decay, next_state
from elephantasm_cli.dream.reexamine import LESSON_SUPPORT, holding_sources, support
from elephantasm_cli.services.clock import days_between
from elephantasm_cli.store.changes import Change
from elephantasm_cli.vocabulary import LIVE_STATES, Layer, State, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext


def archive_stale(context: DreamContext) -> None:
    """decaying -> archived; lessons whose memories no longer hold are archived with them."""
    store, now = context.store, context.now
    accesses = store.packs.access_counts()
    for memory in list(store.derived.listed(Layer.MEMORY, states=[State.DECAYING.value])):
        context.report.examined += 1
        amount = decay(days_between(memory["time_end"], now), accesses.get(memory["id"], 0))
        if next_state(State.DECAYING, amount, memory["importance_score"]) is State.ARCHIVED:
            reason = f"decay {amount:.2f}, importance {memory['importance_score']:.2f}"
            _archive(context, Layer.MEMORY, memory["id"], {"state": State.ARCHIVED.value}, reason)
    for lesson in list(store.derived.listed(Layer.LESSON, states=[state.value for state in LIVE_STATES])):
        context.report.examined += 1
        live = holding_sources(store, lesson["id"])
        if support(live) < LESSON_SUPPORT:
            values = {"state": State.ARCHIVED.value, "archived_at": now}
            _archive(context, Layer.LESSON, lesson["id"], values, f"only {support(live)} of its memories still hold")


def _archive(context: DreamContext, layer: Layer, item_id: str, values: dict[str, str], reason: str) -> None:
    change = Change(TransformationType.ARCHIVE, layer, item_id, values, reasoning=reason)
    with context.store.transaction():
        context.report.changed += context.store.derived.change(change, context.provenance())
