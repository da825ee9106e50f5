"""Date expressions, read as of Wednesday 10 May 2023 unless a test says otherwise."""

from __future__ import annotations

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elephantasm_cli.text.date_patterns import EXPRESSION, lowered, may_name_a_date
from elephantasm_cli.text.dates import query_dates, query_months, replace_relative, resolve_dates

AT = "2023-05-10T12:00:00.000000Z"

RESOLVED = [
    ("I met Ana yesterday", "2023-05-09", "2023-05-09", "9 May 2023"),
    ("the day before yesterday it rained", "2023-05-08", "2023-05-08", "8 May 2023"),
    ("the day after tomorrow I fly", "2023-05-12", "2023-05-12", "12 May 2023"),
    ("we ship today", "2023-05-10", "2023-05-10", "10 May 2023"),
    ("I ran this morning", "2023-05-10", "2023-05-10", "10 May 2023"),
    ("last night I slept", "2023-05-09", "2023-05-09", "9 May 2023"),
    ("it broke last week", "2023-05-01", "2023-05-07", "the week of 1 May 2023"),
    ("we ship next week", "2023-05-15", "2023-05-21", "the week of 15 May 2023"),
    ("the week before last we moved", "2023-04-24", "2023-04-30", "the week of 24 April 2023"),
    ("last weekend we hiked", "2023-05-06", "2023-05-07", "the weekend of 6 May 2023"),
    ("this past weekend was nice", "2023-05-06", "2023-05-07", "the weekend of 6 May 2023"),
    ("the first one is this coming weekend", "2023-05-13", "2023-05-14", "the weekend of 13 May 2023"),
    ("We've got 13 July, flights are booked", "2023-07-13", "2023-07-13", "13 July 2023"),
    ("I passed all but chemistry which I resit on 19 August", "2023-08-19", "2023-08-19", "19 August 2023"),
    ("this weekend we will rest", "2023-05-13", "2023-05-14", "the weekend of 13 May 2023"),
    ("two weekends ago we hiked", "2023-04-29", "2023-04-30", "the weekend of 29 April 2023"),
    ("last month I moved", "2023-04-01", "2023-04-30", "April 2023"),
    ("next month I move", "2023-06-01", "2023-06-30", "June 2023"),
    ("I quit last year", "2022-01-01", "2022-12-31", "2022"),
    ("three years ago I quit", "2020-01-01", "2020-12-31", "2020"),
    ("a couple of months ago", "2023-03-01", "2023-03-31", "March 2023"),
    ("4 days ago", "2023-05-06", "2023-05-06", "6 May 2023"),
    ("two weeks ago", "2023-04-24", "2023-04-30", "the week of 24 April 2023"),
    ("a few days ago I fell", "2023-05-05", "2023-05-08", "around 7 May 2023"),
    ("the exam is in two weeks", "2023-05-22", "2023-05-28", "the week of 22 May 2023"),
    ("ten days from now", "2023-05-20", "2023-05-20", "20 May 2023"),
    ("I saw her last Friday", "2023-05-05", "2023-05-05", "5 May 2023"),
    ("I saw her on our last Monday", "2023-05-08", "2023-05-08", "8 May 2023"),
    ("next Friday I leave", "2023-05-19", "2023-05-19", "19 May 2023"),
    ("we met on Monday", "2023-05-08", "2023-05-08", "8 May 2023"),
    ("we will meet on Monday", "2023-05-15", "2023-05-15", "15 May 2023"),
    ("We moved in March", "2023-03-01", "2023-03-31", "March 2023"),
    ("We will move in March", "2024-03-01", "2024-03-31", "March 2024"),
    ("last December I moved", "2022-12-01", "2022-12-31", "December 2022"),
    ("last summer was hot", "2022-06-01", "2022-08-31", "summer 2022"),
    ("next winter I ski", "2023-12-01", "2024-02-29", "winter 2023/24"),
    ("on 8 May 2023", "2023-05-08", "2023-05-08", "8 May 2023"),
    ("on the 8th of May, 2023", "2023-05-08", "2023-05-08", "8 May 2023"),
    ("on May 8th I ran", "2023-05-08", "2023-05-08", "8 May 2023"),
    ("we left on Dec. 30", "2022-12-30", "2022-12-30", "30 December 2022"),
    ("May 3-5, 2023", "2023-05-03", "2023-05-05", "3 to 5 May 2023"),
    ("in May 2021", "2021-05-01", "2021-05-31", "May 2021"),
    ("since 2019", "2019-01-01", "2019-12-31", "2019"),
    ("the summer of 2021", "2021-06-01", "2021-08-31", "summer 2021"),
    ("at 2023-05-01T10:00", "2023-05-01", "2023-05-01", "1 May 2023"),
    ("on 15/8/2023", "2023-08-15", "2023-08-15", "15 August 2023"),
    ("am 3.4.2023", "2023-04-03", "2023-04-03", "3 April 2023"),
    ("am 3. März 2023", "2023-03-03", "2023-03-03", "3 March 2023"),
    ("Gestern habe ich es getan", "2023-05-09", "2023-05-09", "9 May 2023"),
    ("Hier j'ai vu le film", "2023-05-09", "2023-05-09", "9 May 2023"),
    ("Wir sehen uns morgen, es ist nicht weit", "2023-05-11", "2023-05-11", "11 May 2023"),
    ("À demain", "2023-05-11", "2023-05-11", "11 May 2023"),
]


