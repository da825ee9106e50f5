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
from elephantasm_cli.dream.kinds import importance
from elephantasm_cli.dream.memories import MemoryDraft, Quote, create_memory
from elephantasm_cli.dream.rewrite import rewrite
from elephantasm_cli.dream.salience import Salient, salient_sentences
from elephantasm_cli.dream.tools import tool_memories
from elephantasm_cli.vocabulary import EventType, Job

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext

EVENTS_PER_MEMORY = 3
"""At most one memory for so many events of an episode: a memory that keeps everything remembers nothing."""
SAME_EPISODE_COSINE = 0.55
"""Two sentences of one episode this close say much the same: repetition is evidence across episodes only."""
REWRITE_IMPORTANCE = 0.45
"""Less important sentences stay quotations: a model's time is better spent on others."""
SPOKEN = (EventType.USER_MESSAGE.value, EventType.ASSISTANT_MESSAGE.value, EventType.NOTE.value)
FROM_AGENT = (EventType.ASSISTANT_MESSAGE.value, EventType.TOOL_CALL.value, EventType.TOOL_RESULT.value)
"""Events that only an agent's session has."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence worth remembering, in the event that says it."""

    event: dict[str, Any]
    salient: Salient

    @property
    def text(self) -> str:
        return self.salient.text


def reflect(context: DreamContext) -> None:
    """Work through the events since the checkpoint, one transaction an episode; examined counts events.

    Sessions may interleave, so the checkpoint keeps beside the seq up to which everything is done how far each session
    is beyond it: a dream that carries on cuts the same episodes.
    """
    store = context.store
    done = {str(name): int(seq) for name, seq in store.dreams.checkpoint_data(Job.REFLECT).items()}
    events = list(store.events.listed(after_seq=store.dreams.checkpoint(Job.REFLECT)))
    episodes = split_episodes(event for event in events if event["seq"] > done.get(event["session_id"], 0))
    for number, episode in enumerate(episodes):
        context.budget.check()
        drafts = reflect_on(context, episode)
        reached = episodes[number + 1].first_seq - 1 if number + 1 < len(episodes) else events[-1]["seq"]
        done[episode.session_id] = episode.events[-1]["seq"]
        with store.transaction():
            for draft in drafts:
                context.report.changed += create_memory(store, draft, context.provenance(answer=draft.answer))
            ahead = {name: seq for name, seq in done.items() if seq > reached}
            store.dreams.set_checkpoint(Job.REFLECT, reached, ahead)
        context.report.examined += len(episode.events)
        context.progress(number + 1, len(episodes), "episodes")


def reflect_on(context: DreamContext, episode: Episode) -> list[MemoryDraft]:
    """The memories of one episode, in the order their words were said."""
    names = sorted({event["author"] for event in episode.events})
    to_agent = talks_to_agent(episode)
    chosen = choose(context, found_in(episode, to_agent=to_agent), math.ceil(len(episode.events) / EVENTS_PER_MEMORY))
    drafts = [draft_of(context, pick, names, to_agent=to_agent) for pick in chosen]
    drafts += tool_memories(episode)
    return sorted(drafts, key=lambda draft: (draft.time_start, draft.quotes[0].start))


def choose(context: DreamContext, found: list[Pick], most: int) -> list[Pick]:
    """At most ``most`` of the picks, by score and each saying something of its own, in order of time.

    One that is close to a better one gives up its place; what places are left over go to the best of those.
    """
    ranked = sorted(found, key=lambda pick: (-pick.salient.score, pick.event["seq"], pick.salient.start))
    if len(ranked) > most:
        vectors = context.vectors([pick.text for pick in ranked])
        cosines = vectors @ vectors.T
        kept: list[int] = []
        for index in range(len(ranked)):
            if all(round(float(cosines[index, other]), 6) < SAME_EPISODE_COSINE for other in kept):
                kept.append(index)
        rest = [index for index in range(len(ranked)) if index not in kept]
        ranked = [ranked[index] for index in (kept + rest)[:most]]
    return sorted(ranked, key=lambda pick: (pick.event["seq"], pick.salient.start))


def found_in(episode: Episode, *, to_agent: bool) -> list[Pick]:
    """Every sentence of what was said that is salient."""
    found: list[Pick] = []
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
    return found


def talks_to_agent(episode: Episode) -> bool:
    """Whether somebody talks to an agent here (a single speaker does), rather than people to each other."""
    authors = {event["author"] for event in episode.events}
    return len(authors) == 1 or any(event["event_type"] in FROM_AGENT for event in episode.events)


def draft_of(context: DreamContext, pick: Pick, names: list[str], *, to_agent: bool) -> MemoryDraft:
    """The memory of one picked sentence: rewritten where that is safe and proves faithful, else quoted."""
    quote = Quote.of(pick.event, pick.salient.start, pick.salient.end)
    rewritten = None
    if not pick.salient.needs_context and importance(pick.salient.cues) >= REWRITE_IMPORTANCE:
        rewritten = rewrite(context, quote, cues=pick.salient.cues, names=names, to_agent=to_agent)
    return MemoryDraft.of_quote(quote, pick.salient, rewritten)
