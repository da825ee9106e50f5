"""What a whole quote is worth: much and definite before little, and turns of a life whatever they take to tell."""

import pytest

from elephantasm_cli.dream.picks import Pick
from elephantasm_cli.dream.salience import Salient
from elephantasm_cli.dream.worth import is_worth_a_memory, worth
from elephantasm_cli.vocabulary import EventType


def pick(words, *cues, score=0.4, kind=EventType.USER_MESSAGE):
    event = {"id": "e", "content": words, "author": "Ada", "role": "user", "event_type": kind.value, "seq": 1}
    return Pick(event, Salient(0, len(words), words, score, cues))


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("I sold the green boat to Pieter in Ostend, for the mooring", "I sold the boat to Pieter"),
        ("The gate is never locked", "The gate is locked"),
        ("The gate is locked at 19:00", "The gate is locked at night"),
        ("The gate is locked on 3 May", "The gate is locked then"),
        ("I am allergic to the gate", "I am used to the gate"),
        ("I quit my job", "I did my nails"),
        ("We met Pieter there", "We met someone there"),
        ("I painted the gate green", "You painted the gate green"),
        ("I painted the gate green", "They painted the gate green"),
        ("I keep bees and paint hives", "Keeping bees is a great way to unwind"),
    ],
    ids=[
        "says more",
        "limits",
        "counts",
        "names a day",
        "lasts",
        "turns a life",
        "names",
        "addresses",
        "of others",
        "commonplace",
    ],
)
def test_what_adds_to_the_worth_among_people(more, less):
    assert worth(pick(more), to_agent=False) > worth(pick(less), to_agent=False)


def test_the_score_of_the_sentence_counts_with_an_agent_alone():
    low, high = pick("Drop those rows", score=0.4), pick("Drop those rows", score=0.7)
    assert worth(low, to_agent=True) < worth(high, to_agent=True)
    assert worth(low, to_agent=False) == worth(high, to_agent=False)


@pytest.mark.parametrize(
    "words",
    [
        "I quit my job",
        "We had a baby girl, Ida",
        "We are getting divorced",
        "I gave up my studio",
        "I'm moving to Leeds",
    ],
)
def test_a_turn_of_a_life_is_remembered_in_few_words(words):
    assert is_worth_a_memory(pick(words), to_agent=False)


@pytest.mark.parametrize(
    "words", ["he'd be a better manager than Phil", "I shall stand behind your throne", "i'll open with HARRI then"]
)
def test_a_quip_is_not(words):
    assert not is_worth_a_memory(pick(words), to_agent=False)


def test_what_is_written_down_told_outright_or_set_is_remembered():
    words = "no lilies"
    assert not is_worth_a_memory(pick(words, score=0.3), to_agent=True)
    assert is_worth_a_memory(pick(words, "instruction", score=0.3), to_agent=True)
    assert is_worth_a_memory(pick(words, "slot", score=0.3), to_agent=True)
    assert is_worth_a_memory(pick(words, score=0.3, kind=EventType.NOTE), to_agent=True)


def test_words_of_a_language_without_small_words_count_less():
    words = "我妈七月要做膝盖手术"
    assert worth(pick(words, "foreign"), to_agent=False) < worth(pick(words), to_agent=False)


def test_the_turn_that_says_most_takes_the_place(say, dreaming, rows):
    for author, text in (
        ("Ada", "I met Pieter in Ostend."),
        ("Ines", "Nice."),
        ("Ada", "The boat is never locked, the key hangs behind the third lamp of the harbour office since 3 May."),
    ):
        say(text, author=author, day=2)
    dreaming()
    (memory,) = rows("memory")
    assert "third lamp" in memory["content"]
