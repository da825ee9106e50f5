"""Compiling a pack: ranked items in, lines inside a budget out. Pure: no store, no clock, no model.

The sections stand in fixed order (identity, knowledge and lessons, memories, evidence), each greedily filled by score
within its share; what a section does not use flows on, and back at the end. Nothing is said twice, and what came from
tools or imports stands under a heading of its own that calls it quotations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from elephantasm_cli.pack.budget import Ledger, Shares
from elephantasm_cli.pack.clip import Clip, clip_output, clip_prose
from elephantasm_cli.pack.render import HEADINGS, date_line, dates_note, frame, listed_line, markdown, said_line
from elephantasm_cli.recall import RecalledItem
from elephantasm_cli.recall_features import asks_when
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.services.tokens import TokenCounter
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import EventType, Layer, Trust

UNTRUSTED = frozenset({Trust.TOOL.value, Trust.IMPORT.value})
OUTPUT_TYPES = frozenset({EventType.TOOL_CALL.value, EventType.TOOL_RESULT.value})
REPEATED = 0.9
"""A line whose content words are to this share inside another line says the same."""
TOP_LINE_SHARE = 0.12
"""To a question, the best belief and the best memory may each take this share of the budget."""
SHORTEST_LINE = 6.0
"""With fewer tokens left no line is tried any more."""
SHORT_VALUE = 3
"""A preference of up to this many words is shown with its name."""
EXPLAINED = 50
"""How many items a pack lists as left out."""


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
    """An item that was considered and is not in the pack, and why."""

    item_id: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A compiled pack. ``token_count`` is by ``tokenizer``, at most ``budget``; an empty pack has no text."""

    text: str
    token_count: int
    budget: int
    tokenizer: str
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = field(default=(), repr=False)
    query: str | None = None
    as_of: str | None = None
    id: str | None = None

    @property
    def lines(self) -> tuple[PackLine, ...]:
        """All lines in reading order."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items shown, in reading order, each once."""
        return tuple(dict.fromkeys(line.item_id for line in self.lines))

    def with_id(self, pack_id: str) -> Pack:
        """The same pack, saved under an id."""
        return replace(self, id=pack_id)


def compile_pack(
    items: Sequence[RecalledItem],
    *,
    budget: int,
    counter: TokenCounter,
    identity: Mapping[str, Any] | None = None,
    shares: Shares | None = None,
    query: str | None = None,
    as_of: str | None = None,
    wanted: Sequence[str] = (),
) -> Pack:
    """Choose and arrange ``items`` (best first) within ``budget`` tokens of ``counter``.

    ``identity`` is the current identity row; to a question that recalls nothing else it is all the pack holds.
    ``wanted`` are the question's words: clips keep sentences that hold them.
    """
    shares = shares or Shares()
    compiler = _Compiler(
        budget,
        counter,
        shares.for_question(budget) if query is not None and items else shares,
        wanted,
        asked=query is not None,
        tell_dates=query is not None and asks_when(query),
    )
    sections = compiler.fill(items, identity)
    text = markdown(sections)
    while (count := counter.count(text)) > budget and sections:
        sections = _without_weakest(sections)
        text = markdown(sections)
    return Pack(
        text=text,
        token_count=count if text else 0,
        budget=budget,
        tokenizer=counter.name,
        sections=sections,
        left_out=tuple(compiler.left_out[:EXPLAINED]),
        query=query,
        as_of=as_of,
    )


