"""``jsonl``: our own JSON Lines, one record a line."""

from __future__ import annotations

from collections.abc import Iterator

from elephantasm_cli.ingest.feed import Feed, Head
from elephantasm_cli.ingest.fields import AUTHOR_KEYS, SESSION_KEYS, TIME_KEYS
from elephantasm_cli.ingest.jsontext import Record, json_lines
from elephantasm_cli.ingest.message import MessageReader
from elephantasm_cli.ingest.records import Item

_OWN_KEYS = frozenset({"role", "event_type", *SESSION_KEYS, *AUTHOR_KEYS, *TIME_KEYS})


class JsonlReader:
    """One JSON object a line: ``id``, ``session``, ``role``, ``author``, ``content``, ``occurred_at`` and so on."""

    name = "jsonl"

    def detect(self, head: Head) -> float:
        if not head.looks_like_json or head.is_document:
            return 0.0
        texts = [record for record in head.objects if isinstance(record.get("content", record.get("text")), str)]
        if not texts:
            return 0.3
        return 0.8 if any(_OWN_KEYS & record.keys() for record in texts) else 0.5

    def parse(self, feed: Feed) -> Iterator[Item]:
        messages = MessageReader()
        for record in json_lines(feed):
            if isinstance(record, Record):
                yield from messages.read(record.value, record.offset, record.line, record.notes)
            else:
                yield record
