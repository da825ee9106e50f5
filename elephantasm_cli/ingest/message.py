"""One message, as our own JSON Lines, OpenAI, Anthropic or LangChain write it, into raw events.

Our own keys are read first; ``content`` may be text or content blocks; tool calls and results become events of their
own. Every part of a message keeps the message's id with its ordinal, so that it can be recognised later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from elephantasm_cli.ingest import roles
from elephantasm_cli.ingest.records import RawEvent, Reject, Skip, excerpt_of
from elephantasm_cli.ingest.toolcalls import describe_call
from elephantasm_cli.vocabulary import EventType, Trust

SESSION_KEYS = ("session_id", "session", "conversation_id", "thread_id")
ID_KEYS = ("id", "uuid", "message_id")
AUTHOR_KEYS = ("author", "speaker", "name")
CONTENT_KEYS = ("content", "text")
TIME_KEYS = ("occurred_at", "timestamp", "time", "created_at")

_TEXT_BLOCKS = frozenset({"text", "input_text", "output_text", "refusal"})
_THOUGHT_BLOCKS = frozenset({"thinking", "redacted_thinking", "reasoning"})
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


class MessageReader:
    """Turns message records into events; remembers the names of tools by call id, for the results that follow."""

    def __init__(self) -> None:
        self._tools: dict[str, str] = {}

    def read(
        self, record: object, offset: int, line: int, notes: tuple[str, ...] = (), session: str | None = None
    ) -> Iterator[RawEvent | Reject | Skip]:
        """The events of ``record``; ``session`` is for records that name none."""
        if isinstance(record, dict) and record.get("type") == "reasoning" and "role" not in record:
            yield Skip("thinking")
            return
        try:
            yield from self._read(_unwrap(record), offset, line, notes, session)
        except BadRecordError as error:
            yield Reject(offset, line, str(error), excerpt_of(_as_text(record)))
        except RecursionError:
            yield Reject(offset, line, "nested too deeply", excerpt_of(_as_text(record)))

    def _read(
        self, record: dict[str, Any], offset: int, line: int, notes: tuple[str, ...], session: str | None
    ) -> Iterator[RawEvent | Reject | Skip]:
        origin = _origin(record, session)
        origin.offset, origin.line, origin.notes = offset, line, notes
        content = _first(record, CONTENT_KEYS)
        calls = record.get("tool_calls")
        if calls is None and isinstance(record.get("function_call"), dict):
            calls = [{"function": record["function_call"]}]
        if content is None and not calls:
            raise BadRecordError(f"no content: expected text under {' or '.join(map(repr, CONTENT_KEYS))}")
        if origin.role == roles.TOOL or origin.event_type is EventType.TOOL_RESULT:
            self._complete_result(origin, record)
            yield origin.event(result_text(content), 0)
            return
        blocks = 1
        if isinstance(content, list):
            blocks = len(content)
            yield from self.blocks(content, origin)
        elif isinstance(content, str):
            if content or not calls:
                yield origin.event(content, 0)
        elif content is not None:
            raise BadRecordError(f"content is {_kind(content)}, not text or a list of blocks")
        if calls:
            yield from self._calls(calls, origin, blocks)

    def blocks(self, blocks: list[Any], origin: Origin) -> Iterator[RawEvent | Skip]:
        """One event for each content block that says something; the ordinal is the block's place in the list."""
        for ordinal, block in enumerate(blocks):
            if isinstance(block, str):
                yield origin.event(block, ordinal)
                continue
            if not isinstance(block, dict):
                yield Skip(f"{_kind(block)} block")
                continue
            kind = str(block.get("type", "text"))
            if kind in _TEXT_BLOCKS:
                yield _text_event(block, origin, ordinal)
            elif kind == "tool_use":
                yield self._call_event(block.get("id"), block.get("name"), block.get("input"), origin, ordinal)
            elif kind == "tool_result":
                yield self._result_event(block, origin, ordinal)
            elif kind in _THOUGHT_BLOCKS:
                yield Skip("thinking")
            else:
                yield Skip(f"{kind} block")

    def _calls(self, calls: object, origin: Origin, first_ordinal: int) -> Iterator[RawEvent]:
        if not isinstance(calls, list):
            raise BadRecordError(f"tool_calls is {_kind(calls)}, not a list")
        for ordinal, call in enumerate(calls, start=first_ordinal):
            if not isinstance(call, dict):
                raise BadRecordError(f"a tool call is {_kind(call)}, not an object")
            function = call.get("function")
            inner = function if isinstance(function, dict) else call
            arguments = inner.get("arguments", inner.get("args"))
            yield self._call_event(call.get("id"), inner.get("name"), arguments, origin, ordinal)

    def _call_event(self, call_id: object, name: object, arguments: object, origin: Origin, ordinal: int) -> RawEvent:
        tool = name if isinstance(name, str) and name else "tool"
        content, omitted = describe_call(tool, arguments)
        event = origin.event(content, ordinal, EventType.TOOL_CALL)
        event.metadata["tool"] = tool
        if omitted:
            event.metadata["omitted_arguments"] = omitted
        if isinstance(call_id, str):
            event.metadata["tool_use_id"] = call_id
            self._tools[call_id] = tool
        return event

    def _result_event(self, block: dict[str, Any], origin: Origin, ordinal: int) -> RawEvent:
        event = origin.event(result_text(block.get("content")), ordinal, EventType.TOOL_RESULT)
        call_id = block.get("tool_use_id")
        tool = self._tools.get(call_id) if isinstance(call_id, str) else None
        event.role, event.author = roles.TOOL, tool
        event.metadata |= _result_metadata(tool, call_id, block.get("is_error"))
        return event

    def _complete_result(self, origin: Origin, record: dict[str, Any]) -> None:
        call_id = record.get("tool_call_id")
        tool = origin.author or (self._tools.get(call_id) if isinstance(call_id, str) else None)
        origin.author = tool
        origin.event_type = origin.event_type or EventType.TOOL_RESULT
        origin.metadata |= _result_metadata(tool, call_id, record.get("is_error"))


