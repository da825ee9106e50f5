"""Two statements in one sentence become two memories; what may be one statement stays one."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.clauses import independent_parts, is_clause
from elephantasm_cli.lineage.verify import verify

COMPOUNDS = {
    "I moved to Porto and I switched to Neovim.": ("I moved to Porto", "I switched to Neovim"),
    "We use Redis for the queue, and we deploy on Fly.": ("We use Redis for the queue", "we deploy on Fly"),
    "The port is 8080 and the timeout is 30 seconds.": ("The port is 8080", "the timeout is 30 seconds"),
    "I like cats and dogs and I live in Ghent.": ("I like cats and dogs", "I live in Ghent"),
    "I work at Helio; I lead the search team.": ("I work at Helio", "I lead the search team"),
    "Always write tests first and never push to main.": ("Always write tests first", "never push to main"),
    "Don't touch the schema, and always run the linter.": ("Don't touch the schema", "always run the linter"),
    "My sister lives in Bergen and my brother has two dogs.": ("My sister lives in Bergen", "my brother has two dogs"),
    "I'm allergic to nuts and I don't drink milk.": ("I'm allergic to nuts", "I don't drink milk"),
    "Our default branch is trunk and Robin reviews every change.": (
        "Our default branch is trunk",
        "Robin reviews every change",
    ),
    "We dropped Jenkins, and we have moved to Woodpecker.": ("We dropped Jenkins", "we have moved to Woodpecker"),
    "I bought a cello and I've started lessons in Antwerp.": ("I bought a cello", "I've started lessons in Antwerp"),
    "Invoices go out on the 1st, and we use Xero.": ("Invoices go out on the 1st", "we use Xero"),
    "We use Xero and invoices go out on the 1st.": ("We use Xero", "invoices go out on the 1st"),
    "The office closes at 6 and the lab needs a key card.": ("The office closes at 6", "the lab needs a key card"),
    "I work as a nurse and my husband drives a tram.": ("I work as a nurse", "my husband drives a tram"),
    "My daughter eats no meat, and my son hates fish.": ("My daughter eats no meat", "my son hates fish"),
    "Robin handles the payroll, and Yannick answers the phone.": (
        "Robin handles the payroll",
        "Yannick answers the phone",
    ),
    "Orders ship from Ghent, but returns go to Antwerp.": ("Orders ship from Ghent", "returns go to Antwerp"),
    "The report takes two days; the audit costs 300 euros.": ("The report takes two days", "the audit costs 300 euros"),
    "We bill monthly, and customers pay within 30 days.": ("We bill monthly", "customers pay within 30 days"),
    "My flight lands at 9:40 and Sam picks me up.": ("My flight lands at 9:40", "Sam picks me up"),
    "The limit is 500 euros and my brother Piet packs the orders, he is allergic to epoxy.": (
        "The limit is 500 euros",
        "my brother Piet packs the orders, he is allergic to epoxy",
    ),
    "I live in Porto, I mean the old town, and I work at Helio.": None,
    "I play chess, and I also paint boats; I sing in a choir.": (
        "I play chess",
        "I also paint boats",
        "I sing in a choir",
    ),
}
"""Sentences with their parts (None: it looks like one, and stays whole)."""


@pytest.mark.parametrize(("sentence", "parts"), COMPOUNDS.items())
def test_clauses_that_stand_alone_are_told_apart(sentence, parts):
    """Each part is a span of the sentence, in order."""
    spans = independent_parts(sentence)
    assert tuple(sentence[start:end] for start, end in spans) == (parts or ())


@pytest.mark.parametrize(
    "sentence",
    [
        "I like tea and coffee.",
        "We like the office and the team meetings on Friday.",
        "We sold the house and the new sports car.",
        "We send quotes and invoices by mail.",
        "We use Redis and Python scripts in CI.",
        "I like the kitchen and the painted walls.",
        "She likes the garden and the walls painted in red.",
        "We discussed the order limit and the sales targets for May.",
        "I met Robin and Sam in Ghent.",
        "The docs and the tests need work.",
        "Invoices, quotes and reminders go out on the 1st.",
        "I read books and newspapers every morning.",
        "The menu has soup, bread, and fries with mayonnaise.",
        "We have a dog and the kids love it.",
        "Write the tests and the docs.",
        "My sister and her husband live in Bergen.",
        "We bought paint and brushes for the fence.",
        "I need the keys and the codes by Monday.",
        "We sell tables and the chairs come with them.",
        "If the order is late and the client calls, offer a refund.",
        "I know the port is 80 and the host is down.",
        "We met at noon and ate soup.",
        "The budget covers travel and the team lunches on Mondays.",
        "Good news and we won the bid.",
        "Please review the patch and the tests before Friday.",
        "We use Xero because the bank knows it, and invoices go out on the 1st.",
        "I moved to Porto and my desk came with it.",
        "The order is late and he is angry.",
        "We use Redis and Postgres for the queue.",
        "I moved to Porto and love it.",
        "I moved to Porto and I love it there.",
        "If I ask for a review and I get none, merge anyway.",
        "I think we use Redis and we deploy on Fly.",
        "Robin said the port is 8080 and the timeout is 30.",
        "My sister and my brother moved to Bergen.",
        "The database and the queue are down.",
        "I want the tests and the docs updated.",
        "Yesterday I moved to Porto and I switched to Neovim.",
        "I stopped the worker because the lock leaked and the queue is full.",
        'The note says "I moved to Porto and I switched to Neovim".',
        "Do we use Redis and do we deploy on Fly?",
        "I read the log and I fixed the same bug again.",
        "Write the test first and then the fix.",
        "Always review and never rush.",
        "We would use Redis and we would drop RabbitMQ.",
        "I both paint and I sing.",
        "I run.",
        "We moved the queue. I use Redis and I deploy on Fly.",
        "",
    ],
)
def test_what_may_be_one_statement_stays_whole(sentence):
    """Shared subjects, lists, conditions, reports, reasons and what refers back."""
    assert independent_parts(sentence) == []


def test_a_compound_memory_gives_way_to_its_parts(store, say, dreaming, rows):
    """Each part cites its own words of the event; the whole points to them, and nothing is lost."""
    sentence = "I moved to Porto and I switched to Neovim."
    say(sentence)
    dreaming()
    (whole,) = rows("memory", "superseded")
    parts = rows("memory", "active")
    assert sorted(part["metadata"]["quote"] for part in parts) == ["I moved to Porto", "I switched to Neovim"]
    assert whole["superseded_by"] in {part["id"] for part in parts}
    for part in parts:
        (entry,) = store.log.of_target(part["id"])
        assert entry["transformation_type"] == "split"
        quoted, compound = entry["sources"]
        event = store.events.find(quoted["source_id"])
        assert event["content"][quoted["quote_start"] : quoted["quote_end"]] == part["metadata"]["quote"]
        assert compound["source_id"] == whole["id"]
    assert [entry["transformation_type"] for entry in store.log.of_target(whole["id"])] == ["reflection", "split"]
    assert len({entry["act_id"] for entry in store.log.listed(transformation_type="split")}) == 1
    assert verify(store).ok


def test_splitting_again_changes_nothing(store, say, dreaming):
    """The whole is not looked at again, and neither are its parts."""
    say("I moved to Porto and I switched to Neovim.", "We use Redis for the queue and we deploy on Fly.")
    dreaming()
    before = store.log.newest_seq()
    assert sum(job.changed for job in dreaming().jobs) == 0
    assert store.log.newest_seq() == before


def test_a_part_is_superseded_and_the_other_one_stays(store, say, dreaming, rows):
    """Which is what splitting is for: each fact ends by itself."""
    say("I live in Porto and I work at Helio.", day=1)
    dreaming()
    say("I moved to Ghent.", day=5)
    dreaming()
    states = {memory["metadata"]["quote"]: memory["state"] for memory in rows("memory")}
    assert (states["I live in Porto"], states["I work at Helio"]) == ("superseded", "active")
    assert not [item for item in rows("knowledge", "active") if "Porto" in item["statement"]]
    assert verify(store).ok


def test_parts_are_merged_with_what_was_said_before(say, dreaming, rows):
    """A part is compared like any new memory."""
    say("I live in Porto.", day=1)
    dreaming()
    say("I live in Porto and I work at Helio.", day=4)
    dreaming()
    home = next(memory for memory in rows("memory", "active") if "Porto" in memory["content"])
    assert home["metadata"]["support"] == 2
    assert home["metadata"]["sessions"] == ["s3-1", "s3-4"]


@pytest.mark.parametrize("text", ["...) not numbers", "... : . is", "."])
def test_what_begins_with_dots_is_no_clause(text):
    """And stops nothing."""
    assert not is_clause(text, sure=True)
