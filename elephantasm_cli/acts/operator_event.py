"""What an operator types, as an event: the ground that notes and corrections stand on."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.errors import UsageError
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.services.redaction import redact
from elephantasm_cli.vocabulary import EventType, Trust

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

AUTHOR = "Operator"


def add_note(store: Store, text: str) -> str:
    """Store a note and return its id. Raises UsageError for one without words."""
    content = redact(text.strip()).text
    if not content.strip():
        raise UsageError("a note needs words: elephantasm note 'I moved to Lisbon'")
    with store.transaction():
        return _add(store, content, "notes", EventType.NOTE, None)


def add_operator_event(store: Store, content: str, *, edits: str) -> str:
    """Store the words of an edit, inside the caller's transaction, and return the event's id.

    It is an observation: the edit has made an item of it already, and a dream makes none. Its time is the database's
    clock: correcting an old history makes nothing in it older.
    """
    return _add(store, content, "corrections", EventType.OBSERVATION, edits)


def _add(store: Store, content: str, session: str, kind: EventType, edits: str | None) -> str:
    store.events.add(
        [
            EventDraft(
                session_id=session,
                event_type=kind,
                role="operator",
                author=AUTHOR,
                content=content,
                occurred_at=utc_now() if edits is None else store.events.newest_time() or utc_now(),
                source="note" if edits is None else "edit",
                dedupe_key=f"{session}:{secrets.token_hex(16)}",
                trust=Trust.OPERATOR,
                metadata={} if edits is None else {"edits": edits},
            )
        ]
    )
    return str(next(store.events.listed(newest_first=True, limit=1))["id"])