class _Compiler:
    """One pack in the making."""

    def __init__(
        self,
        budget: int,
        counter: TokenCounter,
        shares: Shares,
        wanted: Sequence[str],
        *,
        asked: bool,
        tell_dates: bool,
    ) -> None:
        self._asked = asked
        self._tell_dates = tell_dates
        self._top_line = TOP_LINE_SHARE * budget
        self._ledger = Ledger(budget, counter)
        self._shares = shares
        self._wanted = frozenset(word for term in wanted for word in content_words(term))
        self._lines: dict[str, list[PackLine]] = {}
        self._paid: set[str] = set()
        self._said: list[frozenset[str]] = []
        self._taken: set[tuple[str, int]] = set()
        self._repeating: set[tuple[str, int]] = set()
        self.left_out: list[LeftOut] = []

    def fill(self, items: Sequence[RecalledItem], identity: Mapping[str, Any] | None) -> tuple[Section, ...]:
        beliefs = [item for item in items if item.layer in (Layer.KNOWLEDGE, Layer.LESSON)]
        memories = [item for item in items if item.layer is Layer.MEMORY]
        evidence = [item for item in items if item.layer is Layer.EVENT]
        if self._ledger.spend(self._ledger.cost(*frame())):
            if identity is not None or beliefs or memories:
                # below other sections evidence needs its heading: paid for now, whatever comes to stand above it
                self._paid.add("evidence")
                self._ledger.spend(self._ledger.cost(HEADINGS["evidence"]))
            if identity is not None:
                self._identity(identity, whole=self._asked)
            left = self._ledger.left
            unused = self._section(beliefs, left * self._shares.knowledge, best_only=self._asked)
            self._section(memories, left * self._shares.memories + max(0.0, unused), best_only=self._asked)
            self._section(evidence, self._ledger.left)
            self._section(beliefs, self._ledger.left)
            self._section(memories, self._ledger.left)
        self._explain(items)
        return tuple(
            Section(name, tuple(sorted(lines, key=lambda line: line.order)))
            for name in ("identity", "knowledge", "memories", "evidence", "quotations")
            if (lines := self._lines.get(name))
        )

    def _identity(self, row: Mapping[str, Any], *, whole: bool) -> None:
        """The identity's lines as far as its cap goes; ``whole``: nothing of it where its first line has no room."""
        cap = float(self._shares.identity_tokens)
        for place, text in enumerate(identity_lines(row)):
            line = PackLine(
                text, row["id"], Layer.IDENTITY, 1.0, {}, "identity", row["trust"], order=("", place, "", 0)
            )
            spent = self._add("identity", line, cap)
            if spent:
                cap -= spent
                self._said.append(frozenset(content_words(text)))
            elif whole and place == 0:
                return

    def _section(self, items: Sequence[RecalledItem], cap: float, *, best_only: bool = False) -> float:
        """Fill from ``items``, spending at most ``cap``; returns what is left of it.

        With ``best_only`` the best item may take `TOP_LINE_SHARE` of the budget whatever ``cap`` is, and the first one
        without room ends the section: a shorter line that answers worse does not take its place.
        """
        for position, item in enumerate(items):
            if best_only and position == 0:
                cap = max(cap, self._top_line)
            if min(cap, self._ledger.left) < SHORTEST_LINE:
                break
            if (item.id, item.ordinal) in self._taken:
                continue
            line = self._line(item)
            said = frozenset(content_words(line.text.replace(human_date(item.occurred_at), "")))
            if self._repeats(said):
                self._repeating.add((item.id, item.ordinal))
                continue
            spent = self._add(_section_name(item), line, cap)
            if spent:
                cap -= spent
                self._said.append(said)
                self._taken.add((item.id, item.ordinal))
            elif best_only:
                break
        return cap

    def _add(self, name: str, line: PackLine, cap: float) -> float:
        """Pay for the line, and for a heading and a date that are not there yet; 0 where that is too much."""
        marks = [name, *([f"{name} {line.day}"] if line.day else [])]
        unpaid = [mark for mark in marks if mark not in self._paid]
        new = [HEADINGS[name] if mark == name else date_line(line.day) for mark in unpaid]
        if name == "evidence" and name in unpaid:
            new = new[1:]  # nothing stands above it
        cost = self._ledger.cost(*new, line.text)
        if not self._ledger.spend(cost, cap):
            return 0.0
        self._paid.update(unpaid)
        self._lines.setdefault(name, []).append(line)
        return cost

    def _line(self, item: RecalledItem) -> PackLine:
        clip = self._clip(item)
        day = human_date(item.occurred_at)
        if item.layer is Layer.EVENT:
            note = dates_note(clip.text, item.occurred_at) if self._tell_dates else ""
            text, shown = said_line(item.author or item.role, clip.text + note), day
        elif item.layer is Layer.MEMORY:
            text, shown = listed_line(clip.text if day in clip.text else f"{clip.text} ({day})"), ""
        else:
            text, shown = listed_line(clip.text), ""
        return PackLine(
            text=text,
            item_id=item.id,
            layer=item.layer,
            score=item.score,
            parts=item.parts,
            reason=item.reason,
            trust=item.trust,
            day=shown,
            spans=tuple((item.start + start, item.start + end) for start, end in clip.spans),
            sources=item.sources,
            order=_reading_order(item),
        )

    def _clip(self, item: RecalledItem) -> Clip:
        if item.layer is not Layer.EVENT:
            return Clip(item.text, ((0, len(item.text)),))
        if item.event_type in OUTPUT_TYPES:
            return clip_output(item.text, self._wanted)
        return clip_prose(item.text, self._wanted)

    def _repeats(self, said: frozenset[str]) -> bool:
        return any(len(said & other) >= REPEATED * len(said) for other in self._said) if said else False

    def _explain(self, items: Sequence[RecalledItem]) -> None:
        out = (item for item in items if (item.id, item.ordinal) not in self._taken)
        for item in islice(out, EXPLAINED):
            repeats = (item.id, item.ordinal) in self._repeating
            self.left_out.append(
                LeftOut(item.id, item.score, "repeats another line" if repeats else "no room in the budget")
            )


