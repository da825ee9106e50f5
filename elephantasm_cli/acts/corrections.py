"""Edit, approve, reject, archive, restore: what an operator says of one item, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elephantasm_cli.acts.aftermath import follow_identity, live_items, withdraw_support
from elephantasm_cli.acts.context import Act, OperatorContext, judged
from elephantasm_cli.acts.operator_event import add_operator_event
from elephantasm_cli.dream.reexamine import database_time, reexamine
from elephantasm_cli.dream.unwanted import Told, is_paraphrase, key_of
from elephantasm_cli.errors import UsageError
from elephantasm_cli.ids import derived_id
from elephantasm_cli.services.redaction import redact
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.store.rows import COMMON, TABLES
from elephantasm_cli.vocabulary import Layer, State, TombstoneReason, TransformationType, Trust

if TYPE_CHECKING:
    import numpy

LEAST_CONFIDENCE = 0.9
"""How sure a row is at least that an operator worded or approved, in [0, 1]."""
LEAST_IMPORTANCE = 0.8
"""How important a memory is at least that an operator worded."""
SURE = {Layer.MEMORY: "confidence", Layer.LESSON: "confidence", Layer.KNOWLEDGE: "certainty"}


def reject(context: OperatorContext, item_id: str, reason: str) -> Act:
    """What this item says is not so: it leaves, with all that says the same, and does not come back.

    What rested on it is looked at again, and a tombstone keeps the statement and its paraphrases away.
    """
    layer, row = judged(context.store, item_id)
    vector, same = _same_statements(context, layer, row)
    why = reason or "rejected by the operator"
    with context.store.transaction():
        for each_layer, each in [(layer, row), *same]:
            said = why if each["id"] == item_id else f"says the same as {item_id}, which was rejected"
            context.store.derived.recheck({each["id"]: (each_layer, each["updated_at"])})
            context.change(TransformationType.ARCHIVE, each_layer, each["id"], {"is_deleted": True}, said)
        _bury(context, layer, row, vector, TombstoneReason.REJECT)
        for _, each in [(layer, row), *same]:
            withdraw_support(context, each["id"])
    if layer is not Layer.IDENTITY:
        follow_identity(context)
    return context.done()


def edit(context: OperatorContext, item_id: str, text: str, reason: str) -> Act:
    """Put an item in the operator's words.

    The words become an event of the operator's, a new row that rests on it takes the old one's place, and a tombstone
    keeps the old statement away. Whatever else says the old statement gives way too.
    """
    layer, row = judged(context.store, item_id)
    content = redact(text.strip()).text
    if not content.strip():
        raise UsageError("an edit needs words: elephantasm edit ID 'Ada deploys on Fridays.'")
    if row.get("state") == State.SUPERSEDED:
        raise UsageError(f"{item_id} gave way to {row['superseded_by'] or 'something else'}: edit what holds now")
    if content in TABLES[layer].text_of(row).split("\n"):
        raise UsageError(f"{item_id} says that already")
    vector, same = _same_statements(context, layer, row)
    why = reason or "corrected by the operator"
    with context.store.transaction():
        context.store.derived.recheck({item_id: (layer, row["updated_at"])})
        event_id = add_operator_event(context.store, content, edits=item_id)
        new_id = derived_id(layer, "edit", [event_id], content)
        source = Source(event_id, Layer.EVENT, 1.0, (0, len(content)))
        values = _reworded(context, layer, row, content)
        change = Change(TransformationType.EDIT, layer, new_id, values, (source,), why)
        context.store.derived.create(change, context.provenance())
        for each_layer, each in [(layer, row), *same] if layer is not Layer.IDENTITY else []:
            _replace(context, each_layer, each, layer, new_id, item_id)
        _bury(context, layer, row, vector, TombstoneReason.EDIT, instead=new_id)
    if layer is not Layer.IDENTITY:
        follow_identity(context)
    return context.done()


def approve(context: OperatorContext, item_id: str, reason: str) -> Act:
    """Vouch for an item: it is active, sure, and gives way to nobody but the operator."""
    layer, row = judged(context.store, item_id)
    _needs_state(layer, item_id, "approve")
    if row["state"] in (State.ARCHIVED, State.SUPERSEDED):
        raise UsageError(f"{item_id} is {row['state']}: `elephantasm restore {item_id}` brings it back")
    sure = max(row[SURE[layer]], LEAST_CONFIDENCE)
    values = {"state": State.ACTIVE.value, SURE[layer]: sure, "trust": Trust.OPERATOR.value}
    why = reason or "approved by the operator"
    with context.store.transaction():
        context.change(TransformationType.REFINE, layer, item_id, values, why)
    return context.done()


def archive(context: OperatorContext, item_id: str, reason: str) -> Act:
    """Put an item away: it is not shown, holds nothing up, and does not come back by itself."""
    layer, row = judged(context.store, item_id)
    _needs_state(layer, item_id, "archive")
    if row["state"] == State.SUPERSEDED:
        raise UsageError(f"{item_id} gave way to {row['superseded_by'] or 'something else'} and is not shown any more")
    values: dict[str, Any] = {
        "state": State.ARCHIVED.value,
        "metadata": {**row["metadata"], "put_away": True},
    }
    if layer is Layer.LESSON:
        values["archived_at"] = row["archived_at"] or database_time(context.store)
    with context.store.transaction():
        if context.change(TransformationType.ARCHIVE, layer, item_id, values, reason or "archived by the operator"):
            withdraw_support(context, item_id)
    follow_identity(context)
    return context.done()


def restore(context: OperatorContext, item_id: str, reason: str) -> Act:
    """Bring back what was rejected, archived or superseded; its tombstone is lifted.

    Only the item itself: what an act did to others is brought back by undoing the act.
    """
    layer, row = judged(context.store, item_id, any_state=True)
    if not context.store.log.reaches_event(item_id):
        raise UsageError(
            f"{item_id} was undone: `elephantasm log --item {item_id}` names the undo, which can be undone"
        )
    values: dict[str, Any] = {"is_deleted": False}
    if layer is not Layer.IDENTITY:
        metadata = {name: value for name, value in row["metadata"].items() if name != "put_away"}
        values |= {"state": State.ACTIVE.value, "superseded_by": None, "metadata": metadata}
        values |= {name: None for name in ("valid_to", "archived_at") if name in row}
    with context.store.transaction():
        context.change(TransformationType.RESTORE, layer, item_id, values, reason or "restored by the operator")
        context.store.tombstones.lift(item_id)
    return context.done()


def _needs_state(layer: Layer, item_id: str, verb: str) -> None:
    if layer is Layer.IDENTITY:
        raise UsageError(f"{item_id} is a version of the identity, which follows from knowledge: {verb} that instead")


def _same_statements(
    context: OperatorContext, layer: Layer, row: dict[str, Any]
) -> tuple[numpy.ndarray, list[tuple[Layer, dict[str, Any]]]]:
    """The vector of what a row says, and the other items that say the same."""
    told = Told.of(layer, row)
    others = [(each_layer, each) for each_layer, each in live_items(context) if each["id"] != row["id"]]
    others = (
        [found for found in others if Told.of(*found).speaker == told.speaker] if layer is not Layer.IDENTITY else []
    )
    words = {row["id"]: told.words, **{each["id"]: Told.of(each_layer, each).words for each_layer, each in others}}
    vectors = context.item_vectors(words)
    key, least = key_of(context.store, told), context.settings.merge_cosine
    same = []
    for found, vector in zip(others, vectors[1:], strict=True):
        said = Told.of(*found)
        cosine = round(float(vector @ vectors[0]), 6)
        if key_of(context.store, said) == key or is_paraphrase(told, said, cosine, least):
            same.append(found)
    return vectors[0], same


def _bury(
    context: OperatorContext,
    layer: Layer,
    row: dict[str, Any],
    vector: numpy.ndarray,
    reason: TombstoneReason,
    *,
    instead: str | None = None,
) -> None:
    context.store.tombstones.add(
        key_of(context.store, Told.of(layer, row)),
        layer,
        reason,
        item_id=row["id"],
        act_id=context.act_id,
        instead=instead,
        embedding=vector.astype("<f4").tobytes(),
        model_sha256=context.store.agent.get()["embedding_sha256"],
    )


def _reworded(context: OperatorContext, layer: Layer, row: dict[str, Any], content: str) -> dict[str, Any]:
    """The columns of the row that takes the place of ``row``."""
    values = {name: value for name, value in row.items() if name not in ("id", *COMMON)}
    metadata = dict(row["metadata"])
    values |= {"trust": Trust.OPERATOR.value}
    if layer is Layer.IDENTITY:
        values |= {"disposition_summary": content, "version": context.store.derived.next_version()}
        return {**values, "metadata": metadata}
    values |= {"state": State.ACTIVE.value, "superseded_by": None}
    values[SURE[layer]] = max(row[SURE[layer]], LEAST_CONFIDENCE)
    if layer is Layer.MEMORY:
        values |= {"content": content, "importance_score": max(row["importance_score"], LEAST_IMPORTANCE)}
        values["valid_to"] = None
        metadata |= {"quote": content, "form": "edit", "needs_context": False}
        metadata.pop("own", None)
    elif layer is Layer.LESSON:
        values |= {"content": content, "archived_at": None}
        metadata |= {"form": "edit", "words": content}
    else:
        values |= {"statement": content, "valid_to": None}
        metadata |= {"words": content}
    return {**values, "metadata": metadata}


def _replace(
    context: OperatorContext, layer: Layer, row: dict[str, Any], new_layer: Layer, new_id: str, edited_id: str
) -> None:
    """``row`` gives way to the operator's words, as if it had never held; what rests on it is looked at again."""
    values: dict[str, Any] = {"state": State.SUPERSEDED.value}
    values["superseded_by"] = new_id if layer is new_layer else None
    if "valid_to" in row:
        values["valid_to"] = row["valid_from"]
    why = f"put otherwise in {new_id}"
    if row["id"] != edited_id:
        why = f"says the same as {edited_id}, which was corrected in {new_id}"
    context.change(TransformationType.EDIT, layer, row["id"], values, why, Source(new_id, new_layer, 0.0))
    reexamine(context.store, row["id"], new_id, context.provenance())
