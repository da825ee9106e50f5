"""Where each hash chain ends, so that a row cut off the end is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from elephantasm_cli.store.connection import Connection

TABLE_OF = {"events": "events", "log": "transformations"}


def set_tip(connection: Connection, chain: str, seq: int, sha256: str) -> None:
    """Note the last link of a chain, inside the transaction that made it."""
    connection.execute(
        "INSERT OR REPLACE INTO chain_tips (chain, seq, chain_sha256) VALUES (?, ?, ?)", (chain, seq, sha256)
    )


def tip(connection: Connection, chain: str) -> tuple[int, str] | None:
    """Number and hash of a chain's last link; None before the first."""
    row = connection.execute("SELECT seq, chain_sha256 FROM chain_tips WHERE chain = ?", (chain,)).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def note_tips(connection: Connection) -> None:
    """Note both ends anew from the rows there are: for a copy that was taken back."""
    connection.execute("DELETE FROM chain_tips")
    for chain, table in TABLE_OF.items():
        row = connection.execute(f"SELECT seq, chain_sha256 FROM {table} ORDER BY seq DESC LIMIT 1").fetchone()
        if row is not None:
            set_tip(connection, chain, *row)
