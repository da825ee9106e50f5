"""``claude-code``: the session files that Claude Code keeps under ``~/.claude/projects``.

The format is not promised stable, so whatever is unknown is skipped and counted. Left out on purpose: thoughts, images,
reminders the program inserts, commands and their output, titles and summaries (a model wrote them about the session;
they did not happen in it), and error notices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elephantasm_cli.ingest import roles
from elephantasm_cli.ingest.feed import Feed, Head
from elephantasm_cli.ingest.fields import BadRecordError, Origin
from elephantasm_cli.ingest.jsontext import Record, json_lines
from elephantasm_cli.ingest.message import MessageReader
from elephantasm_cli.ingest.records import Item, RawEvent, Reject, Skip, excerpt_of
from elephantasm_cli.vocabulary import EventType

_REMINDER_OPEN = "<system-reminder>"
_REMINDER_CLOSE = "</system-reminder>"
_COMMAND = re.compile(
    r"\s*(?:<(?:command-(?:name|message|args|contents)|local-command-[a-z]+|bash-(?:input|stdout|stderr)"
    r"|task-notification|user-prompt-submit-hook)\b|\[Request interrupted by user)"
)
_TITLES = frozenset({"summary", "custom-title", "ai-title"})


class ClaudeCodeReader:
    """One JSON object a line; a message's id is the line's ``uuid``, its parts are the content blocks."""

    name = "claude-code"

    def detect(self, head: Head) -> float:
        lines = [record for record in head.objects if isinstance(record.get("type"), str)]
        if any("sessionId" in line and ("uuid" in line or "message" in line) for line in lines):
            return 0.95
        return 0.9 if any(line["type"] == "summary" and "leafUuid" in line for line in lines) else 0.0

    def parse(self, feed: Feed) -> Iterator[Item]:
        messages = MessageReader()
        for record in json_lines(feed):
            if not isinstance(record, Record):
                yield record
                continue
            try:
                yield from _events(record, messages)
            except BadRecordError as error:
                yield Reject(record.offset, record.line, str(error), excerpt_of(record.value))
            except RecursionError:
                yield Reject(record.offset, record.line, "nested too deeply", "")


def _events(record: Record, messages: MessageReader) -> Iterator[RawEvent | Skip]:
    line = record.value
    if not isinstance(line, dict):
        raise BadRecordError("the line is not an object")
    kind = line.get("type")
    if kind not in ("user", "assistant"):
        yield Skip("title" if isinstance(kind, str) and kind in _TITLES else f"{kind} line")
        return
    reason = _left_out(line)
    if reason is not None:
        yield Skip(reason)
        return
    message = line.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str | list):
        raise BadRecordError("message.content is neither text nor a list of blocks")
    blocks = [content] if isinstance(content, str) else content
    for item in messages.blocks(blocks, _origin(line, kind, record)):
        yield _cleaned(item) if isinstance(item, RawEvent) else item


def _left_out(line: dict[str, Any]) -> str | None:
    """Why a user or assistant line is nobody's words, or None."""
    if line.get("isCompactSummary"):
        return "summary"
    if line.get("isMeta"):
        return "meta line"
    if line.get("isApiErrorMessage"):
        return "error notice"
    return None


def _origin(line: dict[str, Any], kind: str, record: Record) -> Origin:
    session, uuid = line.get("sessionId"), line.get("uuid")
    sidechain = line.get("isSidechain") is True
    return Origin(
        # What a sub-agent is told on a "user" line was written by the agent that started it, not by the person.
        role=roles.ASSISTANT if kind == "assistant" or sidechain else roles.USER,
        session_id=session if isinstance(session, str) and session else None,
        occurred_at=line.get("timestamp"),
        source_id=uuid if isinstance(uuid, str) and uuid else None,
        metadata={"is_sidechain": True} if sidechain else {},
        notes=record.notes,
        offset=record.offset,
        line=record.line,
    )


def _cleaned(event: RawEvent) -> RawEvent | Skip:
    if event.event_type is EventType.TOOL_CALL or event.role == roles.ASSISTANT:
        return event
    if _REMINDER_OPEN in event.content:
        event.content = _without_reminders(event.content)
        if not event.content.strip():
            return Skip("reminder")
    if event.event_type is EventType.USER_MESSAGE and _COMMAND.match(event.content):
        return Skip("command")
    return event


def _without_reminders(text: str) -> str:
    """``text`` without its closed reminders (an opening tag alone is somebody's text about tags)."""
    kept: list[str] = []
    position = 0
    while (start := text.find(_REMINDER_OPEN, position)) >= 0:
        end = text.find(_REMINDER_CLOSE, start)
        if end < 0:
            break
        kept.append(text[position:start])
        position = end + len(_REMINDER_CLOSE)
    kept.append(text[position:])
    return "".join(kept).strip() if position else text