def result_text(content: object) -> str:
    """What a tool gave back, as text: blocks joined by line feeds, images left out, anything else as JSON."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(block, dict | str) for block in content):
        texts = (block if isinstance(block, str) else block.get("text") for block in content)
        return "\n".join(text for text in texts if isinstance(text, str))
    return _as_text(content)


def _text_event(block: dict[str, Any], origin: Origin, ordinal: int) -> RawEvent:
    text = block.get("text", block.get("refusal"))
    if not isinstance(text, str):
        raise BadRecordError(f"the text of a block is {_kind(text)}, not text")
    return origin.event(text, ordinal)


def _result_metadata(tool: str | None, call_id: object, is_error: object) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if tool:
        metadata["tool"] = tool
    if isinstance(call_id, str):
        metadata["tool_use_id"] = call_id
    if isinstance(is_error, bool):
        metadata["is_error"] = is_error
    return metadata


def _unwrap(record: object) -> dict[str, Any]:
    """The message itself: LangChain puts it under ``data`` or ``kwargs``, OpenAI's responses have items for calls."""
    if not isinstance(record, dict):
        raise BadRecordError(f"the record is {_kind(record)}, not an object")
    kind = record.get("type")
    if isinstance(kind, str):
        data = record.get("data")
        if kind in _LANGCHAIN_TYPES and isinstance(data, dict) and "content" in data:
            return {**data, "type": None, "role": data.get("role") or kind}
        if kind in _LANGCHAIN_TYPES and "role" not in record:
            return {**record, "type": None, "role": kind}
        if kind == "function_call":
            return {
                **record,
                "type": None,
                "role": roles.ASSISTANT,
                "tool_calls": [{**record, "id": record.get("call_id")}],
            }
        if kind == "function_call_output":
            result = {"tool_call_id": record.get("call_id"), "content": record.get("output", "")}
            return {**record, "type": None, "role": roles.TOOL, **result}
        kwargs = record.get("kwargs")
        path = record.get("id")
        if kind == "constructor" and isinstance(kwargs, dict) and isinstance(path, list) and path:
            role = str(path[-1]).removesuffix("Chunk").removesuffix("Message").lower()
            return {**kwargs, "type": None, "role": kwargs.get("role") or role}
    return record


def _origin(record: dict[str, Any], session: str | None) -> Origin:
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
        _first(record, TIME_KEYS),
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


def _first(record: dict[str, Any], keys: tuple[str, ...]) -> Any:
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
        raise BadRecordError(f"{key} is {_kind(value)}, not text")
    return None


def _kind(value: object) -> str:
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


def _as_text(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "[nested too deeply]"
