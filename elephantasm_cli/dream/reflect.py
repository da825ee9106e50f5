"""The reflect job: pending events -> episodes -> memories.

Code picks the sentences worth keeping; the model, where there is one, only rewrites one sentence of one speaker so that
it stands alone, and every rewrite is checked against the words it cites. What fails twice, or cannot be read alone,
stays a quotation with its speaker and date.
"""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.cues import LASTING, SECOND_PERSON
from elephantasm_cli.dream.episodes import Episode, split_episodes
from elephantasm_cli.dream.kinds import importance
from elephantasm_cli.dream.known import Known
from elephantasm_cli.dream.memories import MemoryDraft, Quote, create_memory, memory_change
from elephantasm_cli.dream.pool import COMPARED_STATES, said_in
from elephantasm_cli.dream.rewrite import rewrite, wanted
from elephantasm_cli.dream.salience import Salient, least_score, salient_sentences
from elephantasm_cli.dream.slots import slots_in
from elephantasm_cli.dream.tools import tool_memories
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import LIVE_STATES, EventType, Job, Layer, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext

EVENTS_PER_MEMORY = 3
"""At most one memory for so many events of an episode: a memory that keeps everything remembers nothing."""
SAME_EPISODE_COSINE = 0.55
"""Two sentences of one episode this close say much the same: repetition is evidence across episodes only."""
JOINABLE = 0.15
"""Salience from which on a sentence that cannot be read alone goes with the one before it."""
ADJACENT_COSINE = 0.25
"""So much alike are two sentences, one right after the other, that are about the same thing."""
LONGEST_GAP = 12
LONGEST_JOINED = 240
"""In characters: what may stand between two sentences that become one memory, and how long both may be."""
NOTE_SENTENCES = 3
"""So many sentences of a note are kept before it, too, has to choose."""
FEWEST_WORDS = 3
"""Content words of a sentence that is rewritten: "staging first" stands alone in no other words either."""
REWRITE_IMPORTANCE = 0.45
"""Less important sentences stay quotations: a model's time is better spent on others."""
SPOKEN = (EventType.USER_MESSAGE.value, EventType.ASSISTANT_MESSAGE.value, EventType.NOTE.value)
SENTENCE_CUES = frozenset(
    """
    instruction request correction rule preference decision plan introduction relationship fact event activity statement
    """.split()  # noqa: SIM905
)
"""Cues of a sentence with a subject and a verb: what has neither ("fourteen weeks, due in May") stays as it is."""
FROM_AGENT = (EventType.ASSISTANT_MESSAGE.value, EventType.TOOL_CALL.value, EventType.TOOL_RESULT.value)
"""Events that only an agent's session has."""


Place = tuple[str, int]
"""Event and offset."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence worth remembering, in the event that says it."""

    event: dict[str, Any]
    salient: Salient

    @property
    def text(self) -> str:
        return self.salient.text

    @property
    def place(self) -> Place:
        return self.event["id"], self.salient.start

    @property
    def rank(self) -> tuple[bool, float, int, int]:
        """Less for what is remembered first."""
        return LASTING.search(self.text) is None, -self.salient.score, self.event["seq"], self.salient.start

    @property
    def topics(self) -> frozenset[str]:
        """What its slots speak of: two sentences that set different things are not alike, however alike their words."""
        return frozenset(slot.attribute for slot in slots_in(self.text, self.event["author"]) if slot.is_single)


