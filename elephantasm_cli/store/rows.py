"""How each layer's rows are laid out: columns, which of them hold JSON, which one is the text that is searched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elephantasm_cli.ids import canonical_json
from elephantasm_cli.vocabulary import Layer

COMMON = ("metadata", "created_at", "updated_at", "is_deleted")


@dataclass(frozen=True, slots=True)
class Table:
    """One derived layer's table. ``columns`` excludes id and the common four."""

    layer: Layer
    name: str
    columns: tuple[str, ...]
    text_columns: tuple[str, ...]
    date_column: str
    json_columns: tuple[str, ...] = ("metadata",)

    @property
    def all_columns(self) -> tuple[str, ...]:
        return ("id", *self.columns, *COMMON)

    def text_of(self, row: Mapping[str, Any]) -> str:
        """The words of a row that are indexed and embedded."""
        return "\n".join(str(row[column]) for column in self.text_columns)


TABLES: dict[Layer, Table] = {
    Layer.MEMORY: Table(
        Layer.MEMORY,
        "memories",
        (
            "content",
            "kind",
            "importance_score",
            "confidence",
            "state",
            "time_start",
            "time_end",
            "valid_from",
            "valid_to",
            "superseded_by",
            "trust",
        ),
        ("content",),
        "time_end",
    ),
    Layer.LESSON: Table(
        Layer.LESSON,
        "lessons",
        (
            "title",
            "content",
            "pattern_type",
            "confidence",
            "support_count",
            "session_count",
            "state",
            "archived_at",
            "superseded_by",
            "trust",
        ),
        ("title", "content"),
        "created_at",
    ),
    Layer.KNOWLEDGE: Table(
        Layer.KNOWLEDGE,
        "knowledge",
        ("category", "statement", "certainty", "valid_from", "valid_to", "superseded_by", "state", "trust"),
        ("statement",),
        "valid_from",
    ),
    Layer.IDENTITY: Table(
        Layer.IDENTITY,
        "identity",
        ("version", "disposition_summary", "traits", "values", "preferences", "trust"),
        ("disposition_summary",),
        "created_at",
        ("metadata", "traits", "values", "preferences"),
    ),
}

EVENT_COLUMNS = (
    "seq",
    "id",
    "session_id",
    "event_type",
    "role",
    "author",
    "content",
    "content_sha256",
    "occurred_at",
    "recorded_at",
    "importance_score",
    "trust",
    "source",
    "dedupe_key",
    "token_count",
    *COMMON,
)
"""What is read of an event: its salt and hashes are the verifier's own business."""


def quoted(columns: tuple[str, ...]) -> str:
    """A SQL column list (``values`` is a keyword)."""
    return ", ".join(f'"{column}"' for column in columns)


def decode(row: Mapping[str, Any], json_columns: tuple[str, ...] = ("metadata",)) -> dict[str, Any]:
    """A stored row as plain values: JSON parsed, ``is_deleted`` a bool."""
    values = dict(row)
    for column in json_columns:
        values[column] = json.loads(values[column])
    values["is_deleted"] = bool(values["is_deleted"])
    return values


def encode(table: Table, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The stored form of ``values``, in the order of ``table.all_columns``."""
    return tuple(
        canonical_json(values[column])
        if column in table.json_columns
        else int(values[column])
        if column == "is_deleted"
        else values[column]
        for column in table.all_columns
    )
