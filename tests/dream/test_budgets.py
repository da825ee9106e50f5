"""A dream stops between two steps when its time or its tokens are spent, and the next one carries on."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream import context as dream_context

PREFERENCE = "I prefer plain SQL over an ORM for reports you write."


def test_budget_of_tokens_stops_between_steps_and_the_next_dream_carries_on(store, say, dreaming, rows, scripted):
    """What was done stays; the rest waits."""
    for day in (1, 2, 3):
        say(f"I prefer plain SQL over an ORM for report {day} you write.", day=day)
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
        say(f"I prefer plain SQL over an ORM for report {day} you write.", day=day)
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
