"""An event on its way into the store: what ingest makes and ``store.events.add`` takes.

Beside models.py but without pydantic: tens of thousands of these are made a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from elephantasm_cli.vocabulary import EventType, Trust


@dataclass(slots=True, frozen=True)
class EventDraft:
    """One event, normalised and redacted, with everything but what the store itself gives (id, seq, hashes, counts).

    ``occurred_at`` is stored time text (``YYYY-MM-DDTHH:MM:SS.ffffffZ``, UTC) and never later than the moment the
    draft was made. ``source`` is the file or stream and the line. No text holds NUL or lone surrogates; ``metadata``
    is JSON without NaN. ``dedupe_key`` is opaque (see ingest/dedupe.py): the same key with the same content is the
    same event.
    """

    session_id: str
    event_type: EventType
    role: str
    author: str
    content: str
    occurred_at: str
    source: str
    dedupe_key: str
    trust: Trust
    metadata: dict[str, Any]
