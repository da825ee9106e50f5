"""The promote job: what was said again and again, in more than one session, becomes a lesson."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream import claims
from elephantasm_cli.dream.alike import Cluster, agreeing, clusters, comparable
from elephantasm_cli.dream.curate import distinguishing
from elephantasm_cli.dream.generalise import check_generalisation
from elephantasm_cli.dream.reexamine import holding_sources, support
from elephantasm_cli.dream.statements import core_of, statement_of
from elephantasm_cli.ids import derived_id
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import (
    LIVE_STATES,
    Job,
    Layer,
    MemoryKind,
    PatternType,
    State,
    TransformationType,
    Trust,
    lowest_trust,
)

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import Asker, DreamContext
    from elephantasm_cli.services.answers import LessonAnswer
    from elephantasm_cli.services.structured import Answer, Rejection

PROMPT = "lesson"
PATTERN_OF_KIND = {
    MemoryKind.PREFERENCE: PatternType.PREFERENCE,
    MemoryKind.PROCEDURE: PatternType.PROCEDURAL,
    MemoryKind.PROBLEM: PatternType.CAUSAL,
    MemoryKind.DECISION: PatternType.CONSTRAINT,
}
STANDING_CUES = {"instruction", "preference", "decision", "rule", "correction"}
PROHIBITION = re.compile(r"\b(?:never|don't|do not|no\b|not\b|without|must not)", re.IGNORECASE)
TITLE_WORDS = 6
TELLING_SHARE = 0.6
"""A lesson has at least this share of the content words of the shortest memory it cites."""
TELLING_CHANGE = 0.005
"""By less a lesson's confidence is not changed: what is sure already would be written again whenever it is said."""
SHOWN_MEMORIES = 8
"""How many memories of a cluster the model is shown, the most central first."""


def promote_to_lessons(context: DreamContext) -> None:
    """Make a lesson of each new cluster with enough memories and sessions; a lesson whose cluster grew is refined.

    Only clusters with a memory that was made or changed since the last run, or under other settings, can be new.
    """
    store, settings = context.store, context.settings
    reached = store.log.newest_seq()
    rules = {
        "distance": settings.cluster_distance,
        "memories": settings.lesson_memories,
        "sessions": settings.lesson_sessions,
    }
    since = store.dreams.checkpoint(Job.PROMOTE_TO_LESSONS)
    if store.dreams.checkpoint_data(Job.PROMOTE_TO_LESSONS) != rules:
        since = 0
    touched = {memory_id for _, memory_id in store.log.targets_since(since, [Layer.MEMORY])}
    found: list[Cluster] = []
    for group in comparable(context, touched):
        vectors = context.item_vectors({memory["id"]: memory["metadata"]["quote"] for memory in group})
        found += clusters(group, vectors, settings.cluster_distance, touched)
    found.sort(key=lambda cluster: (-len(cluster.members), cluster.medoid["id"]))
    context.report.examined = len(touched)
    for number, cluster in enumerate(found):
        context.budget.check()
        for part in [cluster] if context.model is not None else agreeing(context, cluster):
            if enough(context, part):
                _teach(context, part)
        context.progress(number + 1, len(found), "clusters")
    with store.transaction():
        store.dreams.set_checkpoint(Job.PROMOTE_TO_LESSONS, reached, rules)


def enough(context: DreamContext, cluster: Cluster) -> bool:
    """Whether a cluster has the memories and sessions that a lesson needs."""
    settings = context.settings
    return cluster.support >= settings.lesson_memories and len(cluster.sessions) >= settings.lesson_sessions


def _teach(context: DreamContext, cluster: Cluster) -> None:
    """A lesson of its own for the cluster; one that covers it or says the same is refined instead, while it lives."""
    covered = Counter(lesson for member in cluster.members for lesson in _lessons_of(context, member["id"]))
    for lesson_id, count in sorted(covered.items(), key=lambda found: (-found[1], found[0])):
        lesson = context.store.derived.find(Layer.LESSON, lesson_id)
        if lesson is not None and count * 2 >= len(cluster.members):
            if lesson["state"] in LIVE_STATES:
                _refine(context, lesson, cluster)
            return
    if (lesson := _told_already(context, cluster.medoid)) is not None:
        _refine(context, lesson, cluster)
        return
    _promote(context, cluster)


def _told_already(context: DreamContext, memory: dict[str, Any]) -> dict[str, Any] | None:
    """The live lesson that says what a memory says, of others: of such as have faded since, perhaps."""
    said = memory["metadata"]["quote"]
    lessons = {
        lesson["id"]: lesson
        for lesson in context.store.derived.listed(Layer.LESSON, states=[state.value for state in LIVE_STATES])
        if lesson["metadata"]["speaker"] == memory["metadata"]["speaker"]
        and distinguishing(core_of(lesson)) == distinguishing(said)
    }
    if not lessons:
        return None
    words = {lesson_id: core_of(lesson) for lesson_id, lesson in lessons.items()}
    vectors = context.item_vectors({memory["id"]: said, **words})
    cosines = dict(zip(lessons, (round(float(value), 6) for value in vectors[1:] @ vectors[0]), strict=True))
    best = min(cosines, key=lambda lesson_id: (-cosines[lesson_id], lesson_id))
    return lessons[best] if cosines[best] >= context.settings.merge_cosine else None


