"""Memories of what tools did: a failure, and what it took until the same command passed. Never transcripts.

What it took is quoted: what the agent says it found or changed between the failure and the success, or right after.
"""

from __future__ import annotations

import re
from typing import Any

from elephantasm_cli.dream import cues as grammar
from elephantasm_cli.dream import unmeant
from elephantasm_cli.dream.episodes import Episode
from elephantasm_cli.dream.kinds import confidence, importance
from elephantasm_cli.dream.memories import MemoryDraft, Quote
from elephantasm_cli.dream.outcomes import Outcome, tool_outcome
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.vocabulary import EventType, MemoryKind, State, lowest_trust

CUES = ("outcome", "identifier")
LONGEST_TOLD = 240
"""In characters, of what is quoted as having helped."""
UNFINISHED = re.compile(
    r"\b(?:not\s+yet|still\s+(?:not|fails?|failing|broken|red)|not\s+(?:quite|enough)|didn['’]t\s+help)\b", re.I
)
"""What did not yet help."""
STATED = re.compile(r"(?:the|that|this|its?|there)\b", re.I)
"""How a sentence begins that says how things are, in front of one that says what was done about them."""


def tool_memories(episode: Episode) -> list[MemoryDraft]:
    """One memory a distinct failure of the episode; it says so where the same command passed afterwards."""
    drafts: list[MemoryDraft] = []
    seen: set[str] = set()
    pairs = list(_calls_with_results(episode))
    for position, (call, result) in enumerate(pairs):
        outcome = tool_outcome(call["content"], result["content"], result["metadata"].get("is_error"))
        if outcome is None or outcome.line in seen:
            continue
        seen.add(outcome.line)
        passed = _passed_later(call, pairs[position + 1 :])
        helped = what_helped(episode, result, passed) if passed else None
        drafts.append(_draft(call, result, outcome, passed, helped))
    return drafts


def what_helped(episode: Episode, failed: dict[str, Any], passed: dict[str, Any]) -> Quote | None:
    """What the agent says it found or changed: the last time between the two results, else in the turn after them."""
    events = list(episode.events)
    first, last = events.index(failed), events.index(passed)
    for event in [*reversed(events[first:last]), *events[last + 1 : last + 2]]:
        if event["event_type"] == EventType.ASSISTANT_MESSAGE.value and (quote := _told_in(event)) is not None:
            return quote
    return None


def _told_in(event: dict[str, Any]) -> Quote | None:
    """The sentences in a row, of at most `LONGEST_TOLD` characters, that tell a finding or a change."""
    found: list[tuple[int, int]] = []
    for piece in split_sentences(event["content"]):
        offered = unmeant.OFFER.search(piece.text) or piece.text.rstrip().endswith("?")
        tells = grammar.FINDING.search(piece.text) or grammar.CHANGED.search(piece.text) or STATED.match(piece.text)
        if piece.is_code or offered or not tells or UNFINISHED.search(piece.text):
            if any(_changes(event["content"][start:end]) for start, end in found):
                break
            found = []
            continue
        found.append((piece.start, piece.end))
    while found and found[-1][1] - found[0][0] > LONGEST_TOLD:
        found.pop(0)
    if not any(_changes(event["content"][start:end]) for start, end in found):
        return None
    text = event["content"][found[0][0] : found[-1][1]]
    return None if "\n" in text else Quote.of(event, found[0][0], found[-1][1])


def _changes(text: str) -> bool:
    return bool(grammar.CHANGED.search(text) or grammar.FINDING.search(text))


def _calls_with_results(episode: Episode) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    pairs, call = [], None
    for event in episode.events:
        if event["event_type"] == EventType.TOOL_CALL.value:
            call = event
        elif event["event_type"] == EventType.TOOL_RESULT.value and call is not None:
            pairs.append((call, event))
            call = None
    return pairs


def _passed_later(call: dict[str, Any], later: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any] | None:
    """The first result of the same command without a failure."""
    for other, result in later:
        same = other["content"].split() == call["content"].split()
        if same and tool_outcome(other["content"], result["content"], result["metadata"].get("is_error")) is None:
            return result
    return None


def _draft(
    call: dict[str, Any],
    result: dict[str, Any],
    outcome: Outcome,
    passed: dict[str, Any] | None,
    helped: Quote | None,
) -> MemoryDraft:
    quotes = [
        Quote.of(call, 0, len(call["content"])),
        Quote.of(result, outcome.start, outcome.end),
        *([Quote.of(passed, 0, len(passed["content"]))] if passed else []),
        *([helped] if helped else []),
    ]
    ending = "; it passed later in that session" if passed else ""
    if helped:
        ending += f', and {helped.author} said: "{helped.words}"'
    failure = outcome.sentence()
    return MemoryDraft(
        content=f"{human_date(result['occurred_at'])}: {failure}{ending}",
        core=outcome.line,
        kind=MemoryKind.PROBLEM,
        importance=importance(CUES),
        confidence=confidence(None, trust=lowest_trust([quote.trust for quote in quotes])),
        state=State.ACTIVE,
        quotes=tuple(quotes),
        form="report",
        cues=CUES,
        reasoning="a tool reported a failure" + (" and the same command passed afterwards" if passed else ""),
    )
