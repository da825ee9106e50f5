"""Undo: acts and dreams are taken back in reverse order, refused where later ones depend on them, and done again."""

from __future__ import annotations

import json

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.errors import ConflictError, UsageError
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import Layer

SHORT = "I prefer short answers over long explanations."


def rows(agent):
    """Every derived row without the time of its last change."""
    return {
        row["id"]: {**row, "updated_at": ""}
        for layer in TABLES
        for row in (agent.store.derived.any_state(layer, item) for item in all_ids(agent, layer))
    }


def all_ids(agent, layer: Layer):
    return [row[0] for row in agent.store.connection.execute(f"SELECT id FROM {TABLES[layer].name}")]


def live(agent):
    return {item: row for item, row in rows(agent).items() if not row["is_deleted"]}


@pytest.mark.parametrize("act", ["reject", "edit", "archive"])
def test_undoing_an_act_puts_every_row_back(marlene, found, act):
    """Rows, cascade, identity and tombstones; undoing the undo does it all again."""
    memory = found("memory", SHORT)
    before = live(marlene)
    done = getattr(marlene, act)(memory["id"], *(["Marlene likes it short."] if act == "edit" else []))
    after = live(marlene)
    assert after != before
    laid = len(marlene.store.tombstones.standing())
    undone = marlene.undo(done.transformations[-1]["id"])
    assert live(marlene) == before
    assert marlene.store.tombstones.standing() == []
    assert {entry["undoes"] for entry in undone.transformations} == {e["id"] for e in done.transformations}
    assert verify(marlene.store).faults == []
    marlene.undo(undone.transformations[0]["id"])
    assert live(marlene) == after
    assert len(marlene.store.tombstones.standing()) == laid
    again = marlene.log(newest_first=True, limit=1)[0]["id"]
    marlene.undo(again)
    assert live(marlene) == before
    assert marlene.store.tombstones.standing() == []
    assert verify(marlene.store).faults == []


def test_dry_run_changes_nothing(marlene, found):
    """It tells what would be undone, dependants included."""
    first = marlene.dreams()[-1]["id"]
    seq = marlene.store.log.newest_seq()
    plan = marlene.undo(first, dry_run=True)
    assert marlene.store.log.newest_seq() == seq
    assert plan.dry_run
    assert plan.dependent
    assert {entry["dream_id"] for entry in plan.undone if entry not in plan.dependent} == {first}


def test_dream_that_others_build_on_is_undone_only_with_them(marlene):
    """The refusal names them; a cascade takes them back too; nothing that rested on the dream lives on."""
    first = marlene.dreams()[-1]["id"]
    with pytest.raises(ConflictError, match="--cascade"):
        marlene.undo(first)
    made = {entry["target_id"] for entry in marlene.log(dream_id=first) if entry["before"] is None}
    before = live(marlene)
    done = marlene.undo(first, cascade=True)
    assert not made & live(marlene).keys()
    assert verify(marlene.store).faults == []
    marlene.undo(done.transformations[0]["id"])
    assert live(marlene) == before
    assert verify(marlene.store).faults == []


def test_last_dream_is_undone_and_not_dreamed_again(marlene):
    """What is undone stays undone: the next dream makes none of it, and does not fail over it."""
    last = marlene.dreams()[0]["id"]
    made = {entry["target_id"] for entry in marlene.log(dream_id=last) if entry["before"] is None}
    marlene.undo(last)
    assert not made & live(marlene).keys()
    marlene.dream(force=True, llm=False)
    assert not (made & live(marlene).keys())
    marlene.ingest(
        [{"role": "user", "author": "Marlene", "content": "I always want a changelog entry with a fix.", "id": "x"}],
        session="later",
    )
    marlene.dream(force=True, llm=False)
    assert verify(marlene.store).faults == []


def test_undoing_everything_leaves_no_live_row(marlene, found):
    """Dreams and corrections, newest first."""
    marlene.reject(found("memory", SHORT)["id"])
    marlene.edit(found("memory", "line length is now 88")["id"], "The line length is 120.")
    marlene.dream(force=True, llm=False)
    undo_everything(marlene)
    assert live(marlene) == {}
    assert verify(marlene.store).faults == []


