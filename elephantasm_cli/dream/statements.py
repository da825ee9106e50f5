"""What a memory, a lesson or a piece of knowledge says, as a statement and as bare words."""

from __future__ import annotations

import re
from typing import Any

from elephantasm_cli.vocabulary import MemoryKind

SAID, NOTED = "said", "noted"
"""What somebody did with words that are retold."""
_BEHIND = r'(?P<behind> \((?:in answer to|after [^"]+ said) "[^"]*"\))?'
CITATION = re.compile(
    rf'^(?P<speaker>[^,"]+), (?P<date>\d{{1,2}} \w+ \d{{4}}): "(?P<words>.*?)"{_BEHIND}$', re.DOTALL
)
RETOLD = re.compile(
    rf'^(?P<speaker>[^,:"]+) (?:{SAID}|{NOTED}) on (?P<date>\d{{1,2}} \w+ \d{{4}}): (?P<words>.+?)\.?{_BEHIND}\.?$', re.DOTALL
)
"""A quotation, and words retold, as memories have them; behind them what they go on from."""
RECURRING = "Came up again and again: "


def statement_of(memory: dict[str, Any]) -> str:
    """A memory's words as a statement: a quotation or retold words lose their date, which is one of many times it was said."""
    if match := CITATION.match(memory["content"]):
        return f'{match["speaker"]}: "{match["words"]}"{match["behind"] or ""}'
    if match := RETOLD.match(memory["content"]):
        return f"{match['speaker']}: {match['words']}{match['behind'] or ''}."
    if memory["kind"] == MemoryKind.PROBLEM.value:
        return f"{RECURRING}{memory['metadata']['quote']}"
    return str(memory["content"])


def core_of(item: dict[str, Any]) -> str:
    """The bare words a lesson or piece of knowledge was made of: what is said later is compared with these."""
    return str(item["metadata"].get("words") or words_of(item["content"]))


def words_of(statement: str) -> str:
    """What a statement quotes or retells, without what stands in front of it and behind."""
    if match := CITATION.match(statement) or RETOLD.match(statement):
        return match["words"]
    _, separator, quoted = statement.partition(': "')
    return re.sub(rf'"{_BEHIND}$', "", quoted) if separator else statement.removeprefix(RECURRING)
