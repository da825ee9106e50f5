"""What months of dreams bring out: evidence that grows below, values that change, identity that stays itself."""

from __future__ import annotations

import numpy as np
import pytest

from elephantasm_cli.config import DreamSettings
from elephantasm_cli.dream.clusters import average_link, within_reach
from elephantasm_cli.dream.curate import distinguishing
from elephantasm_cli.dream.identity import NOTHING, SURER, stated_preferences, steady, summarised
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.store.changes import Change, Provenance
from elephantasm_cli.vocabulary import Layer, State, TransformationType

QUEUE = "We use {} for the job queue."


def test_certainty_follows_what_is_merged_below(say, dreaming, rows):
    """Said again in the same words, a thing becomes one memory, and the knowledge made of it surer all the same."""
    certainties = []
    for day in (1, 2, 3):
        say("I prefer plain SQL over an ORM.", day=day)
        dreaming()
        (item,) = rows("knowledge", "active")
        certainties.append(item["certainty"])
    assert certainties == [0.6667, 0.75, 0.8]


def test_a_superseded_fact_does_not_live_on_in_knowledge_made_of_its_lesson(store, say, dreaming, rows):
    """The lesson loses its memories, and what rests on the lesson goes with it."""
    for day in (1, 2, 3, 4):
        say(QUEUE.format("Redis"), day=day)
        dreaming()
    (lesson,) = rows("lesson", "active")
    (item,) = rows("knowledge", "active")
    assert lesson["id"] in store.log.supporting([item["id"]])
    say("From now on we use RabbitMQ for the job queue.", day=9)
    dreaming()
    assert [row["state"] for row in rows("lesson")] == ["archived"]
    assert not [row for row in rows("knowledge", "active") if "Redis" in row["statement"]]
    assert verify(store).ok


def test_knowledge_that_gave_way_names_what_took_over(store, say, dreaming, rows):
    """The memory gives way first; once there is knowledge of the new value, the old one points to it."""
    say("From now on we use Redis for the job queue.", day=1)
    dreaming()
    say("From now on we use RabbitMQ for the job queue.", day=5)
    dreaming()
    (old,), (new,) = rows("knowledge", "superseded"), rows("knowledge", "active")
    assert "Redis" in old["statement"]
    assert "RabbitMQ" in new["statement"]
    assert (old["superseded_by"], old["valid_to"]) == (new["id"], new["valid_from"])
    assert verify(store).ok


def test_a_lesson_is_refined_not_told_twice_when_its_memories_have_faded(store, say, dreaming, rows):
    """New memories that say what a live lesson says support it, though none of its own is active any more."""
    jobs = ("index", "reflect", "promote_to_lessons")
    words = "The nightly importer of invoices breaks on empty files from suppliers in Bergen"
    for day, ending in enumerate(("badly", "quickly", "suddenly"), 1):
        say(f"{words} {ending}.", day=day)
    dreaming(jobs=jobs)
    (lesson,) = rows("lesson")
    with store.transaction():
        for memory in rows("memory", "active"):
            store.derived.change(
                Change(TransformationType.ARCHIVE, Layer.MEMORY, memory["id"], {"state": State.ARCHIVED.value}),
                Provenance("test", "test"),
            )
    for day, ending in enumerate(("slowly", "quietly", "loudly"), 11):
        say(f"{words} {ending}.", day=day)
    dreaming(jobs=jobs)
    assert [row["id"] for row in rows("lesson")] == [lesson["id"]]
    assert rows("lesson")[0]["session_count"] == 6


def test_a_quotation_is_a_lesson_only_of_what_says_the_same(say, dreaming, rows):
    """Alike is not enough: three versions in which something fails are no evidence of one of them."""
    settings = DreamSettings(merge_cosine=0.99)
    for day, version in enumerate(("1.9", "2.3", "3.1"), 1):
        say(f"The nightly importer of the invoices fails since version {version}.", day=day)
    dreaming(settings=settings)
    assert rows("lesson") == []
    for day in (4, 5):
        say(f"The nightly importer of the invoices {'often' * (day - 4)} fails since version 2.3.", day=day)
    dreaming(settings=settings)
    (lesson,) = rows("lesson")
    assert "2.3" in lesson["content"]
    assert (lesson["support_count"], lesson["session_count"]) == (3, 3)


