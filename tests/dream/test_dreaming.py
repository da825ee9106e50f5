"""The jobs of a dream on a real file: success, refused output, a crash in the middle, and doing it again."""

from __future__ import annotations

import pytest

from elephantasm_cli.config import DreamSettings
from elephantasm_cli.dream import context as dream_context
from elephantasm_cli.dream.run import gate
from elephantasm_cli.errors import UsageError
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.store.derived import DerivedRows
from elephantasm_cli.store.store import open_store
from elephantasm_cli.vocabulary import EventType, Job, Layer, Trust

PREFERENCE = "I prefer plain SQL over an ORM for your reports."


def test_preference_becomes_a_quotation_that_cites_its_words(store, say, dreaming, rows):
    """Without a model a memory is what was said, with speaker and date, and its span in the event."""
    say(PREFERENCE)
    report = dreaming()
    (memory,) = rows("memory")
    assert memory["content"] == f'Dana, 1 March 2026: "{PREFERENCE}"'
    assert (memory["kind"], memory["state"], memory["trust"]) == ("preference", "active", "user")
    (entry,) = store.log.of_target(memory["id"])
    (source,) = entry["sources"]
    event = store.events.find(source["source_id"])
    assert event["content"][source["quote_start"] : source["quote_end"]] == PREFERENCE
    assert report.status == "completed"
    assert [job.job for job in report.jobs] == list(Job)


def test_model_rewrites_what_it_can_ground(store, say, dreaming, rows, scripted):
    """A faithful rewrite is stored with the model and prompt that made it."""
    say(PREFERENCE)
    model = scripted({"plain SQL": "Dana prefers plain SQL over an ORM for reports."})
    report = dreaming(model)
    (memory,) = rows("memory")
    assert memory["content"] == "Dana prefers plain SQL over an ORM for reports."
    (entry,) = store.log.of_target(memory["id"])
    assert (entry["model_id"], entry["prompt_name"]) == ("scripted@000000000000", "reflect_rewrite")
    assert len(entry["prompt_sha256"]) == 64
    assert report.tokens > 0


@pytest.mark.parametrize(
    "answer",
    [
        "Dana prefers an ORM over plain SQL for reports.",
        "Dana does not prefer plain SQL over an ORM for reports.",
        "Dana prefers plain SQL over an ORM for 12 reports.",
        "Lee prefers plain SQL over an ORM for reports.",
        "Dana prefers plain SQL over Hibernate for reports.",
        "I prefer plain SQL over an ORM for your reports.",
    ],
)
def test_ungrounded_rewrite_is_refused_twice_and_replaced_by_the_quotation(say, dreaming, rows, scripted, answer):
    """Rule 5: what is not in the words is never stored; the report says what was refused and why."""
    say(PREFERENCE)
    report = dreaming(scripted({"plain SQL": answer}))
    (memory,) = rows("memory")
    assert memory["content"] == f'Dana, 1 March 2026: "{PREFERENCE}"'
    reflect = report.jobs[1]
    assert reflect.rejected == 1
    assert [output["answer"] for output in reflect.rejected_outputs if output["prompt"] == "reflect_rewrite"] == [
        answer,
        answer,
    ]
    assert all(output["reason"] for output in reflect.rejected_outputs)


def test_second_try_is_told_why_and_may_succeed(say, dreaming, rows, scripted):
    """One retry, with the reason of the refusal."""
    say(PREFERENCE)
    good = "Dana prefers plain SQL over an ORM for reports."
    model = scripted({"plain SQL": lambda number: "Dana prefers Hibernate." if number == 1 else good})
    dreaming(model)
    assert [memory["content"] for memory in rows("memory")] == [good]


def test_dreaming_again_changes_nothing_and_asks_nothing(store, say, dreaming, scripted):
    """A second dream with nothing new writes no row and makes no model call."""
    say(PREFERENCE, "We deploy to Fly in Amsterdam.")
    dreaming()
    before = store.log.newest_seq()
    model = scripted({})
    report = dreaming(model)
    assert store.log.newest_seq() == before
    assert model.asked == []
    assert sum(job.changed for job in report.jobs) == 0


