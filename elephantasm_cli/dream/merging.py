"""Two memories that say the same become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.reexamine import put_away
from elephantasm_cli.ids import ACT, derive_id
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.vocabulary import CONTEXT_SUPPORT, Layer, State, TransformationType, Trust, highest_trust

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext


def merge(context: DreamContext, memory: dict[str, Any], other: dict[str, Any], cosine: float) -> None:
    """The older one survives with both lineages; the other points to it.

    Said again, what was archived is back, and a candidate has the second source it waited for.
    """
    survivor, absorbed = sorted((memory, other), key=lambda row: (row["time_start"], row["id"]))
    act = derive_id(ACT, context.dream_id, "merge", survivor["id"], absorbed["id"])
    provenance = context.provenance(act_id=act, cosine=cosine)
    events = [
        Source(edge["source_id"], Layer.EVENT, edge["weight"], _span(edge))
        for edge in context.store.log.sources_of(absorbed["id"])
        if edge["source_type"] == Layer.EVENT.value and edge["weight"] > CONTEXT_SUPPORT
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
