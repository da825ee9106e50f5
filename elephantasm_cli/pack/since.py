"""What changed since a pack was saved, said plainly behind the words of that pack.

The saved words stay as they were, to the byte, so that a prompt cache still finds them; what they say and what does not
hold any more is told behind them, then what was put otherwise, then what is new.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import UsageError
from elephantasm_cli.pack.arrange import layer_tokens, section_tokens
from elephantasm_cli.pack.budget import Ledger
from elephantasm_cli.pack.compile import UNTRUSTED
from elephantasm_cli.pack.contents import NO_ROOM, LeftOut, Pack, PackLine, Section, Shown
from elephantasm_cli.pack.forms import Form, Part, form_of
from elephantasm_cli.pack.identity import identity_lines
from elephantasm_cli.pack.render import harmless, listed_line
from elephantasm_cli.pack.repeats import repeats
from elephantasm_cli.services.tokens import TokenCounter
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.text.sentinel import PACK_JSON_KEY
from elephantasm_cli.vocabulary import Layer, Preset, State, Trust, lowest_trust

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

MARK = "- "


@dataclass(frozen=True, slots=True)
class SavedPack:
    """A saved pack as later ones build on it. ``log_seq`` is how far the transformation log went."""

    id: str
    format: str
    preset: str | None
    budget: int
    layers: tuple[Layer, ...]
    trust: Trust | None
    parts: tuple[Part, ...]
    shown: tuple[Shown, ...]
    log_seq: int

    @property
    def item_ids(self) -> frozenset[str]:
        """The items it shows."""
        return frozenset(shown.item_id for shown in self.shown)


@dataclass(frozen=True, slots=True)
class Change:
    """One line about a change, and what it does to what the reader has been shown."""

    line: PackLine
    withdrawn: tuple[Shown, ...] = ()
    shown: tuple[Shown, ...] = ()


def find_saved(store: Store, pack_id: str) -> SavedPack:
    """The saved pack with this full id. Raises UsageError for what is not one that later packs can build on."""
    row = store.packs.find(pack_id)
    if row is None:
        raise UsageError(f"{pack_id} is not a saved pack: `elephantasm packs list` lists them")
    options, metadata = row["options"], row["metadata"]
    if "shown" not in metadata:
        raise UsageError(f"{pack_id} was saved by an older version: save a new one with --preset session --save")
    return SavedPack(
        id=pack_id,
        format=options["format"],
        preset=options["preset"],
        budget=options["budget"],
        layers=tuple(Layer(layer) for layer in options["layers"]),
        trust=None if options["trust"] is None else Trust(options["trust"]),
        parts=saved_parts(row),
        shown=tuple(Shown(each["id"], Layer(each["layer"]), each["trust"], each["line"]) for each in metadata["shown"]),
        log_seq=metadata["log_seq"],
    )


def saved_parts(row: Mapping[str, Any]) -> tuple[Part, ...]:
    """The texts of a saved pack's row that go into a prompt."""
    text = row["text"]
    if row["options"]["format"] == "json":
        text = json.loads(text)[PACK_JSON_KEY]["text"]
    return form_of(row["options"]["format"]).read(text)


def to_metadata(pack: Pack, log_seq: int) -> dict[str, Any]:
    """What is kept beside a pack's text, for `find_saved`. Changes that had no room stay changes for the next pack."""
    shown = [
        {"id": each.item_id, "layer": each.layer.value, "trust": each.trust, "line": each.line} for each in pack.shown
    ]
    return {"shown": shown, "log_seq": log_seq if pack.told_until is None else pack.told_until}


def check_continues(saved: SavedPack, format: str) -> None:
    """Raise UsageError unless a session pack in ``format`` can begin with the words of ``saved``."""
    if saved.preset != Preset.SESSION:
        raise UsageError(f"{saved.id} is not a session pack: save one with --preset session --save")
    if saved.format != format:
        raise UsageError(f"{saved.id} was saved as {saved.format}: use --format {saved.format}, or save a new one")


