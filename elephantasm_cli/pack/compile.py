"""Compiling a pack: ranked items in, lines inside a budget out. Pure: no store, no clock, no model.

The sections stand in fixed order (identity, knowledge and lessons, memories, evidence), each greedily filled by score
within its share; what a section does not use flows on, and back at the end. Nothing is said twice, and what came from
tools or imports stands under a heading of its own that calls it quotations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from elephantasm_cli.pack.arrange import arranged
from elephantasm_cli.pack.budget import Ledger, Shares
from elephantasm_cli.pack.clip import Clip, clip_output, clip_prose
from elephantasm_cli.pack.contents import NO_ROOM, REPEATS, SHARE_USED, LeftOut, Pack, PackLine, Section
from elephantasm_cli.pack.forms import MARKDOWN, Form
from elephantasm_cli.pack.identity import identity_lines
from elephantasm_cli.pack.order import for_question
from elephantasm_cli.pack.render import dates_note, listed_line, said_line, year_of
from elephantasm_cli.pack.repeats import covered, meaning
from elephantasm_cli.recall_features import asks_when
from elephantasm_cli.recalled import RecalledItem
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.services.tokens import TokenCounter
from elephantasm_cli.text.attribution import own_words
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import EventType, Layer, Trust

UNTRUSTED = frozenset({Trust.TOOL.value, Trust.IMPORT.value})
OUTPUT_TYPES = frozenset({EventType.TOOL_CALL.value, EventType.TOOL_RESULT.value})
TOP_LINE_SHARE = 0.08
"""To a question, beliefs and memories may each take this share of the budget, where their own is smaller."""
ABOVE_EVIDENCE = ("identity", "knowledge", "memories")
"""Behind one of these, evidence has a heading; what comes first goes without."""
MISSES = 40
"""After so many lines in a row without room no more are tried: what comes then is far down the list, and short."""
SHORTEST_LINE = 6.0
"""With fewer tokens left no line is tried any more."""
EXPLAINED = 50
"""How many items a pack lists as left out."""


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
    form: Form = MARKDOWN,
    shown: Sequence[str] = (),
) -> Pack:
    """Choose and arrange ``items`` (best first) within ``budget`` tokens of ``counter``, written in ``form``.

    ``identity`` is the current identity row; to a question that
    recalls nothing else it is all the pack holds. ``wanted`` are the question's words: clips keep sentences that hold
    them. ``shown`` are lines that the reader has already: nothing is said that repeats one.
    """
    given = shares or Shares()
    shares = given.for_question(budget) if query is not None and items else given
    compiler = _Compiler(
        budget,
        counter,
        shares,
        wanted,
        form,
        shown,
        identity_tokens=given.identity_tokens,
        asked=query is not None,
        tell_dates=query is not None and asks_when(query),
    )
    sections = compiler.fill(items, identity)
    return arranged(
        sections,
        Pack(
            text="",
            token_count=0,
            budget=budget,
            tokenizer=counter.name,
            sections=(),
            left_out=tuple(compiler.left_out[:EXPLAINED]),
            query=query,
            as_of=as_of,
            shares=asdict(shares),
        ),
        counter,
        form,
    )


class _Compiler:
    """One pack in the making."""

    def __init__(
        self,
        budget: int,
        counter: TokenCounter,
        shares: Shares,
        wanted: Sequence[str],
        form: Form,
        shown: Sequence[str],
        *,
        identity_tokens: float,
        asked: bool,
        tell_dates: bool,
    ) -> None:
        self._form = form
        self._asked = asked
        self._tell_dates = tell_dates
        self._top_line = TOP_LINE_SHARE * budget
        self._ledger = Ledger(budget, counter)
        self._shares = shares
        self._identity_tokens = identity_tokens
        self._wanted = frozenset(word for term in wanted for word in content_words(term))
        self._lines: dict[str, list[PackLine]] = {}
        self._paid: set[str] = set()
        self._said: list[tuple[frozenset[str], str]] = [(meaning(line), line) for line in shown]
        self._taken: set[tuple[str, int]] = set()
        self._why: dict[tuple[str, int], str] = {}
        self.left_out: list[LeftOut] = []

    def fill(self, items: Sequence[RecalledItem], identity: Mapping[str, Any] | None) -> tuple[Section, ...]:
        """Choose lines of ``items``."""
        beliefs = [item for item in items if item.layer in (Layer.KNOWLEDGE, Layer.LESSON)]
        memories = [item for item in items if item.layer is Layer.MEMORY]
        evidence = [item for item in items if item.layer is Layer.EVENT]
        self._evidence_waits = bool(evidence)
        if self._ledger.spend(self._ledger.cost(*self._form.frame())):
            spent = 0.0 if identity is None else self._identity(identity, self._shares.identity_tokens)
            if self._asked:
                self._answer(items)
            else:
                left = self._ledger.left
                unused = self._section(beliefs, left * self._shares.knowledge)
                self._section(memories, left * self._shares.memories + max(0.0, unused))
            self._section(evidence, self._ledger.left)
            self._section(beliefs, self._ledger.left)
            self._section(memories, self._ledger.left)
            if identity is not None and self._asked:
                self._identity(identity, self._identity_tokens - spent)
        self._explain(items)
        return tuple(
            Section(name, tuple(sorted(lines, key=lambda line: line.order)))
            for name in ("identity", "knowledge", "memories", "evidence", "quotations")
            if (lines := self._lines.get(name))
        )

    def _identity(self, row: Mapping[str, Any], cap: float) -> float:
        """Show those of the identity's lines that are not yet, as far as ``cap`` goes; returns what was spent.

        To a question, none without the first.
        """
        left = cap
        for place, text in enumerate(identity_lines(row)):
            key = (row["id"], place)
            if key in self._taken:
                continue
            line = PackLine(
                text, row["id"], Layer.IDENTITY, 1.0, {}, "identity", row["trust"], order=("", place, "", 0)
            )
            spent = self._add("identity", line, left)
            if spent:
                left -= spent
                self._taken.add(key)
                self._said.append((meaning(text), text))
            elif self._asked and place == 0:
                break
        return cap - left

    def _answer(self, items: Sequence[RecalledItem]) -> None:
        """What answers a question, in the order of `for_question`.

        Derived rows may take the share of their layer, or `TOP_LINE_SHARE` of the budget. The first of a layer's rows
        without room is its last: a shorter one that answers worse does not take its place.
        """
        shares = (self._shares.knowledge, self._shares.memories)
        caps = [max(self._ledger.left * share, self._top_line) for share in shares]
        misses = 0
        for item in for_question(items):
            if self._ledger.left < SHORTEST_LINE or misses == MISSES:
                break
            if item.layer is Layer.EVENT:
                spent = self._show(item, self._ledger.left)
                misses = misses if spent is None else 0 if spent else misses + 1
                continue
            of = int(item.layer is Layer.MEMORY)
            spent = self._show(item, caps[of])
            caps[of] = 0.0 if spent == 0.0 else caps[of] - (spent or 0.0)

    def _section(self, items: Sequence[RecalledItem], cap: float) -> float:
        """Fill from ``items``, spending at most ``cap``; returns what is left of it."""
        misses = 0
        for item in items:
            if min(cap, self._ledger.left) < SHORTEST_LINE or misses == MISSES:
                break
            spent = self._show(item, cap)
            if spent is not None:
                misses = 0 if spent else misses + 1
                cap -= spent
        return cap

    def _show(self, item: RecalledItem, cap: float) -> float | None:
        """Show ``item`` if it costs at most ``cap``: what was spent, 0 without room; None if the pack says it."""
        key = (item.id, item.ordinal)
        if key in self._taken:
            return None
        clip = self._clip(item)
        line, said = self._line(item, clip), _said(item, clip)
        if repeated := self._repeats(said):
            self._why[key] = f"{REPEATS}: {repeated}"
            return None
        spent = self._add(_section_name(item), line, cap)
        if spent:
            self._said.append((said, line.text))
            self._taken.add(key)
        else:
            self._why.setdefault(key, SHARE_USED if cap < self._ledger.left else NO_ROOM)
        return spent

    def _add(self, name: str, line: PackLine, cap: float) -> float:
        """Pay for the line, and for a heading and a date that are not there yet; 0 where that is too much."""
        year = year_of(line.day)
        marks = [name, *([f"{name} {line.day}", f"{name} {year}"] if line.day else [])]
        unpaid = [mark for mark in marks if mark not in self._paid]
        new: list[str] = []
        if name == "evidence" and self._form.bare_evidence and not any(map(self._lines.get, ABOVE_EVIDENCE)):
            unpaid.remove(name)
        elif name in unpaid:
            new += self._form.heading(name)
        if name in ABOVE_EVIDENCE and self._evidence_waits and "evidence" not in self._paid:
            unpaid.append("evidence")
            new += self._form.heading("evidence")
        if f"{name} {line.day}" in unpaid:
            new += self._form.day(line.day, "" if f"{name} {year}" in unpaid else year)
        cost = self._ledger.cost(*new, self._form.line(line))
        if not self._ledger.spend(cost, cap):
            return 0.0
        self._paid.update(unpaid)
        self._lines.setdefault(name, []).append(line)
        return cost

    def _line(self, item: RecalledItem, clip: Clip) -> PackLine:
        day = human_date(item.occurred_at)
        note = dates_note(clip.text, item.occurred_at) if self._tell_dates and item.layer is not Layer.LESSON else ""
        if item.layer is Layer.EVENT:
            text, shown = said_line(item.author or item.role, clip.text + note), day
        elif item.layer is Layer.MEMORY:
            text, shown = listed_line((clip.text if day in clip.text else f"{clip.text} ({day})") + note), ""
        else:
            text, shown = listed_line(clip.text + note), ""
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

    def _repeats(self, said: frozenset[str]) -> str:
        """The line that says the same; empty where there is none."""
        return next((line for words, line in self._said if covered(said, words)), "")

    def _explain(self, items: Sequence[RecalledItem]) -> None:
        out = (item for item in items if (item.id, item.ordinal) not in self._taken)
        self.left_out += [
            LeftOut.of(item, self._why.get((item.id, item.ordinal), NO_ROOM)) for item in islice(out, EXPLAINED)
        ]


def _said(item: RecalledItem, clip: Clip) -> frozenset[str]:
    """What a line says: its speaker and its content words, without the date on which it was said and the words of
    somebody else that it goes on from."""
    text = clip.text if item.layer is Layer.EVENT else own_words(clip.text)
    return meaning(f"{item.author} {text}".replace(human_date(item.occurred_at), ""))


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