@pytest.mark.parametrize(("text", "first", "last", "label"), RESOLVED)
def test_expressions_resolve_to_days(text: str, first: str, last: str, label: str) -> None:
    """One expression each, with its days, its label and its exact place."""
    (found,) = resolve_dates(text, AT)
    assert (found.first_day, found.last_day, found.label) == (first, last, label)
    assert text[found.start : found.end] == found.phrase


@pytest.mark.parametrize(
    "text",
    [
        "5/8/2023", "over the last month", "for the last week of school", "On Fridays I run", "every Monday I run",
        "I may go", "in 2000 files", "I march on", "version 3.11 of 2", "Ich bin hier", "guten morgen, wie geht es",
        "I learned it in two weeks", "I haven't slept in two days", "Monday", "ran 10 seconds ago", "31 February 2023",
        "see logs/2023-05", "the next week", "a port 2023:80", "in the past year", "second of all", "99999 years ago",
        "may 2 threads run", "it feels like just yesterday", "I swapped to the early shift from Monday",
        "200 MB left till Sunday", "we kept the van until Friday", "closed Monday and Tuesday",
    ],
)  # fmt: skip
def test_what_has_no_single_reading_is_left_alone(text: str) -> None:
    """A wrong date is worse than none."""
    assert resolve_dates(text, AT) == []
    assert replace_relative(text, AT) == text


REPLACED = [
    ("I met Ana yesterday.", "I met Ana on 9 May 2023."),
    ("They're fine with next Friday.", "They're fine with 19 May 2023."),
    ("The brace gets fitted Friday.", "The brace gets fitted on 12 May 2023."),
    ("Last night's job failed.", "Last night's (the night of 9 May 2023) job failed."),
    ("Tell the publisher 15 August.", "Tell the publisher 15 August 2023."),
    ("Leave it until I've spoken to her on Monday.", "Leave it until I've spoken to her on 15 May 2023."),
    ("Yesterday was fun.", "9 May 2023 was fun."),
    ("Yesterday I ran. Tomorrow is my birthday.", "On 9 May 2023 I ran. 11 May 2023 is my birthday."),
    ("We ship next week.", "We ship in the week of 15 May 2023."),
    ("I have been ill since Monday.", "I have been ill since 8 May 2023."),
    ("We met on Monday morning.", "We met on the morning of 8 May 2023."),
    ("Last night I slept.", "On the night of 9 May 2023 I slept."),
    ("yesterday's talk was long", "The 9 May 2023 talk was long"),
    ("The demo from last week's sprint broke", "The demo from last week's (the week of 1 May 2023) sprint broke"),
    ("tomorrow's my birthday", "11 May 2023 is my birthday"),
    ("We moved in March.", "We moved in March 2023."),
    ("We met a few days ago", "We met around 7 May 2023"),
    ("It opened last summer.", "It opened in the summer of 2022."),
    ("We met on 8 May 2021.", "We met on 8 May 2021."),
    ("We met on May 8th.", "We met on 8 May 2023."),
    ("It was earlier this week", "It was earlier in the week of 8 May 2023"),
    ("We've pushed it to the 3rd of October.", "We've pushed it to 3 October 2023."),
    ("They can do Saturday the 13th of January, so I've taken it.", "They can do 13 January 2024, so I've taken it."),
    ("A hotel has asked for 300 by February.", "A hotel has asked for 300 by February 2024."),
    ("She got in, she starts in February.", "She got in, she starts in February."),
    ("We thought we'd said early in October.", "We thought we'd said early in October."),
    ("First clear night in eleven days.", "First clear night in eleven days."),
    (
        "If it is Wednesday I shall scream, Wednesday is whist.",
        "If it is Wednesday I shall scream, Wednesday is whist.",
    ),
    ("Nothing to see here", "Nothing to see here"),
]


