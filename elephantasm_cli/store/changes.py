"""What a change to a derived row is made of: the row, where it comes from, who did it and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from elephantasm_cli.vocabulary import Layer, TransformationType


@dataclass(frozen=True, slots=True)
class Source:
    """One thing a change rests on. ``quote`` is a character span into the source event's content.

    ``weight`` in [0, 1] is how much it supports the target; 0 names what the target gave way to, which is no support.
    """

    id: str
    layer: Layer
    weight: float = 1.0
    quote: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who acts: a job of a dream with its model and prompt, or a person through a command."""

    workflow_name: str
    created_by: str
    dream_id: str | None = None
    act_id: str | None = None
    prompt_name: str | None = None
    prompt_sha256: str | None = None
    model_id: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One act on one derived row.

    ``values`` holds every domain column for a new row, or the columns to change (``metadata`` replaces the whole
    object). ``expected_updated_at`` is the version the change was computed from; None skips the recheck.
    """

    transformation_type: TransformationType
    layer: Layer
    target_id: str
    values: Mapping[str, Any]
    sources: tuple[Source, ...] = ()
    reasoning: str = ""
    expected_updated_at: str | None = None
