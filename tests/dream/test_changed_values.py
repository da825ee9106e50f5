"""A value that was changed by words of any kind is no longer told as current: not by a memory, knowledge, the identity
or a pack. Without a model, in a session that is too short for all it says."""

from __future__ import annotations

from typing import NamedTuple

import pytest


class Change(NamedTuple):
    """What was said, how it was changed, and words of the old statement; of the new one, unless nothing takes over."""

    said: tuple[str, ...]
    later: str
    old: str
    new: str
    question: str


CHANGES = {
    "a limit": Change(
        ("The order limit is 500 euros.",),
        "The order limit is 800 euros now, not 500.",
        "limit is 500", "limit is 800", "what is the order limit?",
    ),
    "a limit without its old value": Change(
        ("Refunds above 200 euros need a manager.",),
        "From now on refunds above 350 euros need a manager.",
        "above 200", "above 350", "which refunds need a manager?",
    ),
    "a price": Change(
        ("A box of glue costs 14 euros.",),
        "A box of glue costs 16 euros now.",
        "costs 14", "costs 16", "what does a box of glue cost?",
    ),
    "an address": Change(
        ("The workshop is at Kerkstraat 12 in Mechelen.",),
        "The workshop has moved to Havenlaan 3 in Mechelen.",
        "Kerkstraat 12", "Havenlaan 3", "where is the workshop?",
    ),
    "an employer": Change(
        ("I work at Brouwer Logistics as a planner.",),
        "I no longer work at Brouwer Logistics, I started at Veldkamp last week.",
        "planner", "Veldkamp", "where does Dana work?",
    ),
    "a home": Change(
        ("I live in Leuven with two cats.",),
        "I have moved to Hasselt.",
        "in Leuven", "Hasselt", "where does Dana live?",
    ),
    "a phone number": Change(
        ("The phone number of the front desk is 555-0141.",),
        "The phone number of the front desk is now 555-0190.",
        "555-0141", "555-0190", "what is the number of the front desk?",
    ),
    "a deadline": Change(
        ("The deadline for the tender is 4 May.",),
        "The deadline for the tender has been extended to 18 May.",
        "is 4 May", "18 May", "when is the tender due?",
    ),
    "a tool that is switched": Change(
        ("We track our tickets in Jira.",),
        "We switched from Jira to Linear.",
        "in Jira", "Linear", "where are tickets tracked?",
    ),
    "a tool that is gone": Change(
        ("We use Jenkins to build the images.",),
        "Jenkins is gone, the images are built in Woodpecker.",
        "use Jenkins", "Woodpecker", "what builds the images?",
    ),
    "a tool that is no longer used": Change(
        ("We send the newsletter with Mailpost.",),
        "We no longer use Mailpost.",
        "with Mailpost", "no longer use Mailpost", "how is the newsletter sent?",
    ),
    "a version": Change(
        ("The service runs on Python 3.10.",),
        "The service runs on Python 3.13 now.",
        "Python 3.10", "Python 3.13", "which Python does the service run on?",
    ),
    "a diet": Change(
        ("I'm vegetarian, so no meat in the meal plans.",),
        "I'm not vegetarian any more.",
        "no meat", "not vegetarian", "what does Dana eat?",
    ),
    "a habit": Change(
        ("I drink two cups of coffee every morning.",),
        "I stopped drinking coffee.",
        "two cups", "stopped drinking", "does Dana drink coffee?",
    ),
    "a pet's name": Change(
        ("Our puppy is called Pretzel.",),
        "Our puppy is called Biscuit now.",
        "Pretzel", "Biscuit", "what is the puppy called?",
    ),
    "a schedule": Change(
        ("The standup is on Monday at 9:30.",),
        "The standup is on Wednesday instead of Monday.",
        "on Monday at", "on Wednesday", "when is the standup?",
    ),
    "a time of day": Change(
        ("The bakery opens at 6 in the morning.",),
        "Actually the bakery opens at 7 in the morning.",
        "opens at 6", "opens at 7", "when does the bakery open?",
    ),
    "half of a compound": Change(
        ("Invoices go out on the 1st, and we use Xero.",),
        "Invoices go out on the 15th from now on.",
        "on the 1st", "on the 15th", "when do invoices go out?",
    ),
    "an opinion": Change(
        ("I really like the new dashboard.",),
        "I don't like the new dashboard any more.",
        "really like", "don't like the new dashboard", "what does Dana think of the dashboard?",
    ),
    "a preference": Change(
        ("I prefer long answers with all the background.",),
        "I no longer want long answers.",
        "with all the background", "no longer want long answers", "how long should answers be?",
    ),
    "an order that is scrapped": Change(
        ("Please always deploy with Ansible.",),
        "Scrap Ansible, deploy with Nomad from now on.",
        "always deploy with Ansible", "Nomad", "how do we deploy?",
    ),
    "who does it": Change(
        ("Sunniva owns the release process.",),
        "Yannick owns the release process now.",
        "Sunniva owns", "Yannick owns", "who owns the release process?",
    ),
    "what replaced it": Change(
        ("The cache runs on Memcached.",),
        "Valkey has replaced Memcached.",
        "on Memcached", "Valkey", "what does the cache run on?",
    ),
    "what it used to be": Change(
        ("The test server is called otter.",),
        "The test server is called badger, it used to be otter.",
        "called otter", "called badger", "what is the test server called?",
    ),
    "a raise": Change(
        ("The hourly rate is 85 euros.",),
        "We raised the hourly rate to 95 euros.",
        "is 85", "95 euros", "what is the hourly rate?",
    ),
    "a medicine": Change(
        ("I take 20 mg of omeprazole every morning.",),
        "I take 40 mg of omeprazole every morning now.",
        "take 20", "take 40", "how much omeprazole does Dana take?",
    ),
    "a rule that was dropped": Change(
        ("Every change needs two reviews.",),
        "A change no longer needs two reviews, one is enough.",
        "Every change", "one is enough", "how many reviews does a change need?",
    ),
    "a correction of a slip": Change(
        ("The invoice number of the printer is 7731.",),
        "Sorry, I was wrong: the invoice number of the printer is 7713.",
        "7731", "7713", "what is the invoice number of the printer?",
    ),
}  # fmt: skip

