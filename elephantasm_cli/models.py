"""The entities as pydantic models: what the store returns, and the ``New*`` inputs it takes.

All are frozen and refuse unknown fields. Times are UTC text (see ``services/clock.py``), scores are floats in [0, 1].
Hot paths (ingest, listing) work on plain dicts of the same shape and build these only at the façade.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from elephantasm_cli.vocabulary import (
    DreamTrigger,
    EventType,
    Job,
    KnowledgeCategory,
    Layer,
    MemoryKind,
    PatternType,
    RunStatus,
    State,
    TransformationType,
    Trust,
)

Score = Annotated[float, Field(ge=0.0, le=1.0)]


class Entity(BaseModel):
    """Base of everything stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(Entity):
    """What every row has."""

    id: str
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: str
    updated_at: str
    is_deleted: bool = False


class Event(Row):
    """One thing that happened, verbatim."""

    seq: int
    session_id: str
    event_type: EventType
    role: str
    author: str
    content: str
    content_sha256: str
    occurred_at: str
    recorded_at: str
    importance_score: Score
    trust: Trust
    source: str
    dedupe_key: str
    token_count: int


class Memory(Row):
    """A reflection on one or more events."""

    content: str
    kind: MemoryKind
    importance_score: Score
    confidence: Score
    state: State
    time_start: str
    time_end: str
    valid_from: str
    valid_to: str | None = None
    superseded_by: str | None = None
    trust: Trust


class Lesson(Row):
    """A pattern seen across memories."""

    title: str
    content: str
    pattern_type: PatternType
    confidence: Score
    support_count: int
    session_count: int
    state: State
    archived_at: str | None = None
    superseded_by: str | None = None
    trust: Trust


class Knowledge(Row):
    """One canonical statement."""

    category: KnowledgeCategory
    statement: str
    certainty: Score
    valid_from: str
    valid_to: str | None = None
    superseded_by: str | None = None
    state: State
    trust: Trust


class Identity(Row):
    """One version of the agent's identity; the newest is current."""

    version: int
    disposition_summary: str
    traits: dict[str, float] = Field(default_factory=dict)
    values: dict[str, float] = Field(default_factory=dict)
    preferences: dict[str, Any] = Field(default_factory=dict)
    trust: Trust


ENTITY_OF_LAYER: dict[Layer, type[Row]] = {
    Layer.EVENT: Event,
    Layer.MEMORY: Memory,
    Layer.LESSON: Lesson,
    Layer.KNOWLEDGE: Knowledge,
    Layer.IDENTITY: Identity,
}


class Agent(Row):
    """This file's agent."""

    name: str
    description: str
    embedding_model: str
    embedding_dimension: int
    embedding_sha256: str


class LineageEdge(Entity):
    """One source of a transformation; quotes are character offsets into the source event's content."""

    source_id: str
    source_type: Layer
    target_id: str
    target_type: Layer
    weight: Score = 1.0
    quote_start: int | None = None
    quote_end: int | None = None


class Transformation(Entity):
    """One act that created or changed one row, as the log keeps it."""

    id: str
    seq: int
    act_id: str
    dream_id: str | None
    transformation_type: TransformationType
    workflow_name: str
    target_id: str
    target_type: Layer
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reasoning: str
    prompt_name: str | None
    prompt_sha256: str | None
    model_id: str | None
    parameters: dict[str, Any]
    created_by: str
    undoes: str | None
    created_at: str
    sources: tuple[LineageEdge, ...] = ()


class DreamJob(Entity):
    """One job in one dream."""

    job: Job
    status: RunStatus
    started_at: str
    finished_at: str | None
    examined: int
    changed: int
    rejected: int
    error: str | None
    metadata: dict[str, Any] = Field(default_factory=dict)


class Dream(Row):
    """One run of the dreamer."""

    trigger: DreamTrigger
    status: RunStatus
    started_at: str
    finished_at: str | None
    options: dict[str, Any]
    models: dict[str, Any]
    budget_used: dict[str, Any]
    error: str | None
    jobs: tuple[DreamJob, ...] = ()