def test_nothing_new_keeps_the_gate_shut(store, say, dreaming):
    """Zero events never pass; a few are not worth a dream; force opens the gate."""
    from elephantasm_cli.dream.run import DreamOptions

    closed = DreamOptions(settings=DreamSettings())
    assert gate(store, closed) == "nothing new since the last dream"
    say(PREFERENCE)
    assert "--force" in gate(store, closed)
    assert dreaming(force=False).status == "skipped"
    say(*(f"I like your tea number {number}." for number in range(20)))
    assert gate(store, closed) == ""


def test_unknown_job_is_a_usage_error(dreaming):
    """The message lists the jobs there are."""
    with pytest.raises(UsageError, match="promote_to_lessons"):
        dreaming(jobs=("dance",))


def test_chosen_jobs_run_in_their_fixed_order(say, dreaming):
    """Naming jobs limits the dream to them."""
    say(PREFERENCE)
    report = dreaming(jobs=("reflect", "index"))
    assert [job.job.value for job in report.jobs] == ["index", "reflect"]


def test_assistant_talk_never_becomes_the_users_fact(say, dreaming, rows):
    """An offer that the user declines leaves no memory that the user uses it."""
    say(
        "I could also set up a weekly Slack digest of import errors for you.",
        role="assistant",
        author="Assistant",
        kind=EventType.ASSISTANT_MESSAGE,
        trust=Trust.AGENT,
    )
    say("No thanks, no digest please.")
    dreaming()
    assert not [
        memory for memory in rows("memory") if memory["metadata"]["speaker"] == "Dana" and "Slack" in memory["content"]
    ]
    assert not [item for item in rows("knowledge") if "Slack" in item["statement"]]


def test_failing_tool_call_becomes_a_problem_that_says_it_passed_later(say, dreaming, rows):
    """A failure and its end are one memory, in few words, not a transcript."""
    call = {"role": "assistant", "author": "Assistant", "kind": EventType.TOOL_CALL, "trust": Trust.AGENT}
    result = {"role": "tool", "author": "bash", "kind": EventType.TOOL_RESULT, "trust": Trust.TOOL}
    say("bash: pytest -x tests/test_sync.py", **call)
    say("collected 3 items\nFAILED tests/test_sync.py::test_retry - TimeoutError: lock\n1 failed in 0.3s", **result)
    say("bash: pytest -x tests/test_sync.py", **call)
    say("3 passed in 0.2s", **result)
    dreaming()
    (memory,) = rows("memory")
    assert memory["kind"] == "problem"
    assert memory["trust"] == "tool"
    assert "FAILED tests/test_sync.py::test_retry - TimeoutError: lock" in memory["content"]
    assert memory["content"].endswith("it passed later in that session")


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


def test_what_is_said_in_several_sessions_becomes_a_lesson_then_knowledge_then_identity(store, say, dreaming, rows):
    """The whole way up, with lineage back to every event."""
    wordings = [
        "Always write the failing test first, then the fix.",
        "Please write the failing test first before any fix.",
        "Write the failing test first, then fix the code.",
        "Always write the failing test first, then fix it.",
    ]
    settings = DreamSettings(cluster_distance=0.6, merge_cosine=0.99)
    for day, wording in enumerate(wordings, 1):
        say(wording, day=day)
        dreaming(settings=settings)
    (lesson,) = rows("lesson")
    assert lesson["session_count"] >= 3
    say("Thanks, that is all.", day=9)
    dreaming(settings=settings)
    knowledge = [
        item
        for item in rows("knowledge", "active")
        if lesson["id"] in {e["source_id"] for e in store.log.sources_of(item["id"])}
    ]
    assert len(knowledge) == 1
    identity = store.derived.current_identity()
    assert "methodical" in identity["traits"]
    assert knowledge[0]["id"] in identity["metadata"]["support"]["traits"]["methodical"]
    assert any("failing test first" in said for said in identity["preferences"].values())
    assert "failing test first" not in identity["disposition_summary"]
    assert all(store.log.reaches_event(row["id"]) for row in (lesson, knowledge[0], identity))
    assert verify(store).ok


