"""verify --deep --rebuild: the file is made anew from events and log, and compared word by word."""

from __future__ import annotations

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.errors import UsageError
from elephantasm_cli.lineage.deep import verify_deep
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.store.store import open_store


def derived(store):
    return {row["id"]: row for layer in TABLES for row in store.erasure.rows(layer)}


def test_rebuilt_file_is_the_same_memory(run, small, tmp_path):
    """Every derived row to the last column, every event, the log; it verifies, searches and dreams on."""
    target = tmp_path / "rebuilt.db"
    result = run("verify", "--rebuild", target)
    assert result.code == 0
    assert f"rebuilt: {target}" in result.err
    assert "deep\t" in result.out
    with open_store(target) as fresh, open_agent() as agent:
        assert derived(fresh) == derived(agent.store)
        assert list(fresh.events.listed()) == list(agent.events())
        assert list(fresh.log.listed()) == agent.log()
        assert fresh.agent.secret == agent.store.agent.secret
        assert verify_deep(fresh).faults == []
    assert run("verify", "--rebuild", target).code == 2


def test_tampered_rows_are_rebuilt_as_the_log_has_them(small, tmp_path):
    """The faults are told, the file is written without them."""
    target = tmp_path / "rebuilt.db"
    with open_agent() as agent:
        agent.store.connection.execute("UPDATE memories SET content = 'forged'")
        report = agent.verify(rebuild=target)
        assert {fault.item for fault in report.faults if fault.check == "fold"} == {small.old, small.memory}
        assert report.to_dict()["rebuilt"] == str(target)
    with open_store(target) as fresh:
        assert "forged" not in {row["content"] for row in fresh.derived.listed("memory")}
        assert verify_deep(fresh).faults == []


def test_nothing_is_rebuilt_from_a_log_that_lies(run, small, tmp_path):
    """Exit 4, the first faults, no file."""
    with open_agent() as agent:
        agent.store.connection.execute("UPDATE transformations SET reasoning = 'forged' WHERE seq = 2")
    result = run("verify", "--deep", "--rebuild", tmp_path / "rebuilt.db")
    assert result.code == 4
    assert "what it says is not what was logged" in result.out
    assert not (tmp_path / "rebuilt.db").exists()


def test_only_the_first_faults_are_told(run, small):
    """Twenty at most; --json has all."""
    with open_agent() as agent:
        agent.ingest([{"role": "user", "content": f"This is message {n}.", "id": str(n)} for n in range(30)])
        agent.store.connection.execute("UPDATE events SET author = 'forged'")
    result = run("verify")
    assert result.code == 4
    assert result.out.count("is not what was ingested") == 20
    assert "the first 20 shown" in result.err
    assert run("verify", "--json").out.count("is not what was ingested") == 32


@pytest.mark.parametrize(
    ("sql", "advice"),
    [
        ("UPDATE passages SET char_end = char_end - 1 WHERE id = 1", "not indexed as it reads"),
        ("DELETE FROM passages_fts WHERE rowid = 2", "not indexed as it reads"),
        ("UPDATE embeddings SET vector = zeroblob(1536) WHERE passage_id = 1", "not those of its vector"),
    ],
)
def test_indexes_are_compared_word_by_word(small, sql, advice):
    """What plain verify takes for covered, the deep one reads."""
    with open_agent() as agent:
        agent.reindex()
        assert agent.verify(deep=True).faults == []
        agent.store.enable_vectors()
        agent.store.connection.execute(sql)
        faults = [fault for fault in agent.verify(deep=True).faults if fault.check == "deep"]
        assert faults
        assert advice in faults[0].message


def test_a_failed_rebuild_leaves_an_error(small, tmp_path):
    """A target that is there is never written over."""
    target = tmp_path / "there.db"
    target.write_text("mine")
    with open_agent() as agent, pytest.raises(UsageError, match="there already"):
        agent.verify(rebuild=target)
    assert target.read_text() == "mine"
