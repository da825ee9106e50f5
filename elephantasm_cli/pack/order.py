"""The order in which a pack tries what was recalled: turns by score, derived rows where they answer. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from elephantasm_cli.recalled import RecalledItem
from elephantasm_cli.vocabulary import Layer

ABOUT = 0.50
"""A derived row as similar to the question as this is about it."""


def for_question(items: Sequence[RecalledItem]) -> Iterator[RecalledItem]:
    """What may take evidence's room: the turns of ``items`` (best first), and right behind its turn each row that
    answers with it (`answers`), or all rows behind the turns where there are none.

    A row is tried after what it rests on, so that one which only repeats it is left out, not the other way round.
    """
    events = [item for item in items if item.layer is Layer.EVENT]
    best = events[0].score if events else 0.0
    ranked = [(-item.score, False, item) for item in events]
    for layers in ((Layer.KNOWLEDGE, Layer.LESSON), (Layer.MEMORY,)):
        rows = (item for item in items if item.layer in layers)
        ranked += [(-best * max(row.relevance, row.corrects), True, row) for row in rows if not events or answers(row)]
    return (item for _, _, item in sorted(ranked, key=lambda entry: entry[:2]))


def answers(row: RecalledItem) -> bool:
    """Whether a row is worth the room of the turns that come last: it corrects what a relevant turn says, or it is a
    belief that rests on the very turn that is most relevant and is about the question itself."""
    is_belief = row.layer is not Layer.MEMORY
    return row.corrects > 0.0 or (is_belief and row.relevance >= 1.0 and row.similarity >= ABOUT)
