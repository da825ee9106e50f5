"""Proof that what was forgotten is gone: the pages are written over, and every value and every file is searched."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elephantasm_cli.acts.needles import Needles
from elephantasm_cli.acts.raw_search import holding
from elephantasm_cli.ids import canonical_json, sha256_text
from elephantasm_cli.text.words import words

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

WAIT = 5.0
"""So many seconds a reader is waited for."""


@dataclass(slots=True)
class Proof:
    """What was searched for and where. ``left`` are files of this agent that still hold something, ``elsewhere`` other
    files of the home that do: another agent's are not this one's to change. ``pending``: a reader holds the old pages.
    """

    needles: int = 0
    values: int = 0
    files: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rejects: int = 0
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was erased, in numbers and ids, and the proof; as plain values with a ``sha256`` over all of them."""

    act_id: str
    at: str
    agent: str
    erased: dict[str, int]
    ids: list[str]
    entries: int
    packs: list[str]
    records: int
    restored: list[str]
    log_chain: str
    proof: Proof

    @property
    def complete(self) -> bool:
        return not self.proof.pending and not self.proof.left

    def to_dict(self) -> dict[str, Any]:
        from dataclasses import asdict

        body = {**asdict(self), "complete": self.complete}
        return {**body, "sha256": sha256_text(canonical_json(body))}


def settle(store: Store) -> bool:
    """Empty the write-ahead log into the file; False where a reader still holds the old pages after `WAIT` seconds."""
    until = time.monotonic() + WAIT
    while not store.erasure.checkpoint():
        if time.monotonic() >= until:
            return False
        time.sleep(0.1)
    return True


def prove(store: Store, needles: Needles, home: list[Path], agent: str) -> Proof:
    """Clean the files beside the database, settle it, and search its every value and every file of ``home``.

    A line is looked for in raw bytes alone, and only if no value holds it: where one does that gives away no word and
    no phrase, what stays says the same, the history of a row or an identity made anew. Where the raw file still holds
    something, it is written anew as a whole and searched again.
    """
    proof = Proof(needles=len(needles.words) + len(needles.lines))
    proof.rejects = _clean_rejects(store.path.with_name(f"{agent}.rejects.jsonl"), needles)
    proof.pending = not settle(store)
    for table, value in store.erasure.values():
        proof.values += 1
        if needles.leak_in(value):
            proof.left.append(f"table {table}")
            break
        needles.spare_lines(value)
    wanted = needles.for_bytes(words(" ".join(store.erasure.schema())))
    if not proof.pending and holding([store.path], wanted):
        store.erasure.vacuum()
        proof.pending = not settle(store)
    files = list(files_of(home))
    proof.files = {str(path): path.stat().st_size for path in files}
    for path in holding(files, wanted):
        if path.name.startswith(f"{agent}.db.") and path.suffix == ".backup":
            path.unlink()
            proof.removed.append(str(path))
        elif path.name.startswith((f"{agent}.db", f"{agent}.rejects")):
            proof.left.append(str(path))
        else:
            proof.elsewhere.append(str(path))
    return proof


def files_of(home: list[Path]) -> Iterator[Path]:
    """Every file below some folders, each once, in order of its path."""
    found = {path for folder in home if folder.is_dir() for path in folder.rglob("*") if path.is_file()}
    yield from sorted(found)


def _clean_rejects(path: Path, needles: Needles) -> int:
    """Take the lines that give something away out of the file of rejects; returns how many."""
    if not path.exists():
        return 0
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not needles.leak_in(_parsed(line))]
    if len(kept) < len(lines):
        fresh = path.with_name(path.name + ".new")
        descriptor = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(kept)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    return len(lines) - len(kept)


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line.decode("utf-8", "replace")
