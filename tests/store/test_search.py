"""What may be seen of the passages, on a real file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from elephantasm_cli.ids import derived_id
from elephantasm_cli.store.changes import Change, Source
from elephantasm_cli.store.passages import embedded_text
from elephantasm_cli.store.search import PassageSearch, Visibility
from elephantasm_cli.vocabulary import Layer, TransformationType, Trust

LATER = Visibility("2027-01-01T00:00:00.000000Z")


@pytest.fixture
def search(store):
    return PassageSearch(store)


@pytest.fixture
def add(store):
    def put(*drafts):
        with store.transaction():
            store.events.add(drafts)

    return put


def test_a_matching_passage_that_may_not_be_seen_takes_no_place(search, add, draft):
    """The limit counts visible passages."""
    add(*(draft(f"key {n}", trust=Trust.TOOL if n % 2 else Trust.USER) for n in range(40)))
    seen = search.first_events(range(1, 100), Visibility(LATER.as_of, trust=("user",)), 20)
    assert len(seen) == 20
    assert {passage.trust for passage in seen.values()} == {"user"}


def test_what_may_be_seen_is_the_same_asked_by_id_and_listed(search, add, draft):
    """Both ways of asking agree, and passages that are no event's are not seen."""
    add(*(draft(f"key {n}", author="Ada" if n % 3 else "Bob") for n in range(30)))
    visibility = Visibility(LATER.as_of, authors=("Bob",))
    assert search.visible_event_passage_ids(visibility) == search.visible_among(range(1, 100), visibility)
    assert search.visible_among([1, 2, 3, 4], visibility) == {1, 4}


def test_a_passage_knows_its_neighbours_across_interleaved_sessions(search, add, draft):
    """Neighbours are of the same session, and of the same event where it has several passages."""
    long = "A sentence about boats that goes on for a while. " * 60
    add(draft("first", session="a"), draft("other", session="b"), draft(long, session="a"), draft("last", session="a"))
    passages = search.event_passages(range(1, 100), LATER)
    ids = {(p.session_id, p.item_id, p.ordinal): key for key, p in passages.items()}
    first = next(p for p in passages.values() if p.text == "first")
    pieces = sorted((p for p in passages.values() if "boats" in p.text), key=lambda p: p.ordinal)
    assert len(pieces) > 1
    assert search.neighbour_ids(first) == (None, pieces[0].passage_id)
    assert search.neighbour_ids(pieces[0]) == (first.passage_id, pieces[1].passage_id)
    assert search.neighbour_ids(pieces[-1])[1] == next(p.passage_id for p in passages.values() if p.text == "last")
    assert len(ids) == len(passages)


def test_the_text_of_a_passage_is_the_span_it_names(search, add, draft, store):
    """Offsets are characters, also beyond ASCII."""
    content = "Zwölf Boxkämpfer jagen Viktor. " * 60
    add(draft(content))
    for passage in search.event_passages(range(1, 100), LATER).values():
        assert content[passage.start : passage.end] == passage.text


def test_derived_rows_come_with_their_passages(search, add, draft, store, memory_change, provenance):
    """A memory is seen from its time on, and not in a state that packs do not show."""
    add(draft())
    event = next(store.events.listed())["id"]
    with store.transaction():
        store.derived.create(memory_change([event]), provenance)
        store.derived.create(memory_change([event], "Dana may like milk.", state="candidate"), provenance)
    rows = search.derived_rows(Layer.MEMORY, LATER)
    assert [row["content"] for row in rows.values()] == ["Dana prefers tea."]
    (row,) = rows.values()
    assert len(row["passage_ids"]) == 1
    assert row["accesses"] == 0
    assert search.derived_rows(Layer.MEMORY, Visibility("2026-02-28T00:00:00.000000Z")) == {}
    assert search.source_events([row["id"]]) == {row["id"]: (event,)}


def test_people_are_the_authors_of_all_events_but_tools_and_deleted_ones(search, add, draft, store):
    """Each once, sorted; whoever speaks and also runs a tool is among them."""
    add(
        draft("one", author="Bob"),
        draft("two", author="Ada"),
        draft("three", author="Ada", session="s2"),
        draft("four", author="bash", trust=Trust.TOOL),
        draft("five", author="Bob", trust=Trust.TOOL),
        draft("six", author="Cy"),
        draft("seven", author="", trust=Trust.IMPORT),
    )
    assert search.people() == ["", "Ada", "Bob", "Cy"]
    with store.transaction():
        store.connection.execute("UPDATE events SET is_deleted = 1 WHERE author = 'Cy' OR content = 'two'")
    assert search.people() == ["", "Ada", "Bob"]


