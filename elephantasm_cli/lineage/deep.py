"""The deep proof: the whole file is made anew from events and log, and compared, its indexes word by word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from elephantasm_cli.lineage.faults import Fault, VerifyReport
from elephantasm_cli.lineage.verify import fold, verify
from elephantasm_cli.store.rebuilding import indexed, rebuild
from elephantasm_cli.store.rewind import copy_in_memory

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

SOUND = ("database", "events", "log")
"""Checks without whose success nothing can be rebuilt from the file."""


def verify_deep(store: Store, target: Path | None = None) -> VerifyReport:
    """Every check of `verify`, and that the indexes hold word for word what the items say.

    With ``target`` the rebuilt file is written there, if events and log are sound; where derived rows were tampered
    with it holds what the log says of them, and is verified itself. Raises UsageError if the file is there.
    """
    report = verify(store)
    with store.snapshot():
        folded, misfits = fold(store)
        try:
            if misfits or any(fault.check in SOUND for fault in report.faults):
                return report
            fresh = rebuild(store, folded, target)
        finally:
            folded.close()
        try:
            count = 0
            for found in _compared(store, fresh):
                if isinstance(found, Fault):
                    report.faults.append(found)
                else:
                    count += found
            report.checked["deep"] = count
            if target is not None:
                report.faults += verify(fresh).faults
                report.rebuilt = str(target)
        finally:
            fresh.close()
    return report


def _compared(store: Store, fresh: Store) -> Iterator[Fault | int]:
    """Passages and full text as they are and as they would be, and the bits of every vector."""
    copy = copy_in_memory(store)  # reading full text back makes a table for a moment
    try:
        kept, made = dict(indexed(copy)), dict(indexed(fresh))
    finally:
        copy.close()
    advice = "run `elephantasm reindex --rebuild`"
    for passage in sorted(kept.keys() | made.keys()):
        ours, theirs = kept.get(passage), made.get(passage)
        if ours is None or theirs is None or ours[:3] != theirs[:3]:
            yield Fault("deep", passage[0], f"its passage {passage[1]} is not indexed as it reads: {advice}")
        elif not ours[3]:
            yield Fault(
                "deep", passage[0], f"the bits of its passage {passage[1]} are not those of its vector: {advice}"
            )
        yield 1
