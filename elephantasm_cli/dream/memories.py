"""A memory before it is stored: its words, the quotes it rests on, and what code computes about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.kinds import classify, confidence, importance
from elephantasm_cli.ids import derived_id
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.store.changes import Change, Provenance, Source
from elephantasm_cli.text.attribution import dated, goes_on_from
from elephantasm_cli.vocabulary import (
    CONTEXT_SUPPORT,
    Layer,
    MemoryKind,
    State,
    TransformationType,
    Trust,
    lowest_trust,
)

if TYPE_CHECKING:
    from elephantasm_cli.dream.rewrite import Rewritten
    from elephantasm_cli.dream.salience import Salient
    from elephantasm_cli.services.structured import Answer
    from elephantasm_cli.store.store import Store


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words: ``text`` is ``content[start:end]`` of an event, with who said it, when and in which role."""

    event_id: str
    session_id: str
    author: str
    role: str
    occurred_at: str
    trust: Trust
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, event: dict[str, Any], start: int, end: int) -> Quote:
        return cls(
            event_id=event["id"],
            session_id=event["session_id"],
            author=event["author"],
            role=event["role"],
            occurred_at=event["occurred_at"],
            trust=Trust(event["trust"]),
            start=start,
            end=end,
            text=event["content"][start:end],
        )

    @property
    def words(self) -> str:
        """The text on one line."""
        return " ".join(self.text.split())

    @property
    def rendered(self) -> str:
        """Speaker, date and words: what grounding checks against, and what an extractive memory says."""
        return f'{self.author}, {human_date(self.occurred_at)}: "{self.words}"'

    @property
    def source(self) -> Source:
        return Source(self.event_id, Layer.EVENT, 1.0, (self.start, self.end))


_DOUBLE_QUOTES = re.compile('["“”]')
"""As single ones inside of others."""
TIMELESS = frozenset(("introduction",))
"""Cues of what is so for long: a memory of anything else says on which day it was so."""


@dataclass(frozen=True, slots=True)
class Preceding:
    """What was said just before, which a quote goes on from, or later, which may change it."""

    quote: Quote
    is_question: bool
    is_later: bool = False
    is_shown: bool = False
    """Whether the words stand in brackets for a picture."""

    def behind(self, content: str) -> str:
        """``content``, with these words behind it."""
        words = _DOUBLE_QUOTES.sub("'", self.quote.words)
        said_by = "" if self.is_question else self.quote.author
        return goes_on_from(content, words, said_by, is_later=self.is_later, is_shown=self.is_shown)

    @property
    def source(self) -> Source:
        return Source(self.quote.event_id, Layer.EVENT, CONTEXT_SUPPORT, (self.quote.start, self.quote.end))


def _with_behind(content: str, preceding: Sequence[Preceding]) -> str:
    for words in preceding:
        content = words.behind(content)
    return content


FAILURE_QUOTES = 2
"""A call and what it printed."""


