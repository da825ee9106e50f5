"""What forgetting takes: the chosen, what it was made of, what came of it alone, and what would give it away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from elephantasm_cli.acts.needles import Needles, ours, texts_in
from elephantasm_cli.dream.identity import NOTHING
from elephantasm_cli.dream.statements import words_of
from elephantasm_cli.dream.unwanted import Told
from elephantasm_cli.errors import NotFoundError, UsageError
from elephantasm_cli.ids import layer_of
from elephantasm_cli.store.erasure import without_sessions
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store


@dataclass(frozen=True, slots=True)
class Selection:
    """What to forget: items by their full ids, and the events of a session, of an author, or that hold some words."""

    ids: tuple[str, ...] = ()
    session: str | None = None
    author: str | None = None
    matching: str | None = None


@dataclass(slots=True)
class Forgotten:
    """What is to go: events and derived rows (id -> row), and the words that must be found nowhere afterwards."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, tuple[Layer, dict[str, Any]]] = field(default_factory=dict)
    needles: Needles = field(default_factory=Needles)

    @property
    def ids(self) -> set[str]:
        return self.events.keys() | self.rows.keys()

    def sessions(self, store: Store) -> set[str]:
        """The sessions of which nothing stays."""
        staying = {event["session_id"] for event in store.events.listed() if event["id"] not in self.events}
        return {event["session_id"] for event in self.events.values()} - staying

    def counts(self) -> dict[str, int]:
        """How many of each layer."""
        layers = [Layer.EVENT] * len(self.events) + [layer for layer, _ in self.rows.values()]
        return {layer.value: layers.count(layer) for layer in Layer if layer in layers}


def find_forgotten(store: Store, selection: Selection) -> Forgotten:
    """Everything that forgetting ``selection`` erases. Raises NotFoundError if it selects nothing, UsageError if all.

    An item brings the words it was made of with it: the events it reaches through lineage. From those it goes the other
    way: a row goes whose every source goes, one that quotes what goes as its context, and one that says what only the
    forgotten said.
    """
    found = Forgotten()
    _select(store, selection, found)
    if not found.ids:
        raise NotFoundError("nothing here is chosen by that: `elephantasm search` finds ids")
    sources, contexts = store.erasure.sources(), store.erasure.contexts()
    asked = list(found.rows)
    while asked:
        for source in sources.get(asked.pop(), ()):
            if source not in found.ids and _take(store, source, found):
                asked.append(source)
    while True:
        before = len(found.ids)
        for target, resting in sources.items():
            quotes_it = not found.ids.isdisjoint(contexts.get(target, ()))
            if target not in found.ids and (resting <= found.ids or quotes_it):
                _take(store, target, found)
        if len(found.ids) == before:
            found.needles = needles_of(store, found)
            for layer, row in _leaking(store, found):
                found.rows[row["id"]] = (layer, row)
            if len(found.ids) == before:
                found.needles = found.needles.joined(wording_of(store, found))
                return found


def _select(store: Store, selection: Selection, found: Forgotten) -> None:
    for item_id in selection.ids:
        if layer_of(item_id) is None:
            raise UsageError(
                f"{item_id} is no item of a layer: forget events, memories, lessons, knowledge or identity"
            )
        _take(store, item_id, found)
    if selection.session is not None:
        found.events |= {event["id"]: event for event in store.events.listed(session=selection.session)}
    if selection.author is not None:
        found.events |= {event["id"]: event for event in store.events.listed(author=selection.author)}
    if selection.matching is not None:
        wanted = selection.matching.casefold().strip()
        if not wanted:
            raise UsageError("--matching needs words")
        found.events |= {event["id"]: event for event in store.events.listed() if wanted in event["content"].casefold()}
        for layer, table in TABLES.items():
            for row in store.erasure.rows(layer):
                if wanted in table.text_of(row).casefold():
                    found.rows[row["id"]] = (layer, row)


def _take(store: Store, item_id: str, found: Forgotten) -> bool:
    """Add an item that is still there."""
    layer = layer_of(item_id)
    if layer is Layer.EVENT:
        event = store.events.find(item_id)
        if event is not None:
            found.events[item_id] = event
        return event is not None
    row = None if layer is None else store.derived.any_state(layer, item_id)
    if layer is None or row is None:
        return False
    found.rows[item_id] = (layer, row)
    return True


def needles_of(store: Store, found: Forgotten) -> Needles:
    """What only the forgotten events say. Of words that only rows say (a model's), see `wording_of`."""
    needles = Needles()
    for event in found.events.values():
        needles.add(event["content"])
        needles.add(event["author"])
        needles.names |= names_of(event)
    staying = [event for event in store.events.listed() if event["id"] not in found.events]
    for event in staying:
        needles.names -= names_of(event)
    needles.spare(event["content"] for event in staying)
    needles.spare({event["author"] for event in staying} | {store.agent.get()["name"]})
    needles.names -= ours()
    needles.names.discard("")
    return needles


def names_of(event: dict[str, Any]) -> set[str]:
    """What an event is filed under."""
    return {event["session_id"], event["author"], event["source"]}


def wording_of(store: Store, found: Forgotten) -> Needles:
    """What only the forgotten rows say, in words that no event has."""
    needles = Needles()
    for layer, row in found.rows.values():
        for text in worded(layer, row):
            needles.add(text)
    needles.spare(event["content"] for event in store.events.listed())
    needles.spare({event["author"] for event in store.events.listed()} | {store.agent.get()["name"]})
    staying = [(layer, row) for layer in TABLES for row in store.erasure.rows(layer) if row["id"] not in found.rows]
    needles.spare([NOTHING, *(" ".join(texts_in(row)) for _, row in staying)])
    return needles


def _leaking(store: Store, found: Forgotten) -> Iterator[tuple[Layer, dict[str, Any]]]:
    """Rows that would stay and say what only the forgotten said; the name of a session alone can be taken out."""
    gone = found.sessions(store)
    for layer in TABLES:
        for row in store.erasure.rows(layer):
            said = {**row, "metadata": without_sessions(row, gone)}
            if row["id"] not in found.rows and found.needles.leak_in(said):
                yield layer, row


def worded(layer: Layer, row: dict[str, Any]) -> list[str]:
    """What a row says in its own words, without the speaker and date in front that the program writes."""
    texts = [Told.of(layer, row).words, *(words_of(row[column]) for column in TABLES[layer].text_columns)]
    if layer is Layer.IDENTITY:
        texts += [words_of(statement) for statement in row["preferences"].values()]
    return texts
