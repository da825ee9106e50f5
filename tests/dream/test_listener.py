"""Whom "you" means in a talk of two: somebody in particular, or nobody who could be named."""

import pytest

from elephantasm_cli.dream.listener import named_listener


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("I could lend you my van.", "I could lend Idris my van."),
        (
            "I'd like to cycle to Unst with you, but my back hurts.",
            "I'd like to cycle to Unst with Idris, but my back hurts.",
        ),
        ("We want to come to your wedding.", "We want to come to Idris' wedding."),
        ("My studio is yours on weekdays.", "My studio is Idris' on weekdays."),
        ("I\u2019ll bring you the tools tomorrow.", "I'll bring Idris the tools tomorrow."),
    ],
)
def test_the_other_one_is_named(said, named):
    assert named_listener(said, "Idris") == named


@pytest.mark.parametrize(
    "said",
    [
        "I think painting gives you peace.",
        "I know you love the sea.",
        "I'll call you when you are back.",
        "Good for you!",
        "I believe your heart knows.",
        "I moved to Lerwick.",
    ],
)
def test_what_is_unsure_stays_as_it_is(said):
    assert named_listener(said, "Idris") == said


def test_nobody_is_named_where_nobody_is_known():
    assert named_listener("I could lend you my van.", "") == "I could lend you my van."


def test_in_a_talk_of_two_the_memory_names_the_other(say, dreaming, rows):
    """It can then be read alone."""
    say("I will lend you my red van for the market in June.", author="Hyacinth")
    say("That is so kind!", author="Idris")
    dreaming()
    assert [memory["content"] for memory in rows("memory")] == [
        "Hyacinth said on 1 March 2026 that Hyacinth will lend Idris their red van for the market in June 2026."
    ]
