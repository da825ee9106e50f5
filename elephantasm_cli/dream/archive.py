"""The archive job: what has decayed for good leaves the packs. Nothing is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elephantasm_cli.dream.decay import decay, next_state
from elephantasm_cli.dream.reexamine import LESSON_SUPPORT, dependants, holding_sources, support
from elephantasm_cli.services.clock import days_between
from elephantasm_cli.store.changes import Change
from elephantasm_cli.vocabulary import Job, Layer, State, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext


def archive_stale(context: DreamContext) -> None:
    """decaying -> archived; lessons whose memories no longer hold are archived with them.

    A lesson is looked at only where one of its memories has changed since the last run.
    """
    store, now = context.store, context.now
    reached = store.log.newest_seq()
    touched = store.log.targets_since(store.dreams.checkpoint(Job.ARCHIVE_STALE), [Layer.MEMORY])
    decaying = list(store.derived.listed(Layer.MEMORY, states=[State.DECAYING.value]))
    accesses = store.packs.access_counts([memory["id"] for memory in decaying])
    for memory in decaying:
        context.report.examined += 1
        amount = decay(days_between(memory["time_end"], now), accesses[memory["id"]])
        if next_state(State.DECAYING, amount, memory["importance_score"]) is State.ARCHIVED:
            reason = f"decay {amount:.2f}, importance {memory['importance_score']:.2f}"
            _archive(context, Layer.MEMORY, memory["id"], {"state": State.ARCHIVED.value}, reason)
    lessons = {
        lesson["id"]: lesson
        for _, memory_id in touched
        for layer, lesson in dependants(store, memory_id)
        if layer is Layer.LESSON
    }
    for lesson in lessons.values():
        context.report.examined += 1
        live = holding_sources(store, lesson["id"])
        if support(live) < LESSON_SUPPORT:
            values = {"state": State.ARCHIVED.value, "archived_at": now}
            _archive(context, Layer.LESSON, lesson["id"], values, f"only {support(live)} of its memories still hold")
    with store.transaction():
        store.dreams.set_checkpoint(Job.ARCHIVE_STALE, reached)


def _archive(context: DreamContext, layer: Layer, item_id: str, values: dict[str, str], reason: str) -> None:
    change = Change(TransformationType.ARCHIVE, layer, item_id, values, reasoning=reason)
    with context.store.transaction():
        context.report.changed += context.store.derived.change(change, context.provenance())
