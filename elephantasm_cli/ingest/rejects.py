"""The file of records that could not be taken: one JSON object a line, readable by its owner only."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

from elephantasm_cli.errors import OutOfSpaceError, ReadOnlyError
from elephantasm_cli.ingest.cleaning import clean_text
from elephantasm_cli.ingest.records import EXCERPT_CHARACTERS, Reject
from elephantasm_cli.locations import ensure_private_folder
from elephantasm_cli.services.redaction import redact


class RejectsFile:
    """Appends rejects to ``path`` (mode 0600, made at the first one). The same reject is written once, however often
    its source is read again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: set[bytes] | None = None

    def write(self, source: str, reject: Reject) -> None:
        """Append ``reject``. Raises ReadOnlyError or OutOfSpaceError if it cannot be kept."""
        excerpt = redact(clean_text(reject.excerpt)[0]).text[:EXCERPT_CHARACTERS]
        entry = {
            "source": source,
            "offset": reject.offset,
            "line": reject.line,
            "reason": clean_text(reject.reason)[0],
            "excerpt": excerpt,
        }
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            self._append(line)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise OutOfSpaceError(f"the disk is full: free some space for {self._path} and run again") from error
            raise ReadOnlyError(f"{self._path} cannot be written ({error.strerror}): check its permissions") from error

    def _append(self, line: bytes) -> None:
        if self._known is None:
            ensure_private_folder(self._path.parent)
            self._known = set(self._path.read_bytes().splitlines(keepends=True)) if self._path.exists() else set()
        if line in self._known:
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(line)
        self._known.add(line)