def identity_lines(row: Mapping[str, Any]) -> list[str]:
    """An identity as lines, the most telling first: the summary, then traits, values and preferences by weight."""
    lines = [listed_line(row["disposition_summary"])] if row["disposition_summary"].strip() else []
    for label, entries in (("Traits", row["traits"]), ("Values", row["values"])):
        ranked = sorted(entries.items(), key=lambda entry: (-float(entry[1]), entry[0]))
        if ranked:
            lines.append(listed_line(f"{label}: " + ", ".join(f"{name} {float(value):.1f}" for name, value in ranked)))
    return lines + [_preference_line(name, value) for name, value in sorted(row["preferences"].items())]


def _preference_line(name: str, value: object) -> str:
    """A whole sentence speaks for itself; anything shorter needs its name."""
    text = str(value)
    return listed_line(text if len(text.split()) > SHORT_VALUE else f"{name}: {text}")


def _section_name(item: RecalledItem) -> str:
    if item.trust in UNTRUSTED:
        return "quotations"
    if item.layer is Layer.EVENT:
        return "evidence"
    return "memories" if item.layer is Layer.MEMORY else "knowledge"


def _reading_order(item: RecalledItem) -> tuple[str, int, str, int]:
    """Chronological; knowledge before lessons, in an order that does not change with the question."""
    if item.layer is Layer.EVENT:
        return (item.occurred_at[:10] + item.session_id, item.seq, item.id, item.ordinal)
    front = {Layer.KNOWLEDGE: "0", Layer.LESSON: "1"}.get(item.layer, "")
    return (front + item.occurred_at, 0, item.id, item.ordinal)


def _without_weakest(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections without their lowest-scored line, evidence first."""
    weakest = min(
        (line for section in sections for line in section.lines),
        key=lambda line: (line.layer is not Layer.EVENT, line.score, line.item_id, line.order),
    )
    kept = (Section(s.name, tuple(line for line in s.lines if line is not weakest)) for s in sections)
    return tuple(section for section in kept if section.lines)