def continued(
    saved: SavedPack, changes: Sequence[Change], fresh: Pack, *, budget: int, counter: TokenCounter, form: Form
) -> Pack:
    """The words of ``saved``, then as many of ``changes`` as the budget holds, in their order.

    Raises UsageError where the saved words alone are over the budget.
    """
    spent = form.count(counter, saved.parts)
    if spent > budget:
        raise UsageError(
            f"{saved.id} takes {spent} tokens of {budget}: give a larger --budget, or start anew without --since"
        )
    told = list(_affordable(changes, budget - spent, counter, form))
    parts = saved.parts
    while True:
        sections = _sections(told)
        parts = form.parts_after(saved.parts, sections) if sections else saved.parts
        if (count := form.count(counter, parts)) <= budget:
            break
        told.pop()
    kept = list(saved.shown)
    for change in told:
        kept = [shown for shown in kept if shown not in change.withdrawn] + list(change.shown)
    untold = [change.line for change in changes if change not in told]
    return replace(
        fresh,
        text=form.document(parts),
        parts=parts,
        token_count=count,
        budget=budget,
        sections=sections,
        left_out=tuple(LeftOut.line(line, NO_ROOM) for line in untold),
        since=saved.id,
        tokens={saved.id: spent, **section_tokens(sections, counter, form)},
        layer_tokens=layer_tokens(sections, counter, form),
        shares={},
        kept=tuple(kept),
        told_until=saved.log_seq if untold else None,
    )


def _affordable(changes: Sequence[Change], left: int, counter: TokenCounter, form: Form) -> Iterator[Change]:
    ledger = Ledger(left, counter)
    paid: set[str] = set()
    for change in changes:
        name = _section_name(change.line)
        around = () if name in paid else (*form.heading(name), *(() if paid else form.frame()))
        if ledger.spend(ledger.cost(*around, form.line(change.line))):
            paid.add(name)
            yield change


def _sections(told: Sequence[Change]) -> tuple[Section, ...]:
    lines = [change.line for change in told]
    named = ((name, tuple(line for line in lines if _section_name(line) == name)) for name in SECTIONS)
    return tuple(Section(name, own) for name, own in named if own)


SECTIONS = ("changes", "quoted_changes")


def _section_name(line: PackLine) -> str:
    return SECTIONS[line.trust in UNTRUSTED]


def find_changes(store: Store, saved: SavedPack, fresh: Pack, identity: Mapping[str, Any] | None) -> list[Change]:
    """What a reader of ``saved`` must be told to know what ``fresh``, the session pack of now, would say.

    First what does not hold any more, then what is put otherwise, then what is new. What only faded, or what
    another item says as well now, is no change: it still holds.
    """
    now = {line.item_id: line for line in fresh.lines}
    told = [
        change
        for shown in saved.shown
        if shown.layer is not Layer.IDENTITY and (change := _change_of(store, shown, now, saved))
    ]
    ended = [change for change in told if change.line.reason != "changed"]
    changed = [change for change in told if change.line.reason == "changed"]
    known = saved.item_ids | {shown.item_id for change in told for shown in change.shown}
    standing = [shown.line for shown in saved.shown] + [shown.line for change in told for shown in change.shown]
    standing = [line for line in standing if line not in {old.line for change in told for old in change.withdrawn}]
    new = []
    for line in sorted(fresh.lines, key=lambda line: (line.layer is Layer.MEMORY, -line.score, line.item_id)):
        if line.layer is Layer.IDENTITY or line.item_id in known or _seq(store, line.item_id) <= saved.log_seq:
            continue
        if repeats(line.text, standing):
            continue
        new.append(_told("New", line.text, line))
        standing.append(line.text)
    gone, added = _identity_changes(saved, fresh, identity) if Layer.IDENTITY in saved.layers else ([], [])
    return [*gone, *ended, *changed, *added, *new]


