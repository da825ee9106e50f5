"""Memories of what tools did: a failure, and what it took until the same command passed. Never transcripts."""

from __future__ import annotations

from typing import Any

from elephantasm_cli.dream.episodes import Episode
from elephantasm_cli.dream.kinds import confidence, importance
from elephantasm_cli.dream.memories import MemoryDraft, Quote
from elephantasm_cli.dream.outcomes import Outcome, tool_outcome
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.vocabulary import EventType, MemoryKind, State, lowest_trust

CUES = ("outcome", "identifier")


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
        drafts.append(_draft(call, result, outcome, _passed_later(call, pairs[position + 1 :])))
    return drafts


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
    call: dict[str, Any], result: dict[str, Any], outcome: Outcome, passed: dict[str, Any] | None
) -> MemoryDraft:
    quotes = [
        Quote.of(call, 0, len(call["content"])),
        Quote.of(result, outcome.start, outcome.end),
        *([Quote.of(passed, 0, len(passed["content"]))] if passed else []),
    ]
    ending = "; it passed later in that session" if passed else ""
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