def reflect(context: DreamContext) -> None:
    """Work through the events since the checkpoint, one transaction an episode; examined counts events.

    Sessions may interleave, so the checkpoint keeps beside the seq up to which everything is done how far each session
    is beyond it: a dream that carries on cuts the same episodes.
    """
    store = context.store
    done = {str(name): int(seq) for name, seq in store.dreams.checkpoint_data(Job.REFLECT).items()}
    events = list(store.events.listed(after_seq=store.dreams.checkpoint(Job.REFLECT)))
    episodes = split_episodes(event for event in events if event["seq"] > done.get(event["session_id"], 0))
    known = known_now(context) if episodes else Known()
    for number, episode in enumerate(episodes):
        context.budget.check()
        made = reflect_on(context, episode, known)
        drafts = [draft for draft in made if context.admits(memory_change(draft, TransformationType.REFLECTION))]
        reached = episodes[number + 1].first_seq - 1 if number + 1 < len(episodes) else events[-1]["seq"]
        done[episode.session_id] = episode.events[-1]["seq"]
        with store.transaction():
            for draft in drafts:
                context.report.changed += create_memory(
                    store, draft, context.provenance(answer=draft.answer, confidence=dict(draft.parts))
                )
            ahead = {name: seq for name, seq in done.items() if seq > reached}
            store.dreams.set_checkpoint(Job.REFLECT, reached, ahead)
        for draft in drafts:
            known.add(f"{draft.quotes[0].event_id} {draft.quotes[0].start}", draft.core, draft.quotes[0].author)
        context.report.examined += len(episode.events)
        context.progress(number + 1, len(episodes), "episodes")


def known_now(context: DreamContext) -> Known:
    """What the memories and the knowledge say that hold."""
    known = Known()
    for memory in context.store.derived.listed(Layer.MEMORY, states=[state.value for state in COMPARED_STATES]):
        known.add(memory["id"], *said_in(memory))
    for item in context.store.derived.listed(Layer.KNOWLEDGE, states=[state.value for state in LIVE_STATES]):
        known.add(item["id"], item["metadata"]["words"], item["metadata"]["speaker"])
    return known


def reflect_on(context: DreamContext, episode: Episode, known: Known) -> list[MemoryDraft]:
    """The memories of one episode, in the order their words were said."""
    names = sorted({event["author"] for event in episode.events})
    to_agent = talks_to_agent(episode)
    found = found_in(episode, to_agent=to_agent)
    of_tools = tool_memories(episode)
    most = max(1, most_of(episode) - len(of_tools))
    chosen = choose(context, found, most, least_score(to_agent), corrections_in(found, known))
    drafts = [*of_tools, *(draft_of(context, pick, names, to_agent=to_agent) for pick in chosen)]
    return sorted(drafts, key=lambda draft: (draft.time_start, draft.quotes[0].start))


