"""Events: what happened, verbatim, chained so that a change behind our back shows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elephantasm_cli.ids import canonical_json, event_id, sha256_text
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.store.rows import EVENT_COLUMNS, decode, quoted
from elephantasm_cli.store.tips import set_tip
from elephantasm_cli.text.passages import estimate_tokens

if TYPE_CHECKING:
    from elephantasm_cli.drafts import EventDraft
    from elephantasm_cli.store.store import Store

DEFAULT_IMPORTANCE = 0.5
CHAIN_START = "0" * 64
HASHED = (
    "seq", "id", "session_id", "event_type", "role", "author", "content_sha256", "occurred_at", "recorded_at",
    "trust", "source", "dedupe_key", "token_count", "metadata",
)  # fmt: skip
"""The columns of an event that never change: what ``row_sha256`` is taken over, with the salt."""
INSERTED = (
    *HASHED[:6], "content", *HASHED[6:], "importance_score", "salt", "row_sha256", "chain_sha256", "created_at",
    "updated_at",
)  # fmt: skip
COLUMNS = quoted(EVENT_COLUMNS)


@dataclass(frozen=True, slots=True)
class AddOutcome:
    """What became of a batch, each draft once: new, already there, or stored beside an older text of its key.

    ``forgotten`` were kept out: they had been forgotten.
    """

    added: int
    duplicates: int
    changed: int
    forgotten: int = 0


class Events:
    """The events table. Ordered by ``seq`` (as ingested) or by time (``occurred_at``, then ``seq``)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def add(self, drafts: Sequence[EventDraft]) -> AddOutcome:
        """Store ``drafts`` with their passages and full text, inside a transaction.

        A key that is there with the same content is a duplicate; with other content the draft is stored under key and
        content hash, and counted as changed.
        """
        agent = self._store.agent.id
        seq, chain = self._tip()
        now = utc_now()
        given = len(drafts)
        drafts = self._store.tombstones.without_forgotten(drafts)
        known = self._known_keys([draft.dedupe_key for draft in drafts])
        rows: list[dict[str, Any]] = []
        duplicates = changed = 0
        for draft in drafts:
            content_hash = sha256_text(draft.content)
            key = draft.dedupe_key
            if (stored := known.get(key)) is not None:
                if stored == content_hash:
                    duplicates += 1
                    continue
                key = f"{key}#{content_hash[:32]}"
                if key in known or self._known_keys([key]):
                    duplicates += 1
                    continue
                changed += 1
            known[key] = content_hash
            seq += 1
            row: dict[str, Any] = {
                "seq": seq,
                "id": event_id(agent, key),
                "session_id": draft.session_id,
                "event_type": draft.event_type.value,
                "role": draft.role,
                "author": draft.author,
                "content": draft.content,
                "content_sha256": content_hash,
                "occurred_at": draft.occurred_at,
                "recorded_at": now,
                "trust": draft.trust.value,
                "source": draft.source,
                "dedupe_key": key,
                "token_count": estimate_tokens(draft.content),
                "metadata": canonical_json(draft.metadata),
                "importance_score": DEFAULT_IMPORTANCE,
                "salt": os.urandom(16).hex(),
                "created_at": now,
                "updated_at": now,
            }
            row_sha256 = row_hash(row)
            chain = link(chain, row_sha256)
            row |= {"row_sha256": row_sha256, "chain_sha256": chain}
            rows.append(row)
        if rows:
            self._connection.executemany(
                f"INSERT INTO events ({quoted(INSERTED)}) VALUES ({', '.join('?' * len(INSERTED))})",
                [tuple(row[column] for column in INSERTED) for row in rows],
            )
            self._store.passages.add_events(rows)
            set_tip(self._connection, "events", seq, chain)
        return AddOutcome(len(rows) - changed, duplicates, changed, forgotten=given - len(drafts))

    def _tip(self) -> tuple[int, str]:
        row = self._connection.execute("SELECT seq, chain_sha256 FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, CHAIN_START)

    def _known_keys(self, keys: Sequence[str]) -> dict[str, str]:
        """Which of ``keys`` are stored, with the hash of their content."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            marks = ", ".join("?" * len(part))
            found.update(
                (row[0], row[1])
                for row in self._connection.execute(
                    f"SELECT dedupe_key, content_sha256 FROM events WHERE dedupe_key IN ({marks})", part
                )
            )
        return found

    def find(self, item_id: str) -> dict[str, Any] | None:
        """The live event with this full id, as plain values."""
        row = self._connection.execute(
            f"SELECT {COLUMNS} FROM events WHERE id = ? AND is_deleted = 0", (item_id,)
        ).fetchone()
        return decode(row) if row else None

    def many(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The live events with these ids, by id."""
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            for row in self._connection.execute(
                f"SELECT {COLUMNS} FROM events WHERE is_deleted = 0 AND id IN ({', '.join('?' * len(part))})", part
            ):
                found[row["id"]] = decode(row)
        return found

    def listed(
        self,
        *,
        session: str | None = None,
        author: str | None = None,
        event_type: str | None = None,
        since: str | None = None,
        until: str | None = None,
        after_seq: int = 0,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Live events, oldest ingested first (or newest first), filtered; ``since`` and ``until`` are inclusive."""
        conditions, values = ["is_deleted = 0", "seq > ?"], [after_seq]
        given: Mapping[str, Any] = {
            "session_id = ?": session,
            "author = ?": author,
            "event_type = ?": event_type,
            "occurred_at >= ?": since,
            "occurred_at <= ?": until,
        }
        for condition, value in given.items():
            if value is not None:
                conditions.append(condition)
                values.append(value)
        order = "DESC" if newest_first else "ASC"
        sql = f"SELECT {COLUMNS} FROM events WHERE {' AND '.join(conditions)} ORDER BY seq {order}"
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        for row in self._connection.execute(sql, values):
            yield decode(row)

    def newest_time(self) -> str | None:
        """The database's clock: the newest ``occurred_at`` of the live events."""
        row = self._connection.execute(
            "SELECT occurred_at FROM events WHERE is_deleted = 0 ORDER BY occurred_at DESC, seq DESC LIMIT 1"
        ).fetchone()
        return str(row[0]) if row else None

    def speakers(self) -> dict[str, set[str]]:
        """Role -> the authors who said or did anything in it."""
        found: dict[str, set[str]] = {}
        for role, author in self._connection.execute(
            "SELECT DISTINCT role, author FROM events WHERE is_deleted = 0 ORDER BY role, author"
        ):
            found.setdefault(role, set()).add(author)
        return found

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM events WHERE is_deleted = 0").fetchone()[0])

    def around(self, item_id: str, *, before: int = 2, after: int = 2) -> list[dict[str, Any]]:
        """The event with its neighbours in the same session, in order."""
        event = self.find(item_id)
        if event is None:
            return []
        earlier = self._connection.execute(
            f"SELECT {COLUMNS} FROM events WHERE session_id = ? AND seq < ? AND is_deleted = 0 "
            "ORDER BY seq DESC LIMIT ?",
            (event["session_id"], event["seq"], before),
        ).fetchall()
        later = self._connection.execute(
            f"SELECT {COLUMNS} FROM events WHERE session_id = ? AND seq > ? AND is_deleted = 0 ORDER BY seq LIMIT ?",
            (event["session_id"], event["seq"], after),
        ).fetchall()
        return [*(decode(row) for row in reversed(earlier)), event, *(decode(row) for row in later)]

    def chain_rows(self) -> Iterator[dict[str, Any]]:
        """Every row as stored, deleted ones too, in order: what the verifier reads."""
        for row in self._connection.execute("SELECT * FROM events ORDER BY seq"):
            yield dict(row)


def row_hash(row: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the salt and the unchanging columns (metadata as its stored JSON text)."""
    return sha256_text(row["salt"] + canonical_json([row[column] for column in HASHED]))


def link(chain: str, row_sha256: str) -> str:
    """The next link of a hash chain: SHA-256 over the previous link and the row's hash, both hex."""
    return hashlib.sha256((chain + row_sha256).encode("ascii")).hexdigest()