def test_said_again_an_archived_memory_comes_back(store, say, dreaming, rows):
    """With its whole past: it is the same memory."""
    say("I visited Robin in Bergen with the whole choir.", day=1)
    dreaming()
    (memory,) = rows("memory")
    with store.transaction():
        store.derived.change(
            Change(TransformationType.ARCHIVE, Layer.MEMORY, memory["id"], {"state": State.ARCHIVED.value}),
            Provenance("test", "test"),
        )
    say("I visited Robin in Bergen with the whole choir.", day=20)
    dreaming()
    (back,) = rows("memory", "active")
    assert (back["id"], back["metadata"]["support"]) == (memory["id"], 2)


def test_a_candidate_becomes_active_with_a_second_source(store, say, dreaming, rows):
    """It waits for evidence, and takes part in comparisons meanwhile."""
    say("I visited Robin in Bergen with the whole choir.", day=1)
    dreaming(jobs=("index", "reflect"))
    (memory,) = rows("memory")
    with store.transaction():
        store.derived.change(
            Change(TransformationType.EDIT, Layer.MEMORY, memory["id"], {"state": State.CANDIDATE.value}),
            Provenance("test", "test"),
        )
    dreaming()
    assert [row["state"] for row in rows("memory")] == ["candidate"]
    say("I visited Robin in Bergen with the whole choir.", day=2)
    dreaming()
    assert [row["id"] for row in rows("memory", "active")] == [memory["id"]]


def test_a_candidate_supersedes_nothing(store, say, dreaming, rows):
    """What is not sure yet takes nobody's place."""
    say(QUEUE.format("Redis"), day=1)
    dreaming()
    say(QUEUE.format("RabbitMQ"), day=5)
    dreaming(jobs=("index", "reflect"))
    with store.transaction():
        later = next(row for row in rows("memory") if "RabbitMQ" in row["content"])
        store.derived.change(
            Change(TransformationType.EDIT, Layer.MEMORY, later["id"], {"state": State.CANDIDATE.value}),
            Provenance("test", "test"),
        )
    dreaming()
    assert [row["state"] for row in rows("memory")] == ["active", "candidate"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("We use Redis for the job queue.", "We use NATS for the job queue.", False),
        ("I prefer plain SQL over an ORM.", "I prefer an ORM over plain SQL.", False),
        ("Always squash commits.", "Never squash commits.", False),
        ("I don't eat meat.", "I eat meat.", False),
        ("The port is 8080.", "The port is 9000.", False),
        ("Please keep the answers short.", "Keep the answers short.", True),
        ("Robin reviews every change.", "Every change is reviewed by someone.", True),
    ],
)
def test_sentences_of_one_meaning_share_numbers_names_polarity_and_choice(one, other, same):
    """Words nearly alike can say different things; the first word of a sentence is no name."""
    assert (distinguishing(one) == distinguishing(other)) is same


def test_clusters_within_reach_are_those_of_all():
    """Leaving out what no step leads to changes no cluster."""
    random = np.random.default_rng(3)
    centres = random.standard_normal((12, 16))
    vectors = np.concatenate([centre + 0.35 * random.standard_normal((5, 16)) for centre in centres])
    everything = [tuple(cluster) for cluster in average_link(vectors, 0.35)]
    for start in range(0, 60, 7):
        near = within_reach(vectors, [start], 0.35)
        assert start in near
        local = {tuple(near[place] for place in cluster) for cluster in average_link(vectors[near], 0.35)}
        assert local <= set(everything)
        assert next(cluster for cluster in everything if start in cluster) in local


def test_a_score_moves_only_when_it_is_off_by_a_tenth():
    """Names without support go at once."""
    assert steady({"concise": 0.5, "warm": 0.4}, {"concise": 0.58, "direct": 0.6}) == {"concise": 0.5, "direct": 0.6}
    assert steady({"concise": 0.5}, {"concise": 0.62}) == {"concise": 0.62}


def knowledge(number, words, certainty, category="method"):
    return {
        "id": f"kno_{number:02}",
        "category": category,
        "statement": f'Dana: "{words}"',
        "certainty": certainty,
        "metadata": {"words": words, "speaker": "Dana"},
    }


