"""Dates in packs: headings, and what relative dates mean."""

from __future__ import annotations

import pytest

from elephantasm_cli.pack.compile import compile_pack
from elephantasm_cli.pack.forms import FORMS, form_of
from elephantasm_cli.pack.render import date_line, dates_note, year_of
from elephantasm_cli.vocabulary import Layer

SAID_AT = "2026-05-08T10:00:00.000000Z"


def test_a_heading_without_its_year_is_written_so():
    """Only where the year above is the same."""
    assert date_line("8 May 2026") == "[8 May 2026]"
    assert date_line("8 May 2026", "2026") == "[8 May]"
    assert date_line("8 May 2026", "2025") == "[8 May 2026]"
    assert year_of("8 May 2026") == "2026"


@pytest.fixture
def years(item):
    """Turns of four days in two years, the best one last, and a tool's output of the second year."""
    days = ("2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02")
    turns = [
        item(f"Turn word{n} other{n}", f"evt_{n}", 0.5 + n / 10, seq=n, occurred_at=f"{day}T10:00:00.000000Z")
        for n, day in enumerate(days)
    ]
    output = item(
        "exit code 1",
        "evt_9",
        0.4,
        seq=9,
        author="bash",
        trust="tool",
        event_type="tool_result",
        occurred_at="2026-01-02T11:00:00.000000Z",
    )
    return [*reversed(turns), output]


def test_the_year_stands_where_it_changes_and_again_in_the_next_section(years, counter):
    """A section can be read by itself."""
    pack = compile_pack(years, budget=200, counter=counter, query="turn")
    assert [line for line in pack.text.splitlines() if line.startswith("[")] == [
        "[30 December 2025]",
        "[31 December]",
        "[1 January 2026]",
        "[2 January]",
        "[2 January 2026]",
    ]


@pytest.mark.parametrize("name", FORMS)
def test_the_budget_holds_whichever_days_have_their_year(years, counter, name):
    """At every budget, in every form, and no line is missing that would fit."""
    form = form_of(name)
    whole = compile_pack(years, budget=500, counter=counter, query="turn", form=form)
    assert len(whole.lines) == len(years)
    for budget in range(whole.token_count + 2):
        pack = compile_pack(years, budget=budget, counter=counter, query="turn", form=form)
        assert pack.token_count <= budget
        assert pack.token_count == form.count(counter, pack.parts)


def test_a_heading_without_its_year_costs_less(years, counter):
    """A pack fits where its text does, to the token."""
    whole = compile_pack(years, budget=500, counter=counter, query="turn")
    assert compile_pack(years, budget=whole.token_count, counter=counter, query="turn").text == whole.text
    below = compile_pack(years, budget=whole.token_count - 1, counter=counter, query="turn")
    assert len(below.lines) == len(years) - 1


@pytest.mark.parametrize(
    ("layer", "text", "line"),
    [
        (Layer.EVENT, "I ran yesterday", "Ada: I ran yesterday [yesterday = 7 May 2026]"),
        (Layer.MEMORY, "Ada ran yesterday.", "- Ada ran yesterday. (8 May 2026) [yesterday = 7 May 2026]"),
        (Layer.MEMORY, "On 8 May 2026 Ada ran.", "- On 8 May 2026 Ada ran."),
        (Layer.KNOWLEDGE, "Ada ran yesterday.", "- Ada ran yesterday. [yesterday = 7 May 2026]"),
        (Layer.LESSON, "Plan today what ran yesterday.", "- Plan today what ran yesterday."),
    ],
)
def test_who_asks_when_is_told_what_dates_mean_in_each_layer(item, counter, layer, text, line):
    """A lesson has no day that its words could count from."""
    found = [item(text, "row_1", 0.9, layer, occurred_at=SAID_AT)]
    asked = compile_pack(found, budget=100, counter=counter, query="When did Ada run?")
    assert [shown.text for shown in asked.lines] == [line]
    other = compile_pack(found, budget=100, counter=counter, query="Who ran?")
    standing = compile_pack(found, budget=100, counter=counter)
    assert [shown.text for pack in (other, standing) for shown in pack.lines] == [line.split(" [")[0]] * 2


def test_a_note_says_each_date_once_and_nothing_that_is_plain():
    """Neither the day above the line, nor an absolute date, nor the same phrase twice."""
    assert dates_note("Yesterday I ran, yesterday I swam, last year I moved", SAID_AT) == (
        " [Yesterday = 7 May 2026; last year = 2025]"
    )
    assert dates_note("Today, on 7 May and in June 2024", SAID_AT) == ""
    assert dates_note("Nothing of time", SAID_AT) == ""
