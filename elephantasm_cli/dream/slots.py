"""Slots: the few statements that code can compare without a model ("we use X for Y", "line length is now 88").

A slot is (subject, attribute, value, polarity). Two slots of the same subject and attribute with different values
contradict each other, and the later one may supersede the earlier. Precision comes before recall: a sentence that
fits no pattern has no slot, and anything hypothetical, quoted or asked has none either.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from functools import lru_cache

from elephantasm_cli.dream.claims import without_quotations
from elephantasm_cli.dream.cues import LEAD_IN
from elephantasm_cli.dream.slot_grammar import GRAMMAR, Slot

__all__ = ["Slot", "conflict", "find_slots", "same_slot", "slots_in"]

_LONGEST = 600  # characters: longer texts are no single statement

_HYPOTHETICAL = re.compile(
    r"\b(?:might|(?-i:may)|maybe|perhaps|could|would|should|if|whether|plan(?:s|ning)?\s+to|want(?:s|ed)?|wish|hop(?:e|es|ing)|consider\w*|"
    r"thinking\s+(?:of|about)|suggest\w*|propos\w*|used\s+to|asked|suppose|imagine|says?\s+\"|said)\b",
    re.I,
)
_REPORTED = re.compile(
    r"^(?:(?-i:[A-Z])[\w-]*|the\s+user)\s+(?:says|states|mentions|notes|reports|explains)\s+(?:that\s+)?", re.I
)
_FROM_NOW = re.compile(r"^(?:please\s+)?(?:from\s+now\s+on|in\s+future|going\s+forward)\b[,:]?\s*(?:please\s+)?", re.I)
_ANNOUNCED = re.compile(r"^(?:[^:,]{1,40}:\s+|we\s+decided[^:]{0,24}:\s+)(?=\S)", re.I)


def find_slots(text: str, author: str) -> list[Slot]:
    """The slots of one sentence or statement, without repeats; ``author`` is who said it, or whom it is about.

    First person ("I live in Oslo") and third ("Dana lives in Oslo", said of the author Dana) give the same slot.
    """
    if len(text) > _LONGEST or "?" in without_quotations(text):
        return []
    lead = LEAD_IN.match(text)
    core = text[lead.end() :] if lead and lead.end() < len(text) else text
    core = _REPORTED.sub("", core.strip())
    candidates = dict.fromkeys((core, _ANNOUNCED.sub("", core)))
    found: dict[Slot, None] = {}
    for candidate in candidates:
        clean = _FROM_NOW.sub("", candidate)
        for expression, build in GRAMMAR:
            for match in expression.finditer(clean):
                if _is_hypothetical(clean, match.end()):
                    continue
                found.update(dict.fromkeys(build(match, author)))
    return list(found)


@lru_cache(maxsize=50_000)
def slots_in(text: str, author: str) -> tuple[Slot, ...]:
    """`find_slots`, each text read once in a process: reflection and comparison ask for the same ones again and again."""
    return tuple(find_slots(text, author))


def _is_hypothetical(text: str, end: int) -> bool:
    """Whether what stands before ``end``, or in the rest of its clause, makes the statement something less."""
    rest = re.split(r"[,;:.!]", text[end:], maxsplit=1)[0]
    return _HYPOTHETICAL.search(without_quotations(text[:end] + rest)) is not None


def same_slot(a: Slot, b: Slot) -> bool:
    """Whether two slots speak about the same thing: equal subject and attribute."""
    return (a.subject, a.attribute) == (b.subject, b.attribute)


def conflict(a: Slot, b: Slot) -> bool:
    """Whether two slots cannot both hold: one value denied by the other, or two values where only one can be.

    A value that merely says more ("Oslo", "Oslo in Norway") does not contradict. One denied flag denies the flags that
    hold it.
    """
    if not same_slot(a, b):
        return False
    if a.polarity != b.polarity:
        denied, held = sorted((a, b), key=lambda slot: slot.polarity)
        holds = a.attribute.startswith("flags:") and set(denied.value.split()) <= set(held.value.split())
        return a.value == b.value or holds
    if not a.polarity or not a.is_single:
        return False
    one, other = set(a.value.split()), set(b.value.split())
    return bool(one and other) and not (one <= other or other <= one)
