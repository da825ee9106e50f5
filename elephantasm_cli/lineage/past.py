"""What was known at a time: a copy of the file in memory, taken back along the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elephantasm_cli.lineage.force import Force
from elephantasm_cli.store.rewind import copy_in_memory, rewind

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store


def known_at(store: Store, time: str) -> Store:
    """A copy of ``store`` as it was at ``time`` (stored time, inclusive), to be looked at; the caller closes it.

    Vectors of what has changed since are missing from it.
    """
    past = copy_in_memory(store)
    try:
        rewind(past, time, Force)
    except BaseException:
        past.close()
        raise
    return past
