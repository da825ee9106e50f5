"""Opening a database: the only module that imports the SQLite driver.

The driver is pysqlite3, which brings its own SQLite. Where it has no wheel, the standard library's module serves if it
can load extensions and its SQLite does not carry the WAL-reset bug, in which a checkpoint that races a writer can lose
a commit (fixed in SQLite 3.51.3 and, on their branches, 3.50.7 and 3.44.6).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import (
    AgentNotFoundError,
    CorruptDatabaseError,
    DatabaseError,
    DriverError,
    ElephantasmError,
    OutOfSpaceError,
    ReadOnlyError,
)

if TYPE_CHECKING:
    from sqlite3 import Connection as Connection

try:
    import pysqlite3 as _driver
except ImportError:  # pragma: no cover - platforms without a pysqlite3 wheel
    import sqlite3 as _driver

driver: Any = _driver

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another one, in milliseconds."""

CACHE_KIB = 32 * 1024
"""The most memory that pages take; SQLite's default of 2 MB holds less than one question reads of a big file."""

Row = driver.Row
SqliteError = driver.Error


def is_safe_sqlite(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite version is free of the WAL-reset bug."""
    if version >= (3, 51, 3):
        return True
    return (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def check_driver(module: Any = driver) -> None:
    """Raise DriverError unless ``module`` can load extensions and links a safe SQLite."""
    advice = "install pysqlite3 (0.6 or newer), or use a Python whose SQLite is 3.51.3 or newer with extensions on"
    if not hasattr(module.Connection, "enable_load_extension"):
        raise DriverError(f"this Python's sqlite3 cannot load extensions: {advice}")
    version = tuple(int(part) for part in module.sqlite_version.split("."))
    if not is_safe_sqlite((version[0], version[1], version[2])):
        raise DriverError(f"SQLite {module.sqlite_version} can lose commits in WAL mode: {advice}")


def connect(path: Path, *, create: bool = False, read_only: bool = False) -> Connection:
    """A connection to ``path`` with every pragma set; autocommit, so transactions are ours alone to open.

    ``create`` makes the file (mode 0600) where there is none; without it a missing file raises AgentNotFoundError.
    ``read_only`` never writes to the file. Raises DriverError, ReadOnlyError, CorruptDatabaseError.
    """
    check_driver()
    if not path.exists():
        if not create:
            raise AgentNotFoundError(
                f"no agent {path.stem!r} here: `elephantasm agents list` shows those there are, "
                f"`elephantasm ingest --agent {path.stem}` makes it"
            )
        with translated(path):
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with translated(path):
        connection: Connection = driver.connect(
            path.absolute().as_uri() + ("?" + read_only_mode(path) if read_only else "?mode=rw"),
            uri=True,
            isolation_level=None,
            timeout=BUSY_TIMEOUT_MS / 1000,
            check_same_thread=False,
        )
        try:
            connection.row_factory = Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            if read_only:
                connection.execute("PRAGMA query_only = ON")
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            else:
                if create:
                    connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
            return connection
        except BaseException:
            connection.close()
            raise


def connect_memory() -> Connection:
    """A fresh database in memory, for folding the log into."""
    check_driver()
    connection: Connection = driver.connect(":memory:", isolation_level=None)
    connection.row_factory = Row
    return connection


def read_only_mode(path: Path) -> str:
    """The URI options of a reader: WAL needs a writable folder, unless the file cannot change at all."""
    beside = path.with_name(path.name + "-wal")
    frozen = not os.access(path.parent, os.W_OK) and not (beside.exists() and beside.stat().st_size)
    return "mode=ro&immutable=1" if frozen else "mode=ro"


def load_vector_extension(connection: Connection) -> None:
    """Load sqlite-vec into ``connection``; again does nothing. Raises DriverError where it is not installed."""
    # Only its library is wanted: importing the package would import numpy, which a first ingest has no use for.
    package = find_spec("sqlite_vec")
    if package is None or package.origin is None:
        raise DriverError("sqlite-vec is not installed: run `pip install sqlite-vec`")
    connection.enable_load_extension(True)
    try:
        connection.load_extension(str(Path(package.origin).with_name("vec0")))
    finally:
        connection.enable_load_extension(False)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's and the system's errors about ``path`` into ours, each with its next step."""
    try:
        yield
    except driver.Error as error:
        raise translate(error, path) from error
    except PermissionError as error:
        raise ReadOnlyError(
            f"cannot write {path}: check its permissions, or choose another place with --home"
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpaceError(f"no space left for {path}: free some, then run the command again") from error
        if error.errno == errno.EROFS:
            raise ReadOnlyError(f"{path} is on a read-only file system: choose another place with --home") from error
        raise


def translate(error: Exception, path: Path) -> ElephantasmError | Exception:
    """The ElephantasmError for a driver error, or the error itself where it is a bug of ours."""
    message = str(error).lower()
    if "readonly" in message or "read-only" in message or ("unable to open" in message and path.exists()):
        return ReadOnlyError(f"{path} cannot be written: check its permissions and its folder's, or use --home")
    if "disk is full" in message:
        return OutOfSpaceError(f"no space left for {path}: free some, then run the command again")
    if "not a database" in message or "malformed" in message:
        return CorruptDatabaseError(f"{path} is damaged or not a database: restore a backup, or move the file away")
    if "locked" in message or "busy" in message:
        return DatabaseError(f"{path} has been busy for {BUSY_TIMEOUT_MS // 1000} s: see who holds it, then try again")
    return error
