"""What may become knowledge: lessons that are sure enough, and what a person stated outright."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elephantasm_cli.dream.curate import live_memories
from elephantasm_cli.dream.statements import core_of, statement_of
from elephantasm_cli.dream.topic import points
from elephantasm_cli.store.changes import Source
from elephantasm_cli.text.dates import resolve_dates
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import LIVE_STATES, KnowledgeCategory, Layer, MemoryKind, PatternType, Trust

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext

CATEGORY_OF_KIND = {
    MemoryKind.FACT: KnowledgeCategory.FACT,
    MemoryKind.RELATIONSHIP: KnowledgeCategory.FACT,
    MemoryKind.PREFERENCE: KnowledgeCategory.PREFERENCE,
    MemoryKind.DECISION: KnowledgeCategory.RULE,
    MemoryKind.PROCEDURE: KnowledgeCategory.METHOD,
}
CATEGORY_OF_PATTERN = {
    PatternType.PREFERENCE: KnowledgeCategory.PREFERENCE,
    PatternType.CONSTRAINT: KnowledgeCategory.RULE,
    PatternType.PROCEDURAL: KnowledgeCategory.METHOD,
    PatternType.CAUSAL: KnowledgeCategory.BELIEF,
    PatternType.BEHAVIORAL: KnowledgeCategory.BELIEF,
}
TELLING_WORDS = 3
"""With fewer content words ("staging first.") a sentence says too little to stand as knowledge."""
ORDERS = frozenset(("instruction", "rule", "decision"))
"""Cues of what is kept to, though it says "it" ("always run it twice"); else what points elsewhere is no knowledge."""
OCCASION = re.compile(r"\b(?:this\s+time|for\s+once|so\s+far|at\s+last|once\s+again)\b", re.IGNORECASE)
"""What is said of one occasion."""
STATED = (Trust.OPERATOR.value, Trust.USER.value)


@dataclass(frozen=True, slots=True)
class Claim:
    """What may become knowledge: a statement, what it rests on, and in which sessions it was said."""

    statement: str
    words: str
    category: KnowledgeCategory
    source: Source
    version: str
    speaker: str
    sessions: tuple[str, ...]
    valid_from: str
    trust: Trust
    reasoning: str


def taken(context: DreamContext) -> set[str]:
    """The items that knowledge rests on already."""
    return context.store.log.supporting([item["id"] for item in context.store.derived.listed(Layer.KNOWLEDGE)])


def taught(context: DreamContext) -> set[str]:
    """The memories that a live lesson speaks for: they become knowledge through it, once, not each by itself."""
    states = [state.value for state in LIVE_STATES]
    lessons = context.store.derived.listed(Layer.LESSON, states=states)
    return context.store.log.supporting([lesson["id"] for lesson in lessons])


def from_lessons(context: DreamContext) -> list[Claim]:
    """Lessons that are sure enough and that a dream has come to its end with.

    What a dream made that was cut off has not survived one: carrying on must not make knowledge any sooner.
    """
    unproven = context.store.dreams.since_last_completed()
    return [
        Claim(
            statement=lesson["content"],
            words=core_of(lesson),
            category=CATEGORY_OF_PATTERN[PatternType(lesson["pattern_type"])],
            source=Source(lesson["id"], Layer.LESSON),
            version=lesson["updated_at"],
            speaker=lesson["metadata"]["speaker"],
            sessions=tuple(lesson["metadata"]["sessions"]),
            valid_from=lesson["metadata"]["last_said"],
            trust=Trust(lesson["trust"]),
            reasoning=f"a lesson of confidence {lesson['confidence']:.2f} that survived a dream",
        )
        for lesson in context.store.derived.listed(Layer.LESSON, states=[state.value for state in LIVE_STATES])
        if lesson["trust"] in STATED
        and lesson["confidence"] >= context.settings.knowledge_confidence
        and lesson["metadata"]["dream"] not in unproven
    ]


def from_memories(context: DreamContext) -> list[Claim]:
    """What a person stated outright and is important enough; what speaks of "yesterday" or "this time" is no
    knowledge."""
    known = taken(context) | taught(context)
    return [
        Claim(
            statement=statement_of(memory),
            words=memory["metadata"]["quote"],
            category=CATEGORY_OF_KIND[MemoryKind(memory["kind"])],
            source=Source(memory["id"], Layer.MEMORY),
            version=memory["updated_at"],
            speaker=memory["metadata"]["speaker"],
            sessions=tuple(memory["metadata"]["sessions"]),
            valid_from=memory["valid_from"],
            trust=Trust(memory["trust"]),
            reasoning=f"stated by {memory['metadata']['speaker']}, importance {memory['importance_score']:.2f}",
        )
        for memory in live_memories(context)
        if memory["id"] not in known
        and memory["trust"] in STATED
        and MemoryKind(memory["kind"]) in CATEGORY_OF_KIND
        and memory["importance_score"] >= context.settings.knowledge_importance
        and not memory["metadata"]["needs_context"]
        and (not ORDERS.isdisjoint(memory["metadata"]["cues"]) or not points(memory["metadata"]["quote"]))
        and len(content_words(memory["metadata"]["quote"])) >= TELLING_WORDS
        and OCCASION.search(memory["metadata"]["quote"]) is None
        and not any(date.is_relative for date in resolve_dates(memory["metadata"]["quote"], memory["valid_from"]))
    ]
