"""The pieces of the abstention benchmark that a figure could be wrong by."""

from __future__ import annotations

import pytest

from elephantasm_cli import open_agent


@pytest.fixture
def abstention(script):
    """The benchmark as a module."""
    return script("abstention")


def test_names_are_swapped_word_by_word_and_in_order(abstention):
    """The first speaker becomes the first, possessives stay, and a name inside another word is left alone."""
    swapped = abstention.with_names_of("Did Ada's sister meet Bo, or did BO meet Adam?", ["Ada", "Bo"], ["Cy", "Ada"])
    assert swapped == "Did Cy's sister meet Ada, or did Ada meet Adam?"


def test_without_the_floor_every_question_has_an_answer_and_afterwards_it_stands(abstention, home):
    """The floor is lifted inside the block alone."""
    with open_agent("floor", home=home) as agent:
        agent.ingest([{"role": "user", "content": "My cat sleeps on the oven all day long.", "id": "1"}], session="s")
        question = "cat: how do volcanoes form under the ocean, and which minerals crystallise first in cooling magma?"
        silent = abstention.asked(_source(abstention, agent), [(question, "2030-01-01")])
        with abstention.without_floor():
            lifted = abstention.asked(_source(abstention, agent), [(question, "2030-01-01")])
        again = abstention.asked(_source(abstention, agent), [(question, "2030-01-01")])
    assert (silent["silent"], lifted["silent"], again["silent"]) == (1.0, 0.0, 1.0)
    assert silent["bare"] == 1.0


def _source(abstention, agent):
    return abstention.Source("floor", agent, "2030-01-01", [], [], [])
