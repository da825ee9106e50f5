"""The reflect job: pending events -> episodes -> memories.

Code picks the sentences worth keeping; the model, where there is one, only rewrites one sentence of one speaker so that
it stands alone, and every rewrite is checked against the words it cites. What fails twice, or cannot be read alone,
stays a quotation with its speaker and date.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.episodes import Episode, split_episodes
from elephantasm_cli.dream.memories import MemoryDraft, Quote, create_memory
from elephantasm_cli.dream.rewrite import rewrite
from elephantasm_cli.dream.salience import Salient, salient_sentences
from elephantasm_cli.dream.tools import tool_memories
from elephantasm_cli.vocabulary import EventType, Job

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext

TURNS_PER_MEMORY = 3
"""At most one memory for so many events of an episode: a memory that keeps everything remembers nothing."""
SPOKEN = (EventType.USER_MESSAGE.value, EventType.ASSISTANT_MESSAGE.value, EventType.NOTE.value)
FROM_AGENT = (EventType.ASSISTANT_MESSAGE.value, EventType.TOOL_CALL.value, EventType.TOOL_RESULT.value)
"""With one of these in an episode, or a single speaker, somebody talks to an agent; else people talk to each other."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence worth remembering, in the event that says it."""

    event: dict[str, Any]
    salient: Salient

    @property
    def text(self) -> str:
        return self.salient.text


def reflect(context: DreamContext) -> None:
    """Work through the events since the checkpoint, one transaction an episode; examined counts events."""
    store = context.store
    pending = list(store.events.listed(after_seq=store.dreams.checkpoint(Job.REFLECT)))
    episodes = split_episodes(pending)
    for number, episode in enumerate(episodes):
        context.budget.check()
        drafts = reflect_on(context, episode)
        rest = episodes[number + 1 :]
        reached = (min(other.first_seq for other in rest) if rest else pending[-1]["seq"] + 1) - 1
        with store.transaction():
            for draft in drafts:
                context.report.changed += create_memory(store, draft, context.provenance(answer=draft.answer))
            store.dreams.set_checkpoint(Job.REFLECT, reached)
        context.report.examined += len(episode.events)
        context.progress(number + 1, len(episodes), "episodes")


def reflect_on(context: DreamContext, episode: Episode) -> list[MemoryDraft]:
    """The memories of one episode, in the order their words were said."""
    names = sorted({event["author"] for event in episode.events})
    drafts = [draft_of(context, pick, names) for pick in picked(episode)]
    drafts += tool_memories(episode)
    return sorted(drafts, key=lambda draft: (draft.time_start, draft.quotes[0].start))


def picked(episode: Episode) -> list[Pick]:
    """The most salient sentences of what was said: by score, at most one for three turns, in order of time."""
    found: list[Pick] = []
    authors = {event["author"] for event in episode.events}
    to_agent = len(authors) == 1 or any(event["event_type"] in FROM_AGENT for event in episode.events)
    previous = ""
    for event in episode.events:
        if event["event_type"] not in SPOKEN:
            continue
        found += [
            Pick(event, salient)
            for salient in salient_sentences(
                event["content"],
                author=event["author"],
                role=event["role"],
                event_type=event["event_type"],
                previous_text=previous,
                to_agent=to_agent,
            )
        ]
        previous = event["content"]
    found.sort(key=lambda pick: (-pick.salient.score, pick.event["seq"], pick.salient.start))
    chosen = found[: math.ceil(len(episode.events) / TURNS_PER_MEMORY)]
    return sorted(chosen, key=lambda pick: (pick.event["seq"], pick.salient.start))


def draft_of(context: DreamContext, pick: Pick, names: list[str]) -> MemoryDraft:
    """The memory of one picked sentence: rewritten where that is safe and proves faithful, else quoted."""
    quote = Quote.of(pick.event, pick.salient.start, pick.salient.end)
    rewritten = None if pick.salient.needs_context else rewrite(context, quote, pick.salient.cues, names)
    return MemoryDraft.of_quote(quote, pick.salient, rewritten)