def _change_of(store: Store, shown: Shown, now: Mapping[str, PackLine], saved: SavedPack) -> Change | None:
    """What became of one item; None where the line still holds."""
    row = store.derived.find(shown.layer, shown.item_id)
    old = shown.line.removeprefix(MARK)
    if row is None:
        return _ended("withdrawn", f"Withdrawn: {old}", shown)
    state = row["state"]
    if state == State.SUPERSEDED and row.get("valid_to") is not None:
        return _superseded(store, shown, row, now, saved)
    if state == State.SUPERSEDED and row["superseded_by"] is None:
        return _ended("superseded", f"No longer holds: {old}", shown)
    if shown.layer is Layer.LESSON and state == State.ARCHIVED:
        return _ended("archived", f"No longer supported: {old}", shown)
    text = harmless(TABLES[shown.layer].text_of(row))
    if text in shown.line:
        return None
    line = now[shown.item_id].text if shown.item_id in now else listed_line(text)
    after = Shown(shown.item_id, shown.layer, row["trust"], line)
    said = PackLine(
        listed_line(f"Changed: {line.removeprefix(MARK)} (was: {old})"),
        shown.item_id,
        shown.layer,
        1.0,
        {},
        "changed",
        row["trust"],
    )
    return Change(said, (shown,), (after,))


def _superseded(
    store: Store, shown: Shown, row: Mapping[str, Any], now: Mapping[str, PackLine], saved: SavedPack
) -> Change:
    """What does not hold any more, and what holds instead unless it was shown already."""
    old = shown.line.removeprefix(MARK)
    successor: Mapping[str, Any] | None = row
    while successor is not None and successor["state"] == State.SUPERSEDED:
        following = successor["superseded_by"]
        successor = None if following is None else store.derived.find(shown.layer, following)
    if successor is None or successor["id"] in saved.item_ids:
        return _ended("superseded", f"No longer holds: {old}", shown)
    line = now.get(successor["id"])
    text = line.text if line is not None else listed_line(TABLES[shown.layer].text_of(successor))
    trust = lowest_trust([Trust(shown.trust), Trust(successor["trust"])]).value
    after = Shown(successor["id"], shown.layer, trust, text)
    change = _ended("superseded", f"No longer holds: {old} Now: {text.removeprefix(MARK)}", shown)
    return Change(replace(change.line, trust=trust), (shown,), (after,))


def _ended(reason: str, text: str, shown: Shown) -> Change:
    line = PackLine(listed_line(text), shown.item_id, shown.layer, 1.0, {}, reason, shown.trust)
    return Change(line, (shown,))


def _told(label: str, text: str, line: PackLine) -> Change:
    said = replace(line, text=listed_line(f"{label}: {text.removeprefix(MARK)}"), reason="new", day="")
    return Change(said, (), (Shown(line.item_id, line.layer, line.trust, line.text),))


def _identity_changes(
    saved: SavedPack, fresh: Pack, identity: Mapping[str, Any] | None
) -> tuple[list[Change], list[Change]]:
    """Identity is told line by line: what went for good, then what is said instead or besides."""
    before = [shown for shown in saved.shown if shown.layer is Layer.IDENTITY]
    if {shown.item_id for shown in before} == ({identity["id"]} if identity else set()):
        return [], []
    now = {_aspect(line, place): line for place, line in enumerate(identity_lines(identity) if identity else [])}
    gone, told = [], []
    known = set()
    for place, shown in enumerate(before):
        aspect = _aspect(shown.line, place)
        known.add(aspect)
        if aspect not in now:
            gone.append(_ended("superseded", f"No longer holds: {shown.line.removeprefix(MARK)}", shown))
        elif identity is not None and now[aspect] != shown.line:
            after = Shown(identity["id"], Layer.IDENTITY, identity["trust"], now[aspect])
            line = PackLine(now[aspect], after.item_id, after.layer, 1.0, {}, "changed", after.trust)
            told.append(replace(_told("Identity now", line.text, line), withdrawn=(shown,), shown=(after,)))
    lines = [line for line in fresh.lines if line.layer is Layer.IDENTITY]
    told += [
        _told("Identity now", line.text, line)
        for place, line in enumerate(lines)
        if _aspect(line.text, place) not in known
    ]
    return gone, told


def _aspect(line: str, place: int) -> str:
    """What a line of identity is about: of summary, traits and values there is one each, a preference is itself."""
    label = line.removeprefix(MARK).split(":")[0]
    return label if label in ("Traits", "Values") else "summary" if place == 0 else line


def _seq(store: Store, item_id: str) -> int:
    """The place in the log of the last act on an item."""
    return max((int(entry["seq"]) for entry in store.log.of_target(item_id)), default=0)
