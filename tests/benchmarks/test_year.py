"""The benchmark of a year in its small form: three weeks that must come out as a year does."""

from __future__ import annotations

import pytest

DAYS, EVENTS_PER_DAY = 20, 18


@pytest.fixture
def year(script):
    """The benchmark as a module."""
    return script("year")


def test_weeks_of_dreams_hold_together(year, home):
    """No value that has changed is told as current, the log adds up, and the expected transitions occur."""
    lived = year.live(home, DAYS, EVENTS_PER_DAY, seed=7)
    assert lived.faults == []
    assert lived.stale == []
    assert lived.asked > 8
    assert lived.months[-1].events == DAYS * EVENTS_PER_DAY
    for expected in (
        "memory: reflection: created -> active",
        "memory: merge: active -> superseded",
        "memory: supersede: active -> superseded",
        "memory: split: created -> active",
        "memory: split: active -> superseded",
        "lesson: promotion: created -> active",
        "knowledge: consolidation: created -> active",
        "knowledge: supersede: active -> superseded",
        "identity: aggregation",
    ):
        assert lived.transitions[expected] > 0, expected
    assert 1 < len(lived.identities) < DAYS
    assert "| transition | times |" in year.report(lived)


def test_the_same_seed_tells_the_same_history(year):
    """Events, questions and what is true on a day follow from the arguments alone."""
    from year_history import History

    one, same, other = History(40, 12, 3), History(40, 12, 3), History(40, 12, 4)
    assert [one.events(day) for day in range(40)] == [same.events(day) for day in range(40)]
    assert [one.question(day) for day in range(40)] == [same.question(day) for day in range(40)]
    assert one.events(5) != other.events(5)
    assert all(len(one.events(day)) == 12 for day in range(40))


def test_an_old_value_is_found_in_the_words_of_its_fact_alone(year):
    """What merely names an old value does not tell it."""
    from year_history import FACTS

    home = next(fact for fact in FACTS if fact.name == "home")
    lines = ['Dana: "I live in Lisbon."', 'Dana: "I went to Lisbon with my aunt."', 'Dana: "I moved to Porto."']
    assert year.says(home, ["Lisbon"], lines) == lines[:1]
