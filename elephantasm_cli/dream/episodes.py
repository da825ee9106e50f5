"""Episodes: what belongs together in a session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from elephantasm_cli.services.clock import days_between
from elephantasm_cli.vocabulary import EventType

MAX_GAP_MINUTES = 30.0
MAX_TOKENS = 600


@dataclass(frozen=True, slots=True)
class Episode:
    """Consecutive events of one session, in order; ``earlier`` are the last ones before them there, ``later`` the next
    ones."""

    session_id: str
    events: tuple[dict[str, Any], ...]
    earlier: tuple[dict[str, Any], ...] = ()
    later: tuple[dict[str, Any], ...] = ()

    @property
    def first_seq(self) -> int:
        return int(self.events[0]["seq"])


def split_episodes(events: Iterable[dict[str, Any]]) -> list[Episode]:
    """Split events (any sessions, in order of ``seq``) at pauses over 30 minutes and at about 600 tokens.

    Never between a tool call and its result, and never at a pause between notes: days lie between the lines of a
    journal. The episodes come in order of their first event.
    """
    sessions: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        sessions.setdefault(event["session_id"], []).append(event)
    episodes: list[Episode] = []
    for session_id, members in sessions.items():
        current: list[dict[str, Any]] = []
        tokens = 0
        for event in members:
            if current and not _answers(current[-1], event):
                gap = days_between(current[-1]["occurred_at"], event["occurred_at"]) * 24 * 60
                pauses = gap > MAX_GAP_MINUTES and not _are_notes(current[-1], event)
                if pauses or tokens + event["token_count"] > MAX_TOKENS:
                    episodes.append(Episode(session_id, tuple(current)))
                    current, tokens = [], 0
            current.append(event)
            tokens += event["token_count"]
        if current:
            episodes.append(Episode(session_id, tuple(current)))
    return sorted(episodes, key=lambda episode: episode.first_seq)


def _are_notes(*events: dict[str, Any]) -> bool:
    return all(event["event_type"] == EventType.NOTE.value for event in events)


def _answers(previous: dict[str, Any], event: dict[str, Any]) -> bool:
    call, result = EventType.TOOL_CALL.value, EventType.TOOL_RESULT.value
    return event["event_type"] == result and previous["event_type"] in (call, result)
