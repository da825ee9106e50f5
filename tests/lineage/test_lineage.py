"""Why, and proof."""

from __future__ import annotations

import pytest

from elephantasm_cli.errors import NotFoundError
from elephantasm_cli.ids import derived_id
from elephantasm_cli.lineage.trace import trace
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.store.changes import Change, Provenance, Source
from elephantasm_cli.vocabulary import Layer, TransformationType


@pytest.fixture
def told(store, draft, memory_change, provenance):
    """A store with two events, a memory of each, and knowledge that rests on both; returns their ids."""
    with store.transaction():
        store.events.add([draft("I prefer tea over coffee"), draft("tea, as always", session="s2")])
    events = [event["id"] for event in store.events.listed()]
    memories = [memory_change([event_id], f"memory {n}") for n, event_id in enumerate(events)]
    knowledge_id = derived_id(Layer.KNOWLEDGE, "preference", [m.target_id for m in memories], "Dana prefers tea.")
    values = {
        "category": "preference",
        "statement": "Dana prefers tea.",
        "certainty": 0.75,
        "valid_from": "2026-03-01T10:00:00.000000Z",
        "valid_to": None,
        "superseded_by": None,
        "state": "active",
        "trust": "user",
        "metadata": {},
    }
    with store.transaction():
        for memory in memories:
            store.derived.create(memory, provenance)
        store.derived.create(
            Change(
                TransformationType.CONSOLIDATION,
                Layer.KNOWLEDGE,
                knowledge_id,
                values,
                tuple(Source(memory.target_id, Layer.MEMORY) for memory in memories),
                "stated twice",
            ),
            Provenance("consolidate_knowledge", "dream", model_id="tiny@abc"),
        )
    return {"events": events, "memories": [m.target_id for m in memories], "knowledge": knowledge_id}


def test_why_walks_down_to_the_quoted_words(store, told):
    """From knowledge through memories to the span of the event that was cited."""
    tree = trace(store, told["knowledge"])
    assert [(node.depth, node.layer) for node in tree] == [
        (0, "knowledge"),
        (1, "memory"),
        (2, "event"),
        (1, "memory"),
        (2, "event"),
    ]
    assert [node.quote for node in tree.events] == ["I pre", "tea, "]
    edge = next(iter(tree.root.children)).edge
    assert (edge.job, edge.model_id, edge.reasoning) == ("consolidate_knowledge", "tiny@abc", "stated twice")
    assert 'Dana, 1 March 2026: "I pre"' in [str(node).strip().split("  ", 1)[1] for node in tree.events]


def test_why_down_shows_what_came_of_an_event(store, told):
    """The other way: event, memory, knowledge."""
    tree = trace(store, told["events"][0], down=True)
    assert [node.id for node in tree] == [told["events"][0], told["memories"][0], told["knowledge"]]


def test_why_of_a_pack_is_refused(store):
    """Only items of the layers have lineage."""
    with pytest.raises(NotFoundError):
        trace(store, "pck_aaaaaaaaaaaaaaaaaaaa")


def test_untouched_file_verifies(store, told):
    """Everything is checked and nothing is found."""
    report = verify(store)
    assert report.faults == []
    assert report.checked["events"] == 2
    assert report.checked["log"] == 3
    assert report.checked["fold"] == 3
    assert report.checked["lineage"] == 3


def test_rows_that_changed_many_times_still_fold(store, told, provenance):
    """States, supersession and archiving leave a log that gives the same rows."""
    first, second = told["memories"]
    with store.transaction():
        store.derived.change(
            Change(
                TransformationType.SUPERSEDE,
                Layer.MEMORY,
                first,
                {"state": "superseded", "superseded_by": second},
                (Source(second, Layer.MEMORY),),
            ),
            provenance,
        )
        store.derived.change(
            Change(TransformationType.REFINE, Layer.MEMORY, second, {"confidence": 0.1 + 0.2}), provenance
        )
        store.derived.change(Change(TransformationType.ARCHIVE, Layer.MEMORY, second, {"is_deleted": True}), provenance)
        store.derived.change(
            Change(TransformationType.RESTORE, Layer.MEMORY, second, {"is_deleted": False}), provenance
        )
    assert verify(store).faults == []


@pytest.mark.parametrize(
    ("sql", "check"),
    [
        ("UPDATE memories SET content = 'forged' WHERE rowid = 1", "fold"),
        ("UPDATE knowledge SET certainty = 0.76", "fold"),
        ("UPDATE memories SET updated_at = '2026-01-01T00:00:00.000000Z' WHERE rowid = 1", "fold"),
        ("DELETE FROM memories WHERE rowid = 2", "fold"),
        ("UPDATE events SET content = 'forged' WHERE seq = 1", "events"),
        ("UPDATE events SET author = 'Mallory' WHERE seq = 1", "events"),
        ("DELETE FROM events WHERE seq = 1", "events"),
        ("UPDATE transformations SET reasoning = 'forged' WHERE seq = 2", "log"),
        ("UPDATE transformations SET model_id = 'other' WHERE seq = 3", "log"),
        ("UPDATE transformations SET after = json_set(after, '$.content', 'forged') WHERE seq = 1", "log"),
        ("UPDATE lineage SET quote_end = 7 WHERE id = 1", "log"),
        ("DELETE FROM lineage WHERE id = 1", "lineage"),
        ("UPDATE lineage SET source_id = 'evt_nowhere' WHERE id = 1", "lineage"),
        ("DELETE FROM passages WHERE item_id LIKE 'mem_%'", "index"),
        ("DELETE FROM passages_fts WHERE rowid = 1", "index"),
    ],
)
def test_change_behind_our_back_is_found_and_named(store, told, sql, check):
    """Whatever is altered by hand, the check that watches it says so."""
    store.connection.execute("PRAGMA foreign_keys = OFF")
    store.connection.execute(sql)
    report = verify(store)
    assert check in {fault.check for fault in report.faults}
    assert not report.ok
    assert report.to_dict()["faults"][0]["item"]