BUSY = ("Please always keep the answers short.", "I prefer tables over long lists.")


@pytest.mark.parametrize("case", CHANGES.values(), ids=CHANGES.keys())
def test_changed_value_is_no_longer_told(lived, case):
    """The change is said between two things that score as high, in an episode with room for one memory."""
    life = lived(case.said, (BUSY[0], case.later, BUSY[1]), question=case.question)
    assert life.holds(case.new)
    assert life.states(case.old) == []


KEPT = {
    "the other half of a compound": (
        CHANGES["half of a compound"], "we use Xero",
    ),
    "another sentence": (
        CHANGES["a price"]._replace(said=("A box of glue costs 14 euros. The glue is made from Polish rye.",)),
        "from Polish rye",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("case", "kept"), KEPT.values(), ids=KEPT.keys())
def test_what_was_said_beside_it_still_holds(lived, case, kept):
    """Only what was changed ends."""
    life = lived((*case.said, "Ok.", "Fine.", "Go on."), (case.later,), question=kept)
    assert life.holds(kept)
    assert life.states(case.old) == []


def test_change_within_one_session_wins(lived):
    """The first value needs no place beside it."""
    life = lived(
        ("The order limit is 500 euros.", "Please always keep the answers short.", "The order limit is 800 euros."),
        ("Thanks.",),
        question="what is the order limit?",
    )
    assert life.holds("limit is 800")
    assert life.states("limit is 500") == []


def test_shared_fact_may_be_corrected_by_somebody_else(lived):
    """A deadline belongs to nobody in particular."""
    life = lived(
        (("Dana", "The deadline for the catalogue is 4 May."),),
        (("Robin", "The deadline for the catalogue is now 18 May, not 4 May."),),
        question="when is the catalogue due?",
    )
    assert life.holds("now 18 May")
    assert life.states("catalogue is 4 May") == []


def test_what_is_to_be_kept_for_somebodys_safety_goes_before_talk(lived):
    """An allergy is remembered, whatever else is said in a few turns."""
    life = lived(
        (
            "We decided to paint the bar in the harbour shop on Friday.",
            "My brother Piet helps me with the resin tables, he is allergic to epoxy.",
            "I prefer the blue varnish over the green one.",
        ),
        ("Thanks.",),
        question="is anybody allergic?",
    )
    assert life.holds("allergic to epoxy")
