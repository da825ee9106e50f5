"""``messages``: chat messages as the OpenAI, Anthropic and LangChain libraries write them, as JSON or JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elephantasm_cli.ingest.feed import Feed, Head
from elephantasm_cli.ingest.fields import ID_KEYS, SESSION_KEYS
from elephantasm_cli.ingest.jsontext import Record, json_document, json_lines
from elephantasm_cli.ingest.message import MessageReader
from elephantasm_cli.ingest.records import Item, RawEvent, Reject

_LANGCHAIN = frozenset({"human", "ai", "tool", "system", "function", "constructor"})
_RESPONSE_ITEMS = frozenset({"function_call", "function_call_output", "reasoning"})


class MessagesReader:
    """A list of messages, an object with ``messages``, one message a line, or one such list or object a line.

    Conversations without an id of their own are numbered, so that each gets a session of its own.
    """

    name = "messages"

    def detect(self, head: Head) -> float:
        if not head.looks_like_json:
            return 0.0
        if not head.records:
            # The document is spread over many lines, or broken.
            start = b"".join(head.lines)
            return 0.7 if b'"role"' in start or b'"messages"' in start else 0.35
        return max(_resemblance(record) for record in head.records)

    def parse(self, feed: Feed) -> Iterator[Item]:
        is_document = feed.head().is_document
        records: Iterator[Record | Reject | None] = json_document(feed) if is_document else json_lines(feed)
        messages = MessageReader()
        conversations = 0
        for record in records:
            if not isinstance(record, Record):
                yield record
            elif (conversation := _conversation(record.value)) is not None:
                conversations += 1
                yield from self._conversation(conversation, record, conversations, messages)
            else:
                yield from messages.read(record.value, record.offset, record.line, record.notes)

    def _conversation(
        self, conversation: list[Any], record: Record, number: int, messages: MessageReader
    ) -> Iterator[Item]:
        session = _session(record.value)
        for message in conversation:
            for item in messages.read(message, record.offset, record.line, record.notes, session):
                if isinstance(item, RawEvent):
                    item.conversation = number
                yield item


def _conversation(value: object) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        messages: list[Any] = value["messages"]
        return messages
    return None


def _session(value: object) -> str | None:
    if not isinstance(value, dict):
        return None
    named = next((value[key] for key in (*SESSION_KEYS, *ID_KEYS) if value.get(key)), None)
    return str(named) if isinstance(named, str | int) else None


def _resemblance(record: object) -> float:
    if isinstance(record, list):
        return max((_resemblance(element) for element in record[:5]), default=0.4)
    if not isinstance(record, dict):
        return 0.0
    if isinstance(record.get("messages"), list):
        return 0.9
    if "role" in record:
        return 0.85 if isinstance(record.get("content"), list) or record.get("tool_calls") else 0.7
    kind = record.get("type")
    if isinstance(kind, str) and kind in _LANGCHAIN and ("data" in record or "kwargs" in record or "content" in record):
        return 0.85
    return 0.85 if isinstance(kind, str) and kind in _RESPONSE_ITEMS else 0.1
