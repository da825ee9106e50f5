"""What a pack consists of: lines in sections, what was left out, and the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from elephantasm_cli.pack.clip import one_line
from elephantasm_cli.vocabulary import Layer, Preset

if TYPE_CHECKING:
    from elephantasm_cli.pack.forms import Part
    from elephantasm_cli.recall_floor import FloorDecision
    from elephantasm_cli.recalled import RecalledItem

LEFT_OUT_TEXT = 80
"""So many characters of what was left out are told."""
NO_ROOM = "no room"
SHARE_USED = "the share of its layer was used up"
REPEATS = "repeats"
NOT_RELEVANT = "not relevant enough"
SHOWN_ALREADY = "shown in"


@dataclass(frozen=True, slots=True)
class PackLine:
    """One line of a pack and where it comes from; ``spans`` are character ranges of the item's text."""

    text: str
    item_id: str
    layer: Layer
    score: float
    parts: Mapping[str, float]
    reason: str
    trust: str
    day: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    sources: tuple[str, ...] = ()
    order: tuple[str, int, str, int] = ("", 0, "", 0)


@dataclass(frozen=True, slots=True)
class Section:
    """A named section with its lines in reading order."""

    name: str
    lines: tuple[PackLine, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that was considered and is not in the pack, and why. ``text`` is its beginning, on one line."""

    item_id: str
    score: float
    reason: str
    layer: Layer = Layer.EVENT
    parts: Mapping[str, float] = field(default_factory=dict)
    text: str = ""

    @classmethod
    def of(cls, item: RecalledItem, reason: str) -> LeftOut:
        """``item``, left out for ``reason``."""
        return cls(item.id, item.score, reason, item.layer, item.parts, one_line(item.text)[:LEFT_OUT_TEXT])

    @classmethod
    def line(cls, line: PackLine, reason: str) -> LeftOut:
        """A finished line, left out for ``reason``."""
        return cls(line.item_id, line.score, reason, line.layer, line.parts, line.text[:LEFT_OUT_TEXT])


@dataclass(frozen=True, slots=True)
class Shown:
    """An item that a pack shows, with its line: what a later pack builds on."""

    item_id: str
    layer: Layer
    trust: str
    line: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A compiled pack.

    ``text`` is what is printed; ``parts`` are the texts in it that go into a prompt, and ``token_count`` is theirs by
    ``tokenizer``, at most ``budget``. ``tokens`` are those of each section, headings included, ``layer_tokens``
    those of each layer's lines; ``shares`` is what each was given: tokens where whole, else shares of the budget. On a
    saved pack (``since``), the sections hold only what was appended to it, ``kept`` is what still stands, and
    ``told_until`` is set where changes had no room: to the place in the log from which they count. ``floor`` is None
    without a query.
    """

    text: str
    token_count: int
    budget: int
    tokenizer: str
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = field(default=(), repr=False)
    query: str | None = None
    as_of: str | None = None
    id: str | None = None
    format: str = "markdown"
    preset: str | None = None
    since: str | None = None
    parts: tuple[Part, ...] = field(default=(), repr=False)
    tokens: Mapping[str, int] = field(default_factory=dict)
    layer_tokens: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    floor: FloorDecision | None = None
    kept: tuple[Shown, ...] = field(default=(), repr=False)
    told_until: int | None = None

    @property
    def lines(self) -> tuple[PackLine, ...]:
        """All lines in reading order."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items shown, in reading order, each once."""
        return tuple(dict.fromkeys(line.item_id for line in self.lines))

    @property
    def continues(self) -> bool:
        """Whether the text begins with that of a saved pack."""
        return self.since is not None and self.preset == Preset.SESSION

    @property
    def shown(self) -> tuple[Shown, ...]:
        """What a reader of the whole text knows, a line each."""
        if self.continues:
            return self.kept
        return tuple(Shown(line.item_id, line.layer, line.trust, line.text) for line in self.lines)

    def with_id(self, pack_id: str) -> Pack:
        """The same pack, saved under an id."""
        return replace(self, id=pack_id)
