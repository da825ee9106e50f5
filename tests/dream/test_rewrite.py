"""What code mends in a rewrite before it is checked."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.statements import is_own_statement, statement_of
from elephantasm_cli.dream.wording import as_one_sentence, subject_of, wanted, without_guessed_gender
from elephantasm_cli.vocabulary import EventType, Trust


@pytest.mark.parametrize(
    ("statement", "words", "mended"),
    [
        (
            "Kim wants no step without asking her first.",
            "no step without asking me first",
            "Kim wants no step without asking Kim first.",
        ),
        ("Kim lost his keys.", "I lost my keys", "Kim lost Kim's keys."),
        (
            "Kim likes tea, but she avoids coffee.",
            "I like tea but avoid coffee",
            "Kim likes tea, but Kim avoids coffee.",
        ),
        ("Kim says she called.", "she called", "Kim says she called."),
        ("Kim met Robin and his dog.", "I met Robin with the dog", "Kim met Robin and his dog."),
        ("Kim likes tea.", "I like tea", "Kim likes tea."),
        ("Kim says Robin told her so.", "Robin told me so", "Kim says Robin told Kim so."),
    ],
)
def test_guessed_gender_becomes_the_speakers_name(statement, words, mended):
    """Only where nobody else can be meant; otherwise grounding refuses it."""
    assert without_guessed_gender(statement, words, "Kim") == mended


@pytest.mark.parametrize(
    ("words", "cues", "expected"),
    [
        ("Never push to main.", ("instruction",), "wants the assistant to"),
        ("please keep commits small", ("request",), "wants the assistant to"),
        ("Commit style has changed: from now on write plain messages.", ("instruction",), "wants the assistant to"),
        ("From now on run pytest with -q, I want to see all failures.", ("instruction",), "wants the assistant to"),
        ("staging first, then production", ("instruction",), "wants"),
        ("no new dependencies without asking me first", ("instruction",), "wants"),
        ("I never push to main.", ("instruction",), ""),
        ("From now on I run pytest with -q.", ("instruction",), ""),
        ("We use tabs.", ("fact",), ""),
    ],
)
def test_instruction_is_told_from_report(words, cues, expected):
    """What somebody does is not what they want done; what they want is done by somebody, or is so."""
    assert wanted(words, cues) == expected


def test_sentence_about_somebody_else_is_not_put_on_the_speaker():
    """What a third person did must still be theirs in the statement."""
    from elephantasm_cli.dream import grounding

    source = "Robin once suggested Hibernate, but I don't want an ORM here"
    wrong = grounding.check(
        "Kim suggests Hibernate, but Kim does not want an ORM here.", cited_text=source, speaker="Kim"
    )
    right = grounding.check(
        "Kim says Robin once suggested Hibernate, but Kim does not want an ORM here.", cited_text=source, speaker="Kim"
    )
    assert "what the source speaks of, 'Robin', is lost" in wrong.reasons
    assert not [reason for reason in right.reasons if "is lost" in reason]


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("Robin once suggested Hibernate, but I don't want it", "Robin"),
        ("Robin Vale has made 12 bookings", "Robin Vale"),
        ("Kim said so", ""),
        ("I told Robin", ""),
        ("Run every migration on staging first.", ""),
        ("She has made it", ""),
    ],
)
def test_somebody_else_as_the_subject_is_seen(words, other):
    """Such a sentence is reported, so that nobody's part in it is swapped."""
    assert subject_of(words, "Kim") == other


def test_noun_that_a_sentence_is_about_is_kept():
    """What the adviser wants is not what the speaker wants."""
    from elephantasm_cli.dream import grounding

    source = "The tax adviser wants a ledger export as CSV."
    assert not grounding.check("Kim wants a ledger export as CSV.", cited_text=source, speaker="Kim").passed
    assert grounding.check(
        "Kim says the tax adviser wants a ledger export as CSV.", cited_text=source, speaker="Kim"
    ).passed


def test_what_is_wanted_of_the_agent_is_not_what_the_speaker_wants_to_do(say, dreaming, rows, scripted):
    """ "Staging first" is no plan of the speaker's; another form is asked for."""
    say("Which order?", author="Assistant", role="assistant", kind=EventType.ASSISTANT_MESSAGE)
    say("staging first, then production, like every migration", author="Kim")
    good = "Kim says that Kim wants staging first, then production, like every migration."
    bad = "Kim wants to stage first, then production, like every migration."
    dreaming(scripted({"staging first": lambda number: bad if number == 1 else good}))
    (memory,) = rows("memory")
    assert memory["content"] == good.replace("says that", "said on 1 March 2026 that")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("I love creating art!", "I love creating art."),
        ("We bought a house. My brother helped!", "We bought a house; My brother helped."),
        ("I use Django 5.2. See worker.toml and Dr. Kim.", "I use Django 5.2. See worker.toml and Dr. Kim."),
    ],
)
def test_two_sentences_are_set_as_one(words, expected):
    """The grammar of an answer ends it with one full stop; versions and titles stay."""
    assert as_one_sentence(words) == expected


@pytest.mark.parametrize("role", ["user", "assistant", "unknown"])
def test_who_says_i_in_a_text_is_named(say, dreaming, rows, role):
    """By rule, so without a model; what a text file says keeps the trust of an import."""
    trust = Trust.IMPORT if role == "unknown" else Trust.USER
    say(
        "I found a leak: the pool in db/pool.py never closed its 12 connections.", author="Ines", role=role, trust=trust
    )
    dreaming()
    (memory,) = rows("memory")
    assert memory["content"] == (
        "Ines said on 1 March 2026 that they found a leak: the pool in db/pool.py never closed its 12 connections."
    )
    assert (memory["trust"], memory["metadata"]["form"]) == (trust.value, "rewrite")


def test_what_happened_is_told_as_said_and_has_its_own_words_for_lessons(say, dreaming, rows):
    """What lasts is told as so."""
    say("I sold the boat to Pieter in Ostend on Friday.", author="Ada", day=2)
    say("Sold!", author="Bo", day=2)
    say("I prefer tea over coffee in the office.", author="Ada", day=4)
    say("I'm allergic to lupins.", author="Ada", day=6)
    dreaming()
    sold, prefers, lasts = rows("memory")
    assert (
        sold["content"] == "Ada said on 2 March 2026 that they sold the boat to Pieter in Ostend on 27 February 2026."
    )
    assert statement_of(sold) == "Ada sold the boat to Pieter in Ostend on 27 February 2026."
    assert is_own_statement(sold)
    assert prefers["content"] == "Ada prefers tea over coffee in the office (4 March 2026)."
    assert lasts["content"] == "Ada is allergic to lupins (6 March 2026)."
    assert not {"own"}.intersection(prefers["metadata"], lasts["metadata"])