@dataclass(frozen=True, slots=True)
class MemoryDraft:
    """A memory that has passed its checks. ``core`` is what was said without speaker and date:
    what is compared and clustered, the same for a quotation and a rewrite."""

    content: str
    core: str
    kind: MemoryKind
    importance: float
    confidence: float
    state: State
    quotes: tuple[Quote, ...]
    form: str
    cues: tuple[str, ...]
    reasoning: str
    needs_context: bool = False
    preceding: tuple[Preceding, ...] = ()
    answer: Answer[Any] | None = None
    own: str = ""
    """The statement told as so, without its day, where ``content`` tells it as said."""
    parts: Mapping[str, Any] = field(default_factory=dict)
    """What the confidence was computed from, for the log."""

    @property
    def overcome(self) -> bool:
        """Whether it tells of a failure that the same command got over: the third quote says so."""
        return self.form == "report" and len(self.quotes) > FAILURE_QUOTES

    @classmethod
    def of_quote(
        cls,
        quote: Quote,
        salient: Salient,
        rewritten: Rewritten | None,
        preceding: Sequence[Preceding] = (),
        *,
        is_note: bool = False,
    ) -> MemoryDraft:
        """From a picked sentence, with its rewrite where there is a faithful one, and what it goes on from, in its
        order."""
        kind = classify(quote.text, salient.cues, quote.role)
        weight = importance(salient.cues)
        needs_context = any(words.is_later for words in preceding)
        if rewritten is None:
            return cls(
                content=_with_behind(quote.rendered, preceding),
                core=quote.words,
                kind=kind,
                importance=weight,
                confidence=confidence(None, trust=quote.trust, needs_context=needs_context or salient.needs_context),
                state=State.ACTIVE,
                quotes=(quote,),
                form="quotation",
                cues=salient.cues,
                reasoning=f"said by {quote.author}; cues: {', '.join(salient.cues)}; kept as a quotation",
                needs_context=needs_context or salient.needs_context,
                preceding=tuple(preceding),
                parts={"trust": quote.trust.value, "needs_context": salient.needs_context},
            )
        grounding = rewritten.grounding
        statement = rewritten.statement
        if TIMELESS.isdisjoint(salient.cues):
            statement = dated(statement, quote.author, human_date(quote.occurred_at), is_note=is_note)
        return cls(
            content=_with_behind(statement, preceding),
            core=quote.words,
            kind=kind,
            importance=weight,
            confidence=confidence(grounding, trust=quote.trust),
            state=State.ACTIVE if grounding.margin > 0 else State.CANDIDATE,
            quotes=(quote,),
            form="rewrite",
            cues=salient.cues,
            reasoning=(
                f"said by {quote.author}; cues: {', '.join(salient.cues)}; "
                f"{'rewritten' if rewritten.answer else 'turned into reported speech by rule'}, "
                f"{grounding.coverage:.0%} of its words are in the quote"
            ),
            needs_context=needs_context or rewritten.follows,
            preceding=tuple(preceding),
            answer=rewritten.answer,
            own=rewritten.own,
            parts={"trust": quote.trust.value, "coverage": grounding.coverage, "cosine": grounding.cosine},
        )

    @property
    def time_start(self) -> str:
        return min(quote.occurred_at for quote in self.quotes)

    @property
    def time_end(self) -> str:
        return max(quote.occurred_at for quote in self.quotes)


def create_memory(store: Store, draft: MemoryDraft, provenance: Provenance) -> bool:
    """Store a draft with its lineage; False where the same memory is there already, whatever became of it."""
    return store.derived.create(memory_change(draft, TransformationType.REFLECTION), provenance)


def memory_change(draft: MemoryDraft, transformation_type: TransformationType, *besides: Source) -> Change:
    """The change that makes a draft a memory; it rests on its quotes, and on ``besides``."""
    event_ids = [quote.event_id for quote in draft.quotes]
    spans = [(quote.start, quote.end) for quote in draft.quotes]
    return Change(
        transformation_type,
        Layer.MEMORY,
        derived_id(Layer.MEMORY, draft.kind.value, event_ids, draft.content, spans),
        {
            "content": draft.content,
            "kind": draft.kind.value,
            "importance_score": draft.importance,
            "confidence": draft.confidence,
            "state": draft.state.value,
            "time_start": draft.time_start,
            "time_end": draft.time_end,
            "valid_from": draft.time_start,
            "valid_to": None,
            "superseded_by": None,
            "trust": lowest_trust([quote.trust for quote in draft.quotes]).value,
            "metadata": {
                "speaker": draft.quotes[0].author,
                "role": draft.quotes[0].role,
                "quote": draft.core,
                "form": draft.form,
                **({"own": draft.own} if draft.own else {}),
                "cues": list(draft.cues),
                "needs_context": draft.needs_context,
                "sessions": sorted({quote.session_id for quote in draft.quotes}),
                "support": 1,
            },
        },
        sources=(
            *(quote.source for quote in draft.quotes),
            *(words.source for words in draft.preceding),
            *besides,
        ),
        reasoning=draft.reasoning,
    )
