"""The reflect job: pending events -> episodes -> memories.

Code picks the sentences worth keeping; the model, where there is one, only rewrites one sentence of one speaker so that
it stands alone, and every rewrite is checked against the words it cites. What fails twice, or cannot be read alone,
stays a quotation with its speaker and date.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.choosing import choose, doubt_of
from elephantasm_cli.dream.episodes import Episode, split_episodes
from elephantasm_cli.dream.kinds import importance
from elephantasm_cli.dream.known import Known
from elephantasm_cli.dream.meant import Doubts
from elephantasm_cli.dream.memories import TIMELESS, MemoryDraft, Preceding, Quote, create_memory, memory_change
from elephantasm_cli.dream.picks import Pick, Place
from elephantasm_cli.dream.pool import COMPARED_STATES, said_in
from elephantasm_cli.dream.preceding import answers, preceding, tells_what_about
from elephantasm_cli.dream.referents import points_outside
from elephantasm_cli.dream.retractions import is_retracted
from elephantasm_cli.dream.revisions import FIRST_TURNS, STANDING, done_about, revision_of, settled_in
from elephantasm_cli.dream.rewrite import Said, rewrite
from elephantasm_cli.dream.salience import salient_sentences
from elephantasm_cli.dream.showing import with_shown
from elephantasm_cli.dream.speech import is_order
from elephantasm_cli.dream.speech_grammar import OWN_START, pieces_of, plain
from elephantasm_cli.dream.tools import tool_memories
from elephantasm_cli.dream.topic import TURNS_BEFORE, is_read_alone, points, refers, said_before, topic_of
from elephantasm_cli.dream.unmeant import HEDGE
from elephantasm_cli.dream.wording import wanted
from elephantasm_cli.text.language import are_foreign
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import CONTEXT_SUPPORT, LIVE_STATES, EventType, Job, Layer, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext

UNTOLD = 0.3
"""Probability of not being meant from which on a memory is quoted, in its speaker's very words."""
DOUBTED = 0.12
"""From which on nothing is told as so, but as what its speaker said."""
AS_SO = TIMELESS | {"preference"}
"""Cues of what is told as so, as is what lasts; what happened is told as what its speaker said about it."""
SERIOUS = frozenset(("instruction", "preference", "decision", "rule", "introduction"))
"""Cues of what is told all the same."""
JOINABLE = 0.15
"""Salience from which on a sentence that cannot be read alone goes with the one before it."""
TURNS_AFTER = 16
"""So far on in its talk something may be taken back before it is remembered."""
EVENTS_PER_MEMORY = 3
"""At most one memory for so many events of an episode: a memory that keeps everything remembers nothing."""
SENTENCES_PER_MEMORY = 6
"""Of notes, whose turns may be pages long."""
SHORT_NOTE = 2
OVERCOME, FAILED = 0.7, 0.45
"""What a failure of a tool scores among what is said: one that the same command got over, and another."""
FEWEST_WORDS = 3
"""Content words of a sentence that is rewritten: "staging first" stands alone in no other words either. One that begins
with its speaker ("I voted against it, with two others") needs one less."""
FEW_WORDS = 5
"""Content words of what is said among people and read without a topic."""
REWRITE_IMPORTANCE = 0.45
"""Less important sentences stay quotations: a model's time is better spent on others."""
SPOKEN = (EventType.USER_MESSAGE.value, EventType.ASSISTANT_MESSAGE.value, EventType.NOTE.value)
SENTENCE_CUES = frozenset(
    """
    instruction request correction rule preference decision plan introduction relationship fact event activity statement
    """.split()  # noqa: SIM905
)
"""Cues of a sentence with a subject and a verb: what has neither ("fourteen weeks, due in May") stays as it is."""
TO_SOMEBODY = re.compile(r"\b(?:you|your|yours|yourself|please|assistant|agent)\b", re.I)
"""What nobody says to themselves: a single speaker who says it talks to an agent, though none is heard."""
_TAKES_UP = re.compile(r"that (?:I|we)\b", re.I)
""" "That I could agree to": to what was said right before."""
AGENT_EVENTS = (EventType.ASSISTANT_MESSAGE.value, EventType.TOOL_CALL.value, EventType.TOOL_RESULT.value)
"""Events that only an agent's session has."""


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
        earlier = store.events.around(episode.events[0]["id"], before=TURNS_BEFORE, after=0)[:-1]
        later = store.events.around(episode.events[-1]["id"], before=0, after=TURNS_AFTER)[1:]
        made = reflect_on(context, replace(episode, earlier=tuple(earlier), later=tuple(later)), known)
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
    names = sorted({event["author"] for event in (*episode.earlier, *episode.events)})
    to_agent = talks_to_agent(episode)
    found = found_in(episode, to_agent=to_agent)
    most, worth = most_of(episode), [pick for pick in found if pick.is_worth_it(to_agent)]
    of_tools = worth_a_place(tool_memories(episode), worth, most)
    changing, overtaken = corrections_in(found, known)
    overtaken |= retracted_in(found, (*episode.events, *episode.later))
    standing = [pick for pick in found if pick.place not in overtaken]
    worth = [pick for pick in worth if pick.place not in overtaken]
    sure = places_of(context, episode) - len(of_tools)
    left = max(1, most - len(of_tools))
    again = {pick.place for pick in worth if to_agent and known.holds(pick.text, pick.event["author"])}
    talk = (*episode.events, *episode.later)
    ever_said = [event for event in (*episode.earlier, *talk) if event["event_type"] in SPOKEN]
    doubts = Doubts(context, ever_said, to_agent=to_agent)
    chosen = choose(
        context, standing, left, worth, doubts, changing - overtaken, again, sure=min(left, sure), to_agent=to_agent
    )
    chosen = [pick for pick in chosen if not _holds_retracted(pick, talk)]
    spoken = [event for event in (*episode.earlier, *episode.events) if event["event_type"] in SPOKEN]
    said = [event for event in talk if event["event_type"] in SPOKEN]
    drafts = [
        *of_tools,
        *(
            draft_of(context, pick, names, spoken, said, to_agent=to_agent, doubt=doubt_of(pick, doubts))
            for pick in chosen
        ),
    ]
    return sorted(drafts, key=lambda draft: (draft.time_start, draft.quotes[0].start))