def test_identity_gets_a_new_version_only_when_something_changed(store, say, dreaming, rows):
    """Versions say what is different."""
    say("I prefer short answers over long explanations.")
    dreaming()
    dreaming()
    assert [row["version"] for row in rows("identity")] == [1]
    say("Never push to main without asking me first.", day=2)
    dreaming()
    assert [row["version"] for row in rows("identity")] == [1, 2]
    (entry,) = store.log.of_target(rows("identity")[1]["id"])
    assert "traits gains cautious" in entry["reasoning"]


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


def test_crash_between_episodes_keeps_the_first_and_redoes_the_rest(store, path, say, dreaming, rows, monkeypatch):
    """Killed in the middle, the next run ends in the same rows as an undisturbed one."""
    say(PREFERENCE, day=1)
    say("We deploy to Fly in Amsterdam.", day=2)
    create = DerivedRows.create

    def failing(self, change, provenance):
        if "Fly" in str(change.values.get("content")):
            raise MemoryError("killed")
        return create(self, change, provenance)

    monkeypatch.setattr(DerivedRows, "create", failing)
    with pytest.raises(MemoryError):
        dreaming()
    assert [memory["content"] for memory in rows("memory")] == [f'Dana, 1 March 2026: "{PREFERENCE}"']
    assert store.dreams.listed()[0]["status"] == "failed"
    monkeypatch.setattr(DerivedRows, "create", create)
    dreaming()
    assert len(rows("memory")) == 2
    with open_store(path.with_name("calm.db"), create=True) as calm:
        with calm.transaction():
            calm.agent.set(id=store.agent.id)
        from elephantasm_cli.drafts import EventDraft

        with calm.transaction():
            calm.events.add(
                [
                    EventDraft(
                        e["session_id"],
                        EventType(e["event_type"]),
                        e["role"],
                        e["author"],
                        e["content"],
                        e["occurred_at"],
                        e["source"],
                        e["dedupe_key"],
                        Trust(e["trust"]),
                        e["metadata"],
                    )
                    for e in store.events.listed()
                ]
            )
        dreaming(on=calm)
        for layer in (Layer.MEMORY, Layer.LESSON, Layer.KNOWLEDGE):
            assert {row["id"] for row in calm.derived.listed(layer)} == {
                row["id"] for row in store.derived.listed(layer)
            }
    assert verify(store).ok


def test_budget_of_tokens_stops_between_steps_and_the_next_dream_carries_on(store, say, dreaming, rows, scripted):
    """What was done stays; the rest waits."""
    for day in (1, 2, 3):
        say(f"I prefer plain SQL over an ORM for your report {day}.", day=day)
    model = scripted({f"report {day}": f"Dana prefers plain SQL over an ORM for report {day}." for day in (1, 2, 3)})
    report = dreaming(model, max_tokens=150)
    assert (report.status, report.reason.startswith("stopped at max_tokens")) == ("interrupted", True)
    assert 0 < len(rows("memory")) < 3
    dreaming(model)
    assert len(rows("memory")) == 3


@pytest.mark.parametrize("limit", [1, 150, 300, 500])
def test_budget_of_tokens_is_overshot_by_less_than_a_step(say, dreaming, scripted, limit):
    """A step is an episode here: one question of 110 tokens, asked twice where the first answer is refused."""
    for day in range(1, 9):
        say(f"I prefer plain SQL over an ORM for your report {day}.", day=day)
    report = dreaming(scripted({}), max_tokens=limit)
    assert report.status == "interrupted"
    assert limit <= report.tokens < limit + 220
    assert report.tokens == sum(job.prompt_tokens + job.completion_tokens for job in report.jobs)


