"""Where records come from: files, folders, streams, and records already in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from elephantasm_cli.errors import InputError

SUFFIXES = frozenset({".jsonl", ".ndjson", ".json", ".txt", ".text", ".log", ".md", ".markdown"})
"""What a walk through a folder takes; a file named outright may be called anything."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """One file, or a folder that is walked in sorted order (hidden names and links to folders left out)."""

    path: Path


@dataclass(frozen=True, slots=True)
class StreamSource:
    """A binary stream that is read as it comes: standard input, a pipe."""

    stream: BinaryIO
    label: str = "stdin"


@dataclass(frozen=True, slots=True)
class RecordsSource:
    """Records in memory, of the shape that a line of the ``jsonl`` format has."""

    records: Iterable[Mapping[str, Any]]
    session: str = "default"
    label: str = "python"


Source = FileSource | StreamSource | RecordsSource


def file_sources(paths: Iterable[str | os.PathLike[str]]) -> list[FileSource]:
    """The sources for ``paths``. Raises InputError if one does not exist, before anything is read."""
    sources = [FileSource(Path(path)) for path in paths]
    for source in sources:
        if not source.path.exists():
            raise InputError(f"{source.path} does not exist: check the path")
        if not os.access(source.path, os.R_OK):
            raise InputError(f"{source.path} cannot be read: check its permissions")
    return sources


def walk(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Every visible file under ``folder`` in sorted order, and whether its name is one that ingest takes."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                path = Path(root, name)
                yield path, path.suffix.lower() in SUFFIXES and path.is_file()
