"""The file an agent lives in: its rights and pragmas, its version, what is said of a damaged one, and the driver."""

from __future__ import annotations

import re
import stat
from importlib import resources

import pytest

from elephantasm_cli import vocabulary
from elephantasm_cli.errors import (
    AgentNotFoundError,
    CorruptDatabaseError,
    DriverError,
    NewerDatabaseError,
    OlderDatabaseError,
    OutOfSpaceError,
    ReadOnlyError,
)
from elephantasm_cli.store import connection, migrate
from elephantasm_cli.store.store import open_store


def add(store, *drafts):
    with store.transaction():
        return store.events.add(drafts)


def test_files_and_folders_are_private(store, path):
    """A new agent's file has mode 0600 and its folder 0700."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_every_pragma_is_set(store):
    """WAL, full synchronisation, foreign keys and secure delete hold on every connection."""
    values = {
        name: store.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_all_ordinary_tables_are_strict(store):
    """No table of ours takes a value of another type."""
    loose = [
        row["name"]
        for row in store.connection.execute("PRAGMA table_list")
        if row["type"] == "table" and not row["strict"] and not row["name"].startswith(("sqlite_", "passages_vec"))
    ]
    assert loose == []


@pytest.mark.parametrize(
    ("column", "enum"),
    [
        ("event_type", vocabulary.EventType),
        ("trust", vocabulary.Trust),
        ("kind", vocabulary.MemoryKind),
        ("pattern_type", vocabulary.PatternType),
        ("category", vocabulary.KnowledgeCategory),
        ("state", vocabulary.State),
        ("transformation_type", vocabulary.TransformationType),
        ("job", vocabulary.Job),
        ("layer", vocabulary.Layer),
        ("source_type", vocabulary.Layer),
        ("reason", vocabulary.TombstoneReason),
        ("trigger", vocabulary.DreamTrigger),
        ("status", vocabulary.RunStatus),
    ],
)
def test_sql_checks_the_same_words_as_the_enums(column, enum):
    """A vocabulary cannot change in one place only."""
    sql = resources.files("elephantasm_cli.store").joinpath("migrations/0001_initial.sql").read_text()
    lists = re.findall(rf'\(?"?\b{column}\b"? IN \(([^)]*)\)', sql)
    assert lists
    for words in lists:
        assert re.findall(r"'(\w+)'", words) == [member.value for member in enum]


def test_current_version_is_the_newest_migration():
    """The constant that opening a file compares with is spelled right."""
    assert migrate.newest_version() == migrate.CURRENT_VERSION


def test_missing_agent_is_named_with_the_next_step(path):
    """Opening what is not there says how to make it."""
    with pytest.raises(AgentNotFoundError, match=r"no agent 'coder'.*ingest --agent coder"):
        open_store(path)


def test_newer_file_is_refused_untouched(store, path):
    """A file of a newer version keeps its bytes."""
    store.connection.execute("PRAGMA user_version = 99")
    store.close()
    before = path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(NewerDatabaseError, match="upgrade"):
            open_store(path, read_only=read_only)
    assert path.read_bytes() == before


def test_reader_names_migrate_for_an_older_file(store, path):
    """A reader never changes a file, so it asks for the command that does."""
    store.connection.execute("PRAGMA user_version = 0")
    store.close()
    with pytest.raises(OlderDatabaseError, match="elephantasm migrate --agent coder"):
        open_store(path, read_only=True)


def test_failing_migration_leaves_the_file_as_it_was(store, path, monkeypatch):
    """A migration is one transaction; the backup made before it opens."""
    newer = migrate.CURRENT_VERSION + 1
    monkeypatch.setattr(
        migrate,
        "migrations",
        lambda: ((newer, f"{newer:04d}_bad.sql", "CREATE TABLE extra (a TEXT) STRICT;\nCREATE TABLE agent (a TEXT);"),),
    )
    monkeypatch.setattr(migrate, "CURRENT_VERSION", newer)
    with pytest.raises(connection.SqliteError, match="already exists"):
        migrate.migrate(store.connection, path)
    assert migrate.file_version(store.connection) == newer - 1
    assert not store.connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'extra'").fetchone()
    backup = path.with_name(f"coder.db.v{newer - 1}.backup")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert connection.connect(backup).execute("SELECT name FROM agent").fetchone()[0] == "coder"


def test_damaged_file_is_called_damaged(path):
    """Bytes that are no database give one clear line."""
    path.parent.mkdir()
    path.write_bytes(b"this is a text file, not a database at all" * 100)
    with pytest.raises(CorruptDatabaseError, match="restore a backup"):
        open_store(path)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("attempt to write a readonly database", ReadOnlyError),
        ("database or disk is full", OutOfSpaceError),
        ("database disk image is malformed", CorruptDatabaseError),
    ],
)
def test_driver_errors_are_translated(path, message, error):
    """What SQLite says becomes an error with a next step."""
    with pytest.raises(error), connection.translated(path):
        raise connection.driver.OperationalError(message)


def test_full_disk_while_writing_keeps_what_was_acknowledged(store, draft):
    """A batch that does not fit is rolled back whole; the batch before it stays."""
    add(store, draft("first"))
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(OutOfSpaceError):
        add(store, *(draft("x" * 5000 + str(number)) for number in range(50)))
    assert [event["content"] for event in store.events.listed()] == ["first"]


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 46, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_versions_with_the_wal_reset_bug_are_known(version, safe):
    """A driver that can lose commits is never used."""
    assert connection.is_safe_sqlite(version) is safe


def test_unsafe_driver_is_refused():
    """The message says what to install."""

    class Driver:
        class Connection:
            enable_load_extension = True

        sqlite_version = "3.40.1"

    with pytest.raises(DriverError, match="pysqlite3"):
        connection.check_driver(Driver)


def test_driver_without_extensions_is_refused():
    """sqlite-vec needs a driver that loads extensions."""

    class Driver:
        class Connection:
            pass

        sqlite_version = "3.53.0"

    with pytest.raises(DriverError, match="cannot load extensions"):
        connection.check_driver(Driver)


def test_only_one_module_imports_the_driver():
    """The driver is a decision made in one place."""
    package = resources.files("elephantasm_cli")
    importing = sorted(
        path.name
        for path in package.rglob("*.py")
        if re.search(r"^\s*(?:import|from) (?:pysqlite3|sqlite3)\b", path.read_text(), re.MULTILINE)
    )
    assert importing == ["connection.py"]


def test_reader_opens_a_frozen_folder(store, path, draft, tmp_path):
    """A file in a folder nobody may write to can still be read."""
    add(store, draft())
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    assert connection.read_only_mode(path) == "mode=ro"
    with open_store(path, read_only=True) as reader:
        assert reader.events.count() == 1
        with pytest.raises(ReadOnlyError), reader.transaction():
            reader.events.add([draft("no")])
