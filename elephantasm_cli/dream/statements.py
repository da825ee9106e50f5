"""What a memory, a lesson or a piece of knowledge says, as a statement and as bare words."""

from __future__ import annotations

import re
from typing import Any

from elephantasm_cli.vocabulary import MemoryKind

CITATION = re.compile(r'^(?P<speaker>[^,"]+), (?P<date>\d{1,2} \w+ \d{4}): "(?P<words>.*)"$', re.DOTALL)
RECURRING = "Came up again and again: "


def statement_of(memory: dict[str, Any]) -> str:
    """A memory's words as a statement: a quotation loses its date, which one of many times it was said."""
    if match := CITATION.match(memory["content"]):
        return f'{match["speaker"]}: "{match["words"]}"'
    if memory["kind"] == MemoryKind.PROBLEM.value:
        return f"{RECURRING}{memory['metadata']['quote']}"
    return str(memory["content"])


def core_of(item: dict[str, Any]) -> str:
    """The bare words a lesson or piece of knowledge was made of: what is said later is compared with these."""
    return str(item["metadata"].get("words") or words_of(item["content"]))


def words_of(statement: str) -> str:
    """What a statement quotes, without what stands in front of it."""
    _, separator, quoted = statement.partition(': "')
    return quoted.removesuffix('"') if separator else statement.removeprefix(RECURRING)