@pytest.mark.parametrize(
    "text",
    [
        "We live aboard from May to September every year.",
        "I can do our Thursday dinners gluten free.",
        "From 6 December, that's fixed, we own the house.",
        "She got the place, from January.",
        "Shut on the last day of September as ever.",
        "Chicago here I come, five weeks today.",
        "We are moving in about three years.",
        "The battery dies in 4 days.",
        "Trip to the lake fixed: 12 December.",
        "The relaunch is that Saturday.",
        "I'm her witness on Saturday and have been ill for weeks.",
        "I've an interview on Thursday for the canteen.",
        "I take her on as apprentice next summer.",
        "The fiscal year starts on 1 February.",
        "This winter we plant the back block.",
        "He hasn't spoken to her in twenty years.",
        "Could you have him Thursday to Saturday?",
        "Which leaves Tuesday or Friday.",
        "I can not do Sunday from now.",
        "Can you take my Friday?",
        "Sunday mass will change its menu.",
        "We do a task every Monday and you send it to me Sunday night.",
        "It's Thursday, who am I even.",
        "It's moved to Monday.",
        "I got group Tuesday at 6.",
        "Bring me a battered sausage Monday.",
        "UK companies often start in April.",
        "I am staying until my shares vest in March 27.",
        "If I won a million tomorrow I should laugh.",
        "I'd go tomorrow.",
        "She will learn it in a week or two.",
        "In thirty years they will say it themselves.",
        "We'll do it next June.",
        "Today's Wednesday, so not at all.",
        "It is reached on the 29th of February.",
        "It gives yesterday's date.",
        "I retire in two years.",
        "Don't tell me next year again.",
        "With my uncle tomorrow is a region, not a date.",
        'The screen reads "Friday, 16 June" now.',
        "The box is filled up to Sunday.",
        "I thought I'd fly on Wednesday.",
        "She promised she would call on Friday.",
        "The founder used to count his stock in January.",
    ],
)
def test_what_recurs_or_may_be_either_year_is_left_alone(text):
    """A wrong date in a memory is worse than none."""
    assert replace_relative(text, AT) == text


@pytest.mark.parametrize("words", ["I'll tell them tomorrow.", "Since this morning.", "It broke last night."])
def test_in_the_small_hours_a_day_may_be_either(words):
    assert replace_relative(words, "2023-05-10T03:14:00Z") == words
    assert replace_relative(words, "2023-05-10T09:14:00Z") != words


@pytest.mark.parametrize(("text", "expected"), REPLACED)
def test_relative_expressions_are_replaced_grammatically(text: str, expected: str) -> None:
    """The sentence still reads as one, and stands without its date."""
    assert replace_relative(text, AT) == expected


