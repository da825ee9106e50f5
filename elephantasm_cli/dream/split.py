"""Two statements in one sentence ("I moved to Porto and I switched to Neovim") become two memories, by code.

A sentence is cut at "and" or ";" only where every part is a clause that stands alone: it begins with a subject of its
own and a finite verb, or all parts are instructions of their own ("always ...", "never ..."). What is subordinate,
reported, conditional or refers back is left whole: where in doubt, nothing is split. The compound memory gives way to
its parts, each of which cites its own words.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.memories import MemoryDraft, Quote, memory_change
from elephantasm_cli.dream.salience import Salient, salient_sentences
from elephantasm_cli.ids import ACT, derive_id
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import Layer, State, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext

LEAST_WORDS = 2
"""Content words that a part has at least."""
_ADVERBS = (
    r"(?:(?:also|now|always|never|just|really|still|usually|often|only|recently|finally|mostly|currently|already)\s+)*"
)
_BE_OR_HAVE = r"(?:am|is|are|was|were|have|has|had|do|does|did|will|can|cannot|must|\w+n['’]t)\b"
_PRESENT = (
    r"(?:live|work|use|prefer|like|love|hate|want|need|run|keep|write|deploy|host|switch|ship|play|study|teach|own|drink|eat|"
    r"store|build|test|speak|drive|read|paint|sing|cook|train|collect|volunteer|plan|lead|manage|maintain|review|decide|choose|enjoy|dislike|start|stop)\b"
)
_PAST = (
    r"(?:[a-z]{2,}ed|went|got|made|took|met|came|bought|found|gave|began|ran|wrote|won|lost|sent|left|built|broke|drove|flew|"
    r"spent|held|kept|sold|brought|became|taught|chose|quit|set|cut|grew|led|paid)\b"
)
_THIRD = r"(?:lives|works|uses|prefers|likes|loves|hates|wants|needs|runs|keeps|owns|plays|starts|begins|ends|opens|reviews|approves|reads|writes|holds|allows)\b"
_PERSON = rf"(?:I|[Ww]e)(?:['’](?:m|re|ve|ll)\b|\s+{_ADVERBS}(?:{_BE_OR_HAVE}|{_PRESENT}|{_PAST}))"
_THING = rf"(?:(?:[Mm]y|[Oo]ur|[Tt]he)\s+[\w-]+(?:\s+[\w-]+){{0,2}}?|(?!I\b|We\b)[A-Z][\w-]+)\s+{_ADVERBS}(?:{_BE_OR_HAVE}|{_THIRD})"
_CLAUSE = re.compile(rf"(?:{_PERSON}|{_THING})")
_ORDER = re.compile(r"(?:please\s+)?(?:always|never|don['’]t|do\s+not)\s+(?!ever\b|both\b)[a-z]+\s+\w", re.IGNORECASE)
_JOINT = re.compile(r"\s*(?:,\s*)?\band\s+|\s*;\s*(?:and\s+)?", re.IGNORECASE)
_DEPENDENT = re.compile(
    r"""\b(?:if|when|whenever|because|so|since|while|until|till|unless|although|though|whether|after|before|once|as|than|that|which|
    who|whose|whom|where|why|how|what|both|either|neither|not\s+only|respectively|each\s+other|together|between)\b
    | \b(?:think|thought|believe|said|says?|heard|know|knew|hope|hoped|guess|told|tells?|asked|wonder|suppose|mean|remember|
    noticed|wish|imagine|pretend|would|could|should|might|may|maybe|perhaps|used\s+to)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What makes a clause depend on another one, or only reports or supposes it."""
_REFERS_BACK = re.compile(
    r"\b(?:it|its|he|she|him|his|her|hers|they|them|their|this|those|these|there|then|one|ones|same|other|others|another|"
    r"too|either|do\s+so|did\s+so|instead|otherwise|again|therefore|thus|hence)\b",
    re.IGNORECASE,
)
"""What a later part would take from an earlier one."""
_SEVERAL = re.compile(r"[.!:…]\s+\S|\n")
"""More than one sentence: the later one may need the one before it."""
_HIDDEN = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`|\([^()]*\)|(?<!\w)'[^']*'(?!\w)")


def independent_parts(text: str) -> list[tuple[int, int]]:
    """The spans of the statements in ``text`` (one sentence), at least two; empty where it is one, or may be one."""
    shown = _HIDDEN.sub(lambda match: "x" * len(match.group()), text)
    if _SEVERAL.search(shown) or "?" in shown or _DEPENDENT.search(shown):
        return []
    for begins in (_CLAUSE, _ORDER):
        spans = _cut(shown, begins)
        if len(spans) > 1 and all(_stands_alone(shown[start:end], begins) for start, end in spans):
            later = shown[spans[1][0] :]
            return [] if _REFERS_BACK.search(later) else spans
    return []


def _cut(text: str, begins: re.Pattern[str]) -> list[tuple[int, int]]:
    """The spans between the joints after which something of this kind begins, without white space and end marks."""
    joints = [joint for joint in _JOINT.finditer(text) if joint.start() and begins.match(text, joint.end())]
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(text)]
    return [(start, start + len(text[start:end].rstrip(" ,;.!"))) for start, end in zip(starts, ends, strict=True)]


def _stands_alone(part: str, begins: re.Pattern[str]) -> bool:
    return begins.match(part) is not None and len(content_words(part)) >= LEAST_WORDS


def split_memory(context: DreamContext, memory: dict[str, Any]) -> list[str]:
    """Split a compound memory into its parts, in one transaction; the ids of the parts, none where it stays whole."""
    drafts = parts_of(context, memory)
    if not drafts:
        return []
    changes = [memory_change(draft, TransformationType.SPLIT, Source(memory["id"], Layer.MEMORY)) for draft in drafts]
    changes = [change for change in changes if context.unwanted.reason(change) is None]
    if not changes:
        return []
    parts = [change.target_id for change in changes]
    whole = Change(
        TransformationType.SPLIT,
        Layer.MEMORY,
        memory["id"],
        {"state": State.SUPERSEDED.value, "superseded_by": parts[0]},
        sources=tuple(Source(part, Layer.MEMORY, 0.0) for part in parts),
        reasoning=f"it says {len(parts)} things, which are told apart in {', '.join(parts)}",
        expected_updated_at=memory["updated_at"],
    )
    provenance = context.provenance(act_id=derive_id(ACT, context.dream_id, "split", memory["id"]))
    with context.store.transaction():
        for change in changes:
            context.report.changed += context.store.derived.create(change, provenance)
        context.report.changed += context.store.derived.change(whole, provenance)
    return parts


def parts_of(context: DreamContext, memory: dict[str, Any]) -> list[MemoryDraft]:
    """What a memory of one quotation splits into; empty where it stays whole."""
    edges = context.store.log.sources_of(memory["id"])
    if len(edges) != 1 or edges[0]["quote_start"] is None or memory["metadata"]["needs_context"]:
        return []
    event = context.store.events.find(edges[0]["source_id"])
    if event is None:
        return []
    offset, quoted = edges[0]["quote_start"], event["content"][edges[0]["quote_start"] : edges[0]["quote_end"]]
    drafts = []
    for start, end in independent_parts(quoted):
        shown = salient_sentences(
            quoted[start:end],
            author=event["author"],
            role=event["role"],
            event_type=event["event_type"],
            threshold=0.0,
        )
        cues = shown[0].cues if shown else tuple(memory["metadata"]["cues"])
        if any(found.needs_context for found in shown):
            return []
        salient = Salient(offset + start, offset + end, quoted[start:end], 0.0, cues)
        draft = MemoryDraft.of_quote(Quote.of(event, salient.start, salient.end), salient, None)
        drafts.append(draft)
    return drafts
