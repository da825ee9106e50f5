"""Taking back what an act or a whole dream did, in the reverse order. An undo is an act too, and can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elephantasm_cli.acts.context import OperatorContext
from elephantasm_cli.errors import ConflictError, UsageError
from elephantasm_cli.ids import DREAM, TRANSFORMATION, layer_of
from elephantasm_cli.lineage.force import Force
from elephantasm_cli.store.changes import Change, Provenance
from elephantasm_cli.vocabulary import Layer, State, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

SHOWN = 5
FINAL = (TransformationType.FORGET.value, TransformationType.REDACTION.value)
"""What cannot be undone, nor what its act did besides: the words are gone."""


@dataclass(frozen=True, slots=True)
class Undo:
    """What an undo takes back, newest first; ``dependent`` are those that only a cascade takes back with it."""

    act_id: str
    undone: list[dict[str, Any]]
    dependent: list[dict[str, Any]]
    transformations: list[dict[str, Any]]
    dry_run: bool

    def to_dict(self) -> dict[str, Any]:
        return {
            "act_id": None if self.dry_run else self.act_id,
            "dry_run": self.dry_run,
            "undone": [entry["id"] for entry in self.undone],
            "dependent": [entry["id"] for entry in self.dependent],
            "transformations": self.transformations,
        }


def undo(context: OperatorContext, wanted: str, reason: str, *, cascade: bool = False, dry_run: bool = False) -> Undo:
    """Undo the act that the transformation ``wanted`` belongs to, or all that the dream ``wanted`` did.

    ``dry_run`` only tells what would be undone, a cascade included. Raises ConflictError where later acts depend on it
    and there is no ``cascade``, UsageError for what cannot be undone.
    """
    store = context.store
    with store.transaction():
        plan = _Plan(store)
        asked = plan.asked_for(wanted)
        every = plan.with_dependants(asked)
        dependent = [entry for entry in every if entry["id"] not in {found["id"] for found in asked}]
        if dry_run:
            return Undo(context.act_id, every, dependent, [], dry_run=True)
        if dependent and not cascade:
            shown = ", ".join(f"{entry['id']} ({entry['transformation_type']})" for entry in dependent[:SHOWN])
            more = f" and {len(dependent) - SHOWN} more" if len(dependent) > SHOWN else ""
            raise ConflictError(
                f"later acts depend on {wanted}: {shown}{more}; --cascade undoes them too, --dry-run lists them"
            )
        why = reason or f"undo of {wanted}"
        for entry in every:
            _revert(context, entry, why)
        _follow(store, every)
        for entry in every:
            _check_ground(store, entry)
    return Undo(context.act_id, every, dependent, store.log.of_act(context.act_id), dry_run=False)


class _Plan:
    """Finds what has to be undone together.

    What an act of forgetting did to a row that stays is final, and what came before it with it; but the row as a whole
    can be withdrawn.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._force = Force(store.log.undoers())
        self._final = {entry["act_id"] for kind in FINAL for entry in store.log.listed(transformation_type=kind)}
        self._forgotten = store.erasure.forgotten()

    def asked_for(self, wanted: str) -> list[dict[str, Any]]:
        """The entries that ``wanted`` names and that are in force, newest first."""
        if wanted.startswith(DREAM):
            entries = self._store.log.of_dream(wanted)
        elif wanted.startswith(TRANSFORMATION):
            entry = self._store.log.get(wanted)
            if (by := self._force.undone_by(wanted)) is not None:
                raise UsageError(f"{wanted} is undone already: `elephantasm undo {by}` does it again")
            if self._is_lost(entry):
                raise UsageError(f"{wanted} cannot be undone: what it says was forgotten")
            entries = self._store.log.of_act(entry["act_id"])
        else:
            raise UsageError(f"{wanted} is no act: give the id of a transformation ({TRANSFORMATION}…) or a dream")
        found = self._standing(entries)
        if not found:
            raise UsageError(f"nothing that {wanted} did is left to undo")
        return newest_first(found)

    def with_dependants(self, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """``asked`` and all that depends on it, whole acts at a time, newest first."""
        taken = {entry["id"]: entry for entry in asked}
        fresh = list(asked)
        while fresh:
            found = {each["id"]: each for entry in fresh for each in self._dependants(entry, taken)}
            acts = dict.fromkeys(entry["act_id"] for entry in found.values())
            entries = [each for act_id in acts for each in self._store.log.of_act(act_id) if each["id"] not in taken]
            fresh = self._standing(entries)
            taken |= {entry["id"]: entry for entry in fresh}
        return newest_first(taken.values())

    def _standing(self, entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those in force that can be reverted. Where an act has lost a part of what it says, the rest of it can."""
        return [entry for entry in entries if self._force(entry["id"]) and not self._is_lost(entry)]

    def _is_lost(self, entry: dict[str, Any]) -> bool:
        """Whether an entry cannot be reverted, since its words or those of a later one of its row are gone.

        A row is withdrawn also where its birth has lost its words, unless it is withdrawn for good already.
        """
        if self._is_final(entry):
            return True
        later = [each for each in self._store.log.of_target(entry["target_id"]) if each["seq"] > entry["seq"]]
        final = any(self._is_final(each) or self._has_lost(each) for each in later)
        if self._made(entry):
            return final and self._store.derived.find(Layer(entry["target_type"]), entry["target_id"]) is None
        return final or self._has_lost(entry)

    def _has_lost(self, entry: dict[str, Any]) -> bool:
        """Whether the state before an entry cannot be had back: its words are gone, or what the row pointed to."""
        if not entry["salt"]:
            return True
        successor = (entry["before"] or {}).get("superseded_by")
        return successor is not None and self._store.derived.any_state(Layer(entry["target_type"]), successor) is None

    def _is_final(self, entry: dict[str, Any]) -> bool:
        return self._forgotten.get(entry["target_id"], 0) >= entry["seq"] or entry["act_id"] in self._final

    def _made(self, entry: dict[str, Any]) -> bool:
        """Whether an entry made its row: the first one of all, or since a row of that id was forgotten."""
        since = self._forgotten.get(entry["target_id"], 0)
        return entry["before"] is None and self._store.log.first_of(entry["target_id"], since) == entry["id"]

    def _dependants(self, entry: dict[str, Any], taken: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Entries in force that stand on this one: later ones of the same row, and those that cite a row it made."""
        redoes, made = entry["undoes"] is not None, self._made(entry)
        later = [each for each in self._store.log.of_target(entry["target_id"]) if each["seq"] > entry["seq"]]
        later = [each for each in later if each["id"] not in taken and self._force(each["id"])]
        yield from (each for each in later if not self._is_lost(each) and (redoes or each["undoes"] is None))
        if made:
            for citing in self._store.log.resting_entries(entry["target_id"]):
                if citing not in taken and self._force(citing):
                    cites = self._store.log.get(citing)
                    if not self._is_lost(cites):
                        yield cites


def newest_first(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: -int(entry["seq"]))


def _revert(context: OperatorContext, entry: dict[str, Any], reason: str) -> None:
    """Put the row back into the state before ``entry``; a row that it made is withdrawn."""
    store, layer = context.store, Layer(entry["target_type"])
    row = store.derived.any_state(layer, entry["target_id"])
    before = entry["before"]
    if row is None or (before is not None and not _same(row, entry["after"])):
        raise ConflictError(f"{entry['target_id']} is not as {entry['id']} left it: undo what came later first")
    kept = ("id", "created_at", "updated_at")
    values = {"is_deleted": True} if before is None else {name: before[name] for name in before if name not in kept}
    provenance = Provenance(context.command, "operator", act_id=context.act_id, undoes=entry["id"])
    change = Change(TransformationType.UNDO, layer, entry["target_id"], values, reasoning=reason)
    store.derived.change(change, provenance)


def _same(row: dict[str, Any], after: dict[str, Any]) -> bool:
    return {**row, "updated_at": ""} == {**after, "updated_at": ""}


def _follow(store: Store, undone: list[dict[str, Any]]) -> None:
    """Edges and tombstones go with the acts that made them, and come back with them."""
    force = Force(store.log.undoers())
    for entry in undone:
        while True:
            holds = force(entry["id"])
            store.log.retract(entry["id"], retracted=not holds)
            if entry["undoes"] is None:
                break
            entry = store.log.get(entry["undoes"])
    for each in store.tombstones.judged({entry["target_id"] for entry in undone}):
        laid = [entry for entry in store.log.of_act(each["act"]) if entry["target_id"] == each["item"]]
        stands = any(force(entry["id"]) for entry in laid) and not _lives(store, each["item"])
        store.tombstones.set_standing(each["id"], stands)


def _lives(store: Store, item_id: str) -> bool:
    """Whether an item is neither withdrawn nor superseded."""
    layer = layer_of(item_id)
    row = None if layer is None else store.derived.find(layer, item_id)
    return row is not None and row.get("state") != State.SUPERSEDED


def _check_ground(store: Store, entry: dict[str, Any]) -> None:
    """Raise ConflictError if a row that is live, this one or one downstream, rests on nothing any more."""
    asked, seen = [entry["target_id"]], set[str]()
    while asked:
        item_id = asked.pop()
        layer = layer_of(item_id)
        if layer is None or item_id in seen:
            continue
        seen.add(item_id)
        if store.derived.find(layer, item_id) is not None and not store.log.reaches_event(item_id):
            raise ConflictError(
                f"{item_id} would rest on nothing: undo it as well, or bring back what it rests on first"
            )
        asked += [edge["target_id"] for edge in store.log.edges_from(item_id)]