def most_of(episode: Episode) -> int:
    """How many memories an episode may make, those of what tools did among them: one for `EVENTS_PER_MEMORY` events.

    Of a note, which somebody wrote down to keep it: `NOTE_SENTENCES` and a third of its sentences.
    """
    notes = [event for event in episode.events if event["event_type"] == EventType.NOTE.value]
    sentences = [len(split_sentences(event["content"])) for event in notes]
    kept = sum(min(count, NOTE_SENTENCES + count // EVENTS_PER_MEMORY) for count in sentences)
    return kept + math.ceil((len(episode.events) - len(notes)) / EVENTS_PER_MEMORY)


def corrections_in(found: list[Pick], known: Known) -> set[Place]:
    """Where somebody changes what is known, or what was said before in this episode."""
    changing: set[Place] = set()
    said = Known()
    for pick in found:
        if "assistant" in pick.salient.cues:
            continue
        author = pick.event["author"]
        if any(statements.is_changed_by(pick.text, author) for statements in (known, said)):
            changing.add(pick.place)
        said.add(f"{pick.place}", pick.text, author)
    return changing


def choose(
    context: DreamContext, found: list[Pick], most: int, least: float, changing: Set[Place] = frozenset()
) -> list[Pick]:
    """At most ``most`` picks of those that score ``least``: the best, each with something of its own, in order of time.

    Those that are ``changing`` something have a place besides, whatever they score: they keep the others true. What
    tells for good who somebody is or what may harm them goes before what does not.

    One that is close to a better one gives up its place, or joins it where it is the next sentence ("Stop doing X. From
    now on do Y."); what places are left over go to the best of those that gave up.
    """
    ordered = sorted(found, key=lambda pick: (pick.place not in changing, *pick.rank))
    ranked = [pick for pick in ordered if pick.salient.score >= least or pick.place in changing]
    most += len(changing)
    weak = [pick for pick in ordered if pick.salient.score < least and pick.salient.needs_context]
    if len(ranked) > most:
        vectors = context.vectors([pick.text for pick in ranked])
        cosines = vectors @ vectors.T
        kept: dict[int, Pick] = {}
        rest: list[Pick] = []
        for index, pick in enumerate(ranked):
            close = [
                other
                for other in kept
                if round(float(cosines[index, other]), 6) >= SAME_EPISODE_COSINE and pick.topics == kept[other].topics
            ]
            if not close:
                kept[index] = pick
            elif joined := next((both for other in close if (both := joined_picks(kept[other], pick))), None):
                kept[close[0]] = joined
            else:
                rest.append(pick)
        ranked = [*kept.values(), *rest]
    ranked = with_next_sentences(context, ranked[:most], [*ranked[most:], *weak])
    return sorted(ranked, key=lambda pick: (pick.event["seq"], pick.salient.start))


def with_next_sentences(context: DreamContext, chosen: list[Pick], others: list[Pick]) -> list[Pick]:
    """The chosen picks, each with the sentence next to it where that is among the others and goes on about the same:
    it is like it by `ADJACENT_COSINE`, or cannot be read without it."""
    found = list(chosen)
    for other in others:
        for place, pick in enumerate(found):
            joined = joined_picks(pick, other)
            if joined is None:
                continue
            one, two = context.vectors([pick.text, other.text])
            goes_on = max(pick.salient, other.salient, key=lambda salient: salient.start).needs_context
            if goes_on or round(float(one @ two), 6) >= ADJACENT_COSINE:
                found[place] = joined
                break
    return found


def joined_picks(one: Pick, other: Pick) -> Pick | None:
    """Two sentences of one event as one pick, where nothing but a few words to lead in stands between them."""
    if one.event["id"] != other.event["id"]:
        return None
    first, second = sorted((one.salient, other.salient), key=lambda salient: salient.start)
    if wanted(first.text, first.cues) != wanted(second.text, second.cues):
        return None  # what the agent is to do, and what the speaker does
    if ("instruction" in first.cues) != ("instruction" in second.cues):
        return None  # what holds for good, and what is to be done now
    if one.topics != other.topics and one.topics and other.topics:
        return None  # either may change without the other
    if not 0 <= second.start - first.end <= LONGEST_GAP or second.end - first.start > LONGEST_JOINED:
        return None
    text = one.event["content"][first.start : second.end]
    if "\n" in text:
        return None
    cues = tuple(dict.fromkeys((*first.cues, *second.cues)))
    return Pick(one.event, replace(first, end=second.end, text=text, score=max(first.score, second.score), cues=cues))


def found_in(episode: Episode, *, to_agent: bool) -> list[Pick]:
    """Every sentence of what was said that is salient, or may go with one that is."""
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
                threshold=JOINABLE,
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
    is_note = pick.event["event_type"] == EventType.NOTE.value
    to_agent = to_agent and not is_note  # whoever writes a note tells themselves what to do
    if (
        not pick.salient.needs_context
        and len(content_words(pick.text)) >= FEWEST_WORDS
        and (to_agent or not SECOND_PERSON.search(pick.text))  # among people "you" is somebody, but not said who
    ):
        by_model = (
            importance(pick.salient.cues) >= REWRITE_IMPORTANCE
            and bool(SENTENCE_CUES.intersection(pick.salient.cues))
            and not (is_note and wanted(pick.text, pick.salient.cues))
        )
        rewritten = rewrite(context, quote, cues=pick.salient.cues, names=names, to_agent=to_agent, by_model=by_model)
    return MemoryDraft.of_quote(quote, pick.salient, rewritten)
