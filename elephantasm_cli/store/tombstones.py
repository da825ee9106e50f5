"""Tombstones: what must not come back, whoever says it again.

Words are kept as a keyed hash alone. Of what an operator rejected or corrected there is a vector too, so that a
paraphrase stays away; of what was forgotten there is none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from elephantasm_cli.ids import canonical_json
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.text.words import words
from elephantasm_cli.vocabulary import Layer, TombstoneReason, Trust

if TYPE_CHECKING:
    from elephantasm_cli.drafts import EventDraft
    from elephantasm_cli.store.store import Store

PART = 500


class Tombstones:
    """Rows of `tombstones`. Callers open the transactions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def key(self, *parts: str) -> str:
        """The keyed hash of some texts, each taken as its words alone: case, punctuation and spacing do not count."""
        plain = canonical_json([" ".join(words(part)) for part in parts])
        return hashlib.blake2b(plain.encode("utf-8"), key=self._secret, digest_size=20).hexdigest()

    @cached_property
    def _secret(self) -> bytes:
        return bytes.fromhex(self._store.agent.secret)

    def add(
        self,
        key: str,
        layer: Layer,
        reason: TombstoneReason,
        *,
        item_id: str,
        act_id: str,
        instead: str | None = None,
        embedding: bytes | None = None,
        model_sha256: str | None = None,
    ) -> None:
        """Lay a tombstone over an item; ``instead`` is the one that an edit put in its place.

        ``embedding`` (little-endian float32 of the model named) is for reject and edit only.
        """
        now = utc_now()
        metadata = {"item": item_id, "act": act_id, "instead": instead, "model": model_sha256}
        self._connection.execute(
            "INSERT INTO tombstones (content_hmac, layer, reason, embedding, metadata, created_at, updated_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (key, layer.value, reason.value, embedding, canonical_json(metadata), now, now),
        )

    def bury_event(self, event: Mapping[str, Any], act_id: str, *, telling: bool) -> None:
        """Keep a forgotten event from coming back: by its key, and by its words if the transcript has other ids.

        Words that are not ``telling`` ("ok") anybody may say anew: they are known again in their own session alone.
        """
        by_key, by_author, by_session = self.event_keys(
            event["dedupe_key"], event["session_id"], event["author"], event["content"]
        )
        for key in (by_key, by_author if telling else by_session):
            self.add(key, Layer.EVENT, TombstoneReason.FORGET, item_id=event["id"], act_id=act_id)

    def event_keys(self, dedupe_key: str, session: str, author: str, content: str) -> tuple[str, str, str]:
        """The hashes by which an event is known again: its key, its author and words, its session and words."""
        return (
            self.key("event", dedupe_key.partition("#")[0]),
            self.key("author", author, content),
            self.key("session", session, content),
        )

    def without_forgotten(self, drafts: Sequence[EventDraft]) -> Sequence[EventDraft]:
        """The drafts of events that nobody has forgotten. What an operator types is let in."""
        if self._connection.execute("SELECT 1 FROM tombstones WHERE layer = 'event' LIMIT 1").fetchone() is None:
            return drafts
        keys = [self.event_keys(d.dedupe_key, d.session_id, d.author, d.content) for d in drafts]
        buried = self.any_of([key for three in keys for key in three])
        return [
            draft
            for draft, three in zip(drafts, keys, strict=True)
            if draft.trust is Trust.OPERATOR or buried.isdisjoint(three)
        ]

    def standing(self) -> list[dict[str, Any]]:
        """The tombstones in force, in the order they were laid, with ``metadata`` parsed."""
        return [
            {**dict(row), "metadata": json.loads(row["metadata"])}
            for row in self._connection.execute("SELECT * FROM tombstones WHERE is_deleted = 0 ORDER BY id")
        ]

    def version(self) -> tuple[Any, ...]:
        """Differs whenever another tombstone was laid, lifted or changed."""
        return tuple(
            self._connection.execute(
                "SELECT count(*), max(id), sum(is_deleted), max(updated_at) FROM tombstones"
            ).fetchone()
        )

    def any_of(self, keys: Sequence[str]) -> set[str]:
        """Those of ``keys`` that lie under a tombstone in force."""
        found: set[str] = set()
        for start in range(0, len(keys), PART):
            part = list(keys[start : start + PART])
            found |= {
                str(row[0])
                for row in self._connection.execute(
                    "SELECT content_hmac FROM tombstones WHERE is_deleted = 0 "
                    f"AND content_hmac IN ({', '.join('?' * len(part))})",
                    part,
                )
            }
        return found

    def over(self, item_id: str) -> list[Mapping[str, Any]]:
        """The tombstones in force over one item."""
        return [each for each in self.standing() if each["metadata"]["item"] == item_id]

    def judged(self, item_ids: Collection[str]) -> list[dict[str, Any]]:
        """The tombstones, in force or not, that reject or edit laid over these items: ``id``, ``item`` and ``act``."""
        found = [
            {"id": row[0], "item": row[1], "act": row[2]}
            for row in self._connection.execute(
                "SELECT id, json_extract(metadata, '$.item'), json_extract(metadata, '$.act') FROM tombstones "
                "WHERE reason != ? ORDER BY id",
                (TombstoneReason.FORGET.value,),
            )
        ]
        return [each for each in found if each["item"] in item_ids]

    def set_standing(self, tombstone_id: int, standing: bool) -> None:
        """Put a tombstone into force, or take it out."""
        self._connection.execute(
            "UPDATE tombstones SET is_deleted = ?, updated_at = ? WHERE id = ? AND is_deleted = ?",
            (int(not standing), utc_now(), tombstone_id, int(standing)),
        )

    def lift(self, item_id: str) -> None:
        """Take the tombstones that reject or edit laid over an item out of force."""
        for each in self.judged({item_id}):
            self.set_standing(each["id"], standing=False)
