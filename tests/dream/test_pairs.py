"""What code can tell of two statements, so that no model is asked."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.pairs import settled
from elephantasm_cli.services.answers import Relation


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("My sister Maren lives in Graz.", "My cousin Bram has moved to Porto."),
        ("My brother Bram lives in Lyon.", "My brother Farid has moved to Nantes."),
        ("Robin doesn't eat fish.", "Jessamy eats fish twice a week now."),
        ("In winter I run in the gym.", "In summer I no longer run in the gym."),
        ("The staging server runs Ubuntu.", "The production server is now on Debian."),
        ("The api repository uses tabs.", "From now on the web repository uses spaces."),
        ("We use Redis for the sessions.", "We switched from Redis to Kafka for the job queue."),
        ("I drink green tea.", "I stopped drinking energy drinks."),
        ("We have a dog called Pesto.", "We have a hamster now too."),
    ],
)
def test_other_people_times_places_and_things_are_told_apart(earlier: str, later: str) -> None:
    """However much the later one announces a change."""
    assert settled(earlier, later) is Relation.UNRELATED


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("I have stopped smoking.", "I don't smoke any more."),
        ("We dropped Hibernate in the order service.", "The order service no longer uses Hibernate."),
        ("Nobody is allowed to push straight to main.", "Direct pushes to main are not allowed."),
        ("We bought a house in Delft.", "We own a house in Delft now, we bought it."),
    ],
)
def test_the_same_in_other_words_is_the_same(earlier: str, later: str) -> None:
    """Also where both deny."""
    assert settled(earlier, later) is Relation.SAME


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("I live in Ghent, near the canal.", "I moved to Antwerp, the flat in Ghent is sold."),
        ("I write all my code in Helix.", "I switched from Helix to Zed, and I use nothing else."),
        ("I drink two cups of coffee every morning.", "I no longer drink coffee at all."),
        ("We deploy every Wednesday.", "From now on we deploy on Tuesday instead of Wednesday."),
        ("Sunniva owns the deploy pipeline.", "Yannick owns the deploy pipeline now, Sunniva has left the team."),
        ("The budget for the kitchen is 14000 euros.", "Actually the budget for the kitchen is 18500 euros."),
        ("notre site est hébergé chez Gandi.", "notre site n'est plus hébergé chez Gandi, il est chez Infomaniak."),
        ("我每天都吃肉。", "我现在完全不吃肉了。"),
        ("Tea.", "Coffee."),
        ("I like rain.", "I like snow now."),
    ],
)
def test_what_may_be_a_change_is_left_to_the_model(earlier: str, later: str) -> None:
    """Code settles what is certain; a real change is never among it."""
    assert settled(earlier, later) is None
