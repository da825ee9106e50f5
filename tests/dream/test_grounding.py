"""Grounding: what passes, and every way in which a small model was seen to go wrong."""

from __future__ import annotations

import time

import pytest

from elephantasm_cli.dream import claims
from elephantasm_cli.dream.grounding import MIN_COSINE, MIN_COVERAGE, Grounding, check, coverage


def verdict(statement: str, cited: str, **options: object) -> Grounding:
    """The check for Dana, on 8 May 2023, with Ana present."""
    settings: dict[str, object] = {"speaker": "Dana", "other_names": ("Ana",), "date_label": "8 May 2023"}
    return check(statement, cited_text=cited, **(settings | options))  # type: ignore[arg-type]


FAITHFUL = [
    ("Dana says that Dana is not at work because Dana is ill.", "I am not at work because I am ill."),
    ("Dana prefers short answers over long explanations.", "I prefer short answers over long explanations."),
    ("Dana lives in Oslo with two cats.", "I live in Oslo with 2 cats"),
    ("Dana bought a blue bike on 7 May 2023.", "On 7 May 2023 I bought a blue bike!"),
    ("Dana never pushes to main directly.", "I never push to main directly."),
    ("Dana does not want an ORM.", "I don't want an ORM here"),
    ("Dana wants to learn Rust in June 2023.", "I want to learn Rust in June 2023"),
    ("Dana's team uses PostgreSQL 16 for storage.", "My team uses PostgreSQL 16 for storage."),
    ("Dana might move to Lisbon.", "I might move to Lisbon soon."),
    ("Dana runs `pytest -q --tb=short`.", "I run `pytest -q --tb=short`"),
    ("Dana went hiking with her sister.", "I went hiking with my sister"),
    ("Dana says that the staging app is berthbook-staging.", "The staging app is berthbook-staging"),
    ("Dana dislikes meetings before noon.", "I don't like meetings before noon"),
    ("Dana told Ana about the Lisbon trip.", "I told you about the Lisbon trip"),
    ("Dana changed billing/settings.py on 8 May 2023.", "I changed billing/settings.py"),
    (
        "Dana was wrong about the retention period, which is 8 years, not 10.",
        "I was wrong about the retention period, it is 8 years, not 10.",
    ),
]


@pytest.mark.parametrize(("statement", "cited"), FAITHFUL)
def test_a_faithful_rewriting_passes(statement: str, cited: str) -> None:
    """Third person, number words, resolved dates, plural and possessive do not matter."""
    found = verdict(statement, cited)
    assert found.reasons == ()
    assert found.passed
    assert found.margin >= 0


UNFAITHFUL = [
    ("Dana is proud of a painting that Dana did.", "here's a painting I did recently", "'proud' is felt by nobody"),
    (
        "Dana keeps to the routine.Her family pushes for it, too.",
        "I keep to the routine, family pushes",
        "one sentence",
    ),
    ("Dana has 3 cats.", "I have two cats", "number 3"),
    ("Dana moved in June 2023.", "I moved in May 2023", "month June"),
    ("Dana met Maria in Oslo.", "I met a friend in Oslo", "name Maria"),
    ("Dana edited billing/config.py.", "I edited billing/settings.py", "billing/config.py"),
    ('Dana said "never again".', 'I said "once more"', "quotation"),
    ("Dana likes dark beer but doesn't like it.", "I like dark beer", "affirms and denies 'lik"),
    ("Dana and his wife bought a house.", "They bought a house and I helped", "gender"),
    ("Dana bought a house with a wife.", "They bought a house with a partner", "relation 'wife'"),
    ("Dana thinks you paint well.", "You paint well I think", "second person"),
    ("Dana told me about the trip.", "I told Ana about the trip", "first person"),
    ("Dana says we use Redis.", "we use Redis", "first person"),
    ("She prefers tea.", "I prefer tea", "pronoun"),
    ("Ana prefers tea.", "I prefer tea", "somebody else"),
    ("The project uses Redis.", "I use Redis for the project", "not the speaker"),
    ("Dana prefers tea", "I prefer tea", "end as a sentence"),
    ("Dana likes tea.", "I don't like tea", "negation of the source is lost"),
    ("Dana pushes to main.", "I never push to main, it is forbidden", "negation of the source is lost"),
    ("Dana does not like tea.", "I like tea", "denies what"),
    ("Dana still eats meat.", "I stopped eating meat", "negation of the source is lost"),
    ("Dana moved to Lisbon.", "I might move to Lisbon", "only intended"),
    ("Dana learned Rust.", "I want to learn Rust", "only intended"),
    ("Dana plans to use Redis.", "I use Redis", "became an intention"),
    ("Dana prefers long explanations over short answers.", "I prefer short answers over long explanations", "swapped"),
    ("Dana tiled the roof in 2023.", "I tiled the roof in 2022", "date 2023-01-01"),
    ("Dana went to the harbour on 8 May 2023.", "I went to the harbour on 7 May 2023", "date 2023-05-08"),
    (
        "Dana says that a day is not always a Berlin day, never UTC.",
        "A day is always a Berlin day, never UTC.",
        "denies more",
    ),
    ("Dana never prefers plain SQL, nobody misses an ORM.", "I prefer plain SQL, nobody misses an ORM", "den"),
    ("Dana wants pupils who had coded before.", "I want pupils who haven't coded before", "denies more"),
    ("Dana did reach the top, maybe.", "I'll reach the top, maybe", "only intended"),
    ("Dana went to Oslo yesterday.", "I went to Oslo yesterday", "relative date"),
    ("Dana consistently verifies everything through rigorous procedures.", "I ran the tests", "of its words"),
    ("Dana: prefers tea.", "I prefer tea", "transcript"),
    ("Dana prefers tea.\nDana lives in Oslo.", "I prefer tea. I live in Oslo.", "longer"),
]


