"""Operator acts: edit, approve, reject, archive, restore; what follows at once, and what stays away for good."""

from __future__ import annotations

import json

import pytest

from elephantasm_cli.acts.context import OperatorContext
from elephantasm_cli.demo.play import sessions
from elephantasm_cli.errors import UsageError
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.store.changes import Change
from elephantasm_cli.vocabulary import Layer, TransformationType

SHORT = "I prefer short answers over long explanations."


def test_rejected_memory_leaves_with_all_that_says_the_same(marlene, found, says):
    """The knowledge made of it, the identity that told it, and every paraphrase go in one act, each with its reason."""
    memory = found("memory", SHORT)
    assert len(says(SHORT)) == 3
    act = marlene.reject(memory["id"], reason="she was joking")
    assert says(SHORT) == []
    first = act.transformations[0]
    assert (first["target_id"], first["reasoning"]) == (memory["id"], "she was joking")
    assert {entry["created_by"] for entry in act.transformations} == {"operator"}
    assert {entry["workflow_name"] for entry in act.transformations} == {"reject"}
    assert {entry["target_type"] for entry in act.transformations} == {"memory", "knowledge", "identity"}
    assert all(entry["reasoning"] for entry in act.transformations)
    assert verify(marlene.store).faults == []


def test_rejected_and_edited_stay_away_when_everything_is_told_again(marlene, found, says):
    """Three rejected and one corrected; the same transcripts, the same words elsewhere, paraphrases: none returns."""
    gone = (SHORT, "Never push to main directly.", "write the failing test first, before the code.")
    for words in gone:
        marlene.reject(found("memory", words)["id"])
    marlene.edit(found("memory", "line length is now 88")["id"], "Line length is 120.")
    for number in range(5):
        for name, records in sessions():
            marlene.ingest(records)
            marlene.ingest(
                [{**record, "id": f"again-{number}-{record['id']}"} for record in records if "id" in record],
                session=f"{name}-again-{number}",
            )
        marlene.ingest(
            [
                {"role": "user", "author": "Marlene", "content": text, "id": f"{number}-{text}"}
                for text in (
                    "I'd rather have short answers than long explanations.",
                    "Do not push directly to main.",
                    "Line length is 88 now, not 100 by the way.",
                )
            ],
            session=f"paraphrases-{number}",
        )
        marlene.dream(force=True, llm=False)
    assert [part for part in (*gone, "rather have short answers", "Do not push", "88") if says(part)] == []
    assert len(says("Line length is 120.")) >= 1
    assert verify(marlene.store).faults == []


def test_what_differs_in_what_counts_is_no_paraphrase(marlene, found, says):
    """Another number, another name or the opposite may be remembered."""
    marlene.reject(found("memory", "line length is now 88")["id"])
    marlene.ingest(
        [{"role": "user", "author": "Marlene", "content": "From now on the line length is 110.", "id": "x"}],
        session="later",
    )
    marlene.dream(force=True, llm=False)
    assert says("line length is 110")


def test_rejected_statement_stays_away_in_its_own_words_and_in_those_it_was_made_of(marlene, found):
    """A new row is judged by both: one of other bare words that states the same is not made, nor the reverse."""
    memory = found("memory", SHORT)
    assert memory["content"] != memory["metadata"]["quote"]
    marlene.reject(memory["id"])
    unwanted = OperatorContext(
        marlene.store, "test", embedder=marlene.checked_embedder, settings=marlene.settings.dream
    ).unwanted
    other = "Coffee tastes best at seven in the morning."
    for statement, words in ((memory["content"], other), (other, SHORT)):
        metadata = {**memory["metadata"], "words": words}
        values = {"title": "answers", "content": statement, "statement": statement, "metadata": metadata}
        for layer in (Layer.LESSON, Layer.KNOWLEDGE):
            change = Change(TransformationType.CONSOLIDATION, layer, "new", values)
            assert memory["id"] in str(unwanted.reason(change)), layer
    values = {"statement": other, "metadata": {**memory["metadata"], "words": other}}
    assert unwanted.reason(Change(TransformationType.CONSOLIDATION, Layer.KNOWLEDGE, "kno_new", values)) is None