def is_note(event: dict[str, Any]) -> bool:
    return bool(event["event_type"] == EventType.NOTE.value)


def worth_a_place(of_tools: list[MemoryDraft], said: list[Pick], most: int) -> list[MemoryDraft]:
    """Those memories of what tools did that are among the ``most`` best, in the order they were made: a failure that
    nobody got over goes behind most of what people say, one that was overcome before most of it."""
    kept: list[MemoryDraft] = []
    for draft in sorted(of_tools, key=lambda draft: not draft.overcome):
        score = OVERCOME if draft.overcome else FAILED
        better = sum(pick.is_lasting or pick.salient.score > score for pick in said)
        if better + len(kept) < most:
            kept.append(draft)
    return [draft for draft in of_tools if draft in kept]


def places_of(context: DreamContext, episode: Episode) -> int:
    """How many memories an episode may make beyond doubt: one for `EVENTS_PER_MEMORY` events, those of the talk right
    before it counted in, less the memories that they made; none for one event over, but where the talk begins with it.
    Of notes as `most_of` has it.
    """
    if any(is_note(event) for event in episode.events):
        return most_of(episode)
    ids = [event["id"] for event in episode.earlier]
    made = context.store.log.borne_out_by(ids, Layer.MEMORY, more_than=CONTEXT_SUPPORT) if ids else set()
    count = len(ids) + len(episode.events)
    places = math.ceil(count / EVENTS_PER_MEMORY) - (count % EVENTS_PER_MEMORY == 1)
    return places - len(made) if ids else max(1, places)


def most_of(episode: Episode) -> int:
    """How many memories an episode may make, those of what tools did among them.

    One for `EVENTS_PER_MEMORY` events, or for `SENTENCES_PER_MEMORY` sentences of notes, which may be pages long; a
    note by itself of `SHORT_NOTE` sentences is kept whole.
    """
    notes = [event for event in episode.events if event["event_type"] == EventType.NOTE.value]
    sentences = sum(len(split_sentences(event["content"])) for event in notes)
    whole = min(sentences, SHORT_NOTE) if len(episode.events) == 1 else 0
    return max(whole, math.ceil(len(episode.events) / EVENTS_PER_MEMORY), math.ceil(sentences / SENTENCES_PER_MEMORY))


