"""The closed vocabularies, as string enums. SQL CHECKs the same words; a test compares the two.

No pydantic and nothing heavy here: hot paths import it.
"""

from __future__ import annotations

from enum import StrEnum


class Layer(StrEnum):
    """The five layers, lowest first. The value is the singular noun that the log uses as source and target type."""

    EVENT = "event"
    MEMORY = "memory"
    LESSON = "lesson"
    KNOWLEDGE = "knowledge"
    IDENTITY = "identity"


class EventType(StrEnum):
    USER_MESSAGE = "user_message"
    ASSISTANT_MESSAGE = "assistant_message"
    SYSTEM_MESSAGE = "system_message"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    NOTE = "note"
    OBSERVATION = "observation"


class Trust(StrEnum):
    """Who vouches for a text, most trusted first. A derived row takes the lowest of its sources."""

    OPERATOR = "operator"
    USER = "user"
    AGENT = "agent"
    TOOL = "tool"
    IMPORT = "import"


TRUST_ORDER: tuple[Trust, ...] = tuple(Trust)


def lowest_trust(values: list[Trust]) -> Trust:
    """The least trusted of ``values`` (at least one), by the order of `Trust`."""
    return max(values, key=TRUST_ORDER.index)


def highest_trust(values: list[Trust]) -> Trust:
    """The most trusted of ``values`` (at least one): what a merge of sources that each suffice keeps."""
    return min(values, key=TRUST_ORDER.index)


class MemoryKind(StrEnum):
    FACT = "fact"
    PREFERENCE = "preference"
    EVENT = "event"
    DECISION = "decision"
    PROBLEM = "problem"
    PROCEDURE = "procedure"
    RELATIONSHIP = "relationship"
    PLAN = "plan"


CONTEXT_SUPPORT = 0.1
"""Weight of the edge to words that a memory only goes on from: they explain it, and do not bear it out."""


class PatternType(StrEnum):
    BEHAVIORAL = "behavioral"
    PREFERENCE = "preference"
    CONSTRAINT = "constraint"
    PROCEDURAL = "procedural"
    CAUSAL = "causal"


class KnowledgeCategory(StrEnum):
    FACT = "fact"
    RULE = "rule"
    BELIEF = "belief"
    GOAL = "goal"
    PREFERENCE = "preference"
    CONCEPT = "concept"
    METHOD = "method"


KINDS: tuple[str, ...] = tuple(dict.fromkeys([*MemoryKind, *PatternType, *KnowledgeCategory]))
"""What a memory, a lesson or a knowledge item may be called by, each word once."""


class State(StrEnum):
    CANDIDATE = "candidate"
    ACTIVE = "active"
    DECAYING = "decaying"
    ARCHIVED = "archived"
    SUPERSEDED = "superseded"


LIVE_STATES: tuple[State, ...] = (State.ACTIVE, State.DECAYING)
"""The states a pack may show."""


class TransformationType(StrEnum):
    REFLECTION = "reflection"
    MERGE = "merge"
    SPLIT = "split"
    REFINE = "refine"
    SUPERSEDE = "supersede"
    PROMOTION = "promotion"
    CONSOLIDATION = "consolidation"
    AGGREGATION = "aggregation"
    ARCHIVE = "archive"
    RESTORE = "restore"
    EDIT = "edit"
    REDACTION = "redaction"
    FORGET = "forget"
    IMPORT = "import"
    UNDO = "undo"


class Job(StrEnum):
    """The dreamer's jobs, in the order they run."""

    INDEX = "index"
    REFLECT = "reflect"
    CURATE_MEMORIES = "curate_memories"
    PROMOTE_TO_LESSONS = "promote_to_lessons"
    CONSOLIDATE_KNOWLEDGE = "consolidate_knowledge"
    UPDATE_IDENTITY = "update_identity"
    ARCHIVE_STALE = "archive_stale"


class RunStatus(StrEnum):
    """Where a dream, or one job in it, stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class DreamTrigger(StrEnum):
    CRON = "cron"
    MANUAL = "manual"
    HOOK = "hook"


class Preset(StrEnum):
    """What a pack is for."""

    SESSION = "session"
    TURN = "turn"
    FULL = "full"


class TombstoneReason(StrEnum):
    REJECT = "reject"
    EDIT = "edit"
    FORGET = "forget"


TRAITS: tuple[str, ...] = (
    "concise",
    "thorough",
    "cautious",
    "direct",
    "curious",
    "methodical",
    "pragmatic",
    "warm",
    "transparent",
    "independent",
    "collaborative",
    "playful",
)
"""The dispositions an identity may carry: a model picks from these by number and never words one of its own."""
