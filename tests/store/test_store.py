"""The store keeps its rules on a real SQLite file."""

from __future__ import annotations

import itertools
import re
import stat
import subprocess
import sys
import threading
from importlib import resources

import pytest

from elephantasm_cli import vocabulary
from elephantasm_cli.errors import (
    AgentNotFoundError,
    AmbiguousIdError,
    ConflictError,
    CorruptDatabaseError,
    DriverError,
    LineageError,
    NewerDatabaseError,
    NotFoundError,
    OlderDatabaseError,
    OutOfSpaceError,
    ReadOnlyError,
)
from elephantasm_cli.store import connection, migrate
from elephantasm_cli.store.changes import Change
from elephantasm_cli.store.find import resolve_id
from elephantasm_cli.store.store import open_store
from elephantasm_cli.vocabulary import DreamTrigger, Job, Layer, RunStatus, TransformationType


def add(store, *drafts):
    with store.transaction():
        return store.events.add(drafts)


def event_ids(store):
    return [event["id"] for event in store.events.listed()]


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


def test_same_events_twice_add_nothing(store, draft):
    """The dedupe key makes ingest idempotent."""
    drafts = [draft("one"), draft("two")]
    assert add(store, *drafts).added == 2
    again = add(store, *drafts)
    assert (again.added, again.duplicates) == (0, 2)
    assert store.events.count() == 2


def test_same_key_with_other_content_is_kept_beside_the_first(store, draft):
    """A message that was edited at its source is stored under key and content hash, once."""
    add(store, draft("one", key="k"))
    for expected in ((0, 0, 1), (0, 1, 0)):
        outcome = add(store, draft("other", key="k"))
        assert (outcome.added, outcome.duplicates, outcome.changed) == expected
    assert [event["content"] for event in store.events.listed()] == ["one", "other"]


def test_events_keep_time_speaker_and_order(store, draft):
    """What comes back is what went in."""
    add(
        store,
        draft("later", at="2026-03-02T10:00:00.000000Z"),
        draft("earlier", author="Lee", at="2026-03-01T10:00:00.000000Z"),
    )
    assert [(e["content"], e["author"], e["occurred_at"]) for e in store.events.listed()] == [
        ("later", "Dana", "2026-03-02T10:00:00.000000Z"),
        ("earlier", "Lee", "2026-03-01T10:00:00.000000Z"),
    ]
    assert store.events.newest_time() == "2026-03-02T10:00:00.000000Z"
    assert [e["content"] for e in store.events.listed(until="2026-03-01T12:00:00.000000Z")] == ["earlier"]
    assert [e["content"] for e in store.events.listed(author="Lee", newest_first=True, limit=1)] == ["earlier"]


def test_full_text_is_written_with_the_event(store, draft):
    """A search finds an event at once, by its words, its speaker and the date that "yesterday" means."""
    add(store, draft("we sailed to Elba yesterday", author="Mira", at="2023-05-08T10:00:00.000000Z"))
    for words in ("elba", "mira", '"7 May 2023"'):
        found = store.connection.execute(
            "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?", (words,)
        ).fetchall()
        assert len(found) == 1, words


def test_previous_turn_is_indexed_as_context_across_batches(store, draft):
    """The turn before, of the same session, stands beside a turn even when it came with an earlier ingest."""
    add(store, draft("where is the harbour?"))
    add(store, draft("in Elba", session="other"), draft("behind the church"))
    rows = store.connection.execute("SELECT rowid FROM passages_fts WHERE context MATCH 'harbour'").fetchall()
    assert [row[0] for row in rows] == [3]


def test_rolled_back_transaction_leaves_nothing(store, draft):
    """An error in the block undoes events, passages and full text together."""
    with pytest.raises(ZeroDivisionError), store.transaction():
        raise ZeroDivisionError(store.events.add([draft("gone")]))
    for table in ("events", "passages", "passages_fts_docsize"):
        assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_two_writers_take_turns(store, path, draft):
    """Concurrent writers wait for each other and lose nothing."""
    counter = itertools.count()

    def write() -> None:
        with open_store(path) as other:
            for _ in range(20):
                number = next(counter)
                with other.transaction():
                    other.events.add([draft(f"event {number}")])

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.events.count() == 80
    assert [event["seq"] for event in store.events.listed()] == list(range(1, 81))