def corrections_in(found: list[Pick], known: Known) -> tuple[set[Place], set[Place]]:
    """Where somebody changes what is known or what was said before in this episode, and where that was said: what is
    corrected in the same breath is never remembered."""
    changing: set[Place] = set()
    overtaken: set[Place] = set()
    said = Known()
    places: dict[str, Place] = {}
    for pick in found:
        if "assistant" in pick.salient.cues:
            continue
        author = pick.event["author"]
        if any(statements.is_changed_by(pick.text, author) for statements in (known, said)):
            changing.add(pick.place)
            overtaken |= {places[name] for name in said.overtaken_by(pick.text, author)}
        places[f"{pick.place}"] = pick.place
        said.add(f"{pick.place}", pick.text, author)
    return changing, overtaken


def _holds_retracted(pick: Pick, talk: Sequence[dict[str, Any]]) -> bool:
    """Whether one of the sentences that a pick has taken up is taken back later."""
    pieces = [piece for piece in split_sentences(pick.text) if len(piece.text) < len(pick.text)]
    return bool(retracted_in([replace(pick, salient=replace(pick.salient, text=piece.text)) for piece in pieces], talk))


def retracted_in(found: list[Pick], events: Sequence[dict[str, Any]]) -> set[Place]:
    """Where somebody says what they take back in one of the next ``events``."""
    places = {event["id"]: number for number, event in enumerate(events)}
    retracted: set[Place] = set()
    for pick in found:
        first = places[pick.event["id"]] + 1
        later = [event for event in events[first : first + TURNS_AFTER] if event["event_type"] in SPOKEN]
        if "assistant" not in pick.salient.cues and is_retracted(pick.text, pick.event["author"], later):
            retracted.add(pick.place)
    return retracted


def found_in(episode: Episode, *, to_agent: bool) -> list[Pick]:
    """Every sentence of what was said that is salient, or may go with one that is."""
    found: list[Pick] = []
    previous = next((event for event in reversed(episode.earlier) if event["event_type"] in SPOKEN), None)
    after_tool = bool(episode.earlier) and episode.earlier[-1]["event_type"] == EventType.TOOL_RESULT
    for event in episode.events:
        if event["event_type"] not in SPOKEN:
            after_tool = event["event_type"] == EventType.TOOL_RESULT
            continue
        found += [
            Pick(event, salient, previous)
            for salient in salient_sentences(
                event["content"],
                author=event["author"],
                role=event["role"],
                event_type=event["event_type"],
                previous_text=previous["content"] if previous else "",
                after_tool=after_tool,
                to_agent=to_agent,
                threshold=JOINABLE,
            )
        ]
        previous, after_tool = event, False
    return found


def talks_to_agent(episode: Episode) -> bool:
    """Whether somebody talks to an agent here (a single speaker does), rather than people to each other."""
    events = (*episode.earlier, *episode.events)
    authors = {event["author"] for event in (*events, *episode.later)}
    return len(authors) == 1 or any(event["event_type"] in AGENT_EVENTS for event in events)


def _goes_on_from(
    context: DreamContext, spoken: list[dict[str, Any]], pick: Pick, *, to_agent: bool
) -> list[Preceding]:
    """What to read before a sentence, in its order: among people what the speaker told last, and the question that it
    answers, if that says what it asks about; else what the talk is about, or that question after all."""
    before = preceding(pick.event, pick.salient.start, pick.before)
    asks = before is not None and before.is_question
    own = None if to_agent else said_before(context, spoken, pick, _asked(pick))
    if before is not None and asks and (own is not None or tells_what_about(before.quote.text)):
        return [own, before] if own is not None else [before]
    if own is not None:
        return [own]
    if not to_agent and not points(pick.text) and len(content_words(pick.text)) >= FEW_WORDS:
        return [before] if before is not None and asks else []
    topic = topic_of(context, spoken, pick, to_agent=to_agent)
    if topic is None:
        return [before] if before is not None and asks else []
    is_same_turn = before is not None and asks and topic.quote.event_id == before.quote.event_id
    if is_same_turn or answers(pick.event, pick.salient.start):
        return [before] if before is not None else []
    return [topic]


def _asked(pick: Pick) -> str:
    """The question right before a sentence, or an empty string."""
    asked = pick.before["content"].rstrip() if pick.before and pick.before["author"] != pick.event["author"] else ""
    return split_sentences(asked)[-1].text if asked.endswith("?") else ""


