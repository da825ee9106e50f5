"""The consolidate job: what held up, or was stated outright, becomes knowledge; certainty follows the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.corrections import clash
from elephantasm_cli.dream.curate import distinguishing
from elephantasm_cli.dream.decay import beta_certainty
from elephantasm_cli.dream.knowable import Claim, from_lessons, from_memories, taken
from elephantasm_cli.dream.reexamine import dependants, holding_sources, name_successor
from elephantasm_cli.ids import ACT, derive_id, derived_id
from elephantasm_cli.store.changes import Change, Provenance, Source
from elephantasm_cli.vocabulary import (
    LIVE_STATES,
    Job,
    Layer,
    State,
    TransformationType,
    Trust,
    highest_trust,
)

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext

TELLING_CHANGE = 0.005
"""By less certainty is not changed: what is sure already would be written again whenever it is said."""


def consolidate_knowledge(context: DreamContext) -> None:
    """Take each claim once: as support of knowledge that says the same, or as knowledge of its own.

    Before that, what knowledge rests on already and has changed since the last run counts anew.
    """
    store = context.store
    reached = store.log.newest_seq()
    _follow_evidence(context)
    settled = taken(context)
    claims = [claim for claim in from_lessons(context) if claim.source.id not in settled]
    claims += from_memories(context)
    states = [state.value for state in LIVE_STATES]
    live = {item["id"]: item for item in store.derived.listed(Layer.KNOWLEDGE, states=states)} if claims else {}
    for number, claim in enumerate(claims):
        context.budget.check()
        context.report.examined += 1
        before = store.log.newest_seq()
        _take(context, claim, list(live.values()))
        for _, item_id in store.log.targets_since(before, [Layer.KNOWLEDGE]):
            item = store.derived.find(Layer.KNOWLEDGE, item_id)
            live.pop(item_id, None)
            if item is not None and item["state"] in LIVE_STATES:
                live[item_id] = item
        context.progress(number + 1, len(claims), "claims")
    with store.transaction():
        store.dreams.set_checkpoint(Job.CONSOLIDATE_KNOWLEDGE, reached)


def _follow_evidence(context: DreamContext) -> None:
    """Certainty follows what was said again and merged below, or does not hold any more."""
    store = context.store
    touched = store.log.targets_since(store.dreams.checkpoint(Job.CONSOLIDATE_KNOWLEDGE), [Layer.MEMORY, Layer.LESSON])
    resting = {
        row["id"]: row
        for _, item_id in touched
        for layer, row in dependants(store, item_id)
        if layer is Layer.KNOWLEDGE
    }
    for item in resting.values():
        holding = holding_sources(store, item["id"])
        sessions = sorted({session for row in holding for session in row["metadata"]["sessions"]})
        before, now = len(item["metadata"]["sessions"]), len(sessions)
        sure = certainty(now, item["metadata"]["against"])
        if not sessions or abs(sure - item["certainty"]) < TELLING_CHANGE:
            continue
        change = Change(
            TransformationType.REFINE,
            Layer.KNOWLEDGE,
            item["id"],
            {
                "certainty": sure,
                "metadata": {**item["metadata"], "sessions": sessions},
            },
            reasoning=f"said in {now} sessions ({before} before)",
            expected_updated_at=item["updated_at"],
        )
        with store.transaction():
            context.report.changed += store.derived.change(change, context.provenance())


def _take(context: DreamContext, claim: Claim, live: list[dict[str, Any]]) -> None:
    """Let a claim support, cover or contradict the ``live`` knowledge, or stand beside it."""
    covered = _covered(context, claim, live)
    same = _same(context, claim, live)
    if same is not None:
        _support(context, same, claim, [item for item in covered if item["id"] != same["id"]])
        return
    against = [item for item in live if item not in covered and _contradicts(claim, item)]
    _create(context, claim, covered, [item for item in against if item["valid_from"] < claim.valid_from])


def _covered(context: DreamContext, claim: Claim, live: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Knowledge that rests on nothing but memories of the claim's lesson: the lesson says it for them."""
    if claim.source.layer is not Layer.LESSON:
        return []
    memories = context.store.log.supporting([claim.source.id])
    resting = {item_id for memory_id in memories for _, item_id in context.store.log.resting_on(memory_id)}
    return [item for item in live if item["id"] in resting and context.store.log.supporting([item["id"]]) <= memories]