def lesson_confidence(support: int, sessions: int, cohesion: float, grounded: float) -> float:
    """In [0, 1]: rises with support and sessions (saturating), scaled by cohesion and by grounding (1 for a quotation).

    ``(1 - 2^(-support/2)) * (1 - 2^(-sessions))`` is the evidence, ``(0.5 + 0.5 cohesion)`` the agreement.
    """
    evidence: float = (1.0 - 2.0 ** (-support / 2.0)) * (1.0 - 2.0 ** (-sessions))
    return round(min(1.0, (0.3 + 0.7 * evidence) * (0.5 + 0.5 * cohesion) * (0.8 + 0.2 * grounded)), 4)


def _lessons_of(context: DreamContext, memory_id: str) -> set[str]:
    """The lessons that rest on a memory."""
    return {
        edge["target_id"]
        for edge in context.store.log.edges_from(memory_id)
        if edge["target_type"] == Layer.LESSON.value
    }


def _promote(context: DreamContext, cluster: Cluster) -> None:
    """A lesson in the model's words; else in those of the memory that speaks for each part that agrees."""
    generalised = _generalised(context, cluster)
    if generalised is not None:
        _write(context, cluster, *generalised)
        return
    for part in agreeing(context, cluster):
        if enough(context, part):
            _write(context, part, statement_of(part.voice), None, part.members)


def _write(
    context: DreamContext,
    cluster: Cluster,
    content: str,
    answer: Answer[Any] | None,
    used: tuple[dict[str, Any], ...],
) -> None:
    pattern = pattern_of(cluster)
    trusts = [Trust(member["trust"]) for member in cluster.members]
    change = Change(
        TransformationType.PROMOTION,
        Layer.LESSON,
        derived_id(Layer.LESSON, pattern.value, [member["id"] for member in cluster.members], content),
        {
            "title": title_of(cluster),
            "content": content,
            "pattern_type": pattern.value,
            "confidence": lesson_confidence(cluster.support, len(cluster.sessions), cluster.cohesion, 1.0),
            "support_count": cluster.support,
            "session_count": len(cluster.sessions),
            "state": State.ACTIVE.value,
            "archived_at": None,
            "superseded_by": None,
            "trust": lowest_trust(trusts).value,
            "metadata": {
                "speaker": cluster.medoid["metadata"]["speaker"],
                "sessions": cluster.sessions,
                "dream": context.dream_id,
                "form": "rewrite" if answer else "quotation",
                "words": content if answer else cluster.voice["metadata"]["quote"],
                "used": [member["id"] for member in used],
                "last_said": max(member["time_end"] for member in cluster.members),
            },
        },
        sources=tuple(Source(member["id"], Layer.MEMORY) for member in cluster.members),
        reasoning=(
            f"{len(cluster.members)} memories from {len(cluster.sessions)} sessions say much the same "
            f"(cohesion {cluster.cohesion:.2f})"
        ),
    )
    if not context.admits(change):
        return
    versions = {member["id"]: (Layer.MEMORY, member["updated_at"]) for member in cluster.members}
    with context.store.transaction():
        context.store.derived.recheck(versions)
        parts = {"support": cluster.support, "sessions": len(cluster.sessions), "cohesion": cluster.cohesion}
        provenance = context.provenance(answer=answer, confidence=parts)
        context.report.changed += context.store.derived.create(change, provenance)


def _refine(context: DreamContext, lesson: dict[str, Any], cluster: Cluster) -> None:
    """What was said again, in a memory of its own or merged into one that the lesson rests on, counts for it.

    Without that nothing changes, though another cluster that the lesson covers hangs together more or less.
    """
    known = {edge["source_id"] for edge in context.store.log.sources_of(lesson["id"])}
    agree = list(cluster.members)
    if lesson["metadata"]["form"] == "quotation":
        said_there = distinguishing(core_of(lesson))
        agree = [member for member in agree if distinguishing(member["metadata"]["quote"]) == said_there]
    new = [member for member in agree if member["id"] not in known]
    sessions = sorted({*lesson["metadata"]["sessions"], *(s for row in agree for s in row["metadata"]["sessions"])})
    said = {row["id"]: row for row in [*holding_sources(context.store, lesson["id"]), *new]}
    times = support(list(said.values()))
    last = max([lesson["metadata"]["last_said"], *(member["time_end"] for member in agree)])
    confidence = lesson_confidence(times, len(sessions), cluster.cohesion, 1.0)
    heard = (times, len(sessions)) == (lesson["support_count"], lesson["session_count"])
    if not new and (heard or abs(confidence - lesson["confidence"]) < TELLING_CHANGE):
        return
    change = Change(
        TransformationType.REFINE,
        Layer.LESSON,
        lesson["id"],
        {
            "support_count": times,
            "session_count": len(sessions),
            "confidence": confidence,
            "metadata": {**lesson["metadata"], "sessions": sessions, "last_said": last},
        },
        sources=tuple(Source(member["id"], Layer.MEMORY) for member in new),
        reasoning=f"said {times} times in {len(sessions)} sessions; {len(new)} more memories say the same",
        expected_updated_at=lesson["updated_at"],
    )
    with context.store.transaction():
        context.report.changed += context.store.derived.change(change, context.provenance())


