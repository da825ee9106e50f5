"""The curate job: compounds split, near-duplicates merge, later values supersede earlier ones, states follow decay.

Nothing is superseded on a model's word alone: two memories must fill the same slot with different values, or the model
must call them contradictory while the later one says that something changed; in both cases the later event time wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.claims import names, without_quotations
from elephantasm_cli.dream.decay import FADING_AT, LASTING_FROM, decay, next_state
from elephantasm_cli.dream.pairs import settled
from elephantasm_cli.dream.pool import Pool, slots_of
from elephantasm_cli.dream.reexamine import put_away, reexamine
from elephantasm_cli.dream.slots import conflict
from elephantasm_cli.dream.split import split_memory
from elephantasm_cli.ids import ACT, derive_id
from elephantasm_cli.services.answers import PairAnswer, Relation
from elephantasm_cli.services.clock import days_between, human_date
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.text.words import content_words, denies
from elephantasm_cli.vocabulary import LIVE_STATES, Job, Layer, State, TransformationType, Trust, highest_trust

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import Asker, DreamContext
    from elephantasm_cli.services.structured import Answer

PAIR_PROMPT = "compare_pair"
DOUBTFUL_COSINE = 0.55
"""Below this, two memories are not about the same thing and no model is asked."""
DOUBTFUL_PER_MEMORY = 3
"""How many earlier memories one announcement of change is compared with."""
SOURCE_OUTWEIGHS = {Trust.TOOL.value, Trust.IMPORT.value}
"""A text of these classes never supersedes what a person said."""


ANNOUNCES_CHANGE = re.compile(
    r"\b(?:from now on|actually|no longer|instead|any ?more|(?:has|have) (?:changed|moved)|moved to|switch(?:ed|ing)|"
    r"drop(?:ped|ping)|stop|was wrong|correction|(?:is|are) now|not \d+)\b",
    re.IGNORECASE,
)
"""How people say that something is different now; without it a model is not asked whether it is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why ``earlier`` gives way to ``later``."""

    earlier: dict[str, Any]
    later: dict[str, Any]
    reasoning: str
    answer: Any = None


def curate_memories(context: DreamContext) -> None:
    """Split the memories made since the last run, compare them with all others, then let decay move the states.

    What one memory does to the others is written at once, with the checkpoint, so that no memory acts twice.
    """
    store = context.store
    made_by = [TransformationType.REFLECTION, TransformationType.SPLIT]
    since = store.dreams.checkpoint(Job.CURATE_MEMORIES)
    for _, memory_id in store.log.targets_since(since, [Layer.MEMORY], made_by[:1]):
        context.budget.check()
        memory = store.derived.find(Layer.MEMORY, memory_id)
        if memory is not None and memory["state"] == State.ACTIVE:
            split_memory(context, memory)
    reached = store.log.newest_seq()
    fresh = store.log.targets_since(since, [Layer.MEMORY], made_by)
    pool = Pool(context)
    for number, (seq, memory_id) in enumerate(fresh):
        context.budget.check()
        if memory := pool.find(memory_id):
            _curate_one(context, pool, memory, seq)
        context.report.examined += 1
        context.progress(number + 1, len(fresh), "memories")
    _follow_decay(context, pool)
    with store.transaction():
        store.dreams.set_checkpoint(Job.CURATE_MEMORIES, reached)


def live_memories(context: DreamContext) -> list[dict[str, Any]]:
    return list(context.store.derived.listed(Layer.MEMORY, states=[state.value for state in LIVE_STATES]))


def _curate_one(context: DreamContext, pool: Pool, memory: dict[str, Any], seq: int) -> None:
    """Compare ``memory``, made at ``seq`` of the log, and write what comes of it."""
    verdicts, duplicate = _compared(context, pool, memory)
    if not verdicts and duplicate is None:
        return
    with context.store.transaction():
        for verdict in verdicts:
            _supersede(context, verdict)
        if duplicate is not None:
            _merge(context, memory, *duplicate)
        context.store.dreams.set_checkpoint(Job.CURATE_MEMORIES, seq)
    pool.refresh(
        memory["id"], *(verdict.earlier["id"] for verdict in verdicts), *([duplicate[0]["id"]] if duplicate else [])
    )


def _compared(
    context: DreamContext, pool: Pool, memory: dict[str, Any]
) -> tuple[list[Verdict], tuple[dict[str, Any], float] | None]:
    """Which pairs with ``memory`` give way, and with which other one, at which cosine, it is to be merged."""
    rivals = pool.rivals(memory)
    announces = ANNOUNCES_CHANGE.search(memory["metadata"]["quote"]) is not None
    least = DOUBTFUL_COSINE if announces else context.settings.merge_cosine
    ranked = pool.ranked(memory, min(least, context.settings.merge_cosine), rivals)
    verdicts: list[Verdict] = []
    for verdict in _superseded(context, memory, ranked, rivals, announces=announces):
        verdicts.append(verdict)
        if verdict.earlier["id"] == memory["id"]:
            return verdicts, None
    gone = {verdict.earlier["id"] for verdict in verdicts}
    for cosine, other in ranked:
        if cosine < context.settings.merge_cosine:
            break
        if other["id"] not in gone and same_meaning(memory, other):
            return verdicts, (other, cosine)
    return verdicts, None


def same_meaning(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two close memories may be merged: same speaker and kind, the same numbers, names and polarity."""
    if one["metadata"]["speaker"] != other["metadata"]["speaker"] or one["kind"] != other["kind"]:
        return False
    first, second = one["metadata"]["quote"], other["metadata"]["quote"]
    return distinguishing(first) == distinguishing(second)