def test_edit_takes_the_place_of_the_old_statement_at_once(marlene, found, says):
    """The new row rests on the operator's own event; the old one and its knowledge give way; identity follows."""
    memory = found("memory", SHORT)
    act = marlene.edit(memory["id"], "Marlene prefers answers of one sentence.", reason="she said so on the phone")
    assert says(SHORT) == []
    new = act.transformations[0]
    assert new["transformation_type"] == TransformationType.EDIT
    row = marlene.show(new["target_id"])
    assert (row["content"], row["trust"]) == ("Marlene prefers answers of one sentence.", "operator")
    (event,) = marlene.why(row["id"]).events
    assert (event.author, event.quote) == ("Operator", "Marlene prefers answers of one sentence.")
    assert marlene.show(memory["id"])["superseded_by"] == row["id"]
    marlene.dream(force=True, llm=False)
    assert says(SHORT) == []
    assert len(says("answers of one sentence")) >= 2, "the next dream makes knowledge of it"
    assert verify(marlene.store).faults == []


def test_edited_knowledge_replaces_the_memory_that_said_it(marlene, found, says):
    """Correcting a belief corrects what it was made of."""
    knowledge = found("knowledge", "8 years")
    marlene.edit(knowledge["id"], "Marlene: invoices must be kept for 9 years.")
    assert says("8 years") == []
    assert len(says("9 years")) == 1
    marlene.dream(force=True, llm=False)
    assert says("8 years") == []


def test_edited_lesson_and_identity_are_rows_of_their_own(marlene, found):
    """A lesson keeps its support, an identity its traits; both rest on the operator's words."""
    lesson = found("lesson", "Keep commits small")
    act = marlene.edit(lesson["id"], "Marlene wants one commit per change.")
    edited = marlene.show(act.transformations[0]["target_id"])
    assert edited["support_count"] == lesson["support_count"]
    assert (edited["content"], edited["metadata"]["words"]) == ("Marlene wants one commit per change.",) * 2
    before = marlene.identity()
    act = marlene.edit(before["id"], "Works with Marlene at Nordkai.")
    after = marlene.identity()
    assert after["id"] == act.transformations[0]["target_id"]
    assert (after["disposition_summary"], after["traits"]) == ("Works with Marlene at Nordkai.", before["traits"])
    assert after["version"] == before["version"] + 1
    assert verify(marlene.store).faults == []


def test_rejecting_a_successor_lets_what_it_replaced_hold_again(marlene, found, says):
    """Redis gave way to PostgreSQL for the job queue; if that is not so, Redis it is."""
    assert not [i for i in says("we use Redis for the job queue") if i.startswith("mem_")]
    marlene.reject(found("memory", "We are dropping Redis")["id"])
    assert says("We are dropping Redis") == []
    assert [i for i in says("we use Redis for the job queue") if i.startswith("mem_")]
    assert verify(marlene.store).faults == []


def test_archived_memory_holds_nothing_up(marlene, found):
    """Knowledge that rests on it alone waits as a candidate; it does not come back by itself."""
    memory = found("memory", SHORT)
    knowledge = found("knowledge", SHORT)
    marlene.archive(memory["id"])
    assert marlene.show(memory["id"])["state"] == "archived"
    assert marlene.show(knowledge["id"])["state"] == "candidate"
    assert SHORT not in str(marlene.identity()["preferences"])
    marlene.ingest([{"role": "user", "author": "Marlene", "content": SHORT, "id": "x"}], session="later")
    marlene.dream(force=True, llm=False)
    assert marlene.show(memory["id"])["state"] == "archived"
    marlene.approve(knowledge["id"])
    approved = marlene.show(knowledge["id"])
    assert (approved["state"], approved["trust"]) == ("active", "operator")
    assert approved["certainty"] >= 0.9


def test_lesson_without_enough_memories_is_archived_at_once(marlene, found):
    """Its memories are archived one by one; when too few hold, it goes, and its knowledge waits."""
    lesson = found("lesson", "Keep commits small")
    sources = {edge["source_id"] for edge in marlene.store.log.sources_of(lesson["id"])}
    for memory_id in sorted(sources):
        if marlene.show(memory_id)["state"] != "superseded":
            marlene.archive(memory_id)
    assert marlene.show(lesson["id"])["state"] == "archived"
    reasons = [entry["reasoning"] for entry in marlene.history(lesson["id"])]
    assert "of its memories still hold" in reasons[-1]
    assert verify(marlene.store).faults == []


