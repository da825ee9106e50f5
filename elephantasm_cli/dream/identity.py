"""The identity job: how this agent should act and whom it serves, as weighted means over the knowledge that says so.

Arithmetic only, but for the summary: a trait or value appears when knowledge carries its cues, its score is the
certainty-weighted share of that knowledge, and every entry names the knowledge it rests on. A new version is written
only when something changed, and what it says already stays for as long as the knowledge behind it lives: a score moves
when it is off by a tenth, and a preference gives its place to another that is much surer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream import claims
from elephantasm_cli.dream.cues import CUES
from elephantasm_cli.dream.dispositions import TRAIT_CUES, VALUE_CUES, borne_out
from elephantasm_cli.dream.slots import slots_in
from elephantasm_cli.ids import derived_id
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.text.words import content_words, denies
from elephantasm_cli.vocabulary import (
    LIVE_STATES,
    KnowledgeCategory,
    Layer,
    TransformationType,
    Trust,
    lowest_trust,
)

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import Asker, DreamContext
    from elephantasm_cli.services.answers import DispositionAnswer
    from elephantasm_cli.services.structured import Answer

PROMPT = "disposition"
HUMAN_ROLES = ("user", "operator", "unknown")
INSTRUCTIONS = (KnowledgeCategory.PREFERENCE.value, KnowledgeCategory.RULE.value, KnowledgeCategory.METHOD.value)
MAX_PREFERENCES = 12
SUMMARISED = 3
"""How many pieces of knowledge the disposition summary is made from."""
NAME_WORDS = 4
UNTOLD = ("want", "assistant", "agent")
"""Words that tell nothing of a wish: who is to do it."""
TELLING = 3
"""With fewer telling words a wish is not found again inside another."""
STEADY = 0.1
"""A score that is less than this off stays as it is."""
SURER = 0.15
"""By so much must a preference be surer than one that has a place already to take it."""
NOTHING = "Nothing that was known holds any more."
"""The summary when all knowledge has given way."""
INTRODUCTION = next(pattern for name, pattern in CUES if name == "introduction")
STANDING = tuple(pattern for name, pattern in CUES if name in ("instruction", "preference", "rule"))
"""How people say what they always want; a decision about the work is no wish to the agent."""
PERSONAL = ("lives", "employer", "is:name", "is:job", "is:titl", "is:employer", "is:city")
"""Attributes of slots that tell who somebody is."""


def update_identity(context: DreamContext) -> None:
    """Derive identity from live knowledge; write a new version if it differs from the current one."""
    knowledge = list(context.store.derived.listed(Layer.KNOWLEDGE, states=[state.value for state in LIVE_STATES]))
    context.report.examined = len(knowledge)
    if not context.agent_is_heard and is_among_people(context.store.events.speakers()):
        knowledge = []
    current = context.store.derived.current_identity()
    if not knowledge:
        if current is not None and not unchanged(current, {}, {}, {}, []):
            nothing: dict[str, Any] = {"traits": {}, "values": {}, "preferences": {}}
            _write(
                context, current, [], {}, {}, {}, NOTHING, None, {"support": nothing, "told": [], "clock": context.now}
            )
        return
    ranked = sorted(knowledge, key=lambda item: (-item["certainty"], item["valid_from"], item["id"]))
    asked = [item for item in ranked if item["category"] in INSTRUCTIONS]
    traits, trait_support = scored(asked, TRAIT_CUES)
    values, value_support = scored(asked, VALUE_CUES)
    held: dict[str, list[str]] = {}
    if current is not None:
        traits, values = steady(current["traits"], traits), steady(current["values"], values)
        held = current["metadata"].get("support", {}).get("preferences", {})
    preferences, preference_support = stated_preferences(asked, held, repeats_in(context, asked))
    support = {"traits": trait_support, "values": value_support, "preferences": preference_support}
    person = person_of(asked or ranked)
    told = summarised(ranked, person, set(current["metadata"].get("told", ())) if current else set())
    if not told and not any(support.values()):
        told = ranked[:1]
    basis = [item["id"] for item in told]
    if current is not None and unchanged(current, traits, values, preferences, basis):
        return
    if current is not None and current["metadata"].get("told") == basis:
        summary, answer = current["disposition_summary"], None
    else:
        summary, answer = _summary(context, told, person)
    _write(
        context,
        current,
        ranked,
        traits,
        values,
        preferences,
        summary,
        answer,
        {"support": support, "told": basis, "clock": context.now},
    )


def scored(
    knowledge: list[dict[str, Any]], cues: dict[str, re.Pattern[str]]
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Name -> score in [0, 1], and name -> the knowledge ids it rests on.

    The score is the certainty-weighted mean over the statements that carry the cue, shrunk towards 0 by one statement
    of weight 1 (so a single sure statement gives about half, several approach their certainty).
    """
    carrying: dict[str, list[dict[str, Any]]] = {name: [] for name in cues}
    for item in knowledge:
        for name in borne_out(item["metadata"]["words"], cues):
            carrying[name].append(item)
    scores = {
        name: round(sum(item["certainty"] for item in items) / (len(items) + 1.0), 2)
        for name, items in carrying.items()
        if items
    }
    return scores, {name: [item["id"] for item in items] for name, items in carrying.items() if items}


