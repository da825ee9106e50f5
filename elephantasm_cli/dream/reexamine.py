"""What rests on an item that is no longer so: looked at again at once, without a model.

A superseded fact must not live on in a lesson or in knowledge. Identity follows in its own job, from live knowledge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.corrections import clash
from elephantasm_cli.dream.pool import said_in
from elephantasm_cli.dream.statements import core_of
from elephantasm_cli.ids import layer_of
from elephantasm_cli.store.changes import Change, Provenance, Source
from elephantasm_cli.vocabulary import LIVE_STATES, Layer, State, TransformationType, Trust

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

HOLDING_STATES = {
    Layer.MEMORY: (State.ACTIVE, State.DECAYING, State.ARCHIVED),
    Layer.LESSON: (State.ACTIVE, State.DECAYING),
}
"""A row in one of these is still thought true, shown or not: memories fade into the archive, but a lesson is put there
when what it rests on does not hold any more."""
LESSON_SUPPORT = 2
"""A lesson said less often than this is no pattern any more."""


def reexamine(store: Store, item_id: str, successor_id: str, provenance: Provenance) -> int:
    """Re-examine everything downstream of ``item_id``, inside the caller's transaction; returns the rows changed.

    Knowledge that says what the successor denies, or has lost every live source, becomes superseded, its validity
    ending where ``successor_id`` begins; a lesson that does, or is left with too few live memories, is archived, and
    what rests on it looked at in turn. Which knowledge takes over is written when there is some: see `name_successor`.
    """
    changed = 0
    for layer, dependant in dependants(store, item_id):
        live = holding_sources(store, dependant["id"])
        if layer is Layer.LESSON and (support(live) < LESSON_SUPPORT or denies(store, successor_id, dependant)):
            values: dict[str, Any] = {"state": State.ARCHIVED.value, "archived_at": database_time(store)}
            kind, reason = TransformationType.ARCHIVE, f"only {support(live)} of its memories still hold"
            if support(live) >= LESSON_SUPPORT:
                reason = f"{successor_id} says otherwise"
        elif (
            layer is Layer.KNOWLEDGE
            and (not live or denies(store, successor_id, dependant))
            and dependant["trust"] != Trust.OPERATOR
        ):
            values = {"state": State.SUPERSEDED.value, "valid_to": valid_from(store, successor_id)}
            kind, reason = TransformationType.SUPERSEDE, f"what it rests on gave way to {successor_id}"
        else:
            continue
        successor_layer = layer_of_source(successor_id)
        change = Change(kind, layer, dependant["id"], values, (Source(successor_id, successor_layer, 0.0),), reason)
        if store.derived.change(change, provenance):
            changed += 1 + reexamine(store, dependant["id"], successor_id, provenance)
    return changed


def dependants(store: Store, item_id: str) -> list[tuple[Layer, dict[str, Any]]]:
    """Live lessons and knowledge that rest on ``item_id``, or on a memory merged into it, each once, in log order."""
    found = []
    for name, dependant_id in store.log.resting_on(item_id):
        row = store.derived.find(Layer(name), dependant_id)
        if row is not None and row["state"] in LIVE_STATES:
            found.append((Layer(name), row))
    return found


def denies(store: Store, successor_id: str, item: dict[str, Any]) -> bool:
    """Whether the memory that takes over and the words of a lesson or knowledge cannot both hold."""
    memory = store.derived.find(Layer.MEMORY, successor_id) if layer_of(successor_id) is Layer.MEMORY else None
    if memory is None:
        return False
    words = core_of(item)
    return bool(clash((words, item["metadata"]["speaker"]), said_in(memory)))


def name_successor(store: Store, knowledge_id: str, source_id: str, provenance: Provenance) -> int:
    """Let what gave way to ``source_id`` (or to a memory it stands for) point to the knowledge made of it.

    Inside the caller's transaction; returns the rows changed.
    """
    changed = 0
    for memory_id in [source_id, *sorted(store.log.supporting([source_id]))]:
        for old_id in store.log.gave_way_to(memory_id, Layer.KNOWLEDGE):
            row = store.derived.find(Layer.KNOWLEDGE, old_id)
            if row is None or row["state"] != State.SUPERSEDED or row["superseded_by"] or old_id == knowledge_id:
                continue
            change = Change(
                TransformationType.SUPERSEDE,
                Layer.KNOWLEDGE,
                old_id,
                {"superseded_by": knowledge_id},
                (Source(knowledge_id, Layer.KNOWLEDGE, 0.0),),
                f"{knowledge_id} is what {memory_id} has become",
            )
            changed += store.derived.change(change, provenance)
    return changed


def support(rows: list[dict[str, Any]]) -> int:
    """How often what these rows say was said: merged memories count for all they absorbed."""
    return sum(int(row["metadata"].get("support", 1)) for row in rows)


def holding_sources(store: Store, item_id: str) -> list[dict[str, Any]]:
    """The memories and lessons an item rests on that still hold, each once.

    A memory that has faded into the archive still holds: a lesson is meant to outlive its memories. A merged memory
    counts as the one it was merged into; a superseded one does not count, nor does a lesson that has lost its memories.
    """
    found: dict[str, dict[str, Any]] = {}
    for layer, holding in HOLDING_STATES.items():
        asked = sorted(source_id for source_id in store.log.supporting([item_id]) if layer_of(source_id) is layer)
        seen: set[str] = set()
        while asked:
            seen |= set(asked)
            rows = store.derived.many(layer, asked)
            found |= {row["id"]: row for row in rows.values() if row["state"] in holding and not put_away(row)}
            merged = (row for row in rows.values() if row["state"] == State.SUPERSEDED and row.get("valid_to") is None)
            asked = sorted({row["superseded_by"] for row in merged if row["superseded_by"]} - seen)
    return list(found.values())


def put_away(row: dict[str, Any]) -> bool:
    """Whether an operator archived a row: unlike what faded, it holds nothing up and does not come back by itself."""
    return row["state"] == State.ARCHIVED and "put_away" in row["metadata"]


def layer_of_source(item_id: str) -> Layer:
    layer = layer_of(item_id)
    if layer is None:
        raise ValueError(f"{item_id} is no item of a layer")
    return layer


def valid_from(store: Store, item_id: str) -> str | None:
    """When the thing that takes over begins to hold (stored time)."""
    row = store.derived.find(layer_of_source(item_id), item_id)
    return None if row is None else str(row.get("valid_from") or row["created_at"])


def database_time(store: Store) -> str:
    """The database's clock, for states that end at an event's time."""
    return store.events.newest_time() or ""
