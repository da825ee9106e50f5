"""Forgetting: what is chosen, what came of it alone, and what would give it away are erased, and proof is given.

Nothing that only the forgotten said may stay anywhere: a row that rests on other words too is kept where it does not
hold any of those, and erased where it does; so are log entries, saved packs and the records of dreams.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from elephantasm_cli.acts.aftermath import follow_identity, look_again
from elephantasm_cli.acts.context import OperatorContext
from elephantasm_cli.acts.proof import Certificate, prove, settle
from elephantasm_cli.acts.scope import Forgotten, Selection, find_forgotten
from elephantasm_cli.dream.identity import update_identity
from elephantasm_cli.dream.reexamine import dependants
from elephantasm_cli.dream.unwanted import Told, key_of
from elephantasm_cli.errors import ConflictError, DreamLockedError
from elephantasm_cli.ids import layer_of
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.services.lock import exclusive_lock
from elephantasm_cli.store.changes import Change, Provenance
from elephantasm_cli.store.erasure import without_sessions
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import Layer, State, TombstoneReason, TransformationType

if TYPE_CHECKING:
    from pathlib import Path

    from elephantasm_cli.store.store import Store


TELLING_WORDS = 3
"""Content words of an event that is known again wherever its author says it."""


@dataclass(slots=True)
class Erased:
    """What was done beside erasing the items: log entries blanked, packs deleted, records of dreams cleaned."""

    entries: int = 0
    packs: list[str] = field(default_factory=list)
    records: int = 0
    restored: list[str] = field(default_factory=list)


def forget(
    context: OperatorContext, selection: Selection, *, agent: str, home: list[Path], lock: Path, reason: str = ""
) -> Certificate:
    """Erase what is selected and prove it. Raises ConflictError while a dream of this agent is running.

    The words are gone for every reader that begins afterwards. Where one that began before still holds the old pages,
    the certificate says ``pending``, and `finish` brings it to its end.
    """
    store = context.store
    try:
        with exclusive_lock(lock):
            found = find_forgotten(store, selection)
            why = reason if reason and not found.needles.leak_in(reason) else "forgotten by the operator"
            with store.transaction():
                done = erase(context, found, why)
            after = context.another()
            if any(layer is Layer.IDENTITY for layer, _ in found.rows.values()):
                update_identity(after)
            follow_identity(after)
            return Certificate(
                act_id=context.act_id,
                at=utc_now(),
                agent=agent,
                erased=found.counts(),
                ids=sorted(found.ids),
                entries=done.entries,
                packs=done.packs,
                records=done.records,
                restored=done.restored,
                log_chain=store.log.tip(),
                proof=prove(store, found.needles, home, agent),
            )
    except DreamLockedError as error:
        raise ConflictError("a dream of this agent is running: forget when it is done") from error


def finish(store: Store) -> bool:
    """Bring an erasure that was pending to its end; False where a reader still holds the old pages."""
    return settle(store)


def erase(context: OperatorContext, found: Forgotten, reason: str) -> Erased:
    """Erase what was found, inside the caller's transaction, and log it: an entry for every item, without its words."""
    store, done = context.store, Erased()
    resting = {row["id"]: (layer, row) for item_id in sorted(found.ids) for layer, row in dependants(store, item_id)}
    _let_go(context, found, done)
    _bury(context, found)
    for layer, row in found.rows.values():
        store.erasure.erase_row(layer, row["id"])
    for event_id in found.events:
        store.erasure.erase_event(event_id)
    for entry in list(store.erasure.entries()):
        said = [entry[name] for name in ("before", "after", "reasoning", "parameters")]
        if entry["target_id"] in found.ids or found.needles.leak_in(said):
            store.erasure.blank_entry(entry["id"], context.act_id)
            done.entries += 1
    store.erasure.retract_edges(sorted(found.ids))
    for item_id in sorted(found.ids):
        _log(context, layer_of(item_id) or Layer.EVENT, item_id, None, reason)
    _restate(context, found, reason)
    done.packs = store.erasure.delete_packs(
        lambda pack: found.needles.leak_in(pack) or bool(found.ids.intersection(_shown(pack)))
    )
    done.records = store.erasure.clean_everywhere(found.needles.leak_in)
    for item_id, (layer, _) in resting.items():
        left = store.derived.find(layer, item_id)
        if left is not None:
            look_again(context, layer, left, "something that was forgotten")
    store.erasure.compact()
    return done


def _shown(pack: Any) -> list[str]:
    return [*pack["event_ids"], *pack["memory_ids"], *pack["lesson_ids"], *pack["knowledge_ids"]]


def _let_go(context: OperatorContext, found: Forgotten, done: Erased) -> None:
    """What had been merged into, split into or replaced by something forgotten stands by itself.

    What was merged holds again. What had given way to a contradiction does not: something did change.
    """
    store = context.store
    for item_id in found.rows:
        layer = found.rows[item_id][0]
        if layer is Layer.IDENTITY:
            continue
        for other in store.derived.superseded_by(layer, item_id):
            if other in found.rows:
                continue
            row = store.derived.find(layer, other)  # a withdrawn one only loses what it points to
            values: dict[str, Any] = {"superseded_by": None}
            if row is not None and row.get("valid_to") is None and not store.tombstones.over(other):
                values["state"] = State.ACTIVE.value
                done.restored.append(other)
            context.change(TransformationType.RESTORE, layer, other, values, "what took its place was forgotten")


def _bury(context: OperatorContext, found: Forgotten) -> None:
    for event in found.events.values():
        telling = len(content_words(event["content"])) >= TELLING_WORDS or found.needles.leak_in(event["content"])
        context.store.tombstones.bury_event(event, context.act_id, telling=telling)
    for layer, row in found.rows.values():
        for told in Told.all_of(layer, row):
            key = key_of(context.store, told)
            context.store.tombstones.add(key, layer, TombstoneReason.FORGET, item_id=row["id"], act_id=context.act_id)


def _log(context: OperatorContext, layer: Layer, item_id: str, after: dict[str, Any] | None, reason: str) -> None:
    change = Change(TransformationType.FORGET, layer, item_id, {}, (), reason)
    provenance = Provenance(context.command, "operator", act_id=context.act_id)
    context.store.log.record(change, provenance, before=None, after=after)


def _restate(context: OperatorContext, found: Forgotten, reason: str) -> None:
    """Rows that stay, and whose history lost words, are logged anew as they are, so that the log still gives them."""
    store = context.store
    gone = found.sessions(store)
    for layer in TABLES:
        for row in store.erasure.rows(layer):
            cleaned = without_sessions(row, gone)
            if cleaned != row["metadata"]:
                context.change(TransformationType.FORGET, layer, row["id"], {"metadata": cleaned}, reason)
                row = {**row, "metadata": cleaned, "updated_at": store.derived.updated_at(layer, row["id"])}
                last = store.log.of_target(row["id"])[-1]
                store.erasure.blank_entry(last["id"], context.act_id)
            if store.erasure.latest_is_blank(row["id"]):
                _log(context, layer, row["id"], row, reason)