def draft_of(
    context: DreamContext,
    pick: Pick,
    names: list[str],
    spoken: list[dict[str, Any]],
    talk: list[dict[str, Any]],
    *,
    to_agent: bool,
    doubt: float = 0.0,
) -> MemoryDraft:
    """The memory of one picked sentence, out of what is ``spoken`` up to the end of its episode and of the ``talk``
    from its beginning on: rewritten where that is safe and proves faithful, else quoted.
    ``doubt``: the probability that it is not meant."""
    quote = Quote.of(pick.event, pick.salient.start, pick.salient.end)
    rewritten = None
    is_note = pick.event["event_type"] == EventType.NOTE.value
    to_agent = to_agent and not is_note  # whoever writes a note tells themselves what to do
    is_heard = context.agent_is_heard or TO_SOMEBODY.search(pick.text) is not None
    least = FEWEST_WORDS - bool(OWN_START.match(pick.text))
    context_of = None
    if pick.salient.needs_context or points_outside(pick.text) or _TAKES_UP.match(pick.text):
        context_of = preceding(pick.event, pick.salient.start, pick.before)
    hedged = any(HEDGE.match(each.text) for each in split_sentences(pick.text)[1:])  # told, it would be cut off
    is_doubted = doubt >= DOUBTED and SERIOUS.isdisjoint(pick.salient.cues)
    is_told = doubt < UNTOLD or not SERIOUS.isdisjoint(pick.salient.cues)
    is_told = is_told and not are_foreign(each["content"] for each in talk if each["author"] == pick.event["author"])
    if is_told and len(content_words(pick.text)) >= least and not hedged:
        by_model = (
            importance(pick.salient.cues) >= REWRITE_IMPORTANCE
            and bool(SENTENCE_CUES.intersection(pick.salient.cues))
            and not (is_note and wanted(pick.text, pick.salient.cues))
            and (to_agent or not any(is_order(piece) for piece in pieces_of(plain(pick.text))[1:]))
        )
        rewritten = rewrite(
            context,
            Said(quote, names, pick.salient.cues, to_agent and is_heard, is_note),
            needs_context=pick.salient.needs_context or context_of is not None,
            follows=context_of.quote.text if context_of is not None else "",
            beside=_around(pick),
            attributed=is_doubted or not _is_so(pick),
            by_model=by_model,
        )
    if rewritten is not None and is_doubted:
        rewritten = replace(rewritten, own="")
    if rewritten is not None and not rewritten.follows:
        context_of = None  # it says in itself what it goes on from
    behind: list[Preceding] = []
    if context_of is not None:
        own = None if to_agent or is_note else said_before(context, spoken, pick, _asked(pick))
        behind = [context_of] if own is None else [own, context_of]
    elif not is_read_alone(pick, to_agent=to_agent):
        behind = _goes_on_from(context, spoken, pick, to_agent=to_agent)
    if not to_agent and not is_note:
        behind = with_shown(behind, spoken, pick, refers=points(pick.text) or refers(_asked(pick)))
    later = _later(pick, talk, to_agent=to_agent)
    behind += [later] if later is not None else []
    return MemoryDraft.of_quote(quote, pick.salient, rewritten, behind, is_note=is_note)


def _is_so(pick: Pick) -> bool:
    """Whether a pick is told as so, and not as what its speaker said of it."""
    return not AS_SO.isdisjoint(pick.salient.cues) or (pick.is_lasting and len(split_sentences(pick.text)) == 1)


def _around(pick: Pick) -> str:
    """What is said right before a pick: the turn before it, and its own up to there."""
    return f"{pick.before['content'] if pick.before else ''} {pick.event['content'][: pick.salient.start]}"


def _later(pick: Pick, talk: list[dict[str, Any]], *, to_agent: bool) -> Preceding | None:
    """What was said later that may change what a pick says, or tells what became of a trouble."""
    after = _after(pick, talk)
    changed = revision_of(pick.text, pick.event, after) or done_about(pick.text, pick.event, after)
    if changed is not None or not to_agent or not STANDING.isdisjoint(pick.salient.cues):
        return changed
    own = [event["id"] for event in talk if event["author"] == pick.event["author"]]
    return settled_in(pick.text, pick.event, after, is_first=pick.event["id"] in own[:FIRST_TURNS])


def _after(pick: Pick, talk: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is said in the ``talk`` in the next `TURNS_AFTER` turns."""
    place = next((number for number, event in enumerate(talk, 1) if event["id"] == pick.event["id"]), len(talk))
    return talk[place : place + TURNS_AFTER]
