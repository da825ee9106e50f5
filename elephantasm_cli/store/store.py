"""One agent's file: the connection, the one transaction boundary, and the table families that work on it.

Repositories never commit. Whoever writes opens ``with store.transaction():``, which is BEGIN IMMEDIATE (a deferred
transaction that reads and then writes fails under contention) and rolls back unless the block ends well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from elephantasm_cli.errors import LineageError
from elephantasm_cli.locations import ensure_private_folder
from elephantasm_cli.store import connection as connections
from elephantasm_cli.store import migrate

if TYPE_CHECKING:
    from elephantasm_cli.store.agents import AgentRow
    from elephantasm_cli.store.browse import Browse
    from elephantasm_cli.store.connection import Connection
    from elephantasm_cli.store.core_vectors import CoreVectors
    from elephantasm_cli.store.derived import DerivedRows
    from elephantasm_cli.store.dreams import Dreams
    from elephantasm_cli.store.erasure import Erasure
    from elephantasm_cli.store.events import Events
    from elephantasm_cli.store.log import TransformationLog
    from elephantasm_cli.store.packs import Packs
    from elephantasm_cli.store.passages import Passages
    from elephantasm_cli.store.tombstones import Tombstones
    from elephantasm_cli.store.vectors import VectorIndex


class Store:
    """An open file. Use `open_store`; close it, or use it as a context manager."""

    def __init__(self, connection: Connection, path: Path, *, read_only: bool) -> None:
        self.connection = connection
        self.path = path
        self.read_only = read_only
        self.new_derived: set[str] = set()
        self._vectors_loaded = False

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises LineageError, and writes nothing, if a derived row made inside reaches no event."""
        with connections.translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            self.new_derived.clear()
            try:
                yield
                self._check_lineage()
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                self.new_derived.clear()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of one state of the file. Inside a transaction it adds nothing."""
        if self.connection.in_transaction:
            yield
            return
        with connections.translated(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    def _check_lineage(self) -> None:
        for item_id in sorted(self.new_derived):
            if not self.log.reaches_event(item_id):
                raise LineageError(f"{item_id} rests on no event and was not stored: report this as a bug")

    def protect(self) -> None:
        """Refuse every further write on this connection."""
        self.connection.execute("PRAGMA query_only = ON")
        self.read_only = True

    def enable_vectors(self) -> None:
        """Load sqlite-vec, which only dense search and the index job need."""
        if not self._vectors_loaded:
            connections.load_vector_extension(self.connection)
            self._vectors_loaded = True

    @cached_property
    def agent(self) -> AgentRow:
        from elephantasm_cli.store.agents import AgentRow

        return AgentRow(self)

    @cached_property
    def events(self) -> Events:
        from elephantasm_cli.store.events import Events

        return Events(self)

    @cached_property
    def browse(self) -> Browse:
        from elephantasm_cli.store.browse import Browse

        return Browse(self)

    @cached_property
    def derived(self) -> DerivedRows:
        from elephantasm_cli.store.derived import DerivedRows

        return DerivedRows(self)

    @cached_property
    def log(self) -> TransformationLog:
        from elephantasm_cli.store.log import TransformationLog

        return TransformationLog(self)

    @cached_property
    def passages(self) -> Passages:
        from elephantasm_cli.store.passages import Passages

        return Passages(self)

    @cached_property
    def vectors(self) -> VectorIndex:
        from elephantasm_cli.store.vectors import VectorIndex

        self.enable_vectors()
        return VectorIndex(self.connection)

    @cached_property
    def core_vectors(self) -> CoreVectors:
        from elephantasm_cli.store.core_vectors import CoreVectors

        return CoreVectors(self.connection)

    @cached_property
    def dreams(self) -> Dreams:
        from elephantasm_cli.store.dreams import Dreams

        return Dreams(self)

    @cached_property
    def packs(self) -> Packs:
        from elephantasm_cli.store.packs import Packs

        return Packs(self)

    @cached_property
    def erasure(self) -> Erasure:
        from elephantasm_cli.store.erasure import Erasure

        return Erasure(self)

    @cached_property
    def tombstones(self) -> Tombstones:
        from elephantasm_cli.store.tombstones import Tombstones

        return Tombstones(self)


def open_store(path: Path, *, create: bool = False, read_only: bool = False) -> Store:
    """Open ``path``. Writers migrate an older file after a backup; readers refuse it by name of the command to run.

    ``create`` makes file and folder where there is none. Raises AgentNotFoundError, NewerDatabaseError,
    OlderDatabaseError, CorruptDatabaseError, ReadOnlyError, DriverError.
    """
    new = create and not path.exists()
    if new:
        with connections.translated(path):
            ensure_private_folder(path.parent)
    opened = connections.connect(path, create=create, read_only=read_only)
    try:
        with connections.translated(path):
            if read_only:
                migrate.require_current(opened, path)
            elif not migrate.check_version(opened, path):
                migrate.migrate(opened, path)
        store = Store(opened, path, read_only=read_only)
        if not read_only and create:
            store.agent.ensure(path.stem)
        return store
    except BaseException:
        opened.close()
        raise
