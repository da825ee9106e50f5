"""What a dream that was cut off leaves to the next one."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from elephantasm_cli.config import DreamSettings
from elephantasm_cli.dream.run import DreamOptions, gate
from elephantasm_cli.vocabulary import DreamTrigger, Layer

_spec = importlib.util.spec_from_file_location("interrupted", Path(__file__).parents[1] / "fault" / "interrupted.py")
history = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(history)
PREFERENCE = "I prefer plain SQL over an ORM for reports."


def begun(store):
    """A dream whose process died: its row says that it runs."""
    with store.transaction():
        return store.dreams.begin(DreamTrigger.MANUAL, {"jobs": None}, {})


def test_running_row_of_a_dead_process_becomes_interrupted(store, say, dreaming):
    """Whoever holds the lock knows that nobody else dreams."""
    say(PREFERENCE)
    dead = begun(store)
    assert dreaming(force=False).status == "completed"
    assert [row["status"] for row in store.dreams.listed()] == ["completed", "interrupted"]
    assert store.dreams.find(dead)["finished_at"]


def test_gate_is_open_after_a_dream_that_did_not_end(store, say, dreaming):
    """Nothing new is needed to carry on; once it is done the gate shuts again."""
    say(PREFERENCE)
    assert dreaming(max_minutes=0).status == "interrupted"
    assert gate(store, DreamOptions(settings=DreamSettings())) == ""
    assert dreaming(force=False).status == "completed"
    assert dreaming(force=False).status == "skipped"


def test_dream_over_some_jobs_does_not_count_as_carrying_on(store, say, dreaming):
    """The other jobs are still to be done."""
    say(PREFERENCE)
    dreaming(max_minutes=0)
    dreaming(jobs=("index",))
    assert store.dreams.unfinished()


def test_interleaved_sessions_are_not_cut_anew_after_a_stop(say, dreaming, rows, scripted):
    """What the stopped dream was through with is not looked at again, though other events stand before it."""
    for number in range(6):
        for day in (1, 2):
            say(f"I prefer plain SQL over an ORM for report {number} of day {day} you write.", day=day)
    stopped = dreaming(scripted({}), max_tokens=1)
    assert (stopped.status, stopped.jobs[1].examined, len(rows("memory"))) == ("interrupted", 6, 2)
    assert (dreaming().jobs[1].examined, len(rows("memory"))) == (6, 4)
    assert dreaming().jobs[1].examined == 0


MANNERS = ("calmly", "gladly", "quietly", "soberly")


def test_lesson_of_a_dream_that_was_cut_off_has_not_survived_one(store, say, dreaming, rows, monkeypatch):
    """Carrying on makes knowledge of it no sooner than an undisturbed dream would have."""
    settings = DreamSettings(cluster_distance=0.6, merge_cosine=0.99)
    for day in (1, 2, 3, 4):
        say(f"Whoever is on call writes the failing test first, {MANNERS[day - 1]}.", day=day)
    with monkeypatch.context() as patch:
        patch.setattr("elephantasm_cli.dream.consolidate.from_memories", stop)
        with pytest.raises(KeyboardInterrupt):
            dreaming(settings=settings)
    (lesson,) = rows("lesson")
    assert lesson["id"] not in sources_of_knowledge(store)
    dreaming(settings=settings)
    assert lesson["id"] not in sources_of_knowledge(store)
    dreaming(settings=settings)
    assert lesson["id"] in sources_of_knowledge(store)


def stop(_):
    raise KeyboardInterrupt


def sources_of_knowledge(store):
    return {
        edge["source_id"] for row in store.derived.listed(Layer.KNOWLEDGE) for edge in store.log.sources_of(row["id"])
    }


def test_lesson_that_two_clusters_are_like_is_refined_by_both(store, say, dreaming, rows, monkeypatch):
    """The second one finds the row as the first one left it."""
    from elephantasm_cli.dream import promote

    settings = DreamSettings(cluster_distance=0.6, merge_cosine=0.99, lesson_memories=2)
    for day in (1, 2):
        say(f"Whoever is on call writes the failing test first, {MANNERS[day - 1]}.", day=day)
    dreaming(settings=settings)
    (lesson,) = rows("lesson")
    for day in (3, 4):
        say(f"Whoever is on call writes the failing test first, {MANNERS[day - 1]}.", day=day)

    def two_clusters(memories, vectors, max_distance, touched):
        return [promote.Cluster((memories[n], memories[n + 2]), memories[n], 0.9, memories[n]) for n in (0, 1)]

    monkeypatch.setattr(promote, "clusters", two_clusters)
    assert dreaming(settings=settings).status == "completed"
    assert [row["id"] for row in rows("lesson")] == [lesson["id"]]
    assert rows("lesson")[0]["support_count"] == 4
    assert len(store.log.of_target(lesson["id"])) == 3


def test_dream_with_nothing_new_asks_nothing(store, dreaming):
    """After a history whose questions were partly answered badly: refused answers are not asked for again either."""
    asked = []

    class Counting(history.RuleModel):
        def answer(self, question):
            asked.append(question)
            return super().answer(question)

    for drafts in history.parts():
        with store.transaction():
            store.events.add(drafts)
        dreaming(Counting(), settings=history.SETTINGS)
    dreaming(Counting(), settings=history.SETTINGS)
    before, count = store.log.newest_seq(), len(asked)
    assert count > 20
    report = dreaming(Counting(), settings=history.SETTINGS)
    assert (store.log.newest_seq(), len(asked), report.tokens) == (before, count, 0)
