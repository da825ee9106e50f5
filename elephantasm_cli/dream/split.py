"""Two statements in one sentence ("I moved to Porto and I switched to Neovim") become two memories, by code.

Where a sentence is cut `clauses` says; two sentences that were kept together are told apart when one of them holds no
longer. The compound memory gives way to its parts, each of which cites its own words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.clauses import independent_parts
from elephantasm_cli.dream.memories import MemoryDraft, Quote, memory_change
from elephantasm_cli.dream.salience import Salient, salient_sentences
from elephantasm_cli.ids import ACT, derive_id
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.text.attribution import ANSWERING
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.vocabulary import CONTEXT_SUPPORT, Layer, State, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext


Cut = Callable[[str], list[tuple[int, int]]]
"""Where a text is cut: the spans of its parts, none where it stays whole."""


def sentences_in(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of ``text``."""
    return [(sentence.start, sentence.end) for sentence in split_sentences(text)]


def split_memory(context: DreamContext, memory: dict[str, Any]) -> list[str]:
    """Split a compound memory into its parts, in one transaction; the ids of the parts, none where it stays whole: the
    answer to a question would not be read without it."""
    if f"({ANSWERING} " in memory["content"]:
        return []
    drafts = parts_of(context, memory, independent_parts)
    if not drafts:
        return []
    with context.store.transaction():
        return tell_apart(context, memory, drafts)


def tell_apart(context: DreamContext, memory: dict[str, Any], drafts: list[MemoryDraft]) -> list[str]:
    """Let a memory give way to its parts, inside the caller's transaction; their ids."""
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
    for change in changes:
        context.report.changed += context.store.derived.create(change, provenance)
    context.report.changed += context.store.derived.change(whole, provenance)
    return parts


def parts_of(context: DreamContext, memory: dict[str, Any], cut: Cut) -> list[MemoryDraft]:
    """What a memory of one quotation splits into; empty where it stays whole."""
    edges = [edge for edge in context.store.log.sources_of(memory["id"]) if edge["weight"] > CONTEXT_SUPPORT]
    if len(edges) != 1 or edges[0]["quote_start"] is None or memory["metadata"]["needs_context"]:
        return []
    event = context.store.events.find(edges[0]["source_id"])
    if event is None:
        return []
    offset, quoted = edges[0]["quote_start"], event["content"][edges[0]["quote_start"] : edges[0]["quote_end"]]
    drafts = []
    for start, end in cut(quoted):
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
