"""Which item says some words: a line of a pack, or a part of one, leads back to what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import NotFoundError
from elephantasm_cli.pack.identity import identity_lines
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.text.words import content_words, words
from elephantasm_cli.vocabulary import LIVE_STATES, Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

LEAST_SHARE = 0.8
"""Of the telling words asked for, so many must be an item's where none says them all in a row."""
ORDER = (Layer.KNOWLEDGE, Layer.LESSON, Layer.MEMORY, Layer.IDENTITY, Layer.EVENT)
"""Which item is meant of those that say the same: the one that stands for the others."""
_CLIPPED = re.compile(r"\s*…\s*|\s*\.\.\.\s*")


def find_spoken(store: Store, text: str) -> str:
    """The full id of the item that says ``text``; live ones first, then in `ORDER`, the newest first.

    Its words in a row are looked for, then most of its telling words in any order. Raises NotFoundError.
    """
    asked = max((words(part) for part in _CLIPPED.split(text)), key=len, default=[])
    telling = set(content_words(text))
    if not asked:
        raise NotFoundError(f"{text!r} is no id and holds no words to look for")
    whole = f" {' '.join(asked)} "
    best: tuple[float, int, int, str] | None = None
    for number, (rank, item_id, said) in enumerate(_said(store)):
        if whole in f" {' '.join(words(said))} ":
            share = 2.0
        else:
            share = round(len(telling & set(content_words(said))) / len(telling), 6) if telling else 0.0
        found = (share, -rank, number, item_id)
        if share >= LEAST_SHARE and (best is None or found > best):
            best = found
    if best is None:
        raise NotFoundError(f"nothing here says {text!r}: `elephantasm search` finds what comes near")
    return best[3]


def _said(store: Store) -> Iterator[tuple[int, str, str]]:
    """(rank, id, words) of every item; what is live ranks before what is not."""
    for rank, layer in enumerate(ORDER):
        if layer is Layer.EVENT:
            yield from ((rank, event["id"], _line(event)) for event in store.events.listed())
        elif layer is Layer.IDENTITY:
            current = store.derived.current_identity()
            for line in identity_lines(current) if current else ():
                yield rank, current["id"] if current else "", line
        else:
            for row in store.derived.listed(layer):
                live = row["state"] in LIVE_STATES
                yield rank if live else rank + len(ORDER), row["id"], TABLES[layer].text_of(row)


def _line(event: dict[str, Any]) -> str:
    return f"{event['author']}: {event['content']}"
