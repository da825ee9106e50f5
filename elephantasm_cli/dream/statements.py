"""What a memory, a lesson or a piece of knowledge says, as a statement and as bare words."""

from __future__ import annotations

from typing import Any

from elephantasm_cli.text.attribution import QUOTED, RETOLD, behind, own_words, undated
from elephantasm_cli.vocabulary import MemoryKind

RECURRING = "Came up again and again: "


def statement_of(memory: dict[str, Any]) -> str:
    """A memory's words as a statement: without the date, which is one of many times it was said, and without the talk
    it is from, where it can be read without."""
    content = str(memory["content"])
    if own := memory["metadata"].get("own"):
        return f"{own.removesuffix('.')}{behind(content) if memory['metadata']['needs_context'] else ''}."
    if not memory["metadata"]["needs_context"]:
        content = own_words(content)
    if match := QUOTED.match(content):
        return f'{match["speaker"]}: "{match["words"]}"{match["behind"] or ""}'
    if match := RETOLD.match(content):
        return f"{match['speaker']}: {match['words']}{match['behind'] or ''}."
    if memory["kind"] == MemoryKind.PROBLEM.value:
        return f"{RECURRING}{memory['metadata']['quote']}"
    return undated(content)


def is_own_statement(memory: dict[str, Any]) -> bool:
    """Whether a memory tells its speaker's words as a statement ("Dana wants ..."), neither quoted nor as said."""
    speaker, statement = memory["metadata"]["speaker"], statement_of(memory)
    return statement.startswith(f"{speaker} ") and not statement.startswith(f"{speaker} says that ")


def core_of(item: dict[str, Any]) -> str:
    """The bare words a lesson or piece of knowledge was made of: what is said later is compared with these."""
    return str(item["metadata"].get("words") or words_of(item["content"]))


def words_of(statement: str) -> str:
    """What a statement quotes or retells, without what stands in front of it and behind."""
    if match := QUOTED.match(statement) or RETOLD.match(statement):
        return match["words"]
    _, separator, quoted = statement.partition(': "')
    return own_words(quoted).removesuffix('"') if separator else statement.removeprefix(RECURRING)