def test_killed_writer_leaves_only_whole_batches(store, path, draft):
    """A process killed while it writes loses no batch that it acknowledged, and leaves no half batch."""
    script = f"""
import sys
from pathlib import Path
from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.store.store import open_store
from elephantasm_cli.vocabulary import EventType, Trust
store = open_store(Path({str(path)!r}))
for batch in range(100000):
    with store.transaction():
        store.events.add([
            EventDraft("s", EventType.NOTE, "user", "A", f"{{batch}} {{n}}", "2026-01-01T00:00:00.000000Z", "t",
                       f"{{batch}}:{{n}}", Trust.USER, {{}})
            for n in range(5)
        ])
    print(batch, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    acknowledged = [int(process.stdout.readline()) for _ in range(12)]
    process.kill()
    rest = process.stdout.read().split()
    process.stdout.close()
    process.wait()
    last = int(rest[-1]) if rest else acknowledged[-1]
    count = store.events.count()
    assert count % 5 == 0
    assert (last + 1) * 5 <= count <= (last + 2) * 5


def test_memory_without_an_event_cannot_be_committed(store, memory_change, provenance):
    """Rule 3: no derived row without a path to an event."""
    with pytest.raises(LineageError), store.transaction():
        store.derived.create(memory_change(["evt_missing"]), provenance)
    assert list(store.derived.listed(Layer.MEMORY)) == []
    assert store.log.newest_seq() == 0


def test_derived_rows_need_a_transaction(store, draft, memory_change, provenance):
    """A change outside a transaction is a bug and says so."""
    add(store, draft())
    with pytest.raises(RuntimeError, match="transaction"):
        store.derived.create(memory_change(event_ids(store)), provenance)


def test_create_writes_row_log_lineage_and_passages(store, draft, memory_change, provenance):
    """One create is a row, a transformation, its edges and a searchable passage."""
    add(store, draft())
    with store.transaction():
        assert store.derived.create(memory_change(event_ids(store)), provenance)
    (memory,) = store.derived.listed(Layer.MEMORY)
    (entry,) = store.log.of_target(memory["id"])
    assert entry["before"] is None
    assert entry["after"] == memory
    assert [(s["source_id"], s["quote_start"], s["quote_end"]) for s in entry["sources"]] == [
        (event_ids(store)[0], 0, 5)
    ]
    assert (
        store.connection.execute("SELECT count(*) FROM passages WHERE item_id = ?", (memory["id"],)).fetchone()[0] == 1
    )


def test_same_birth_is_stored_once_even_when_archived(store, draft, memory_change, provenance):
    """Deriving an id that exists does nothing, whatever became of the row."""
    add(store, draft())
    change = memory_change(event_ids(store))
    with store.transaction():
        store.derived.create(change, provenance)
        store.derived.change(
            Change(TransformationType.ARCHIVE, Layer.MEMORY, change.target_id, {"state": "archived"}), provenance
        )
    with store.transaction():
        assert not store.derived.create(change, provenance)
    (memory,) = store.derived.listed(Layer.MEMORY)
    assert memory["state"] == "archived"
    assert store.log.newest_seq() == 2


def test_change_that_changes_nothing_is_not_logged(store, draft, memory_change, provenance):
    """The log holds acts, not attempts."""
    add(store, draft())
    change = memory_change(event_ids(store))
    with store.transaction():
        store.derived.create(change, provenance)
        assert not store.derived.change(
            Change(TransformationType.REFINE, Layer.MEMORY, change.target_id, {"state": "active"}), provenance
        )
    assert store.log.newest_seq() == 1


def test_change_of_a_row_that_moved_is_refused(store, draft, memory_change, provenance):
    """What a step was computed from is rechecked before it writes."""
    add(store, draft())
    change = memory_change(event_ids(store))
    with store.transaction():
        store.derived.create(change, provenance)
    stale = Change(
        TransformationType.REFINE,
        Layer.MEMORY,
        change.target_id,
        {"confidence": 0.5},
        expected_updated_at="2020-01-01T00:00:00.000000Z",
    )
    with pytest.raises(ConflictError), store.transaction():
        store.derived.change(stale, provenance)
    with pytest.raises(ConflictError), store.transaction():
        store.derived.recheck({change.target_id: (Layer.MEMORY, "2020-01-01T00:00:00.000000Z")})


def test_any_unique_prefix_names_an_item(store, draft):
    """As in git; an ambiguous one lists what it fits, an unknown one says what ids look like."""
    add(store, *(draft(str(number)) for number in range(3)))
    ids = event_ids(store)
    assert resolve_id(store, ids[0][:16]) == ids[0]
    with pytest.raises(AmbiguousIdError, match=ids[1]):
        resolve_id(store, "evt_")
    with pytest.raises(NotFoundError, match="begin with one of evt_"):
        resolve_id(store, "nonsense")
    with pytest.raises(NotFoundError):
        resolve_id(store, "mem_aaaa")


def test_dream_whose_process_died_becomes_interrupted(store):
    """A running row without its lock is told as what it is by the next dream."""
    with store.transaction():
        first = store.dreams.begin(DreamTrigger.MANUAL, {}, {})
        store.dreams.begin_job(first, Job.REFLECT)
    with store.transaction():
        second = store.dreams.begin(DreamTrigger.CRON, {}, {})
        store.dreams.finish(second, RunStatus.COMPLETED, {"tokens": 3})
    newest, oldest = store.dreams.listed()
    assert (newest["id"], newest["status"], newest["budget_used"]) == (second, "completed", {"tokens": 3})
    assert (oldest["status"], oldest["jobs"][0]["status"]) == ("interrupted", "interrupted")


def test_packs_count_as_accesses_only_from_the_next_dream_on(store):
    """Reading a pack changes nothing that the next pack reads."""
    with store.transaction():
        store.packs.record(["mem_a", "mem_a", "kno_b"])
    assert store.packs.access_counts() == {}
    with store.transaction():
        dream_id = store.dreams.begin(DreamTrigger.MANUAL, {}, {})
        store.dreams.count_accesses(dream_id)
    assert store.packs.access_counts(["mem_a", "mem_x"]) == {"mem_a": 2, "mem_x": 0}


def test_saving_the_same_pack_twice_keeps_one(store):
    """A pack's id follows from its text, query and options."""
    ids = []
    for _ in range(2):
        with store.transaction():
            ids.append(
                store.packs.save(
                    text="t",
                    token_count=1,
                    item_ids=["evt_a", "kno_b", "idn_c"],
                    query="q",
                    options={},
                    compiled_by="test",
                )
            )
    assert ids[0] == ids[1]
    (pack,) = store.packs.listed()
    assert (pack["event_ids"], pack["knowledge_ids"], pack["memory_ids"]) == (["evt_a"], ["kno_b"], [])


