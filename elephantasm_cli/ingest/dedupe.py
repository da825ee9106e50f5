"""The key by which an event is known again. Part of the file format: another key would make every old event new.

With the source's own message id: format, session, id, block ordinal. Without: session, role, the time the source gives,
content, and the ordinal among equals of the session in one source. Guessed times never enter. Both are hashed; the
prefix says which of the two it is.
"""

from __future__ import annotations

import hashlib

ID_PREFIX = "id:"
CONTENT_PREFIX = "text:"


class DedupeKeys:
    """Makes the keys of one source; counts equals, so that saying "ok" twice is two events."""

    def __init__(self, format_name: str) -> None:
        self._format = format_name
        self._equals: dict[bytes, int] = {}

    def by_id(self, session_id: str, source_id: str, block: int) -> str:
        """The key of a part of a message with an id."""
        return ID_PREFIX + _digest(self._format, session_id, source_id, str(block)).hex()

    def by_content(self, session_id: str, role: str, given_time: str | None, content: str) -> str:
        """The key of a message without an id; the n-th equal one gets the n-th key."""
        equal = _digest(session_id, role, given_time or "", content)
        ordinal = self._equals.get(equal, 0)
        self._equals[equal] = ordinal + 1
        return CONTENT_PREFIX + hashlib.blake2b(b"%b:%d" % (equal, ordinal), digest_size=16).hexdigest()


def _digest(*parts: str) -> bytes:
    """BLAKE2b over the parts, each behind its length in bytes, so that no two lists of parts read the same."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8")
        state.update(b"%d:" % len(data))
        state.update(data)
    return state.digest()