PREFERENCE = re.compile(
    r"\b(?:prefer|like|love|want|choose)s?\s+(?P<first>.+?)\s+(?:over|rather than|instead of|more than|better than)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=50_000)
def distinguishing(text: str) -> frozenset[str]:
    """What two sentences of the same meaning must share: numbers, names, whether they deny, what they put first.

    The first word says nothing of names: it is capitalised anyway. "I prefer X over Y" puts X first.
    """
    found = {word for word in content_words(text) if any(character.isdigit() for character in word)}
    _, _, rest = text.strip().partition(" ")
    found |= {name.casefold() for name in names(without_quotations(rest))}
    if preferred := PREFERENCE.search(text):
        found |= {f"(first) {word}" for word in content_words(preferred["first"])}
    if denies(text):
        found.add("(denies)")
    return frozenset(found)


def _superseded(
    context: DreamContext,
    memory: dict[str, Any],
    ranked: list[tuple[float, dict[str, Any]]],
    rivals: set[str],
    *,
    announces: bool,
) -> Iterator[Verdict]:
    """Pairs of which one gives way: by slot (``rivals`` fill the same), or by the model where a change is announced."""
    asked = 0
    for cosine, other in ranked:
        doubtful = announces and cosine >= DOUBTFUL_COSINE
        if not doubtful and other["id"] not in rivals:
            continue
        earlier, later = sorted((memory, other), key=lambda row: (row["time_end"], row["id"]))
        if earlier["time_end"] == later["time_end"] or not _may_supersede(later, earlier):
            continue
        if clash := _slot_conflict(earlier, later):
            yield Verdict(earlier, later, clash)
        elif doubtful and asked < DOUBTFUL_PER_MEMORY and later["id"] == memory["id"]:
            asked += 1
            if verdict := _asked(context, earlier, later):
                yield verdict


def _may_supersede(later: dict[str, Any], earlier: dict[str, Any]) -> bool:
    """A person's word gives way to a person's word only; an assistant's finding to anybody's but a tool's; nothing to
    a candidate."""
    if later["trust"] in SOURCE_OUTWEIGHS or later["state"] == State.CANDIDATE:
        return False
    order = list(Trust)
    return order.index(Trust(later["trust"])) <= order.index(Trust(earlier["trust"]))


def _slot_conflict(earlier: dict[str, Any], later: dict[str, Any]) -> str:
    for old in slots_of(earlier):
        for new in slots_of(later):
            if conflict(old, new):
                return (
                    f"{new.subject} / {new.attribute}: {old.value!r} on {human_date(earlier['time_end'])}, "
                    f"{new.value!r} on {human_date(later['time_end'])}"
                )
    return ""


def _asked(context: DreamContext, earlier: dict[str, Any], later: dict[str, Any]) -> Verdict | None:
    if earlier["metadata"]["speaker"] != later["metadata"]["speaker"]:
        return None  # "I" is somebody else
    first, second = ((row["time_end"], row["metadata"]["quote"]) for row in (earlier, later))
    found = compare(context, first, second)
    if found is None or found.relation is not Relation.CONTRADICTS:
        return None
    return Verdict(earlier, later, "the later one announces a change and contradicts the earlier one", found.answer)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two statements relate; ``answer`` is the model's, None where code could tell."""

    relation: Relation
    answer: Answer[PairAnswer] | None = None


def compare(asker: Asker, earlier: tuple[str, str], later: tuple[str, str]) -> Comparison | None:
    """How two statements of one speaker relate, each with the time it was said: by `settled`, else by the model.

    None where code cannot tell and there is no model, or no valid answer.
    """
    known = settled(earlier[1], later[1])
    if known is not None:
        return Comparison(known)
    first, second = (f"{human_date(time)}: {words}" for time, words in (earlier, later))
    answer = asker.ask(PAIR_PROMPT, {"first": first, "second": second}, PairAnswer, lambda _: None)
    return None if answer is None else Comparison(answer.value.relation, answer)


def _supersede(context: DreamContext, verdict: Verdict) -> None:
    earlier, later = verdict.earlier, verdict.later
    change = Change(
        TransformationType.SUPERSEDE,
        Layer.MEMORY,
        earlier["id"],
        {"state": State.SUPERSEDED.value, "valid_to": later["time_start"], "superseded_by": later["id"]},
        sources=(Source(later["id"], Layer.MEMORY, 0.0),),
        reasoning=verdict.reasoning,
        expected_updated_at=earlier["updated_at"],
    )
    act = derive_id(ACT, context.dream_id, "supersede", earlier["id"], later["id"])
    provenance = context.provenance(answer=verdict.answer, act_id=act)
    context.store.derived.recheck({later["id"]: (Layer.MEMORY, later["updated_at"])})
    context.report.changed += context.store.derived.change(change, provenance)
    context.report.changed += reexamine(context.store, earlier["id"], later["id"], provenance)


def _merge(context: DreamContext, memory: dict[str, Any], other: dict[str, Any], cosine: float) -> None:
    """The older one survives with both lineages; the other points to it.

    Said again, what was archived is back, and a candidate has the second source it waited for.
    """
    survivor, absorbed = sorted((memory, other), key=lambda row: (row["time_start"], row["id"]))
    act = derive_id(ACT, context.dream_id, "merge", survivor["id"], absorbed["id"])
    provenance = context.provenance(act_id=act, cosine=cosine)
    events = [
        Source(edge["source_id"], Layer.EVENT, edge["weight"], _span(edge))
        for edge in context.store.log.sources_of(absorbed["id"])
        if edge["source_type"] == Layer.EVENT.value
    ]
    metadata = dict(survivor["metadata"])
    metadata["support"] = metadata["support"] + absorbed["metadata"]["support"]
    metadata["sessions"] = sorted({*metadata["sessions"], *absorbed["metadata"]["sessions"]})
    trusts = [Trust(survivor["trust"]), Trust(absorbed["trust"])]
    kept = Change(
        TransformationType.MERGE,
        Layer.MEMORY,
        survivor["id"],
        {
            "state": survivor["state"] if put_away(survivor) else State.ACTIVE.value,
            "importance_score": max(survivor["importance_score"], absorbed["importance_score"]),
            "confidence": round(1.0 - (1.0 - survivor["confidence"]) * (1.0 - absorbed["confidence"] / 2.0), 4),
            "time_end": max(survivor["time_end"], absorbed["time_end"]),
            "trust": highest_trust(trusts).value,
            "metadata": metadata,
        },
        sources=(Source(absorbed["id"], Layer.MEMORY), *events),
        reasoning=f"says the same as {absorbed['id']} (cosine {cosine:.2f})",
        expected_updated_at=survivor["updated_at"],
    )
    merged = Change(
        TransformationType.MERGE,
        Layer.MEMORY,
        absorbed["id"],
        {"state": State.SUPERSEDED.value, "superseded_by": survivor["id"]},
        sources=(Source(survivor["id"], Layer.MEMORY, 0.0),),
        reasoning=f"merged into {survivor['id']}, which says the same",
        expected_updated_at=absorbed["updated_at"],
    )
    context.report.changed += context.store.derived.change(kept, provenance)
    context.report.changed += context.store.derived.change(merged, provenance)


def _span(edge: dict[str, Any]) -> tuple[int, int] | None:
    return None if edge["quote_start"] is None else (edge["quote_start"], edge["quote_end"])


def _follow_decay(context: DreamContext, pool: Pool) -> None:
    """active <-> decaying, on the database's clock and the counted accesses."""
    store, now = context.store, context.now
    fading = [
        (memory, age)
        for memory in pool.rows(*LIVE_STATES)
        if memory["state"] == State.DECAYING or memory["importance_score"] < LASTING_FROM
        if decay(age := days_between(memory["time_end"], now), 0) > FADING_AT or memory["state"] == State.DECAYING
    ]
    accesses = store.packs.access_counts([memory["id"] for memory, _ in fading])
    for memory, age in fading:
        amount = decay(age, accesses[memory["id"]])
        state = next_state(State(memory["state"]), amount, memory["importance_score"])
        if state.value == memory["state"] or state is State.ARCHIVED:
            continue
        change = Change(
            TransformationType.RESTORE if state is State.ACTIVE else TransformationType.REFINE,
            Layer.MEMORY,
            memory["id"],
            {"state": state.value},
            reasoning=f"decay {amount:.2f} at {age:.0f} days, importance {memory['importance_score']:.2f}",
            expected_updated_at=memory["updated_at"],
        )
        with store.transaction():
            context.report.changed += store.derived.change(change, context.provenance())
