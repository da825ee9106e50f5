"""What sounds like a change and is none ends nothing."""

from __future__ import annotations

from typing import NamedTuple

import pytest


class Beside(NamedTuple):
    """Two statements that both hold, and words of the first."""

    said: str
    later: str
    still: str


BESIDE = {
    "another subject": Beside("The order limit is 500 euros.", "The upload limit is 800 MB now.", "limit is 500"),
    "another person": Beside("My sister lives in Bruges.", "My cousin has moved to Ostend.", "in Bruges"),
    "another owner": Beside("Robin's phone number is 555-0141.", "My phone number is now 555-0190.", "555-0141"),
    "another season": Beside(
        "In winter the shop opens at 10 on Saturdays.",
        "In summer the shop opens at 8 on Saturdays now.",
        "opens at 10",
    ),
    "another place": Beside(
        "The staging server runs on Debian 11.", "The production server runs on Debian 12 now.", "Debian 11"
    ),
    "another purpose": Beside(
        "We use Redis for the sessions.", "We switched from Redis to Kafka for the job queue.", "for the sessions"
    ),
    "an addition": Beside("We ship our tables to France.", "We also ship our tables to Spain now.", "to France"),
    "one more": Beside("I play the cello.", "I play the piano now too.", "the cello"),
    "what used to be": Beside("We use Postgres for the ledger.", "In 2019 we used MySQL for the ledger.", "Postgres"),
    "the past of a number": Beside(
        "The hourly rate is 95 euros.", "Two years ago the hourly rate was 70 euros.", "is 95"
    ),
    "a supposition": Beside("The order limit is 500 euros.", "If the order limit is 800 euros, we lose money.", "500"),
    "a plan": Beside("We use Jira for the tickets.", "Maybe we should switch from Jira to Linear.", "use Jira"),
    "a question": Beside(
        "The deadline for the tender is 4 May.", "Is the deadline for the tender 18 May now?", "4 May"
    ),
    "an event": Beside("We sold 12 tables in March.", "We sold 20 tables at the fair in April, not bad.", "12 tables"),
    "something else is dropped": Beside(
        "I drink green tea with lemon.", "I stopped drinking energy drinks.", "green tea"
    ),
    "something else is gone": Beside("We use Jenkins to build the images.", "The Jenkins sticker is gone.", "Jenkins"),
    "a condition": Beside(
        "A table costs 900 euros.", "A table costs 750 euros now for members of the guild.", "costs 900"
    ),
    "the same again": Beside(
        "The order limit is 500 euros.", "The order limit is 500 euros, not more.", "limit is 500"
    ),
    "a part": Beside("We use Xero for the books.", "We no longer use Xero on Sundays.", "for the books"),
    "what others do": Beside("We deploy with Nomad.", "My friend Lou no longer deploys with Nomad.", "with Nomad"),
    "an opinion of a tool": Beside(
        "I really like Jira for our planning.", "My boss doesn't like Jira any more.", "like Jira"
    ),
    "a denial of an error": Beside("We use Xero for the books.", "Xero no longer crashes.", "for the books"),
}


@pytest.mark.parametrize("case", BESIDE.values(), ids=BESIDE.keys())
def test_what_is_no_change_ends_nothing(lived, case):
    """Other people, times, places and things, additions, thoughts, questions and the past."""
    life = lived((case.said,), (case.later,), question=case.said)
    assert life.holds(case.still)
    assert not any(case.still in gone for gone in life.gone if gone not in life.memories)


OWN = {
    "home": ("I live in Leuven.", "Dana lives in Hasselt now, not in Leuven."),
    "employer": ("I work at Brouwer Logistics.", "Dana no longer works at Brouwer Logistics."),
    "allergy": ("I'm allergic to walnuts.", "Dana is no longer allergic to walnuts."),
    "their own": ("My rent is 900 euros.", "My rent is now 1100 euros."),
    "their own flat": ("We live in a flat with 3 rooms.", "We no longer live in a flat with 3 rooms."),
}


@pytest.mark.parametrize(("said", "later"), OWN.values(), ids=OWN.keys())
def test_nobody_else_changes_what_a_person_said_of_themselves(lived, said, later):
    """Each knows best who they are."""
    life = lived((("Dana", said),), (("Robin", later),), question="what of Dana?")
    assert life.holds(said.rstrip("."))
    assert life.gone == []
