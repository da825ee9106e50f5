"""Correcting a memory: what an operator may do through an `Agent`. Each act is logged and outranks any source."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from elephantasm_cli.acts.context import Act, OperatorContext
    from elephantasm_cli.acts.proof import Certificate
    from elephantasm_cli.acts.scope import Selection
    from elephantasm_cli.acts.undo import Undo
    from elephantasm_cli.config import Settings
    from elephantasm_cli.locations import Locations
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.store.store import Store


class Corrections:
    """The acts that the command line, the TUI, MCP and Python users share. Ids may be unique beginnings of ids."""

    name: str
    settings: Settings
    locations: Locations

    if TYPE_CHECKING:

        @cached_property
        def store(self) -> Store: ...

        def checked_embedder(self) -> Embedder: ...

        def resolve(self, prefix: str) -> str: ...

    def note(self, text: str) -> str:
        """Add an event typed by the operator, which outranks any other source; returns its id."""
        from elephantasm_cli.acts.operator_event import add_note

        return add_note(self.store, text)

    def edit(self, item_id: str, text: str, *, reason: str = "") -> Act:
        """Put an item in the operator's words; see `elephantasm_cli.acts.corrections.edit`."""
        from elephantasm_cli.acts.corrections import edit

        return edit(self._acting("edit"), self.resolve(item_id), text, reason)

    def approve(self, item_id: str, *, reason: str = "") -> Act:
        """Vouch for an item: it is active, sure, and gives way to nobody but the operator."""
        from elephantasm_cli.acts.corrections import approve

        return approve(self._acting("approve"), self.resolve(item_id), reason)

    def reject(self, item_id: str, *, reason: str = "") -> Act:
        """Say that an item is not so: it leaves with all that says the same, and stays away."""
        from elephantasm_cli.acts.corrections import reject

        return reject(self._acting("reject"), self.resolve(item_id), reason)

    def archive(self, item_id: str, *, reason: str = "") -> Act:
        """Put an item away; what rests on it alone is looked at again."""
        from elephantasm_cli.acts.corrections import archive

        return archive(self._acting("archive"), self.resolve(item_id), reason)

    def restore(self, item_id: str, *, reason: str = "") -> Act:
        """Bring back one item that was rejected, archived or superseded."""
        from elephantasm_cli.acts.corrections import restore

        return restore(self._acting("restore"), self.resolve(item_id), reason)

    def undo(self, act: str, *, reason: str = "", cascade: bool = False, dry_run: bool = False) -> Undo:
        """Take back an act (by any of its transformations) or all that a dream did; an undo can be undone.

        Raises ConflictError where later acts depend on it and there is no ``cascade``. ``dry_run`` only tells.
        """
        from elephantasm_cli.acts.undo import undo

        return undo(self._acting("undo"), self.resolve(act), reason, cascade=cascade, dry_run=dry_run)

    def forget(
        self,
        *item_ids: str,
        session: str | None = None,
        author: str | None = None,
        matching: str | None = None,
        reason: str = "",
    ) -> Certificate:
        """Erase items with the words they were made of, or the events of a session, by an author, or with some words.

        See `elephantasm_cli.acts.forget`. Raises ConflictError while a dream of this agent is running.
        """
        from elephantasm_cli.acts.forget import forget

        selection = self._selection(item_ids, session, author, matching)
        home = [self.locations.data, self.locations.config]
        lock = self.locations.lock_file(self.name)
        return forget(self._acting("forget"), selection, agent=self.name, home=home, lock=lock, reason=reason)

    def forgettable(
        self,
        *item_ids: str,
        session: str | None = None,
        author: str | None = None,
        matching: str | None = None,
    ) -> list[dict[str, Any]]:
        """What `forget` would erase, as ``{"id", "layer", "text"}``; nothing is changed."""
        from elephantasm_cli.acts.scope import find_forgotten
        from elephantasm_cli.store.rows import TABLES

        with self.store.snapshot():
            found = find_forgotten(self.store, self._selection(item_ids, session, author, matching))
        listed = [{"id": row["id"], "layer": "event", "text": row["content"]} for row in found.events.values()]
        return listed + [
            {"id": row["id"], "layer": layer.value, "text": TABLES[layer].text_of(row)}
            for layer, row in found.rows.values()
        ]

    def finish_forgetting(self) -> bool:
        """Bring a pending erasure to its end; False where another process still reads the old pages."""
        from elephantasm_cli.acts.forget import finish

        return finish(self.store)

    def _selection(
        self, item_ids: Sequence[str], session: str | None, author: str | None, matching: str | None
    ) -> Selection:
        from elephantasm_cli.acts.scope import Selection

        return Selection(tuple(self.resolve(item) for item in item_ids), session, author, matching)

    def _acting(self, command: str) -> OperatorContext:
        from elephantasm_cli.acts.context import OperatorContext

        return OperatorContext(self.store, command, embedder=self.checked_embedder, settings=self.settings.dream)