def _same(context: DreamContext, claim: Claim, live: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The knowledge that says the same: close in meaning, same speaker, same numbers and polarity."""
    candidates = [
        item
        for item in live
        if item["metadata"]["speaker"] == claim.speaker
        and distinguishing(item["metadata"]["words"]) == distinguishing(claim.words)
        and not _contradicts(claim, item)
    ]
    if not candidates:
        return None
    vectors = context.item_vectors(
        {claim.source.id: claim.words, **{item["id"]: item["metadata"]["words"] for item in candidates}}
    )
    cosines = [round(float(value), 6) for value in vectors[1:] @ vectors[0]]
    best = min(range(len(candidates)), key=lambda index: (-cosines[index], candidates[index]["id"]))
    return candidates[best] if cosines[best] >= context.settings.merge_cosine else None


def _contradicts(claim: Claim, item: dict[str, Any]) -> bool:
    ours, theirs = (claim.words, claim.speaker), (item["metadata"]["words"], item["metadata"]["speaker"])
    return bool(clash(theirs, ours) if item["valid_from"] < claim.valid_from else clash(ours, theirs))


def _support(context: DreamContext, item: dict[str, Any], claim: Claim, covered: list[dict[str, Any]]) -> None:
    sessions = _sessions(claim, [item, *covered])
    act = derive_id(ACT, context.dream_id, "consolidate", item["id"], claim.source.id)
    provenance = context.provenance(act_id=act)
    change = Change(
        TransformationType.REFINE,
        Layer.KNOWLEDGE,
        item["id"],
        {
            "certainty": certainty(len(sessions), item["metadata"]["against"]),
            "trust": highest_trust([Trust(item["trust"]), claim.trust]).value,
            "metadata": {
                **item["metadata"],
                "sessions": sessions,
                "support": item["metadata"].get("support", 1) + 1,
            },
        },
        sources=(claim.source,),
        reasoning=f"said again: {claim.reasoning}",
        expected_updated_at=item["updated_at"],
    )
    with context.store.transaction():
        context.store.derived.recheck({claim.source.id: (claim.source.layer, claim.version)})
        context.report.changed += context.store.derived.change(change, provenance)
        _absorb(context, item["id"], covered, provenance)
        context.report.changed += name_successor(context.store, item["id"], claim.source.id, provenance)


def _sessions(claim: Claim, items: list[dict[str, Any]]) -> list[str]:
    return sorted({*claim.sessions, *(session for item in items for session in item["metadata"]["sessions"])})


def _absorb(context: DreamContext, survivor_id: str, covered: list[dict[str, Any]], provenance: Provenance) -> None:
    """Knowledge that the survivor says as well points to it from now on."""
    for item in covered:
        merged = Change(
            TransformationType.MERGE,
            Layer.KNOWLEDGE,
            item["id"],
            {"state": State.SUPERSEDED.value, "superseded_by": survivor_id},
            sources=(Source(survivor_id, Layer.KNOWLEDGE, 0.0),),
            reasoning=f"{survivor_id} says it for every memory of its lesson",
            expected_updated_at=item["updated_at"],
        )
        context.report.changed += context.store.derived.change(merged, provenance)


def _create(
    context: DreamContext, claim: Claim, covered: list[dict[str, Any]], superseded: list[dict[str, Any]]
) -> None:
    knowledge_id = derived_id(Layer.KNOWLEDGE, claim.category.value, [claim.source.id], claim.statement)
    act = derive_id(ACT, context.dream_id, "consolidate", knowledge_id)
    sessions = _sessions(claim, covered)
    provenance = context.provenance(act_id=act, certainty={"for": len(sessions), "against": len(superseded)})
    created = Change(
        TransformationType.CONSOLIDATION,
        Layer.KNOWLEDGE,
        knowledge_id,
        {
            "category": claim.category.value,
            "statement": claim.statement,
            "certainty": certainty(len(sessions), len(superseded)),
            "valid_from": claim.valid_from,
            "valid_to": None,
            "superseded_by": None,
            "state": State.ACTIVE.value,
            "trust": claim.trust.value,
            "metadata": {
                "speaker": claim.speaker,
                "words": claim.words,
                "sessions": sessions,
                "support": 1,
                "against": len(superseded),
            },
        },
        sources=(claim.source,),
        reasoning=claim.reasoning,
    )
    if not context.admits(created):
        return
    with context.store.transaction():
        context.store.derived.recheck({claim.source.id: (claim.source.layer, claim.version)})
        context.report.changed += context.store.derived.create(created, provenance)
        _absorb(context, knowledge_id, covered, provenance)
        for item in superseded:
            ended = Change(
                TransformationType.SUPERSEDE,
                Layer.KNOWLEDGE,
                item["id"],
                {"state": State.SUPERSEDED.value, "valid_to": claim.valid_from, "superseded_by": knowledge_id},
                sources=(Source(knowledge_id, Layer.KNOWLEDGE, 0.0),),
                reasoning=f"{claim.speaker} said otherwise later",
                expected_updated_at=item["updated_at"],
            )
            context.report.changed += context.store.derived.change(ended, provenance)
        context.report.changed += name_successor(context.store, knowledge_id, claim.source.id, provenance)


def certainty(sessions_for: int, sessions_against: int) -> float:
    """Beta-Bernoulli mean over independent sessions for and against, in [0, 1]."""
    return round(beta_certainty(sessions_for, sessions_against), 4)
