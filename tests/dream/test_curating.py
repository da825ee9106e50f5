"""What memories do to each other: they merge, give way and fade, and nothing is deleted."""

from __future__ import annotations

import pytest

from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.store.derived import DerivedRows
from elephantasm_cli.vocabulary import Layer, Trust

PREFERENCE = "I prefer plain SQL over an ORM for reports you write."


def test_same_words_again_merge_and_keep_both_lineages(store, say, dreaming, rows):
    """A repetition raises support; the survivor cites both events."""
    say(PREFERENCE, day=1)
    dreaming()
    say(PREFERENCE, day=2)
    dreaming()
    (survivor,) = rows("memory", "active")
    (absorbed,) = rows("memory", "superseded")
    assert absorbed["superseded_by"] == survivor["id"]
    assert absorbed["valid_to"] is None
    assert survivor["metadata"]["support"] == 2
    assert survivor["metadata"]["sessions"] == ["s3-1", "s3-2"]
    events = {edge["source_id"] for edge in store.log.sources_of(survivor["id"]) if edge["source_type"] == "event"}
    assert len(events) == 2
    assert verify(store).ok


def test_later_value_of_a_slot_supersedes_the_earlier_one_with_what_rests_on_it(store, say, dreaming, rows):
    """The later event time wins; knowledge that rested on the old value does not live on."""
    say("We use Redis for the job queue.", day=1)
    dreaming()
    assert [item["state"] for item in rows("knowledge")] in ([], ["active"])
    say("From now on we use PostgreSQL for the job queue.", day=5)
    dreaming()
    old = next(memory for memory in rows("memory") if "Redis" in memory["content"])
    new = next(memory for memory in rows("memory") if "PostgreSQL" in memory["content"])
    assert (old["state"], old["superseded_by"], old["valid_to"]) == ("superseded", new["id"], new["time_start"])
    assert not [item for item in rows("knowledge", "active") if "Redis" in item["statement"]]
    assert not [
        row
        for row in rows("identity")
        if row["version"] == len(rows("identity")) and "Redis" in row["disposition_summary"]
    ]
    assert verify(store).ok


def test_earlier_words_that_arrive_late_do_not_supersede_newer_ones(say, dreaming, rows):
    """Event time decides, not the order of ingestion."""
    say("We use PostgreSQL for the job queue.", day=20)
    dreaming()
    say("We use Redis for the job queue.", day=1)
    dreaming()
    states = {("Redis" if "Redis" in m["content"] else "PostgreSQL"): m["state"] for m in rows("memory")}
    assert states == {"PostgreSQL": "active", "Redis": "superseded"}


def test_a_tool_cannot_supersede_a_person(say, dreaming, rows):
    """Trust is never raised by coming later."""
    say("We use Redis for the job queue.", day=1)
    say("We use RabbitMQ for the job queue.", day=5, trust=Trust.IMPORT, author="Dana")
    dreaming()
    assert [m["state"] for m in rows("memory") if "Redis" in m["content"]] == ["active"]


def test_unimportant_memories_decay_then_are_archived_and_nothing_is_deleted(store, say, dreaming, rows):
    """active -> decaying -> archived, on the database's clock."""
    say("I had coffee with Robin in the park on Saturday.", day=1)
    dreaming()
    (memory,) = rows("memory")
    with store.transaction():
        from elephantasm_cli.store.changes import Change, Provenance
        from elephantasm_cli.vocabulary import TransformationType

        store.derived.change(
            Change(TransformationType.EDIT, Layer.MEMORY, memory["id"], {"importance_score": 0.2}),
            Provenance("edit", "operator"),
        )
    states = []
    for month in (4, 5, 6, 7):
        say("We moved the standup to nine.", month=month, day=20)
        dreaming()
        states.append(store.derived.find(Layer.MEMORY, memory["id"])["state"])
    assert states == ["active", "decaying", "archived", "archived"]
    assert store.events.count() == 5
    assert verify(store).ok


def test_conflicting_change_during_a_step_writes_nothing(store, say, dreaming, rows, monkeypatch):
    """The inputs' versions are rechecked before writing."""
    from elephantasm_cli.errors import ConflictError

    say("We use Redis for the job queue.", day=1)
    say("We use PostgreSQL for the job queue.", day=2)
    monkeypatch.setattr(DerivedRows, "recheck", lambda self, versions: (_ for _ in ()).throw(ConflictError("moved")))
    with pytest.raises(ConflictError):
        dreaming()
    assert rows("memory", "superseded") == []


def test_of_two_sentences_only_the_one_that_was_changed_ends(store, say, dreaming, rows):
    """What was kept as one memory is told apart first."""
    rented, was = "The shop rents a kiln in Mol for the glue.", "The rent of the kiln in Mol is 90 euros a month."
    say(f"{rented} {was}")
    dreaming()
    (both,) = rows("memory")
    assert both["metadata"]["quote"] == f"{rented} {was}"
    say("The rent of the kiln in Mol is 120 euros a month now.", day=5)
    dreaming()
    states = {row["metadata"]["quote"]: row["state"] for row in rows("memory")}
    assert (states[rented], states[was], states[f"{rented} {was}"]) == ("active", "superseded", "superseded")
    assert verify(store).ok
