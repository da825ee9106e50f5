"""Tampering: whatever is changed behind the program's back in rows, log or events, `verify` finds and names."""

from __future__ import annotations

import os
import random

import pytest

from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.store.connection import SqliteError

TABLES = ("events", "transformations", "lineage", "memories", "lessons", "knowledge", "identity")
CHANGES = 2000 if os.environ.get("ELEPHANTASM_LONG") == "1" else 200
PRINTABLE = 94


def changed(value, rng):
    """A value with one character, one bit or one hundredth changed; something where nothing was."""
    if isinstance(value, str) and value:
        place = rng.randrange(len(value))
        other = chr(33 + (ord(value[place]) - 33 + rng.randrange(1, PRINTABLE)) % PRINTABLE)
        return value[:place] + other + value[place + 1 :]
    if isinstance(value, int):
        return value ^ (1 << rng.randrange(3))
    if isinstance(value, float):
        return value + 0.01
    return "x"


def places(table, row):
    """How a fault names a row whose id stands nowhere else: an entry that is gone, an edge of a forgotten act."""
    if table == "lineage":
        return [f"edge {row['id']} "]
    return [f"{kind} {row['seq']} " for kind in ("event", "entry", "log") if "seq" in row]


def tamper(connection, rng):
    """Change or delete one random row; returns the words by which a fault may name it, and what was done."""
    table = rng.choice(TABLES)
    place = rng.choice([row[0] for row in connection.execute(f"SELECT rowid FROM {table}")])
    row = dict(connection.execute(f"SELECT * FROM {table} WHERE rowid = ?", (place,)).fetchone())
    name = row["transformation_id"] if table == "lineage" else row["id"]
    names = {name, *places(table, row)}
    if rng.random() < 0.2:
        connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (place,))
        return names, f"{table}: {name} deleted"
    column = rng.choice(list(row))
    value = changed(row[column], rng)
    connection.execute(f'UPDATE {table} SET "{column}" = ? WHERE rowid = ?', (value, place))
    return names, f"{table}: {column} of {name} from {row[column]!r} to {value!r}"


def test_random_changes_are_found_and_named(marlene, found):
    """Of 200 single changes, a character, a bit or a row, at most two may pass; each found is named."""
    marlene.reject(found("memory", "I prefer short answers")["id"])
    marlene.edit(found("memory", "line length is now 88")["id"], "The line length is 120.")
    marlene.undo(marlene.dreams()[0]["id"], cascade=True)
    marlene.forget(found("memory", "Have to stop, Knopf")["id"])
    connection = marlene.store.connection
    assert verify(marlene.store).faults == []
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    rng = random.Random(5)
    missed, unnamed = [], []
    tried = 0
    while tried < CHANGES:
        connection.execute("SAVEPOINT tampering")
        try:
            names, what = tamper(connection, rng)
        except SqliteError:  # SQLite itself refuses a second row with one id, or words where numbers belong
            pass
        else:
            tried += 1
            faults = verify(marlene.store).faults
            if not faults:
                missed.append(what)
            elif not any(name in f"{fault.item} {fault.message} " for name in names for fault in faults):
                unnamed.append((what, faults))
        connection.execute("ROLLBACK TO tampering")
        connection.execute("RELEASE tampering")
    assert len(missed) <= CHANGES // 100, missed
    assert [pair for pair in unnamed if " id of " not in pair[0]] == []
    assert verify(marlene.store).faults == []


@pytest.mark.parametrize(
    ("where", "named"), [("id = 2", "edge 2 is gone"), ("id IN (2, 3)", "edge 2 and those up to 3 are gone")]
)
def test_an_edge_that_is_gone_is_named(home, small, where, named):
    """By its number: nothing else of it is left; and the edges after it are in order."""
    from elephantasm_cli.agent import open_agent

    with open_agent() as agent:
        agent.store.connection.execute("PRAGMA foreign_keys = OFF")
        agent.store.connection.execute(f"DELETE FROM lineage WHERE {where}")
        faults = [fault.message for fault in verify(agent.store).faults]
        assert named in faults
        assert not [message for message in faults if "not as its act made it" in message]


@pytest.mark.parametrize(
    ("sql", "check"),
    [
        ("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "events"),
        ("DELETE FROM transformations WHERE seq = (SELECT max(seq) FROM transformations)", "log"),
        ("DELETE FROM chain_tips", "events"),
        ("UPDATE events SET importance_score = 0.9 WHERE seq = 1", "events"),
        ("UPDATE events SET is_deleted = 1 WHERE seq = 1", "events"),
        ("UPDATE transformations SET is_deleted = 1 WHERE seq = 1", "log"),
        ("UPDATE transformations SET metadata = '{\"x\": 1}' WHERE seq = 1", "log"),
        ("UPDATE transformations SET after = 'no json' WHERE seq = 1", "log"),
        ("UPDATE transformations SET after = '{}' WHERE seq = 1", "fold"),
        ("UPDATE transformations SET target_type = 'song' WHERE seq = 1", "log"),
        ("UPDATE transformations SET parameters = '[ ]' WHERE seq = 1", "log"),
        ("UPDATE lineage SET is_deleted = 1 WHERE id = 1", "lineage"),
        ("UPDATE lineage SET metadata = '{\"x\": 1}' WHERE id = 1", "lineage"),
        ("UPDATE lineage SET transformation_id = 'tfm_nowhere' WHERE id = 1", "lineage"),
        ("UPDATE lineage SET target_type = 'lesson' WHERE id = 1", "lineage"),
    ],
)
def test_columns_that_no_hash_covers_are_watched_too(home, small, sql, check):
    """The end of both chains, flags, times and what stands where JSON should."""
    from elephantasm_cli.agent import open_agent

    with open_agent() as agent:
        agent.store.connection.execute("PRAGMA foreign_keys = OFF")
        agent.store.connection.execute("PRAGMA ignore_check_constraints = ON")
        agent.store.connection.execute(sql)
        assert check in {fault.check for fault in verify(agent.store).faults}


def test_why_of_every_knowledge_item_reaches_an_event(marlene):
    """And so does every lesson, memory and version of the identity."""
    rows = [*marlene.knowledge(), *marlene.lessons(), *marlene.memories(), *marlene.identity_versions()]
    assert len(rows) > 100
    assert [row["id"] for row in rows if not marlene.why(row["id"]).events] == []
