"""One message, as our own JSON Lines, OpenAI, Anthropic or LangChain write it, into raw events.

Our own keys are read first; ``content`` may be text or content blocks; tool calls and results become events of their
own. Every part of a message keeps the message's id with its ordinal, so that it can be recognised later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elephantasm_cli.ingest import roles
from elephantasm_cli.ingest.fields import (
    CONTENT_KEYS,
    BadRecordError,
    Origin,
    first_of,
    json_text,
    kind_of,
    origin_of,
    unwrapped,
)
from elephantasm_cli.ingest.records import RawEvent, Reject, Skip, excerpt_of
from elephantasm_cli.ingest.toolcalls import describe_call
from elephantasm_cli.vocabulary import EventType

_TEXT_BLOCKS = frozenset({"text", "input_text", "output_text", "refusal"})
_THOUGHT_BLOCKS = frozenset({"thinking", "redacted_thinking", "reasoning"})


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
            yield from self._read(unwrapped(record), offset, line, notes, session)
        except BadRecordError as error:
            yield Reject(offset, line, str(error), excerpt_of(json_text(record)))
        except RecursionError:
            yield Reject(offset, line, "nested too deeply", excerpt_of(json_text(record)))

    def _read(
        self, record: dict[str, Any], offset: int, line: int, notes: tuple[str, ...], session: str | None
    ) -> Iterator[RawEvent | Reject | Skip]:
        origin = origin_of(record, session)
        origin.offset, origin.line, origin.notes = offset, line, notes
        content = first_of(record, CONTENT_KEYS)
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
            raise BadRecordError(f"content is {kind_of(content)}, not text or a list of blocks")
        if calls:
            yield from self._calls(calls, origin, blocks)

    def blocks(self, blocks: list[Any], origin: Origin) -> Iterator[RawEvent | Skip]:
        """One event for each content block that says something; the ordinal is the block's place in the list."""
        if not blocks:
            yield Skip("empty")
        for ordinal, block in enumerate(blocks):
            if isinstance(block, str):
                yield origin.event(block, ordinal)
                continue
            if not isinstance(block, dict):
                yield Skip(f"{kind_of(block)} block")
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
            raise BadRecordError(f"tool_calls is {kind_of(calls)}, not a list")
        for ordinal, call in enumerate(calls, start=first_ordinal):
            if not isinstance(call, dict):
                raise BadRecordError(f"a tool call is {kind_of(call)}, not an object")
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
    return json_text(content)


def _text_event(block: dict[str, Any], origin: Origin, ordinal: int) -> RawEvent:
    text = block.get("text", block.get("refusal"))
    if not isinstance(text, str):
        raise BadRecordError(f"the text of a block is {kind_of(text)}, not text")
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