def test_people_are_found_by_steps_over_an_index(search, store):
    """Nobody's turns are read, however many there are."""
    statements = []
    store.connection.set_trace_callback(statements.append)
    assert search.people() == []
    store.connection.set_trace_callback(None)
    (asked,) = statements
    plan = [row["detail"] for row in store.connection.execute(f"EXPLAIN QUERY PLAN {asked}")]
    steps = [detail for detail in plan if "events" in detail]
    assert len(steps) == 2
    assert all(step.startswith("SEARCH events USING INDEX events_people") for step in steps), steps


def test_what_rests_on_an_item_takes_the_largest_value_up_through_all_layers(
    search, add, draft, store, memory_change, provenance
):
    """Of several items it rests on the best one counts, and a source without weight, which gave way, counts nothing."""
    add(draft("one"), draft("two"), draft("three"))
    one, two, three = (event["id"] for event in store.events.listed())
    low, high, none = memory_change([one], "Low."), memory_change([one, two], "High."), memory_change([three], "None.")
    gave_way = Source(two, Layer.EVENT, 0.0)
    with store.transaction():
        for change in (low, high, replace(none, sources=(*none.sources, gave_way))):
            store.derived.create(change, provenance)
        belief = _belief([low.target_id, high.target_id])
        store.derived.create(belief, provenance)
        upper = _belief([belief.target_id], layer=Layer.KNOWLEDGE)
        store.derived.create(upper, provenance)
    assert search.resting_on({one: 0.5, two: 0.9}) == {
        low.target_id: 0.5,
        high.target_id: 0.9,
        belief.target_id: 0.9,
        upper.target_id: 0.9,
    }
    assert search.resting_on({three: 0.0}) == {none.target_id: 0.0}
    assert search.resting_on({}) == {}


def test_what_superseded_a_row_takes_its_value_and_what_it_was_merged_into_does_not(
    search, add, draft, store, memory_change, provenance
):
    """A chain passes the value on; without an end of validity a row did not give way but says the same."""
    add(draft("one"))
    (event,) = (event["id"] for event in store.events.listed())
    rows = [memory_change([event], text) for text in ("Tea.", "Coffee.", "Water.", "Cold water.")]
    ids = [row.target_id for row in rows]
    with store.transaction():
        for row in rows:
            store.derived.create(row, provenance)
        for place, ends in ((0, "2026-05-02"), (1, "2026-05-03"), (2, None)):
            store.connection.execute(
                "UPDATE memories SET superseded_by = ?, valid_to = ? WHERE id = ?",
                (ids[place + 1], ends and f"{ends}T00:00:00.000000Z", ids[place]),
            )
    assert search.superseding({ids[0]: 0.5}) == {ids[1]: 0.5, ids[2]: 0.5}
    assert search.superseding({ids[0]: 0.5, ids[1]: 0.9}) == {ids[1]: 0.5, ids[2]: 0.9}
    assert search.superseding({ids[2]: 0.5, event: 1.0}) == {}


def test_the_embedder_sees_no_date_before_what_was_said_and_one_before_a_derived_row():
    """A row of a layer above is written by the program, and its date is part of what it says."""
    assert embedded_text(Layer.EVENT, "I prefer tea", "2026-05-08T10:00:00.000000Z") == "I prefer tea"
    assert embedded_text(Layer.MEMORY, "Dana prefers tea.", "2026-05-08T10:00:00.000000Z") == (
        "8 May 2026: Dana prefers tea."
    )


def _belief(source_ids, layer=Layer.MEMORY):
    values = {
        "category": "fact",
        "statement": f"It rests on {', '.join(source_ids)}.",
        "certainty": 0.75,
        "valid_from": "2026-03-01T10:00:00.000000Z",
        "valid_to": None,
        "superseded_by": None,
        "state": "active",
        "trust": "user",
    }
    return Change(
        TransformationType.CONSOLIDATION,
        Layer.KNOWLEDGE,
        derived_id(Layer.KNOWLEDGE, "fact", source_ids, values["statement"]),
        values,
        tuple(Source(source_id, layer) for source_id in source_ids),
        "stated",
    )
