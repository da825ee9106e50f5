"""The agent row: one per file, with the embedding model its vectors are made by and the key of its tombstones."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import CorruptDatabaseError
from elephantasm_cli.ids import AGENT, random_id
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.services.embedding import BUNDLED_DIMENSION, BUNDLED_NAME, MODEL_SHA256
from elephantasm_cli.store.rows import decode

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

COLUMNS = (
    "id, name, description, embedding_model, embedding_dimension, embedding_sha256, "
    "metadata, created_at, updated_at, is_deleted"
)


class AgentRow:
    """Reads and writes the one row of table ``agent``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ensure(self, name: str) -> None:
        """Write the row of a new file; in an older one do nothing."""
        if self._store.connection.execute("SELECT 1 FROM agent").fetchone():
            return
        with self._store.transaction():
            if self._store.connection.execute("SELECT 1 FROM agent").fetchone():
                return
            now = utc_now()
            self._store.connection.execute(
                "INSERT INTO agent (id, name, embedding_model, embedding_dimension, embedding_sha256, secret, "
                "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    random_id(AGENT),
                    name,
                    BUNDLED_NAME,
                    BUNDLED_DIMENSION,
                    MODEL_SHA256,
                    secrets.token_hex(32),
                    now,
                    now,
                ),
            )

    def get(self) -> dict[str, Any]:
        """The row without its secret. Raises CorruptDatabaseError where there is none."""
        row = self._store.connection.execute(f"SELECT {COLUMNS} FROM agent").fetchone()
        if row is None:
            raise CorruptDatabaseError(f"{self._store.path} names no agent: restore a backup, or move the file away")
        return decode(row)

    @property
    def id(self) -> str:
        return str(self.get()["id"])

    @property
    def secret(self) -> str:
        return str(self._store.connection.execute("SELECT secret FROM agent").fetchone()[0])

    def set(self, **values: Any) -> None:
        """Set columns of the row (name, description, embedding_*), inside a transaction."""
        assignments = ", ".join(f"{column} = ?" for column in values)
        self._store.connection.execute(f"UPDATE agent SET {assignments}, updated_at = ?", (*values.values(), utc_now()))