@pytest.mark.parametrize(("statement", "cited", "reason"), UNFAITHFUL)
def test_an_unfaithful_rewriting_is_refused_with_its_reason(statement: str, cited: str, reason: str) -> None:
    """Each failure is named."""
    found = verdict(statement, cited)
    assert not found.passed
    assert any(reason in given for given in found.reasons), found.reasons


def test_an_order_is_no_obligation_of_whoever_gives_it() -> None:
    """What the agent is told to do, small models turn into what the speaker "should" do."""
    refused = verdict("Dana should import the parcels first.", "import the parcels first")
    assert "an order or a fact became an obligation" in refused.reasons
    assert verdict("Dana must import the parcels by noon.", "I must import the parcels by noon").passed


def test_the_assistants_offer_is_not_a_fact_of_anybody() -> None:
    """It may be reported as an offer, never as what somebody uses or wants."""
    cited = "I could set up a weekly Slack digest of import errors."
    options = {"speaker": "Assistant", "role": "assistant", "other_names": ("Marlene",)}
    assert not verdict("Marlene wants a weekly Slack digest of import errors.", cited, **options).passed
    assert not verdict("Assistant set up a weekly Slack digest of import errors.", cited, **options).passed
    assert verdict("Assistant could set up a weekly Slack digest of import errors.", cited, **options).passed


def test_words_of_the_prompts_examples_are_leaks_unless_the_source_has_them() -> None:
    """A name from a few-shot example must not become anybody's memory."""
    stop = frozenset({"shadow", "17"})
    assert any(
        "examples" in reason
        for reason in verdict("Dana has a cat called Shadow.", "I have a cat", stop_list=stop).reasons
    )
    assert verdict("Dana has a cat called Shadow.", "I have a cat called Shadow", stop_list=stop).passed


def test_the_cosine_counts_where_it_is_given() -> None:
    """Below its threshold it refuses; the margin is the smaller of the two distances."""
    cited, statement = "I prefer tea over coffee", "Dana prefers tea over coffee."
    assert not verdict(statement, cited, cosine=MIN_COSINE - 0.01).passed
    assert verdict(statement, cited, cosine=0.9).margin == round(min(1 - MIN_COVERAGE, 0.9 - MIN_COSINE), 4)
    assert verdict(statement, cited).cosine is None


def test_without_a_speaker_any_subject_will_do() -> None:
    """Lessons and knowledge rest on several people's words."""
    assert check("The pool has 10 connections.", cited_text="the pool has 10 connections", speaker="").passed
    assert not check("It has 10 connections.", cited_text="it has 10 connections", speaker="").passed


