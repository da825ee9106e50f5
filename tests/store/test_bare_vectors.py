"""A file of schema 1, whose vectors of events still hold speaker and date, comes up to schema 2."""

from __future__ import annotations

import numpy as np
import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.errors import OlderDatabaseError
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.services.embedding import load_embedder
from elephantasm_cli.store import migrate
from elephantasm_cli.store.connection import connect
from elephantasm_cli.store.store import Store, open_store

LAYERS = {"event": 2, "memory": 1}
"""How many passages the old file has of each layer."""


@pytest.fixture
def old_file(home, draft, memory_change, provenance):
    """An agent ``coder`` whose file stands at schema 1, two events and a memory with a vector each."""
    path = home / "agents" / "coder.db"
    path.parent.mkdir(parents=True)
    connection = connect(path, create=True)
    with Store(connection, path, read_only=False) as store:
        store.enable_vectors()
        for statement in migrate.split_statements(migrate.migrations()[0][2]):
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
        connection.execute("CREATE TABLE chain_tips (chain TEXT PRIMARY KEY, seq INTEGER, chain_sha256 TEXT)")
        store.agent.ensure("coder")
        with store.transaction():
            store.events.add([draft("I prefer tea"), draft("And no sugar", at="2026-03-02T10:00:00.000000Z")])
        first = next(iter(store.events.listed()))["id"]
        with store.transaction():
            store.derived.create(memory_change([first]), provenance)
        model = store.agent.get()["embedding_sha256"]
        missing = store.passages.without_vector(model, 10)
        vectors = np.random.default_rng(1).standard_normal((len(missing), 384)).astype(np.float32)
        with store.transaction():
            store.vectors.add(model, [(key, layer, row) for (key, layer, _), row in zip(missing, vectors, strict=True)])
        assert counted(store, "embeddings e") == counted(store, "passages_vec e") == LAYERS
        connection.execute("DROP TABLE chain_tips")  # this program's code wrote the rows, and an old file has none
    return path


def test_migrated_file_notes_where_its_chains_end(old_file):
    """From then on a row cut off the end is missed."""
    with open_store(old_file) as store:
        assert verify(store).faults == []
        store.connection.execute("DELETE FROM events WHERE seq = 2")
        assert "events" in {fault.check for fault in verify(store).faults}


def counted(store, table):
    """Vectors by layer."""
    return dict(
        store.connection.execute(
            f"SELECT p.layer, count(*) FROM {table} JOIN passages p ON p.id = e.passage_id GROUP BY p.layer"
        ).fetchall()
    )


def test_opened_for_writing_it_loses_the_vectors_of_events_alone(old_file):
    """Those of memories never held a speaker; what was said is all there."""
    with open_store(old_file) as store:
        store.enable_vectors()
        assert migrate.file_version(store.connection) == migrate.CURRENT_VERSION
        assert counted(store, "embeddings e") == counted(store, "passages_vec e") == {"memory": 1}
        assert [event["content"] for event in store.events.listed()] == ["I prefer tea", "And no sugar"]
        lacking = store.passages.without_vector(store.agent.get()["embedding_sha256"], 10)
        assert [(layer, text) for _, layer, text in lacking] == [("event", "I prefer tea"), ("event", "And no sugar")]


def test_the_file_as_it_was_lies_beside_it(old_file):
    """Readable by the version that wrote it, with every vector."""
    open_store(old_file).close()
    backup = old_file.with_name("coder.db.v1.backup")
    with Store(connect(backup), backup, read_only=False) as store:
        store.enable_vectors()
        assert migrate.file_version(store.connection) == 1
        assert counted(store, "embeddings e") == counted(store, "passages_vec e") == LAYERS


def test_reindex_brings_the_vectors_of_events_back_without_speaker_and_date(old_file):
    """The vector is that of the words, and the memory's is not made again."""
    with open_agent("coder", create=False) as agent:
        assert agent.reindex() == LAYERS["event"]
        assert counted(agent.store, "embeddings e") == counted(agent.store, "passages_vec e") == LAYERS
        embedder = load_embedder("bundled")
        words = embedder.embed(["I prefer tea"])[0]
        ((_, cosine), *_) = agent.store.vectors.nearest(words, "event", embedder.sha256)
        assert cosine == pytest.approx(1.0, abs=1e-5)
        assert agent.verify().ok


def test_a_reader_leaves_it_alone_and_names_the_command(old_file, run):
    """Which then brings it up to date, once."""
    before = old_file.read_bytes()
    with pytest.raises(OlderDatabaseError, match=r"schema 1, .*elephantasm migrate --agent coder"):
        open_store(old_file, read_only=True)
    refused = run("events", "--agent", "coder")
    assert (refused.code, refused.out) == (1, "")
    assert "elephantasm migrate --agent coder" in refused.err
    assert old_file.read_bytes() == before
    assert run("migrate", "--agent", "coder").out.startswith("coder: migrated")
    assert run("migrate", "--agent", "coder").out == "coder: up to date\n"
    assert "I prefer tea" in run("events", "--agent", "coder").out
