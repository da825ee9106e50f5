"""Bringing a file to this version's schema: numbered SQL files, each applied in one transaction.

``PRAGMA user_version`` is the number of the last one applied. A newer file is refused untouched; an older one is
backed up beside itself first.
"""

from __future__ import annotations

import os
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from elephantasm_cli.errors import NewerDatabaseError, OlderDatabaseError
from elephantasm_cli.store.connection import driver, load_vector_extension

if TYPE_CHECKING:
    from elephantasm_cli.store.connection import Connection

MIGRATION_NAME = re.compile(r"(\d{4})_\w+\.sql")


@cache
def migrations() -> tuple[tuple[int, str, str], ...]:
    """Every migration as (number, name, SQL), ascending."""
    found = []
    for entry in resources.files("elephantasm_cli.store").joinpath("migrations").iterdir():
        if match := MIGRATION_NAME.fullmatch(entry.name):
            found.append((int(match[1]), entry.name, entry.read_text(encoding="utf-8")))
    return tuple(sorted(found))


def newest_version() -> int:
    return migrations()[-1][0]


CURRENT_VERSION = 4
"""The schema this version writes: equals `newest_version`, spelled out so that opening need not list files."""


def file_version(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check_version(connection: Connection, path: Path) -> bool:
    """True if the file is current, False if it is older. Raises NewerDatabaseError for a newer one."""
    version = file_version(connection)
    if version > CURRENT_VERSION:
        raise NewerDatabaseError(
            f"{path} has schema {version}, this version knows {CURRENT_VERSION}: "
            "upgrade with `pip install -U elephantasm-cli`"
        )
    return version == CURRENT_VERSION


def require_current(connection: Connection, path: Path) -> None:
    """For readers, which never change a file: raise OlderDatabaseError unless it is current."""
    if not check_version(connection, path):
        raise OlderDatabaseError(
            f"{path} has schema {file_version(connection)}, this version reads {CURRENT_VERSION}: "
            f"run `elephantasm migrate --agent {path.stem}` (it makes a backup first)"
        )


def migrate(connection: Connection, path: Path) -> list[str]:
    """Apply what is missing and return the names applied. Two processes may race: the second finds nothing to do."""
    if check_version(connection, path):
        return []
    if file_version(connection) > 0:
        backup(connection, path.with_name(f"{path.name}.v{file_version(connection)}.backup"))
    load_vector_extension(connection)
    applied = []
    for number, name, sql in migrations():
        connection.execute("BEGIN IMMEDIATE")
        try:
            if file_version(connection) < number:
                for statement in split_statements(sql):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
                applied.append(name)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return applied


def apply_schema(connection: Connection) -> None:
    """The newest schema in an empty database."""
    load_vector_extension(connection)
    for _, _, sql in migrations():
        for statement in split_statements(sql):
            connection.execute(statement)


def split_statements(sql: str) -> list[str]:
    """The statements of a migration file (each ends with a semicolon at a line's end)."""
    statements, current = [], ""
    for line in sql.splitlines(keepends=True):
        current += line
        if driver.complete_statement(current):
            statements.append(current.strip())
            current = ""
    return [statement for statement in statements if statement]


def backup(connection: Connection, target: Path) -> None:
    """A consistent copy of the live database at ``target`` (mode 0600)."""
    os.close(os.open(target, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
    copy = driver.connect(str(target))
    try:
        connection.backup(copy)
    finally:
        copy.close()
