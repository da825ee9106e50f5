"""The index job: vectors for the passages that lack them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from elephantasm_cli.dream.unwanted import Told
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.store.store import Store

BATCH = 256
"""Passages embedded between two commits."""
COMPARED = (Layer.MEMORY, Layer.LESSON, Layer.KNOWLEDGE)
"""The layers whose rows dreams compare by their bare words."""


def index_passages(store: Store, embedder: Embedder, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Make the vectors that are missing and return how many were made.

    The model works outside the transaction; each batch is committed by itself, so an interrupted run loses at most one.
    A passage that vanished meanwhile is left out. ``progress`` is called with (done, total) after each commit; what it
    raises ends the run there.
    """
    total = store.passages.count_without_vector(embedder.sha256)
    done = 0
    while batch := store.passages.without_vector(embedder.sha256, BATCH):
        vectors = embedder.embed([text for _, _, text in batch])
        with store.transaction():
            marks = ", ".join("?" * len(batch))
            alive = {
                row[0]
                for row in store.connection.execute(
                    f"SELECT id FROM passages WHERE id IN ({marks})", [passage_id for passage_id, _, _ in batch]
                )
            }
            store.vectors.add(
                embedder.sha256,
                [
                    (passage_id, layer, vector)
                    for (passage_id, layer, _), vector in zip(batch, vectors, strict=True)
                    if passage_id in alive
                ],
            )
        done += len(batch)
        if progress:
            progress(done, max(total, done))
    return done


def index(context: DreamContext) -> None:
    """The job: examined and changed count vectors; a batch is a step."""

    def note(done: int, total: int) -> None:
        context.report.examined = context.report.changed = done
        context.progress(done, total, "vectors")
        if done < total:
            context.budget.check()

    if _lacks_vectors(context):
        index_passages(context.store, context.embedder, progress=note)


def index_new(context: DreamContext) -> None:
    """Vectors for what this dream has made, so that the next pack finds it by meaning at once.

    Also those of the bare words of every row that was not compared: wherever a dream was interrupted, the file holds
    the same in the end.
    """
    if _lacks_vectors(context):
        index_passages(context.store, context.embedder)
    sha256 = context.store.agent.get()["embedding_sha256"]
    for layer in COMPARED:
        ids = context.store.core_vectors.lacking(layer, sha256)
        for start in range(0, len(ids), BATCH):
            rows = context.store.derived.many(layer, ids[start : start + BATCH])
            context.item_vectors({item_id: Told.of(layer, row).words for item_id, row in rows.items()})


def _lacks_vectors(context: DreamContext) -> bool:
    """Asked of the file first, so that a dream with nothing to index loads no model."""
    row = context.store.agent.get()
    return context.store.passages.count_without_vector(row["embedding_sha256"]) > 0