def _generalised(context: DreamContext, cluster: Cluster) -> tuple[str, Answer[Any], tuple[dict[str, Any], ...]] | None:
    """One sentence over numbered memories, from the model, supported by at least two of them."""
    if context.model is None or cluster.medoid["metadata"]["role"] not in ("user", "operator"):
        return None
    shown = cluster.members[:SHOWN_MEMORIES]
    answer = word_lesson(
        context,
        cluster.medoid["metadata"]["speaker"],
        [statement_of(member) for member in shown],
        [member["metadata"]["quote"] for member in shown],
    )
    if answer is None:
        return None
    used = tuple(shown[number - 1] for number in sorted(set(answer.value.numbers)))
    return answer.value.statement, answer, used


def word_lesson(
    asker: Asker, speaker: str, contents: Sequence[str], quotes: Sequence[str]
) -> Answer[LessonAnswer] | None:
    """What memories of ``speaker`` have in common, and the numbers (from 1) of those it rests on.

    ``contents`` are the memories as the model reads them, ``quotes`` the words each rests on. None without a model, or
    where both tries failed the check.
    """
    from elephantasm_cli.services.answers import LessonAnswer
    from elephantasm_cli.services.prompts import load_prompt
    from elephantasm_cli.services.structured import Rejection

    stop_list = load_prompt(PROMPT).stop_words

    def check(answer: LessonAnswer) -> Rejection | None:
        used = [number - 1 for number in sorted(set(answer.numbers)) if 1 <= number <= len(contents)]
        if len(used) != len(set(answer.numbers)):
            return Rejection("it cites a number that was not given")
        cited = [contents[index] for index in used]
        vectors = asker.vectors([answer.statement, *(quotes[index] for index in used)])
        reasons = check_generalisation(
            answer.statement,
            cited,
            stop_list=stop_list,
            cosines=[float(value) for value in vectors[1:] @ vectors[0]],
        )
        if speaker not in answer.statement:
            reasons.append(f"it does not say that this is what {speaker} said")
        lost = in_all(cited) - set(claims.stems(answer.statement)) - set(claims.stems(speaker))
        if lost:
            reasons.append(f"what all of them say is lost: {', '.join(sorted(lost))}")
        if len(content_words(answer.statement)) < TELLING_SHARE * min(len(content_words(text)) for text in cited):
            reasons.append("it says less than each of the memories it cites")
        return Rejection("; ".join(reasons)) if reasons else None

    numbered = "\n".join(f"{number}. {content}" for number, content in enumerate(contents, 1))
    return asker.ask(PROMPT, {"memories": numbered}, LessonAnswer, check)


def in_all(texts: Sequence[str]) -> set[str]:
    """The telling stems that occur in every one of ``texts``."""
    return set.intersection(*(set(claims.stems(text)) for text in texts)) if texts else set()


def pattern_of(cluster: Cluster) -> PatternType:
    if sum(asks_once(member) for member in cluster.members) * 2 > len(cluster.members):
        return PatternType.BEHAVIORAL
    kinds = Counter(MemoryKind(member["kind"]) for member in cluster.members)
    kind = min(kinds, key=lambda name: (-kinds[name], name.value))
    if kind in PATTERN_OF_KIND and kind is not MemoryKind.PREFERENCE:
        return PATTERN_OF_KIND[kind]
    denials = sum(bool(PROHIBITION.search(member["metadata"]["quote"])) for member in cluster.members)
    if denials * 2 > len(cluster.members):
        return PatternType.CONSTRAINT
    return PATTERN_OF_KIND.get(kind, PatternType.BEHAVIORAL)


def asks_once(memory: dict[str, Any]) -> bool:
    """Whether a memory is a request of the day: made again and again it is a habit, but no standing instruction."""
    cues = set(memory["metadata"]["cues"])
    return "request" in cues and not cues & STANDING_CUES


def title_of(cluster: Cluster) -> str:
    """The content words most of the cluster's memories share, in the order of the one that speaks for it."""
    counts = Counter(word for member in cluster.members for word in set(content_words(member["metadata"]["quote"])))
    shared = [
        word
        for word in dict.fromkeys(content_words(cluster.voice["metadata"]["quote"]))
        if counts[word] * 2 >= len(cluster.members)
    ]
    words = shared or list(dict.fromkeys(content_words(cluster.voice["metadata"]["quote"])))
    return " ".join(words[:TITLE_WORDS]) or "pattern"