def different(one, other):
    return False


def test_a_preference_keeps_its_place_until_another_is_much_surer():
    """A little more certainty is no reason to change who somebody is."""
    items = [knowledge(number, f"Always run check number {number}.", 0.7) for number in range(12)]
    chosen, support = stated_preferences(items, {}, different)
    assert len(chosen) == 12
    newer = knowledge(50, "Never skip the review.", 0.7 + SURER / 2)
    assert stated_preferences([newer, *items], support, different)[0] == chosen
    newer["certainty"] = 0.7 + SURER
    changed, _ = stated_preferences([newer, *items], support, different)
    assert newer["statement"] in changed.values()
    assert len(changed.keys() & chosen.keys()) == 11


def test_preferences_do_not_repeat_each_other():
    """Of two that say much the same the surer one is told."""
    items = [knowledge(1, "Always keep the answers short.", 0.8), knowledge(2, "Please always answer shortly.", 0.7)]
    chosen, _ = stated_preferences(items, {}, lambda one, other: True)
    assert list(chosen.values()) == [items[0]["statement"]]


def test_a_decision_about_the_work_is_no_preference():
    """It says how the project is, not how the agent should act."""
    assert stated_preferences([knowledge(1, "We decided to drop the importer.", 0.9, "rule")], {}, different) == (
        {},
        {},
    )


def test_the_summary_says_who_is_served():
    """A home or an employer before any other fact, and no instruction, which has a line of its own."""
    items = [
        knowledge(1, "The line length is 88.", 0.9, "fact"),
        knowledge(2, "Always run the linter.", 0.9),
        knowledge(3, "I live in Porto.", 0.7, "fact"),
        knowledge(4, "I work at Helio.", 0.7, "fact"),
    ]
    assert [item["id"] for item in summarised(items, "Dana", set())] == ["kno_03", "kno_04"]
    assert [item["id"] for item in summarised(items, "Dana", {"kno_04"})] == ["kno_04", "kno_03"]
    assert [item["id"] for item in summarised(items[:2], "Dana", set())] == ["kno_01"]


def test_identity_says_nothing_that_nothing_stands_behind(store, say, dreaming, rows):
    """When all its knowledge has given way to what is no knowledge yet, the next version is empty, and says why."""
    say("From now on we use Redis for the job queue.", day=1)
    dreaming()
    assert "Redis" in str(store.derived.current_identity()["preferences"])
    say(QUEUE.format("RabbitMQ"), day=5)
    dreaming()
    assert rows("knowledge", "active") == []
    identity = store.derived.current_identity()
    assert (identity["version"], identity["preferences"], identity["disposition_summary"]) == (2, {}, NOTHING)
    assert "preferences loses use_redis_job_queue" in store.log.of_target(identity["id"])[0]["reasoning"]
    dreaming()
    assert len(rows("identity")) == 2
    assert verify(store).ok


def test_vectors_of_words_are_kept_and_go_with_their_row(store, say, dreaming, rows):
    """A dream embeds a memory's words once; without the row there is no vector."""
    say("I prefer plain SQL over an ORM.", "We deploy to Fly in Amsterdam.", day=1)
    say("I live in Ghent with Ana.", day=2)
    dreaming()
    model = store.agent.get()["embedding_sha256"]
    ids = [memory["id"] for memory in rows("memory")]
    assert store.core_vectors.read(ids, model).keys() == set(ids)
    assert store.core_vectors.read(ids, "0" * 64) == {}
    with store.transaction():
        store.derived.change(
            Change(TransformationType.FORGET, Layer.MEMORY, ids[0], {"is_deleted": True}), Provenance("test", "test")
        )
    assert store.core_vectors.read(ids, model).keys() == set(ids[1:])
    with store.transaction():
        store.vectors.reset(store.agent.get()["embedding_dimension"])
    assert store.core_vectors.read(ids, model) == {}
    with store.transaction():
        store.derived.change(
            Change(TransformationType.ARCHIVE, Layer.MEMORY, ids[1], {"state": "archived"}), Provenance("test", "test")
        )
    dreaming()
    assert store.core_vectors.read(ids, model).keys() == set(ids[1:]), "also of what no dream compares any more"
