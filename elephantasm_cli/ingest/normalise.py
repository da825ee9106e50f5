"""A raw event into a draft: clean text, a session, a time, an author, a trust class, a dedupe key."""

from __future__ import annotations

from typing import Any

from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.ingest import roles
from elephantasm_cli.ingest.cleaning import clean_text, clean_value
from elephantasm_cli.ingest.dedupe import DedupeKeys
from elephantasm_cli.ingest.records import RawEvent
from elephantasm_cli.ingest.times import later_by_a_microsecond, read_time, time_after
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.services.redaction import redact, redact_value
from elephantasm_cli.vocabulary import Trust, lowest_trust

STREAM_SESSION = "stdin"
GIVEN_TIME_CHARACTERS = 100


class LeftOutError(Exception):
    """The event is not stored, on purpose; the message is the reason that is counted."""


class Normaliser:
    """Makes the drafts of one source. Keeps what depends on order: guessed times and the ordinals of equals."""

    def __init__(
        self,
        format_name: str,
        label: str,
        *,
        session: str | None = None,
        modified: float | None = None,
        trust: Trust | None = None,
        since: str | None = None,
    ) -> None:
        """``session`` serves events that name none (None: a stream, see `_session`); ``modified`` is the file's mtime
        in seconds (None: events without a time happened as they arrived); ``trust`` overrides what the role says;
        ``since`` (stored time, inclusive) leaves out what happened before.
        """
        # File names may hold bytes that are not UTF-8, which Python carries as lone surrogates.
        self._label = clean_text(label)[0]
        self._session = clean_text(session)[0] if session is not None else None
        self._modified = modified
        self._trust = trust
        self._since = since
        self._keys = DedupeKeys(format_name)
        self._newest: dict[str, str] = {}
        self._anchored: set[str] = set()
        self._position = 0
        self._now = utc_now()

    def draft(self, raw: RawEvent) -> EventDraft:
        """The draft of ``raw``. Raises LeftOutError for what is not to be stored, ValueError for what cannot be."""
        self._position += 1
        content, replaced = clean_text(raw.content)
        content, redacted = redact(content)
        if not content.strip():
            raise LeftOutError(redacted[0] if redacted else "empty")
        metadata: dict[str, Any] = redact_value(clean_value(raw.metadata)) if raw.metadata else {}
        if raw.notes or replaced:
            metadata["replaced"] = [*raw.notes, *replaced]
        if redacted:
            metadata["redacted"] = list(dict.fromkeys(redacted))
        given = read_time(raw.occurred_at) if raw.occurred_at is not None else None
        session = self._session_of(raw, given)
        occurred_at = self._time(raw, given, session, metadata)
        role = clean_text(raw.role)[0]
        if raw.source_id is not None:
            key = self._keys.by_id(session, clean_text(raw.source_id)[0], raw.block)
        else:
            key = self._keys.by_content(session, role, given, content)
        if self._since is not None and occurred_at < self._since:
            raise LeftOutError("before --since")
        return EventDraft(
            session,
            raw.event_type,
            role,
            (redact(clean_text(raw.author)[0]).text.strip() if raw.author else "")
            or roles.author_of(role, raw.event_type),
            content,
            occurred_at,
            f"{self._label}:{raw.line}",
            key,
            self._trust_of(raw),
            metadata,
        )

    def _session_of(self, raw: RawEvent, given: str | None) -> str:
        if raw.session_id:
            return clean_text(raw.session_id)[0]
        if self._session is None:
            # A stream has no name, and the same transcript piped in again must land in the same session.
            self._session = f"{STREAM_SESSION}-{given[:10]}" if given else STREAM_SESSION
        return self._session if raw.conversation == 1 else f"{self._session}-{raw.conversation}"

    def _trust_of(self, raw: RawEvent) -> Trust:
        if self._trust is not None:
            return self._trust
        by_role = roles.trust_of(raw.role, raw.event_type)
        # A record may ask for less trust than its role has, never for more: anybody can write a file.
        return by_role if raw.trust is None else lowest_trust([raw.trust, by_role])

    def _time(self, raw: RawEvent, given: str | None, session: str, metadata: dict[str, Any]) -> str:
        if given is None:
            metadata["time"] = "guessed"
            if raw.occurred_at is not None:
                metadata["time_given"] = _shown(raw.occurred_at)
            moment = self._guess(session)
        elif self._is_future(given):
            metadata["time"] = "clamped"
            metadata["time_given"] = _shown(raw.occurred_at)
            moment = self._now
            self._anchored.add(session)
        else:
            moment = given
            self._anchored.add(session)
        self._newest[session] = moment
        return moment

    def _guess(self, session: str) -> str:
        """Just after the event before it; where a session has no time at all, the file's mtime counted on by position,
        or the moment of arrival.
        """
        before = self._newest.get(session)
        if before is not None and (session in self._anchored or self._modified is not None):
            guess = later_by_a_microsecond(before)
        elif self._modified is not None:
            guess = time_after(self._modified, self._position)
        else:
            self._now = utc_now()
            return self._now
        return self._now if self._is_future(guess) else guess

    def _is_future(self, time: str) -> bool:
        if time <= self._now:
            return False
        self._now = utc_now()
        return time > self._now


def _shown(value: object) -> str:
    return redact(clean_text(str(value))[0]).text[:GIVEN_TIME_CHARACTERS]