def test_numbers_compare_as_digits() -> None:
    """Words, thousands and leading zeros are one number; other numbers are not."""
    assert verdict("Dana has 1100 bookings in twelve files.", "I have 1,100 bookings in 12 files").passed
    assert not verdict("Dana uses Python 3.12.", "I use Python 3.11").passed


def test_coverage_is_a_share() -> None:
    """Reporting words do not count, nothing to cover is covered."""
    assert coverage("Dana says tea rocks.", "Dana: tea rocks") == 1.0
    assert coverage("", "x") == 1.0
    assert coverage("green tea", "tea") == 0.5


@pytest.mark.parametrize(
    "statement", ["", " ", "\n", '"', "'''", "Dana", "Dana.", "....", "Dana " * 5000, "\x00\ud800"]
)
def test_nonsense_is_judged_without_raising(statement: str) -> None:
    """A model may answer anything."""
    verdict(statement, "I like tea")
    verdict("Dana likes tea.", statement)


def test_long_sources_take_no_time() -> None:
    """An episode is some thousand characters; ten times that is still quick."""
    begin = time.process_time()
    verdict("Dana does not like tea.", "I don't like tea, and I might go to Oslo in May 2023. " * 400)
    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    ("statement", "cited", "reason"),
    [
        ("Dana keeps the pages over 400 kB.", "I keep the pages under 400 kB", "'under' became 'over'"),
        ("Dana deploys after the review.", "I deploy before the review", "'before' became 'after'"),
        ("Dana bought the red tandem.", "I almost bought the red tandem", "nearly"),
        ("Dana upgraded to Django 5.2.", "I tried to upgrade to Django 5.2", "nearly"),
        ("Dana cut it from 150 to 900 lines.", "I cut it from 900 to 150 lines", "direction"),
        ("Dana prefers tabs over spaces in every file.", "I prefer spaces over tabs in every file", "swapped"),
        ("Dana repairs clocks in Ghent.", "My uncle repairs clocks in Ghent", "'uncle', is lost"),
        ("Dana isst Fleisch.", "ich esse kein Fleisch", "negation"),
    ],
)
def test_what_is_turned_round_is_refused(statement: str, cited: str, reason: str) -> None:
    """Opposites, directions, near misses and whose doing it is, also where all the words are there."""
    assert any(reason in given for given in verdict(statement, cited).reasons), verdict(statement, cited).reasons


@pytest.mark.parametrize(
    ("statement", "cited"),
    [
        ("Dana keeps the pages under 400 kB.", "I keep the pages under 400 kB"),
        ("Dana can't wait to go back in 2024.", "I can't wait to go back in 2024."),
        ("Dana cut it from 900 to 150 lines.", "I cut it from 900 to 150 lines"),
        ("Dana's brother-in-law repairs clocks.", "My brother-in-law repairs clocks"),
        ("Dana möchte alle Antworten auf Deutsch.", "Ich möchte alle Antworten auf Deutsch"),
    ],
)
def test_what_keeps_its_sense_passes_beside_them(statement: str, cited: str) -> None:
    """The same words in the same order."""
    assert verdict(statement, cited).reasons == ()


@pytest.mark.parametrize(
    ("statement", "cited", "reason"),
    [
        ("Dana follows the plan because it is scary.", "I follow the plan, but it is scary", "a reason"),
        ("Dana would move to Ghent.", "I would move to Ghent if they paid more", "condition"),
        ("Dana signs off with the work address.", "Sign off with the work address", "an instruction to sign"),
        ("Dana's uncle's letter is from Ana's uncle.", "the letter is from Ana's uncle", "once too often"),
        ("Dana moved to Ghent 她们.", "I moved to Ghent", "another script"),
    ],
)
def test_reasons_conditions_and_doers_are_kept(statement: str, cited: str, reason: str) -> None:
    """What a small model adds, drops or turns into somebody's habit."""
    assert any(reason in given for given in verdict(statement, cited).reasons), verdict(statement, cited).reasons


@pytest.mark.parametrize(
    ("one", "other"), [("took", "takes"), ("made", "make"), ("written", "writes"), ("gave", "giving")]
)
def test_irregular_forms_meet_the_regular_ones(one: str, other: str) -> None:
    """Whatever the stem is, it is one."""
    assert claims.stem(one) == claims.stem(other)