@pytest.mark.parametrize(
    ("day", "text", "first"),
    [("2023-05-14", "last weekend we hiked", "2023-05-06"), ("2023-05-15", "last weekend we hiked", "2023-05-13"),
     ("2023-05-14", "two weekends ago we hiked", "2023-04-29"), ("2023-05-15", "this weekend was fun", "2023-05-13"),
     ("2024-01-05", "in December we met", "2023-12-01"), ("2024-03-31", "last month", "2024-02-01"),
     ("2023-08-10", "this summer is hot", "2023-06-01"), ("2024-01-10", "this winter is cold", "2023-12-01"),
     ("2023-12-30", "the party is on January 3rd, we will see", "2024-01-03")],
)  # fmt: skip
def test_edges_of_weeks_months_and_years(day: str, text: str, first: str) -> None:
    """Sundays, Mondays and New Year."""
    assert resolve_dates(text, day)[0].first_day == first


def test_a_season_that_has_just_ended_is_ambiguous() -> None:
    """In September "last summer" may be this year's or the one before."""
    assert resolve_dates("last summer we met", "2023-09-10") == []


def test_questions_give_only_dates_named_in_full() -> None:
    """A question has no time of its own against which "yesterday" could be read."""
    question = "What did Ana do in May 2023, on 8 May 2023, in 2022, on May 3 or yesterday?"
    assert query_dates(question) == [
        ("2023-05-01", "2023-05-31"),
        ("2023-05-08", "2023-05-08"),
        ("2022-01-01", "2022-12-31"),
    ]
    assert query_dates("What does Ana like?") == []


def test_questions_name_months_with_or_without_a_year() -> None:
    """The month is the strongest hint a question gives."""
    assert query_months("What happened in July, in May 2023 and on August 3rd? May I ask in July?") == [7, 5, 8]
    assert query_months("Who may march?") == []


@given(
    st.text(max_size=80)
    | st.from_regex(r"(yesterday|in \d{1,3} weeks|May \d{1,2}|last [a-z]{3,6}| [A-Za-z]{1,5}){1,6}", fullmatch=True)
)
def test_no_text_raises_and_every_phrase_is_quoted_exactly(text: str) -> None:
    """Offsets fit even where lower case is longer than the original."""
    for found in resolve_dates(text, AT):
        assert text[found.start : found.end] == found.phrase
        assert found.first_day <= found.last_day
    replace_relative(text, AT)


@pytest.mark.parametrize("text", [case[0] for case in RESOLVED])
def test_the_quick_test_has_no_false_negatives(text: str) -> None:
    """Whatever resolves passes it, in any case."""
    assert may_name_a_date(text)
    assert may_name_a_date(text.upper())


def test_lowered_keeps_offsets() -> None:
    """ "İ" grows when lowered; here it does not."""
    assert len(lowered("İstanbul yesterday")) == len("İstanbul yesterday")
    assert resolve_dates("İstanbul yesterday", AT)[0].phrase == "yesterday"


def test_a_long_text_without_dates_costs_linear_time() -> None:
    """A megabyte of words takes a fraction of what a second allows."""
    text = "some words and more of them 12 " * 30_000
    assert timeit.timeit(lambda: list(EXPRESSION.finditer(text)), number=1) < 5


def test_near_day_of_a_month_is_meant_whatever_the_tense():
    """ "Has moved to" looks back, the date it moved to lies ahead."""
    (found,) = resolve_dates("The start has moved to 20 April.", "2026-03-27T09:00:00.000000Z")
    assert found.first_day == "2026-04-20"


def test_what_somebody_is_named_is_no_past():
    assert (
        replace_relative("a guy named Horst comes friday at 10", AT) == "a guy named Horst comes on 12 May 2023 at 10"
    )
    assert replace_relative("I've been to the dentist on Monday", AT) == "I've been to the dentist on 8 May 2023"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-07-02T02:28:00Z", "We moved it as of tonight."),
        ("2026-07-02T18:28:00Z", "We moved it as of the evening of 2 July 2026."),
        ("2026-07-02", "We moved it as of the evening of 2 July 2026."),
    ],
)
def test_tonight_in_the_small_hours_may_be_either_night(at: str, expected: str) -> None:
    assert replace_relative("We moved it as of tonight.", at) == expected
