"""Fetch a model file from a model hub over HTTPS, in as many goes as it takes."""

from __future__ import annotations

import errno
import http.client
import os
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.services.catalog import HubSource
from elephantasm_cli.services.wheel_source import Progress

TIMEOUT_SECONDS = 5.0
"""For the connection and for every read: a stalled read is taken up where it stopped."""

ATTEMPTS = 5
"""Goes in a row without a single byte gained, after the hub has answered once."""

PAUSE_SECONDS = 1.0
CHUNK_BYTES = 1024 * 1024
DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})
"""Errors of the disk, which no second go at the network cures."""

HUB = "https://huggingface.co"


@dataclass(frozen=True)
class HubFacts:
    """What the hub says of a file: its size in bytes and its sha256, each None where it says nothing."""

    size: int | None
    sha256: str | None


def hub_url(source: HubSource) -> str:
    """The file's address; ``HF_ENDPOINT`` names a mirror, as it does for the hub's own tools."""
    base = (os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
    return f"{base}/{source.repository}/resolve/main/{quote(source.file)}"


def fetch_hub(source: HubSource, part_file: Path, *, size: int | None, progress: Progress) -> HubFacts:
    """Write the file to ``part_file``, carrying on behind what is already there.

    Raises ModelFileError when the hub cannot be reached, has no such file or keeps failing. The sha256 is the
    caller's to check; what the hub itself says of the file is returned. The disk's own errors (OSError) pass.
    """
    url = hub_url(source)
    idle = 0
    answered = False
    while True:
        done = part_file.stat().st_size if part_file.exists() else 0
        try:
            facts = _fetch_rest(url, part_file, done, size, progress)
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) in DISK_ERRORS:
                raise
            if isinstance(error, urllib.error.HTTPError):
                if error.code == 416 and done:  # nothing behind what is there: it is whole, or not this file
                    return _facts(error.headers, _total_of(error.headers))
                if error.code < 500:
                    raise ModelFileError(f"the hub has no {source.repository}/{source.file} ({error.code})") from error
            gained = part_file.exists() and part_file.stat().st_size > done
            answered = answered or gained
            idle = 0 if gained else idle + 1
            if not answered or idle >= ATTEMPTS:
                raise ModelFileError(f"the hub cannot be reached ({_reason(error)}): check the network") from error
            time.sleep(PAUSE_SECONDS)
            continue
        total = facts.size or size
        if total is None or part_file.stat().st_size >= total:
            return facts
        answered = True  # the connection ended early without an error: ask for the rest


def _fetch_rest(url: str, part_file: Path, done: int, size: int | None, progress: Progress) -> HubFacts:
    request = urllib.request.Request(url, headers={"User-Agent": "elephantasm", "Accept-Encoding": "identity"})
    if done:
        request.add_header("Range", f"bytes={done}-")
    redirect = _RememberingRedirect()
    with urllib.request.build_opener(redirect).open(request, timeout=TIMEOUT_SECONDS) as response:
        resumed = response.status == 206
        start = done if resumed else 0
        length = response.headers.get("Content-Length")
        total = start + int(length) if length else size
        with part_file.open("ab" if resumed else "wb") as target:
            while chunk := response.read(CHUNK_BYTES):
                target.write(chunk)
                progress(target.tell(), total, "downloading from the hub")
        facts = _facts(response.headers, total)
        return HubFacts(total, redirect.sha256 or facts.sha256)


class _RememberingRedirect(urllib.request.HTTPRedirectHandler):
    """Large files are answered with a redirect to storage, and only the redirect names their sha256."""

    sha256: str | None = None

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        self.sha256 = self.sha256 or _facts(headers, None).sha256
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _facts(headers: Any, total: int | None) -> HubFacts:
    tag = (headers.get("X-Linked-Etag") or "").strip('"')
    return HubFacts(total, tag if re.fullmatch(r"[0-9a-f]{64}", tag) else None)


def _total_of(headers: Any) -> int | None:
    matched = re.fullmatch(r"bytes \*/(\d+)", headers.get("Content-Range") or "")
    return int(matched[1]) if matched else None


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error or type(error).__name__)
