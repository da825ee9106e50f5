"""The vector index on a real file."""

from __future__ import annotations

import numpy as np
import pytest

from elephantasm_cli.services.embedding import load_embedder

SHA = "a" * 64


@pytest.fixture
def filled(store, draft):
    """A file with 300 events whose vectors are random unit vectors; returns (store, passage ids, vectors)."""
    with store.transaction():
        store.events.add([draft(f"event number {number}") for number in range(300)])
    ids = [row[0] for row in store.passages.without_vector(SHA, 1000)]
    vectors = np.random.default_rng(1).standard_normal((len(ids), 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with store.transaction():
        store.vectors.add(SHA, [(key, "event", row) for key, row in zip(ids, vectors, strict=True)])
    return store, ids, vectors


def exact(ids, vectors, query, k):
    cosines = [(key, round(float(row @ query), 5)) for key, row in zip(ids, vectors, strict=True)]
    return [key for key, _ in sorted(cosines, key=lambda found: (-found[1], found[0]))[:k]]


def test_the_nearest_passages_come_first_with_their_exact_cosine(filled):
    """The rescored order is the exact order, where the coarse search looks far enough."""
    store, ids, vectors = filled
    query = vectors[7] + 0.2 * vectors[8]
    query /= np.linalg.norm(query)
    found = store.vectors.nearest(query, "event", SHA, k=200)
    assert [key for key, _ in found[:2]] == exact(ids, vectors, query, 2)
    assert found[0][1] == pytest.approx(float(vectors[7] @ query), abs=1e-5)
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)


def test_every_passage_at_the_last_distance_is_kept(store, draft):
    """With equal bit vectors the answer does not depend on which the index happens to meet first."""
    with store.transaction():
        store.events.add([draft(f"event number {number}") for number in range(60)])
    ids = [row[0] for row in store.passages.without_vector(SHA, 1000)]
    same = np.ones(384, dtype=np.float32)
    with store.transaction():
        store.vectors.add(SHA, [(key, "event", same) for key in reversed(ids)])
    assert [key for key, _ in store.vectors.nearest(same, "event", SHA, k=5)] == ids


def test_layers_do_not_crowd_each_other_out(filled):
    """A search sees its own layer only."""
    store, ids, vectors = filled
    with store.transaction():
        store.vectors.add(SHA, [(ids[0], "memory", vectors[0])])
    assert [key for key, _ in store.vectors.nearest(vectors[1], "memory", SHA)] == [ids[0]]
    assert ids[0] not in [key for key, _ in store.vectors.nearest(vectors[0], "event", SHA, k=4096)]


def test_a_search_among_allowed_passages_finds_the_best_of_them(filled):
    """However few of the nearest may be found, it widens until it has enough of those that may."""
    store, ids, vectors = filled
    query = vectors[5]
    for allowed in (set(ids[10:200]), set(ids[::50]), {ids[7]}, set()):
        asked = []

        def among(passage_ids, allowed=allowed, asked=asked):
            asked.append(len(passage_ids))
            return allowed.intersection(passage_ids)

        found = [key for key, _ in store.vectors.nearest(query, "event", SHA, 20, among)]
        everywhere = [key for key, _ in store.vectors.nearest(query, "event", SHA, 300) if key in allowed]
        assert found[:3] == everywhere[:3]
        assert len(found) >= min(20, len(allowed))
        assert asked == sorted(asked)


def test_distances_are_those_that_sqlite_vec_computes(filled):
    """The chunks of vec0 are read as it writes them, also where vectors have been deleted."""
    store, ids, vectors = filled
    with store.transaction():
        store.passages.remove_item(next(store.events.listed())["id"])
    query = vectors[3].tobytes()
    theirs = store.connection.execute(
        "SELECT passage_id, distance FROM passages_vec WHERE embedding MATCH vec_quantize_binary(?) AND k = 400 "
        "AND layer = 'event'",
        (query,),
    ).fetchall()
    found, distances = store.vectors._distances(query, "event")
    assert dict(zip(found.tolist(), distances.tolist(), strict=True)) == {row[0]: int(row[1]) for row in theirs}
    assert len(theirs) == len(ids) - 1


def test_bits_are_counted_alike_with_and_without_numpys_own_counting(monkeypatch):
    """numpy 1 has none."""
    from elephantasm_cli.store.vectors import _hamming

    rows = np.random.default_rng(3).integers(0, 256, (50, 48), dtype=np.uint8)
    bits = rows[7].tobytes()
    counted = _hamming(rows, bits)
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    assert _hamming(rows, bits).tolist() == counted.tolist()
    assert counted[7] == 0


def test_vectors_of_another_model_are_not_compared(filled):
    """A checksum keeps vector spaces apart."""
    store, _, vectors = filled
    assert store.vectors.nearest(vectors[0], "event", "b" * 64) == []
    assert store.vectors.cosines(vectors[0][:100], [1, 2], SHA) == {}


def test_adding_a_vector_again_replaces_it(filled):
    """An index run that repeats itself leaves one vector a passage."""
    store, ids, vectors = filled
    with store.transaction():
        store.vectors.add(SHA, [(ids[3], "event", vectors[4])])
    assert store.passages.count_without_vector(SHA) == 0
    assert store.vectors.cosines(vectors[4], [ids[3]], SHA)[ids[3]] == pytest.approx(1.0, abs=1e-5)
    assert store.vectors.nearest(vectors[4], "event", SHA, k=2)[0][0] == ids[3]


def test_the_bit_index_can_be_rebuilt_from_the_vectors(filled):
    """Rebuilding gives the same answers."""
    store, ids, vectors = filled
    before = store.vectors.nearest(vectors[9], "event", SHA, k=30)
    with store.transaction():
        assert store.vectors.rebuild() == len(ids)
    assert store.vectors.nearest(vectors[9], "event", SHA, k=30) == before


def test_reset_makes_room_for_another_dimension(filled):
    """After a reset every passage lacks a vector, and vectors of the new length fit."""
    store, ids, _ = filled
    with store.transaction():
        store.vectors.reset(8)
    assert [row[0] for row in store.passages.without_vector(SHA, 1000)] == ids
    short = np.ones(8, dtype=np.float32)
    with store.transaction():
        store.vectors.add(SHA, [(ids[0], "event", short)])
    assert store.vectors.nearest(short, "event", SHA) == [(ids[0], 1.0)]


def test_a_cosine_does_not_depend_on_its_company(filled):
    """One passage read alone scores as it does among all."""
    store, ids, vectors = filled
    together = store.vectors.cosines(vectors[0], ids, SHA)
    assert all(store.vectors.cosines(vectors[0], [key], SHA)[key] == together[key] for key in ids[:50])


def test_passages_in_place_score_as_numpy_computes_it(filled):
    """Alone, and with half of each vector beside; what has no vector adds nothing and has no cosine."""
    store, ids, vectors = filled
    bare = max(ids) + 1
    query = vectors[0] + vectors[1]
    of = dict(zip(ids, vectors.astype(np.float64), strict=True))
    surroundings = {
        ids[0]: [ids[1]],
        ids[5]: [ids[4], ids[6]],
        ids[9]: [],
        ids[20]: [bare, ids[21]],
        ids[30]: [bare],
        bare: [ids[7]],
    }
    alone, window = store.vectors.cosines_in_place(query, surroundings, SHA)
    unit = query / np.linalg.norm(query)
    for key, beside in surroundings.items():
        if key == bare:
            continue
        whole = of[key] + sum(0.5 * of[near] for near in beside if near in of)
        assert alone[key] == pytest.approx(float(of[key] @ unit), abs=2e-6)
        assert window[key] == pytest.approx(float(whole @ unit / np.linalg.norm(whole)), abs=2e-6)
    assert alone.keys() == window.keys() == surroundings.keys() - {bare}
    assert window[ids[9]] == alone[ids[9]]
    assert window[ids[0]] > alone[ids[0]]


def test_a_window_does_not_depend_on_its_company(filled):
    """Read alone or among all, in whatever order, with the passages beside it candidates or not."""
    store, ids, vectors = filled
    beside = {ids[at]: [ids[at - 1], ids[at + 1]] for at in range(1, len(ids) - 1)}
    alone, window = store.vectors.cosines_in_place(vectors[0], beside, SHA)
    turned = {key: beside[key] for key in reversed(beside)}
    assert store.vectors.cosines_in_place(vectors[0], turned, SHA) == (alone, window)
    for key in list(beside)[:50]:
        assert store.vectors.cosines_in_place(vectors[0], {key: beside[key]}, SHA) == (
            {key: alone[key]},
            {key: window[key]},
        )
    assert store.vectors.cosines(vectors[0], list(beside), SHA) == alone


def test_a_window_whose_vectors_cancel_out_is_near_nothing(store, draft):
    """Its length is zero, and nothing is divided by it."""
    with store.transaction():
        store.events.add([draft(f"event number {number}") for number in range(3)])
    ids = [row[0] for row in store.passages.without_vector(SHA, 10)]
    one = np.eye(384, dtype=np.float32)[0]
    with store.transaction():
        store.vectors.add(SHA, [(ids[0], "event", -one), (ids[1], "event", one), (ids[2], "event", -one)])
    assert store.vectors.cosines_in_place(one, {ids[1]: [ids[0], ids[2]]}, SHA) == ({ids[1]: 1.0}, {ids[1]: 0.0})
    assert store.vectors.cosines_in_place(one, {}, SHA) == ({}, {})
    assert store.vectors.cosines_in_place(one, {99: [ids[0]]}, SHA) == ({}, {})


def test_the_quantised_index_finds_what_an_exact_search_finds(store, draft):
    """recall@20 is at least .99 on vectors of the bundled model, of what people say of their days."""
    sentences = [
        f"{who} {did} {what} {where}"
        for who in ("I", "My sister", "Our team", "The neighbour", "Jonas", "A friend of mine", "The new client")
        for did in ("talked about", "finally finished", "wants to change", "lost", "paid for", "worries about")
        for what in ("the invoice import", "the old sailing boat", "the guitar lessons", "the garden fence",
                     "the database migration", "a birthday cake", "the train tickets", "the broken heating")
        for where in ("last week", "in Hamburg", "because of the deadline", "with the children", "after the meeting",
                      "before the holidays")
    ]  # fmt: skip
    embedder = load_embedder("bundled")
    with store.transaction():
        store.events.add([draft(text, key=text) for text in sentences])
    ids = [row[0] for row in store.passages.without_vector(embedder.sha256, len(sentences))]
    vectors = embedder.embed(sentences)
    with store.transaction():
        store.vectors.add(embedder.sha256, [(key, "event", row) for key, row in zip(ids, vectors, strict=True)])
    shares = []
    for question in (
        "When is the deadline of the data import?", "Who repaired the heating?", "What did my sister pay for?",
        "Which instrument does Jonas play?", "Where did we sail?", "Are the train tickets booked?",
        "What does the new client complain about?", "Is the fence still standing?", "What happened in Hamburg?",
        "Which database do we use?", "What shall we bake for the children?", "Who lost something before the holidays?",
    ):  # fmt: skip
        query = embedder.embed_query(question)
        found = [key for key, _ in store.vectors.nearest(query, "event", embedder.sha256)][:20]
        shares.append(len(set(found) & set(exact(ids, vectors, query, 20))) / 20)
    assert len(sentences) > 2000
    assert sum(shares) / len(shares) >= 0.99
