"""Looking at a memory: the reads of an `Agent`, all of them plain values."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import NotFoundError
from elephantasm_cli.ids import ACT, layer_of
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from pathlib import Path

    from elephantasm_cli.lineage.faults import VerifyReport
    from elephantasm_cli.lineage.trace import Trace
    from elephantasm_cli.store.browse import Browse
    from elephantasm_cli.store.store import Store


class Views:
    """The reads that the command line, the TUI, MCP and Python users share."""

    name: str
    path: Path

    if TYPE_CHECKING:

        @cached_property
        def store(self) -> Store: ...

    def resolve(self, prefix: str) -> str:
        """The full id that ``prefix`` names. Raises NotFoundError or AmbiguousIdError."""
        from elephantasm_cli.store.find import resolve_id

        return resolve_id(self.store, prefix)

    def named(self, text: str) -> str:
        """The full id that ``text`` means: an id or its beginning, else words, such as a line of a pack.

        Raises NotFoundError or AmbiguousIdError.
        """
        from elephantasm_cli.pack.spoken import find_spoken
        from elephantasm_cli.store.find import TABLE_OF_PREFIX

        if text[:4] in TABLE_OF_PREFIX and len(text.split()) == 1:
            return self.resolve(text)
        with self.store.snapshot():
            return find_spoken(self.store, text)

    def act_of(self, act: str) -> str:
        """The id of an act, given itself or one of its transformations (id or unique prefix)."""
        return act if act.startswith(ACT) else str(self.store.log.get(self.resolve(act))["act_id"])

    def complete_id(self, prefix: str) -> list[str]:
        """Ids that begin with ``prefix``, for shell completion."""
        from elephantasm_cli.store.find import find_ids

        return find_ids(self.store, prefix)

    def why(self, item_id: str, *, down: bool = False) -> Trace:
        """The lineage of an item (id or unique prefix): down to the words, or with ``down`` what came of it."""
        from elephantasm_cli.lineage.trace import trace

        return trace(self.store, self.resolve(item_id), down=down)

    def show(self, item_id: str) -> dict[str, Any]:
        """One item of any kind as plain values, with ``layer`` where it has one. Raises NotFoundError.

        What was rejected or undone is shown too, with ``is_deleted`` true.
        """
        full = self.resolve(item_id)
        layer = layer_of(full)
        found: dict[str, Any] | None
        if layer is Layer.EVENT:
            found = self.store.events.find(full)
        elif layer is not None:
            found = self.store.derived.any_state(layer, full)
        elif full.startswith("drm_"):
            found = self.store.dreams.find(full)
        elif full.startswith("pck_"):
            found = self.store.packs.find(full)
        else:
            found = self.store.log.get(full)
        if found is None:
            raise NotFoundError(f"{full} is not here any more: `elephantasm log` tells what became of it")
        return found if layer is None else {"layer": layer.value, **found}

    def around(self, event_id: str, *, before: int = 3, after: int = 3) -> list[dict[str, Any]]:
        """An event between its neighbours of the same session, in order; empty where it was forgotten."""
        return self.store.events.around(self.resolve(event_id), before=before, after=after)

    def history(self, item_id: str) -> list[dict[str, Any]]:
        """Every transformation of an item, oldest first."""
        return self.store.log.of_target(self.resolve(item_id))

    def events(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Events as plain values; filters: session, author, event_type, since, until, after_seq, newest_first,
        limit."""
        return self.store.events.listed(**filters)

    def items(self, layer: Layer | str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Rows of a derived layer; filters: states, newest_first, limit."""
        return self.store.derived.listed(Layer(layer), **filters)

    def memories(self, **filters: Any) -> list[dict[str, Any]]:
        return list(self.items(Layer.MEMORY, **filters))

    def lessons(self, **filters: Any) -> list[dict[str, Any]]:
        return list(self.items(Layer.LESSON, **filters))

    def knowledge(self, **filters: Any) -> list[dict[str, Any]]:
        return list(self.items(Layer.KNOWLEDGE, **filters))

    def identity(self) -> dict[str, Any] | None:
        """The current identity version; None before the first."""
        return self.store.derived.current_identity()

    def identity_versions(self) -> list[dict[str, Any]]:
        """Every identity version, oldest first."""
        return list(self.items(Layer.IDENTITY))

    def dreams(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Runs of the dreamer with their jobs, newest first."""
        return self.store.dreams.listed(limit)

    def dream_progress(self) -> dict[str, Any] | None:
        """How far the running dream is, whichever process runs it; None where none does."""
        return self.store.dreams.progress()

    @property
    def browse(self) -> Browse:
        """Reads for lists of any length: keys in order, rows by the page, counts, days."""
        return self.store.browse

    def undoable(self, limit: int = 1) -> list[dict[str, Any]]:
        """The last acts of the operator that are in force and can be taken back, newest first: their first entries."""
        from elephantasm_cli.lineage.force import Force
        from elephantasm_cli.vocabulary import TransformationType

        force = Force(self.store.log.undoers())
        found: dict[str, dict[str, Any]] = {}
        for entry in self.store.log.listed(created_by="operator", newest_first=True):
            if entry["act_id"] not in found and len(found) == limit:
                break
            if (
                entry["undoes"] is None
                and entry["transformation_type"] != TransformationType.FORGET
                and force(entry["id"])
            ):
                found[entry["act_id"]] = entry
        return list(found.values())

    def packs(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Saved packs, newest first."""
        return self.store.packs.listed(limit)

    def log(self, **filters: Any) -> list[dict[str, Any]]:
        """The transformation log; filters: dream_id, act_id, target_id, transformation_type, workflow_name, created_by,
        model_id, since, until (stored times, inclusive), newest_first, limit."""
        return list(self.store.log.listed(**filters))

    def stats(self) -> dict[str, Any]:
        """Counts and sizes: events, sessions, rows per layer and state, vectors missing, file size in bytes."""
        connection = self.store.connection
        row = self.store.agent.get()
        events = connection.execute(
            "SELECT count(*), count(DISTINCT session_id), min(occurred_at), max(occurred_at), "
            "ifnull(sum(token_count), 0) "
            "FROM events WHERE is_deleted = 0"
        ).fetchone()
        return {
            "agent": self.name,
            "file": str(self.path),
            "bytes": self.path.stat().st_size,
            "events": events[0],
            "sessions": events[1],
            "first_event": events[2],
            "last_event": events[3],
            "tokens": events[4],
            "layers": self.store.derived.counts(),
            "transformations": self.store.log.newest_seq(),
            "dreams": connection.execute("SELECT count(*) FROM dreams").fetchone()[0],
            "passages": connection.execute("SELECT count(*) FROM passages").fetchone()[0],
            "passages_without_vector": self.store.passages.count_without_vector(row["embedding_sha256"]),
            "embedding_model": row["embedding_model"],
        }

    def verify(self, *, deep: bool = False, rebuild: str | os.PathLike[str] | None = None) -> VerifyReport:
        """Prove that log and tables agree; see `elephantasm_cli.lineage.verify`.

        ``deep`` also compares the indexes word by word with the items. ``rebuild`` names a file that is made anew from
        events and log, which is deep too. Raises UsageError if that file is there.
        """
        if deep or rebuild is not None:
            from pathlib import Path

            from elephantasm_cli.lineage.deep import verify_deep

            return verify_deep(self.store, None if rebuild is None else Path(rebuild))
        from elephantasm_cli.lineage.verify import verify

        return verify(self.store)
