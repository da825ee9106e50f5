"""The fields of a message record: their names, their types, and what is wrong with them.

Our own keys come first; the shapes that wrap a message (LangChain, OpenAI's responses) are taken off here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from elephantasm_cli.ingest import roles
from elephantasm_cli.ingest.records import RawEvent
from elephantasm_cli.vocabulary import EventType, Trust

SESSION_KEYS = ("session_id", "session", "conversation_id", "thread_id")
ID_KEYS = ("id", "uuid", "message_id")
AUTHOR_KEYS = ("author", "speaker", "name")
CONTENT_KEYS = ("content", "text")
TIME_KEYS = ("occurred_at", "timestamp", "time", "created_at")

_LANGCHAIN_TYPES = frozenset({"human", "ai", "system", "tool", "function", "chat"})
_EVENT_TYPES = {member.value: member for member in EventType}
_TRUSTS = {member.value: member for member in Trust}


class BadRecordError(ValueError):
    """A record that cannot become an event; the message is the reject's reason."""


@dataclass(slots=True)
class Origin:
    """What all events of one message share."""

    role: str
    session_id: str | None = None
    author: str | None = None
    occurred_at: object = None
    source_id: str | None = None
    event_type: EventType | None = None
    trust: Trust | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    offset: int = 0
    line: int = 0

    def event(self, content: str, block: int, event_type: EventType | None = None) -> RawEvent:
        """The part of this message that says ``content``."""
        return RawEvent(
            event_type or self.event_type or roles.event_type_of(self.role, self.author),
            self.role,
            content,
            self.session_id,
            self.author,
            self.occurred_at,
            self.source_id,
            block,
            self.trust,
            dict(self.metadata),
            self.notes,
            self.offset,
            self.line,
        )


def unwrapped(record: object) -> dict[str, Any]:
    """The message itself: LangChain puts it under ``data`` or ``kwargs``, OpenAI's responses have items for calls."""
    if not isinstance(record, dict):
        raise BadRecordError(f"the record is {kind_of(record)}, not an object")
    kind = record.get("type")
    if isinstance(kind, str):
        data = record.get("data")
        if kind in _LANGCHAIN_TYPES and isinstance(data, dict) and "content" in data:
            return {**data, "type": None, "role": data.get("role") or kind}
        if kind in _LANGCHAIN_TYPES and "role" not in record:
            return {**record, "type": None, "role": kind}
        if kind == "function_call":
            call = {**record, "id": record.get("call_id")}
            return {**record, "type": None, "name": None, "role": roles.ASSISTANT, "tool_calls": [call]}
        if kind == "function_call_output":
            result = {"tool_call_id": record.get("call_id"), "content": record.get("output", "")}
            return {**record, "type": None, "role": roles.TOOL, **result}
        kwargs = record.get("kwargs")
        path = record.get("id")
        if kind == "constructor" and isinstance(kwargs, dict) and isinstance(path, list) and path:
            role = str(path[-1]).removesuffix("Chunk").removesuffix("Message").lower()
            return {**kwargs, "type": None, "role": kwargs.get("role") or role}
    return record


def origin_of(record: dict[str, Any], session: str | None) -> Origin:
    """What all events of ``record`` share; ``session`` where it names none. Raises BadRecordError."""
    event_type = _event_type(record)
    role_name = _text_of(record, ("role",))
    author = _author(record)
    role = roles.canonical_role(role_name) if role_name else roles.role_of_type(event_type)
    metadata = record.get("metadata")
    if metadata is None:
        metadata = {}
    elif not isinstance(metadata, dict):
        metadata = {"metadata": metadata}
    is_error = record.get("is_error")
    if isinstance(is_error, bool):
        metadata = {**metadata, "is_error": is_error}
    return Origin(
        role,
        _text_of(record, SESSION_KEYS) or session,
        author,
        first_of(record, TIME_KEYS),
        _text_of(record, ID_KEYS),
        event_type,
        _trust(record),
        metadata,
    )


def _event_type(record: dict[str, Any]) -> EventType | None:
    named = record.get("event_type")
    if named is not None:
        if not isinstance(named, str) or named not in _EVENT_TYPES:
            raise BadRecordError(f"event_type {_shown(named)} is none of {', '.join(_EVENT_TYPES)}")
        return _EVENT_TYPES[named]
    # "type" means many things elsewhere ("message", say), so an unknown word there says nothing.
    kind = record.get("type")
    return _EVENT_TYPES.get(kind) if isinstance(kind, str) else None


def _trust(record: dict[str, Any]) -> Trust | None:
    named = record.get("trust")
    if named is None:
        return None
    if not isinstance(named, str) or named not in _TRUSTS:
        raise BadRecordError(f"trust {_shown(named)} is none of {', '.join(_TRUSTS)}")
    return _TRUSTS[named]


def _author(record: dict[str, Any]) -> str | None:
    author = record.get("author")
    if isinstance(author, dict):
        return _text_of(author, ("name", "role"))
    return _text_of(record, AUTHOR_KEYS)


def first_of(record: dict[str, Any], keys: tuple[str, ...]) -> Any:
    """The first value of ``keys`` that is not null, or None."""
    for key in keys:
        value = record.get(key)
        if value is not None:
            return value
    return None


def _text_of(record: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    """The first of ``keys`` that is there, as text (whole numbers are fine); None when absent or empty."""
    for key in keys:
        value = record.get(key)
        if value is None or value == "":
            continue
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise BadRecordError(f"{key} is {kind_of(value)}, not text")
    return None


def kind_of(value: object) -> str:
    """What ``value`` is, in words for a reject."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else type(value).__name__


def _shown(value: object) -> str:
    return repr(value)[:60]


def json_text(value: object) -> str:
    """``value`` as JSON text."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "[nested too deeply]"
