"""Proofs of model files: the sha256 of a file, remembered for as long as its size and time stay as they were."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

from elephantasm_cli.locations import ensure_private_folder


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def proof_file(path: Path, models: Path) -> Path:
    """Where the proof of ``path`` is kept: beside a file of the cache ``models``; in the cache for a file elsewhere."""
    if path.is_relative_to(models):
        return path.with_name(f"{path.name}.verified.json")
    key = hashlib.sha256(os.fspath(path).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return models / "verified" / f"{path.name}.{key}.verified.json"


def remembered_sha256(path: Path, models: Path) -> str | None:
    """The sha256 proved earlier, if the file's size and modification time (ns) are still the same."""
    try:
        proof = json.loads(proof_file(path, models).read_text(encoding="utf-8"))
        status = path.stat()
        if (proof["size"], proof["mtime_ns"]) == (status.st_size, status.st_mtime_ns):
            return str(proof["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # never proved, or the record is torn: prove again
    return None


def prove(path: Path, models: Path) -> str:
    """Read the whole file, remember its sha256 where that can be written, and return it."""
    before = path.stat()
    sha256 = file_sha256(path)
    with contextlib.suppress(OSError):  # a read-only cache costs the next load a second reading, nothing else
        _write(path, models, before, sha256)
    return sha256


def remember(path: Path, models: Path, sha256: str) -> None:
    """Keep a sha256 that has just been computed over this very file."""
    _write(path, models, path.stat(), sha256)


def _write(path: Path, models: Path, status: os.stat_result, sha256: str) -> None:
    record = proof_file(path, models)
    ensure_private_folder(record.parent)
    draft = record.with_name(f"{record.name}.new")
    draft.write_text(
        json.dumps({"size": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": sha256}), encoding="utf-8"
    )
    draft.replace(record)
