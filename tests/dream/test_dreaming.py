"""A dream on a real file: what is said becomes memories, refused output, a crash in the middle, and doing it again."""

from __future__ import annotations

import pytest

from elephantasm_cli.config import DreamSettings
from elephantasm_cli.dream.run import gate
from elephantasm_cli.errors import UsageError
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.store.derived import DerivedRows
from elephantasm_cli.store.store import open_store
from elephantasm_cli.vocabulary import EventType, Job, Layer, Trust

PREFERENCE = "I prefer plain SQL over an ORM for reports you write."


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
    assert memory["content"] == "Dana prefers plain SQL over an ORM for reports (1 March 2026)."
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
        "I prefer plain SQL over an ORM for reports you write.",
        "Dana prefers plain SQL over an ORM.for reports.",
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
    assert [memory["content"] for memory in rows("memory")] == [
        "Dana prefers plain SQL over an ORM for reports (1 March 2026)."
    ]


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


def test_memory_of_a_failure_quotes_what_helped(say, dreaming, rows):
    """What the agent found and changed before the same command passed, and not what it offered."""
    call = {"role": "assistant", "author": "Assistant", "kind": EventType.TOOL_CALL, "trust": Trust.AGENT}
    told = {"role": "assistant", "author": "Assistant", "kind": EventType.ASSISTANT_MESSAGE, "trust": Trust.AGENT}
    result = {"role": "tool", "author": "bash", "kind": EventType.TOOL_RESULT, "trust": Trust.TOOL}
    say("npm run build", **call)
    say("Module not found: Error: Can't resolve './theme.module.css'", metadata={"is_error": True}, **result)
    say(
        "Let me look. The file is called `Theme.module.css`, and the build's file system is case-sensitive. "
        "I corrected the import. I could also rename the file.",
        **told,
    )
    say("npm run build", **call)
    say("built in 3.2 s", **result)
    dreaming()
    (memory,) = [row for row in rows("memory") if row["kind"] == "problem"]
    helped = (
        "The file is called `Theme.module.css`, and the build's file system is case-sensitive. I corrected the import."
    )
    assert memory["content"].endswith(f'it passed later in that session, and Assistant said: "{helped}"')


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