def test_restore_brings_back_one_item_and_lifts_its_tombstone(marlene, found, says):
    """The memory is back; what said the same may be told again."""
    memory = found("memory", SHORT)
    marlene.reject(memory["id"])
    marlene.restore(memory["id"])
    assert says(SHORT) == [memory["id"]]
    assert marlene.store.tombstones.standing() == []
    marlene.archive(memory["id"])
    marlene.restore(memory["id"], reason="still true")
    assert marlene.show(memory["id"])["state"] == "active"
    assert "put_away" not in marlene.show(memory["id"])["metadata"]
    assert verify(marlene.store).faults == []


def test_operators_words_give_way_to_nobody_else(marlene, found):
    """A user who says otherwise later supersedes what was said, not what the operator wrote."""
    new = marlene.edit(found("memory", "line length is now 88")["id"], "The line length is 120.")
    marlene.ingest(
        [{"role": "user", "author": "Marlene", "content": "The line length is now 90, not 120.", "id": "x"}],
        session="later",
    )
    marlene.dream(force=True, llm=False)
    assert marlene.show(new.transformations[0]["target_id"])["state"] == "active"


def test_note_becomes_a_memory_of_the_operator(marlene, says):
    """A note is an event like others, but trusted most."""
    marlene.note("The office closes at 6 pm on Thursdays.")
    marlene.dream(force=True, llm=False)
    (memory,) = [i for i in says("closes at 6 pm") if i.startswith("mem_")]
    assert marlene.show(memory)["trust"] == "operator"


@pytest.mark.parametrize(
    ("act", "layer", "said"),
    [
        ("edit", "event", "is an event"),
        ("approve", "identity", "version of the identity"),
        ("archive", "identity", "version of the identity"),
        ("edit", "dream", "no memory"),
    ],
)
def test_what_cannot_be_judged_is_a_usage_error(marlene, act, layer, said):
    """Events stay as they are, identity follows from knowledge."""
    ids = {
        "event": lambda: next(marlene.events())["id"],
        "identity": lambda: marlene.identity()["id"],
        "dream": lambda: marlene.dreams()[0]["id"],
    }
    arguments = ["new words"] if act == "edit" else []
    with pytest.raises(UsageError, match=said):
        getattr(marlene, act)(ids[layer](), *arguments)


def test_acts_that_make_no_sense_are_usage_errors(marlene, found):
    """No words, the same words, what gave way already, what is archived."""
    memory = found("memory", SHORT)
    with pytest.raises(UsageError, match="needs words"):
        marlene.edit(memory["id"], "  ")
    with pytest.raises(UsageError, match="says that already"):
        marlene.edit(memory["id"], memory["content"])
    marlene.archive(memory["id"])
    with pytest.raises(UsageError, match="restore"):
        marlene.approve(memory["id"])
    marlene.restore(memory["id"])
    marlene.edit(memory["id"], "Marlene likes it short.")
    with pytest.raises(UsageError, match="gave way"):
        marlene.edit(memory["id"], "Marlene likes it long.")


def test_the_command_line_does_all_of_it(run, small):
    """Each command prints what it changed, a line a row, or with --json one object an act."""
    edited = run("edit", small.knowledge[:12], "We", "deploy", "on", "Mondays.", "--reason", "told me")
    assert edited.code == 0
    assert "told me" in edited.out
    assert "undo tfm_" in edited.err
    rows = [json.loads(line) for line in run("knowledge", "--state", "active", "--json").out.splitlines()]
    assert [row["statement"] for row in rows] == ["We deploy on Mondays."]
    (act,) = [json.loads(line) for line in run("archive", rows[0]["id"], "--json").out.splitlines()]
    assert [entry["transformation_type"] for entry in act["transformations"]] == ["archive"]
    assert "nothing had to change" in run("archive", rows[0]["id"]).err
    assert run("restore", rows[0]["id"]).code == 0
    assert run("approve", rows[0]["id"], "--reason", "yes").code == 0
    assert run("reject", rows[0]["id"], small.memory).code == 0
    assert run("knowledge", "--state", "active").out == ""
    assert run("verify").code == 0
    assert run("edit", small.events[0], "x").code == 2
