"""Slots: what code can compare, and what it must leave alone."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.slots import Slot, conflict, find_slots, same_slot

CONFLICTS = [
    ("I live in Oslo.", "Dana moved to Lisbon"),
    ("Dana works for Nordkai.", "I work at Fjordbank now."),
    ("My name is Dana.", "My name is Diana."),
    ("we use Redis for the job queue, with RQ", "From now on we use PostgreSQL for the job queue."),
    ("Dana uses Redis for the job queue.", "Dana's team uses PostgreSQL for the job queue."),
    ("We use Redis.", "We no longer use Redis."),
    ("We use Redis", "We are dropping Redis: it is too much."),
    ("I use Vim.", "I switched from Vim to Helix"),
    ("Line length is 100 by the way", "line length is now 88 by the way, not 100."),
    ("Always keep the line length at 100 please.", "The line length is 88 now."),
    ("Use a line length of 100.", "The line length is 88 now."),
    ("our deadline is 5 May", "The deadline is 9 May."),
    ("My favourite colour is blue.", "Dana's favourite colour is green."),
    (
        "The pilot with Marina Sandhörn starts on 14 April.",
        "Date change: the pilot with Marina Sandhörn has moved to 20 April.",
    ),
    ("we have to keep invoices for 10 years.", "Invoices must be kept for 8 years, not 10."),
    ("The pool has 10 connections.", "the pool now has 20 connections"),
    ("I run pytest with -x -q", "From now on run pytest with -q --tb=short, I want to see all failures"),
    ("I prefer short answers over long explanations.", "Dana prefers long explanations over short answers."),
    ("Always push to main.", "Never push to main."),
    ("max_size is 10", "raise max_size to 20"),
    (
        "The pool in db/pool.py has 10 connections, and something holds on to them.",
        "Raised the pool to 20 connections.",
    ),
    (
        "I use conventional commits, so fix: for the first and feat: for the second.",
        "Commit style has changed: from now on write plain imperative commit messages without the prefixes.",
    ),
    ("Please indent with tabs.", "From now on use 4 spaces."),
    ("I use tabs", "Don't use tabs any more."),
    ("Always use double quotes", "I prefer single quotes."),
    ("Write British English.", "use American spelling please"),
]


def clash(one: str, other: str) -> bool:
    """Whether any slot of one sentence contradicts any of the other, both said by Dana."""
    return any(conflict(a, b) for a in find_slots(one, "Dana") for b in find_slots(other, "Dana"))


@pytest.mark.parametrize(("earlier", "later"), CONFLICTS)
def test_a_changed_value_conflicts_both_ways(earlier: str, later: str) -> None:
    """First and third person alike; a conflict has no direction."""
    assert find_slots(earlier, "Dana")
    assert clash(earlier, later)
    assert clash(later, earlier)
    assert not clash(earlier, earlier)
    assert not clash(later, later)


NO_CONFLICT = [
    ("I live in Oslo.", "Ana lives in Lisbon"),
    ("I live in Oslo.", "Dana lives in Oslo in Norway."),
    ("We use Redis.", "We use PostgreSQL."),
    ("We use Redis for the job queue.", "We use PostgreSQL for the ledger."),
    ("The pool has 10 connections.", "The database allows 100 connections."),
    ("The servers are slow.", "The servers are in Berlin."),
    ("Keep invoices for 10 years.", "Keep logs for 30 days."),
    ("I prefer tea over coffee.", "I prefer tea over juice."),
    ("Always run the tests.", "Never push to main."),
    ("The pilot starts on 14 April.", "The course starts on 20 April."),
    ("I love camping.", "I hate rain."),
    ("I run pytest with -x", "I run ruff with --fix"),
    ("My favourite colour is blue.", "My favourite song is Green."),
    ("I use conventional commits.", "Keep commits small, one change in each."),
    ("Use tabs.", "Use double quotes."),
    ("I like tabs in the browser.", "There are spaces to park."),
    ("Raised the pool to 20 connections.", "Raised the limit to 30 seconds."),
]


@pytest.mark.parametrize(("one", "other"), NO_CONFLICT)
def test_different_things_do_not_conflict(one: str, other: str) -> None:
    """A wrong supersession is worse than a missed one."""
    assert not clash(one, other)


@pytest.mark.parametrize(
    "text",
    [
        "I might use Redis for the queue.", "We could use Redis",
        "Do we use Redis?", "I want to live in Oslo", "Maybe I live in Oslo",
        'Tomasz said "we use Redis"', "Tomasz would use RabbitMQ", "I used to live in Oslo",
        "If we use Redis, it breaks",
        "What a day!", "", "They suggested that we use Redis", "the law changed at the start of 2025",
    ],
)  # fmt: skip
def test_what_is_hypothetical_or_asked_has_no_slot(text: str) -> None:
    """Thinking aloud changes nothing."""
    assert find_slots(text, "Dana") == []


def test_slots_are_normalised() -> None:
    """Casefolded, without articles, plural folded; a denial keeps its polarity."""
    assert find_slots("Oh, and I live in Oslo now", "Dana") == [Slot("dana", "lives", "oslo")]
    assert find_slots("Dana says that we use the Redis servers for jobs.", "Dana")[-1].attribute == "for:job"
    (never,) = find_slots("Please never push to main directly.", "Dana")
    assert never.polarity is False


def test_the_same_slot_needs_subject_and_attribute() -> None:
    """The value does not matter."""
    assert same_slot(Slot("dana", "lives", "oslo"), Slot("dana", "lives", "lisbon"))
    assert not same_slot(Slot("dana", "lives", "oslo"), Slot("ana", "lives", "oslo"))


@pytest.mark.parametrize(
    "text", ["we use " * 2000, "(" * 5000, "I prefer " + "x " * 3000 + "over y", "my " * 3000 + "name is X"]
)
def test_odd_texts_take_no_time(text: str) -> None:
    """No pattern runs away."""
    find_slots(text, "Dana")