def steady(current: dict[str, float], scores: dict[str, float]) -> dict[str, float]:
    """The scores, with the current one where it is not off by more than `STEADY`."""
    return {
        name: current[name] if name in current and abs(current[name] - score) < STEADY else score
        for name, score in scores.items()
    }


def repeats_in(context: DreamContext, knowledge: list[dict[str, Any]]) -> Callable[[str, str], bool]:
    """Whether two of these items (by id) say much the same.

    They are as near as memories of one lesson are; or the one has all telling words of the other in it, and denies as
    it does ("the rule is the same here: no new dependency without asking first").
    """
    places = {item["id"]: place for place, item in enumerate(knowledge)}
    words = {item["id"]: item["metadata"]["words"] for item in knowledge}
    telling = {item_id: set(claims.stems(said)) for item_id, said in words.items()}
    vectors = context.item_vectors(words)
    least = 1.0 - context.settings.cluster_distance

    def repeats(one: str, other: str) -> bool:
        fewer, more = sorted((telling[one], telling[other]), key=len)
        if len(fewer) >= TELLING and fewer <= more and denies(words[one]) == denies(words[other]):
            return True
        return round(float(vectors[places[one]] @ vectors[places[other]]), 6) > least

    return repeats


def stated_preferences(
    knowledge: list[dict[str, Any]], held: dict[str, list[str]], repeats: Callable[[str, str], bool]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Name -> statement for the standing instructions, and name -> the knowledge ids it rests on.

    Those in ``held`` (name -> ids, of the current version) come first while their knowledge lives; the surest others
    fill the places left, or take that of one that is less sure by `SURER`. The name is a statement's telling words;
    what ``repeats`` one that is there already adds nothing.
    """
    standing = {item["id"]: item for item in knowledge if any(p.search(item["metadata"]["words"]) for p in STANDING)}
    chosen = [ids[0] for ids in held.values() if ids[0] in standing][:MAX_PREFERENCES]
    for item_id, item in standing.items():
        if any(item_id == other or repeats(item_id, other) for other in chosen):
            continue
        if len(chosen) >= MAX_PREFERENCES:
            weakest = min(chosen, key=lambda other: (standing[other]["certainty"], other))
            if standing[weakest]["certainty"] + SURER > item["certainty"]:
                continue
            chosen.remove(weakest)
        chosen.append(item_id)
    preferences: dict[str, str] = {}
    support: dict[str, list[str]] = {}
    for item_id in chosen:
        name = name_of(standing[item_id]) or item_id
        if name in preferences:
            name = f"{name}_{item_id}"
        preferences[name], support[name] = standing[item_id]["statement"], [item_id]
    return preferences, support


def name_of(item: dict[str, Any]) -> str:
    """The first telling words of a wish, without who wishes it of whom ("Dana wants the assistant to")."""
    whose = {*content_words(item["metadata"]["speaker"]), *UNTOLD}
    words = dict.fromkeys(word for word in content_words(item["metadata"]["words"]) if word not in whose)
    return "_".join(list(words)[:NAME_WORDS])


def is_among_people(speakers: Mapping[str, set[str]]) -> bool:
    """Whether several people speak (role -> authors). With no agent among them, whom one would serve, and how it should
    act, is nobody's word."""
    people = set().union(*(authors for role, authors in speakers.items() if role in HUMAN_ROLES))
    return len(people) > 1


def person_of(knowledge: list[dict[str, Any]]) -> str:
    """Whom the agent serves: who said most of this, the first by name of equals."""
    speakers = Counter(str(item["metadata"]["speaker"]) for item in knowledge)
    return min(speakers, key=lambda name: (-speakers[name], name))


def summarised(knowledge: list[dict[str, Any]], person: str, held: set[str]) -> list[dict[str, Any]]:
    """What the summary is made from: who ``person`` is. How the agent should act is told by its preferences.

    What tells a name, a home or an employer comes first; one other fact has to do where nothing does. What is ``held``
    (ids, of the current version) stays while it lives.
    """
    facts = [
        item
        for item in knowledge
        if item["category"] == KnowledgeCategory.FACT.value and item["metadata"]["speaker"] == person
    ]
    facts.sort(key=lambda item: (item["id"] not in held, INTRODUCTION.search(item["metadata"]["words"]) is None))
    telling = [item for item in facts if tells_who(item)]
    return telling[:SUMMARISED] or facts[:1]


def tells_who(item: dict[str, Any]) -> bool:
    """Whether a fact tells who its speaker is."""
    words, speaker = item["metadata"]["words"], item["metadata"]["speaker"]
    if INTRODUCTION.search(words):
        return True
    return any(slot.attribute in PERSONAL and slot.subject == speaker.casefold() for slot in slots_in(words, speaker))


def unchanged(
    current: dict[str, Any],
    traits: dict[str, float],
    values: dict[str, float],
    preferences: dict[str, str],
    told: list[str],
) -> bool:
    """Whether the current version says all of this already."""
    return bool(
        current["traits"] == traits
        and current["values"] == values
        and current["preferences"] == preferences
        and current["metadata"].get("told") == told
    )


def _summary(context: DreamContext, told: list[dict[str, Any]], person: str) -> tuple[str, Answer[Any] | None]:
    """The model's one or two sentences over the statements, where they pass their checks; else the statements."""
    answer = word_summary(context, person, [item["statement"] for item in told]) if told else None
    if answer is not None:
        return answer.value.summary, answer
    return " ".join([f"Works with {person}.", *(said(item["statement"], person) for item in told)]), None


def word_summary(asker: Asker, person: str, statements: Sequence[str]) -> Answer[DispositionAnswer] | None:
    """One or two sentences on whom the agent serves; None without a model, or where both tries failed the check."""
    if asker.model is None:
        return None
    from elephantasm_cli.dream.generalise import check_summary
    from elephantasm_cli.services.answers import DispositionAnswer, disposition_grammar
    from elephantasm_cli.services.prompts import load_prompt
    from elephantasm_cli.services.structured import Rejection

    stop_list = load_prompt(PROMPT).stop_words

    def check(answer: DispositionAnswer) -> Rejection | None:
        vectors = asker.vectors([answer.summary, " ".join(statements)])
        reasons = check_summary(
            answer.summary, person, statements, cosine=float(vectors[0] @ vectors[1]), stop_list=stop_list
        )
        return Rejection("; ".join(reasons)) if reasons else None

    return asker.ask(
        PROMPT,
        {"whom": person, "knowledge": "\n".join(f"- {statement}" for statement in statements)},
        DispositionAnswer,
        check,
        grammar=disposition_grammar(person),
    )


def said(statement: str, person: str) -> str:
    """A statement as a sentence of the summary; a quotation of ``person`` needs no name in front again."""
    words = statement.removeprefix(f"{person}: ")
    return words if words.rstrip('"').endswith((".", "!", "?")) else f"{words}."


def _write(
    context: DreamContext,
    current: dict[str, Any] | None,
    knowledge: list[dict[str, Any]],
    traits: dict[str, float],
    values: dict[str, float],
    preferences: dict[str, str],
    summary: str,
    answer: Answer[Any] | None,
    metadata: dict[str, Any],
) -> None:
    version = current["version"] + 1 if current else 1
    used = sorted({item_id for part in metadata["support"].values() for ids in part.values() for item_id in ids})
    used = sorted({*used, *metadata["told"]})
    by_id = {item["id"]: item for item in knowledge}
    sources = [Source(item_id, Layer.KNOWLEDGE) for item_id in used]
    if current:
        # with nothing that holds any more, a version rests on the one it empties
        sources.append(Source(current["id"], Layer.IDENTITY, 0.0 if used else 1.0))
    trusts = [Trust(by_id[item_id]["trust"]) for item_id in used]
    if current and not trusts:
        trusts = [Trust(current["trust"])]
    change = Change(
        TransformationType.AGGREGATION,
        Layer.IDENTITY,
        derived_id(Layer.IDENTITY, "identity", used, summary, version),
        {
            "version": context.store.derived.next_version(),
            "disposition_summary": summary,
            "traits": traits,
            "values": values,
            "preferences": preferences,
            "trust": lowest_trust(trusts).value,
            "metadata": metadata,
        },
        sources=tuple(sources),
        reasoning=difference(current, traits, values, preferences, summary),
    )
    with context.store.transaction():
        context.store.derived.recheck({item_id: (Layer.KNOWLEDGE, by_id[item_id]["updated_at"]) for item_id in used})
        context.report.changed += context.store.derived.create(change, context.provenance(answer=answer))


def difference(
    current: dict[str, Any] | None,
    traits: dict[str, float],
    values: dict[str, float],
    preferences: dict[str, str],
    summary: str,
) -> str:
    """What the new version says that the current one does not, in words."""
    if current is None:
        return "the first version"
    parts = []
    for name, old, new in (
        ("traits", current["traits"], traits),
        ("values", current["values"], values),
        ("preferences", current["preferences"], preferences),
    ):
        gained, lost = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
        moved = sorted(key for key in new.keys() & old.keys() if new[key] != old[key])
        for verb, keys in (("gains", gained), ("loses", lost), ("changes", moved)):
            if keys:
                parts.append(f"{name} {verb} {', '.join(keys)}")
    if current["disposition_summary"] != summary:
        parts.append("the summary changes")
    return "; ".join(parts) or "other knowledge stands behind it"
