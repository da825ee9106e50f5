"""What was known at a time: lists, items, lineage and packs of then, from the log."""

from __future__ import annotations

import json

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.demo.play import sessions
from elephantasm_cli.errors import ReadOnlyError, UsageError
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.store.changes import Change, Provenance
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import Layer, TransformationType

SHORT = "I prefer short answers over long explanations."


def state(agent):
    """All that can be read of an agent, without what is derived and disposable."""
    layers = {layer: list(agent.items(layer)) for layer in TABLES}
    stats = {name: value for name, value in agent.stats().items() if name not in ("bytes", "passages_without_vector")}
    return [list(agent.events()), layers, agent.identity(), agent.log(), agent.packs(), agent.dreams(), stats]


def test_every_past_of_the_demo_is_the_state_of_then(home):
    """After each dream all is noted; at the end, every such time gives the same reads and the same pack."""
    noted = []
    with open_agent() as agent:
        for number, (_, records) in enumerate(sessions()):
            agent.ingest(records)
            agent.dream(force=True, llm=False)
            if number == 2:
                memory = next(row for row in agent.memories() if row["metadata"]["quote"] == SHORT)
                agent.reject(memory["id"])
                agent.pack("short answers", save=True)
            if number == 4:
                agent.undo(next(e["id"] for e in agent.log() if e["workflow_name"] == "reject"), cascade=True)
                row = next(row for row in agent.memories() if "Line length is 100" in row["metadata"]["quote"])
                agent.edit(row["id"], "The line length is 120.")
            noted.append((utc_now(), state(agent), agent.pack("Which database do we use?").text))
        for time, then, pack in noted:
            with agent.known_at(time) as past:
                assert state(past) == then
                assert past.pack("Which database do we use?").text == pack
                assert verify(past.store).faults == []


def test_past_is_only_looked_at(marlene):
    """No write goes through, and the file is as it was."""
    before = marlene.store.log.newest_seq()
    with marlene.known_at(utc_now()) as past, pytest.raises(ReadOnlyError):
        past.note("hello")
    assert marlene.store.log.newest_seq() == before


def test_before_anything_there_is_nothing(marlene):
    """A time before the file was made."""
    with marlene.known_at("2020-01-01") as past:
        assert list(past.events()) == past.memories() == past.log() == []
        assert past.identity() is None


def test_unfinished_act_had_not_happened(home, small):
    """A time between the rows of one act is before the act."""
    with open_agent() as agent:
        done = agent.edit(small.memory, "We deploy on Mondays.")
        first = done.transformations[0]["created_at"]
        assert first < done.transformations[-1]["created_at"]
        with agent.known_at(first) as past:
            assert past.show(small.memory)["state"] == "active"
            assert verify(past.store).faults == []


def test_the_command_line_looks_back(run, small, monkeypatch):
    """Lists, show, why and pack take --known-at."""
    then = utc_now()
    run("edit", small.memory, "We deploy on Mondays.")
    assert "Mondays" in run("memories").out
    for command in ("memories", "knowledge"):
        assert "Mondays" not in run(command, "--known-at", then).out
        assert "Fridays" in run(command, "--known-at", then).out
    assert len(run("events", "--known-at", then).out.splitlines()) == 2
    assert json.loads(run("show", small.memory, "--known-at", then, "--json").out)["state"] == "active"
    assert "Mondays" not in run("search", "deploy", "--known-at", then).out
    assert "Fridays" in run("why", small.memory, "--known-at", then).out
    assert run("identity", "--known-at", then).code == 0
    assert "Mondays" in run("pack", "--query", "When do we deploy?").out
    past = run("pack", "--query", "When do we deploy?", "--known-at", then)
    assert "Mondays" not in past.out
    assert "Fridays" in past.out
    assert run("pack", "--known-at", then, "--save").code == 2
    assert run("memories", "--known-at", "whenever").code == 2


def test_forgotten_is_gone_from_the_past_too(home, small):
    """The past is what the log still says of it."""
    then = utc_now()
    with open_agent() as agent:
        agent.forget(small.memory)
        with agent.known_at(then) as past:
            assert small.memory not in {row["id"] for row in past.memories()}
            assert past.show(small.old)["superseded_by"] is None
            assert next(iter(past.why(small.old))).text == "Ada deploys on Tuesdays."


def test_row_is_what_the_next_entry_says_it_was(home, small):
    """Even where several entries came after the time."""
    with open_agent() as agent:
        then = utc_now()
        for value in (0.5, 0.6, 0.7):
            change = Change(TransformationType.REFINE, Layer.MEMORY, small.memory, {"confidence": value})
            with agent.store.transaction():
                agent.store.derived.change(change, Provenance("test", "test"))
        with agent.known_at(then) as past:
            assert past.show(small.memory)["confidence"] == 0.9
        with pytest.raises(UsageError):
            agent.known_at("soon")
