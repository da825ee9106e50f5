"""Derived rows with their log and lineage, dreams and packs, on a real SQLite file."""

from __future__ import annotations

import pytest

from elephantasm_cli.errors import (
    AmbiguousIdError,
    ConflictError,
    LineageError,
    NotFoundError,
)
from elephantasm_cli.store.changes import Change
from elephantasm_cli.store.find import resolve_id
from elephantasm_cli.vocabulary import DreamTrigger, Job, Layer, RunStatus, TransformationType


def add(store, *drafts):
    with store.transaction():
        return store.events.add(drafts)


def event_ids(store):
    return [event["id"] for event in store.events.listed()]


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
