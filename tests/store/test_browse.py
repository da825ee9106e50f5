"""Lists of any length: the keys of all rows in order, and the rows of a page."""

from __future__ import annotations

import pytest

from elephantasm_cli.errors import UsageError
from elephantasm_cli.store.browse import Order, Wanted
from elephantasm_cli.store.store import open_store
from elephantasm_cli.vocabulary import Layer


def shown(agent, layer, wanted=None, order=Order.NEWEST):
    keys = agent.browse.keys(layer, wanted, order=order)
    rows = agent.browse.rows(layer, keys)
    return [rows[key]["text"] for key in keys]


def test_events_are_listed_newest_first_as_they_came_in(marlene):
    """The order is that of ingestion; a page is read by its keys alone."""
    every = [row["content"][:600] for row in marlene.events()]
    assert shown(marlene, Layer.EVENT) == every[::-1]
    assert shown(marlene, Layer.EVENT, order=Order.OLDEST) == every
    assert list(marlene.browse.keys(Layer.EVENT, limit=3)) == [251, 250, 249]
    assert list(marlene.browse.keys_after(248)) == [249, 250, 251]


@pytest.mark.parametrize("layer", [layer for layer in Layer if layer is not Layer.EVENT])
def test_derived_rows_are_those_of_the_other_lists(marlene, layer):
    """Each live row once, and its columns by the same names in every layer."""
    keys = marlene.browse.keys(layer)
    rows = marlene.browse.rows(layer, keys)
    assert {row["id"] for row in rows.values()} == {row["id"] for row in marlene.items(layer)}
    assert len(keys) == len(rows)
    assert rows == marlene.browse.rows(layer, list(reversed(keys)))
    assert marlene.browse.by_id([row["id"] for row in rows.values()]).keys() == {row["id"] for row in rows.values()}


def test_the_strongest_come_first_where_that_is_asked(marlene):
    """Memories by importance, knowledge by certainty."""
    for layer, score in ((Layer.MEMORY, "importance_score"), (Layer.KNOWLEDGE, "certainty")):
        keys = marlene.browse.keys(layer, order=Order.STRONGEST)
        rows = marlene.browse.rows(layer, keys)
        found = [rows[key]["score"] for key in keys]
        assert found == sorted((row[score] for row in marlene.items(layer)), reverse=True)


def test_filters_leave_what_is_wanted(marlene):
    """By state, kind, trust, time, words, and who said it."""
    rows = marlene.memories()
    assert len(shown(marlene, Layer.MEMORY, Wanted(states=("superseded",)))) == sum(
        row["state"] == "superseded" for row in rows
    )
    assert len(shown(marlene, Layer.MEMORY, Wanted(kinds=("plan", "fact")))) == sum(
        row["kind"] in ("plan", "fact") for row in rows
    )
    assert len(shown(marlene, Layer.MEMORY, Wanted(trust="user"))) == sum(row["trust"] == "user" for row in rows)
    since = "2026-04-01T00:00:00.000000Z"
    assert len(shown(marlene, Layer.MEMORY, Wanted(since=since))) == sum(row["time_end"] >= since for row in rows)
    assert all("invoice" in text.lower() for text in shown(marlene, Layer.EVENT, Wanted(words="INVOICE")))
    assert len(shown(marlene, Layer.EVENT, Wanted(author="Marlene"))) == len(list(marlene.events(author="Marlene")))
    said = shown(marlene, Layer.MEMORY, Wanted(author="Marlene"))
    assert 0 < len(said) < len(rows)


def test_words_with_wildcards_are_taken_as_they_are(marlene):
    """A per cent sign finds a per cent sign."""
    marlene.ingest([{"role": "user", "content": "100% sure_thing"}], session="s")
    assert shown(marlene, Layer.EVENT, Wanted(words="0% sure_t")) == ["100% sure_thing"]
    assert shown(marlene, Layer.EVENT, Wanted(words="0%sure")) == []


def test_what_a_layer_has_not_is_said(marlene):
    """An event has no state, and knowledge no author of its own."""
    with pytest.raises(UsageError, match="no state"):
        marlene.browse.keys(Layer.EVENT, Wanted(states=("active",)))
    with pytest.raises(UsageError, match="events and memories"):
        marlene.browse.keys(Layer.KNOWLEDGE, Wanted(author="Marlene"))
    with pytest.raises(UsageError, match="no tally"):
        marlene.browse.tally("content")


def test_words_are_found_by_their_beginning(marlene):
    """What is typed so far is enough; punctuation is not searched and does no harm."""
    found = marlene.browse.by_id(marlene.browse.beginning_with(["invoi"]))
    assert len(found) > 5
    assert all("invoi" in row["text"].lower() for row in found.values())
    assert marlene.browse.beginning_with(['"', "*", "("]) == []


def test_counts_days_and_tallies_add_up(marlene):
    """Whatever is counted, nothing is lost and nothing counted twice."""
    counts = marlene.browse.counts()
    assert counts["event"] == 251
    for layer in Layer:
        assert sum(count for _, count in marlene.browse.days(layer)) == counts[layer]
    for column in ("author", "event_type", "trust"):
        assert sum(count for _, count in marlene.browse.tally(column, limit=99)) == 251
    assert marlene.browse.candidates() == 0


def test_the_version_changes_when_another_connection_writes(marlene):
    """And not otherwise: looking costs nobody anything."""
    with open_store(marlene.path, read_only=True) as other:
        before = other.browse.version()
        other.browse.counts()
        assert other.browse.version() == before
        marlene.note("Something new.")
        assert other.browse.version() != before


def test_reading_leaves_no_transaction_open(marlene):
    """After each read the connection is idle."""
    marlene.browse.keys(Layer.EVENT)
    marlene.browse.rows(Layer.EVENT, [1, 2, 3])
    assert not marlene.store.connection.in_transaction


def test_acts_that_can_be_undone_are_the_operators_in_force(marlene):
    """The last first; one that is undone is not offered again, nor is the undo itself."""
    first, second = [row["id"] for row in marlene.memories(states=["active"])][:2]
    marlene.archive(first)
    marlene.archive(second)
    assert [entry["target_id"] for entry in marlene.undoable(5)] == [second, first]
    marlene.undo(marlene.undoable()[0]["id"])
    assert [entry["target_id"] for entry in marlene.undoable(5)] == [first]
    marlene.undo(marlene.undoable()[0]["id"])
    assert marlene.undoable() == []


def test_no_dream_no_progress(marlene):
    """A finished dream is none that runs."""
    assert marlene.dream_progress() is None
