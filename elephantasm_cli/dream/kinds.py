"""What kind of memory a sentence makes, how much it matters and how sure it is: computed, never asked of a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from elephantasm_cli.vocabulary import MemoryKind, Trust

if TYPE_CHECKING:
    from elephantasm_cli.dream.grounding import Grounding

IMPORTANCE: Final = {
    "instruction": 0.85,
    "preference": 0.8,
    "correction": 0.8,
    "introduction": 0.75,
    "rule": 0.75,
    "decision": 0.75,
    "note": 0.75,
    "problem": 0.6,
    "fact": 0.6,
    "relationship": 0.6,
    "wish": 0.6,
    "plan": 0.55,
    "event": 0.5,
    "activity": 0.5,
    "statement": 0.5,
    "finding": 0.5,
    "outcome": 0.45,
    "answer": 0.4,
    "reading": 0.4,
    "request": 0.35,
    "terse": 0.3,
    "first_person": 0.2,
}
"""Importance by the strongest cue: what the user wants weighs more than what is so, that more than what happened."""

_TRUST_CONFIDENCE: Final = {
    Trust.OPERATOR: 1.0,
    Trust.USER: 1.0,
    Trust.AGENT: 0.85,
    Trust.TOOL: 0.8,
    Trust.IMPORT: 0.75,
}
_HABITUAL = re.compile(
    r"\b(?:prefers?|likes?|loves?|enjoys?|hates?|dislikes?|favou?rite|rather|wants?|keen|fan of|passionate)\b", re.I
)
_WE_DECIDE = re.compile(r"(?:from\s+now\s+on,?\s+)?(?:we|i)(?:['’]\w+)?\s", re.I)
_DOING = re.compile(
    r"\b(?:run|use|write|commit|push|deploy|test|start|ask|explain|keep|put|merge|open|install|build|first|before|then)\b",
    re.I,
)


def classify(sentence_text: str, cues: Sequence[str], role: str) -> MemoryKind:
    """The kind of memory, from the cues that `salience` found (names as in `cues.CUES`) and the words themselves.

    A standing instruction is a preference where it says what somebody likes, else a procedure where it says how to do
    something. An assistant's finding is a problem or a fact, never a preference.
    """
    shown = set(cues)
    if role == "assistant" or "assistant" in shown:
        if "problem" in shown:
            return MemoryKind.PROBLEM
        return MemoryKind.DECISION if "decision" in shown else MemoryKind.FACT
    if "outcome" in shown:
        return MemoryKind.PROBLEM
    if {"decision", "instruction"} <= shown and _WE_DECIDE.match(sentence_text):
        return MemoryKind.DECISION
    if "preference" in shown and not ("decision" in shown and not _HABITUAL.search(sentence_text)):
        return MemoryKind.PREFERENCE
    if "instruction" in shown:
        return MemoryKind.PROCEDURE if _DOING.search(sentence_text) else MemoryKind.PREFERENCE
    for cue, kind in (
        ("decision", MemoryKind.DECISION),
        ("rule", MemoryKind.FACT),
        ("problem", MemoryKind.PROBLEM),
        ("relationship", MemoryKind.RELATIONSHIP),
        ("event", MemoryKind.EVENT),
        ("plan", MemoryKind.PLAN),
        ("request", MemoryKind.PROCEDURE),
    ):
        if cue in shown:
            return kind
    return MemoryKind.FACT


def importance(cues: Sequence[str], *, novelty: float | None = None, repetitions: int = 0) -> float:
    """How much a memory matters, in [0, 1], rounded to 4 decimals.

    ``base + 0.05 (name) + 0.03 (number or identifier) + min(0.03 x repetitions, 0.12)``, times ``0.8 + 0.2 novelty``
    where novelty in [0, 1] is known. ``base`` is the strongest cue's in `IMPORTANCE` (0.2 without any), times 0.8 for
    an assistant's own words. ``repetitions``: how often it has been said before.
    """
    base = max((IMPORTANCE[cue] for cue in cues if cue in IMPORTANCE), default=0.2)
    if "assistant" in cues:
        base *= 0.8
    score = base + (0.05 if "name" in cues else 0.0) + (0.03 if {"number", "identifier"} & set(cues) else 0.0)
    score += min(0.03 * max(repetitions, 0), 0.12)
    if novelty is not None:
        score *= 0.8 + 0.2 * novelty
    return round(min(max(score, 0.0), 1.0), 4)


def confidence(grounding: Grounding | None, *, trust: Trust = Trust.USER, needs_context: bool = False) -> float:
    """How sure a memory is, in [0, 1], rounded to 4 decimals; ``grounding`` None means a verbatim quotation.

    A quotation counts 0.9. A rewritten statement counts ``0.5 + 0.25 coverage + 0.15 cosine`` (coverage in place of an
    unknown cosine), 0.2 where its grounding failed. Both are scaled by trust (operator and user 1, agent .85, tool .8,
    import .75) and by 0.85 where the sentence cannot be read alone.
    """
    if grounding is None:
        score = 0.9
    elif not grounding.passed:
        score = 0.2
    else:
        similarity = grounding.coverage if grounding.cosine is None else max(grounding.cosine, 0.0)
        score = 0.5 + 0.25 * grounding.coverage + 0.15 * similarity
    score *= _TRUST_CONFIDENCE[trust] * (0.85 if needs_context else 1.0)
    return round(min(max(score, 0.0), 1.0), 4)