def test_spent_time_stops_between_two_batches_of_vectors(store, say, dreaming, monkeypatch):
    """The index job works in steps as well, and the next dream makes the vectors that are missing."""
    monkeypatch.setattr("elephantasm_cli.dream.index.BATCH", 2)
    say(*(f"I like your tea number {number}." for number in range(7)))
    checks = iter(range(10**6))

    def check(budget):
        if next(checks) == 2:
            raise dream_context.BudgetSpent("max_minutes")

    with monkeypatch.context() as patch:
        patch.setattr(dream_context.Budget, "check", check)
        report = dreaming()
    assert (report.status, report.jobs[0].examined, len(report.jobs)) == ("interrupted", 4, 1)
    assert store.dreams.listed()[0]["jobs"][0]["examined"] == 4
    assert dreaming().jobs[0].examined == 3


def test_spent_time_stops_before_any_work(say, dreaming, rows):
    """Zero minutes are zero minutes."""
    say(PREFERENCE)
    assert dreaming(max_minutes=0).status == "interrupted"
    assert rows("memory") == []


def test_answer_with_a_citation_that_was_not_given_is_refused(say, dreaming, rows, scripted):
    """A lesson that cites memory 9 of 3 falls back to the most central memory."""
    settings = DreamSettings(cluster_distance=0.6, merge_cosine=0.99)
    for day, words in enumerate(
        (
            "Always write the failing test first.",
            "Write the failing test first please, then the fix.",
            "Always write a failing test first for every bug.",
        ),
        1,
    ):
        say(words, day=day)
    model = scripted({"1. ": '{"statement": "Dana wants the failing test first.", "numbers": [1, 9]}'})
    report = dreaming(model, settings=settings)
    (lesson,) = rows("lesson")
    assert "failing test first" in lesson["content"]
    assert lesson["metadata"]["form"] == "quotation"
    refused = [output for job in report.jobs for output in job.rejected_outputs if output["prompt"] == "lesson"]
    assert refused[0]["reason"] == "it cites a number that was not given"


def test_conflicting_change_during_a_step_writes_nothing(store, say, dreaming, rows, monkeypatch):
    """The inputs' versions are rechecked before writing."""
    from elephantasm_cli.errors import ConflictError

    say("We use Redis for the job queue.", day=1)
    say("We use PostgreSQL for the job queue.", day=2)
    monkeypatch.setattr(DerivedRows, "recheck", lambda self, versions: (_ for _ in ()).throw(ConflictError("moved")))
    with pytest.raises(ConflictError):
        dreaming()
    assert rows("memory", "superseded") == []


def test_deadline_of_an_answer_is_passed_to_the_model(say, dreaming, scripted):
    """No single answer can hold a dream for long."""
    say(PREFERENCE)
    seen = []
    model = scripted({})
    complete = model.complete

    def recording(messages, **options):
        seen.append(options["deadline_seconds"])
        return complete(messages, **options)

    model.complete = recording
    dreaming(model)
    assert seen
    assert all(0 < seconds <= dream_context.SECONDS_PER_ANSWER for seconds in seen)


def test_occasion_is_a_memory_but_no_knowledge(say, dreaming, rows):
    """What was so yesterday is not what holds."""
    say("Never rebase the branch that I merged yesterday.")
    dreaming()
    assert len(rows("memory")) == 1
    assert rows("knowledge") == []


def test_identity_knows_cues_for_exactly_the_traits_of_the_vocabulary():
    """No trait comes from anywhere but the fixed list, and none of the list is unreachable."""
    from elephantasm_cli.dream.dispositions import TRAIT_CUES
    from elephantasm_cli.vocabulary import TRAITS

    assert tuple(TRAIT_CUES) == TRAITS