def test_rebuilding_the_index_gives_the_same_full_text(store, draft, memory_change, provenance):
    """Derived indexes are disposable: dropped and rebuilt, they find the same."""
    add(store, draft("I prefer tea"), draft("and cake"))
    with store.transaction():
        store.derived.create(memory_change(event_ids(store)[:1]), provenance)

    def hits():
        rows = store.connection.execute("SELECT rowid FROM passages_fts WHERE passages_fts MATCH 'tea'")
        ids = [row[0] for row in rows]
        marks = ", ".join("?" * len(ids))
        found = store.connection.execute(f"SELECT item_id FROM passages WHERE id IN ({marks})", ids)
        return sorted(row[0] for row in found)

    before = hits()
    with store.transaction():
        assert store.passages.rebuild() == 3
    assert hits() == before


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


def test_stored_rows_fit_the_entities(store, draft, memory_change, provenance):
    """What the store returns has exactly the documented fields, each of its type."""
    from elephantasm_cli.models import ENTITY_OF_LAYER, Agent, Dream, Transformation

    add(store, draft())
    with store.transaction():
        store.derived.create(memory_change(event_ids(store)), provenance)
        store.dreams.begin(DreamTrigger.MANUAL, {}, {})
    assert Agent(**store.agent.get()).name == "coder"
    assert ENTITY_OF_LAYER[Layer.EVENT](**next(store.events.listed())).id == event_ids(store)[0]
    assert ENTITY_OF_LAYER[Layer.MEMORY](**next(store.derived.listed(Layer.MEMORY))).id.startswith("mem_")
    assert Dream(**store.dreams.listed()[0]).jobs == ()
    (entry,) = store.log.listed()
    assert Transformation(**{name: entry[name] for name in Transformation.model_fields}).sources[0].quote_end == 5