def undo_everything(agent):
    """Undo, newest first and with cascade, whatever is in force and no undo itself."""
    from elephantasm_cli.lineage.force import Force

    while True:
        force = Force(agent.store.log.undoers())
        entry = next((e for e in agent.log(newest_first=True) if e["undoes"] is None and force(e["id"])), None)
        if entry is None:
            return
        agent.undo(entry["id"], cascade=True)


def test_later_act_on_the_same_row_stands_in_the_way(marlene, found):
    """Restored after it was archived: the archiving cannot be undone alone."""
    memory = found("memory", SHORT)
    first = marlene.archive(memory["id"])
    second = marlene.restore(memory["id"])
    with pytest.raises(ConflictError, match=second.transformations[0]["id"]):
        marlene.undo(first.transformations[0]["id"])
    marlene.undo(second.transformations[0]["id"])
    marlene.undo(first.transformations[0]["id"])
    assert marlene.show(memory["id"])["state"] == "active"


def test_redo_waits_for_what_it_rests_on(marlene, found):
    """A row does not come back before its sources do."""
    memory = found("memory", SHORT)
    made = marlene.history(memory["id"])[0]
    knowledge = found("knowledge", SHORT)
    top = marlene.undo(marlene.history(knowledge["id"])[0]["id"], cascade=True)
    bottom = marlene.undo(made["id"])
    with pytest.raises(ConflictError, match=r"rests on|would rest on nothing"):
        marlene.undo(top.transformations[-1]["id"])
    marlene.undo(bottom.transformations[0]["id"])
    marlene.undo(top.transformations[-1]["id"])
    assert not marlene.show(knowledge["id"])["is_deleted"]
    assert verify(marlene.store).faults == []


def test_what_is_no_act_or_is_undone_already_is_a_usage_error(marlene, found):
    """The message names what to undo instead."""
    memory = found("memory", SHORT)
    with pytest.raises(UsageError, match="is no act"):
        marlene.undo(memory["id"])
    act = marlene.archive(memory["id"]).transformations[0]["id"]
    undone = marlene.undo(act)
    with pytest.raises(UsageError, match="|".join(entry["id"] for entry in undone.transformations)):
        marlene.undo(act)
    last = marlene.dreams()[0]["id"]
    marlene.undo(last)
    with pytest.raises(UsageError, match="left to undo"):
        marlene.undo(last)


def test_restore_does_not_bring_back_what_was_undone(marlene):
    """An undone row has lost its ground: the way back is to undo the undo."""
    last = marlene.dreams()[0]["id"]
    made = next(entry["target_id"] for entry in marlene.log(dream_id=last) if entry["before"] is None)
    marlene.undo(last)
    with pytest.raises(UsageError, match="was undone"):
        marlene.restore(made)


def test_successor_that_was_forgotten_is_not_pointed_to_again(home, small):
    """A supersession that was undone cannot be done again once what took the place is gone."""
    with open_agent() as agent:
        superseded = agent.history(small.old)[-1]["id"]
        undone = agent.undo(superseded)
        agent.forget(small.memory)
        with pytest.raises(UsageError, match="was forgotten"):
            agent.undo(undone.transformations[0]["id"])
        assert verify(agent.store).faults == []


def test_the_command_line_undoes(run, small):
    """Plan, refusal, cascade, redo."""
    made = json.loads(run("show", small.memory, "--history", "--json").out)["history"][0]["id"]
    assert "would undo" in run("undo", made, "--dry-run").err
    assert run("undo", made).code == 1
    done = run("undo", made, "--cascade", "--json")
    assert done.code == 0
    assert json.loads(done.out)["dependent"]
    assert run("knowledge").out == ""
    again = json.loads(done.out)["transformations"][0]["id"]
    told = run("undo", again)
    assert (told.code, "does it again" in told.err) == (0, True)
    assert run("knowledge").out
    assert run("verify").code == 0
