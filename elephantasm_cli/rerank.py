"""The best candidates, rescored by a model that reads the question with each of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from elephantasm_cli.recall_features import Scored
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.store.search import EventPassage

if TYPE_CHECKING:
    from elephantasm_cli.services.reranker import Reranker

RERANKED = 50
"""How many of the best passages are rescored; a model's run for each is what reranking costs."""
RERANK_WEIGHT = 0.5
"""The model's part of the new score, in [0, 1]; the fused score has the rest."""


def rerank(
    reranker: Reranker, question: str, passages: Mapping[int, EventPassage], scored: Mapping[int, Scored]
) -> dict[int, Scored]:
    """``scored`` with the best `RERANKED` rescored: a convex mix of their fused score and the model's.

    The model's scores are stretched to the range that the fused scores of these passages span, so they change places
    among each other only, and stay above all others. Every part shrinks with the fused score's weight, and the part
    ``rerank`` joins them, so that parts still add up to the score. Equal scores change nothing but the parts.
    """
    best = sorted(scored, key=lambda key: (-scored[key].score, passages[key].item_id, passages[key].ordinal))[:RERANKED]
    if not best:
        return dict(scored)
    given = reranker.scores(question, [_attributed(passages[key]) for key in best])
    low, high = scored[best[-1]].score, scored[best[0]].score
    worst, span = min(given), max(given) - min(given)
    mixed = dict(scored)
    for key, value in zip(best, given, strict=True):
        place = (value - worst) / span if span > 0 else 0.0
        parts = {name: round((1.0 - RERANK_WEIGHT) * part, 6) for name, part in scored[key].parts.items()}
        parts["rerank"] = round(RERANK_WEIGHT * (low + (high - low) * place), 6)
        mixed[key] = Scored(round(math.fsum(parts.values()), 6), parts)
    return mixed


def _attributed(passage: EventPassage) -> str:
    """A passage as the model reads it: "Melanie, 8 May 2023: …"."""
    return f"{passage.author or passage.role}, {human_date(passage.occurred_at)}: {passage.text}"
