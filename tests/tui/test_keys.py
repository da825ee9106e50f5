"""Every key of the help does what the help says: the cases are found by the table's actions."""

from __future__ import annotations

import io
from pathlib import Path

import cases_acting  # noqa: F401 (registers cases)
import cases_looking  # noqa: F401 (registers cases)
from cases import CASES
from rich.console import Console
from walk import NARROW, Walk, browsing, told

from elephantasm_cli.agent import open_agent
from elephantasm_cli.tui.keys import KEYS, Key, of
from elephantasm_cli.tui.screens.help import help_text

SMALL = (132, 18)
"""Wide enough for the tree, and quick to draw."""


def test_every_key_has_a_case_and_every_case_a_key() -> None:
    """A key without a test, or a test without a key, ends here."""
    assert set(CASES) == {(key.place, key.action) for key in KEYS}


def test_no_place_has_a_key_twice() -> None:
    """Two things on one key would be one thing too many."""
    for place in ("app", "lineage", "review"):
        pressed = [name for key in of(place) for name in key.keys]
        assert len(pressed) == len(set(pressed))


ACTING = ("undo", "edit", "approve", "reject", "archive", "restore", "note", "forget", "dream", "switch_agent", "quit")
"""In an order in which none spoils the next: at first there is no act to undo, and nothing comes after quit."""
READING = [key for key in KEYS if key.place != "review" and key.action not in ACTING]
WRITING = sorted(
    (key for key in KEYS if key not in READING),
    key=lambda key: ACTING.index("dream" if key.place == "review" else key.action),
)


@told
async def test_each_key_that_looks(demo: Path) -> None:
    """One after the other in one browser, from the list of events each time."""
    async with browsing(size=SMALL) as walk:
        for key in READING:
            for name in key.keys:
                await walk.home()
                await tried(walk, key, name)


@told
async def test_each_key_that_acts(demo: Path) -> None:
    """One after the other on one memory; another agent lives beside."""
    with open_agent("other") as agent:
        agent.ingest([{"role": "user", "content": "Another life."}], session="s")
    async with browsing(size=SMALL) as walk:
        for key in WRITING:
            if key.place != "review":
                await walk.home()
                await tried(walk, key, key.keys[0])


@told
async def test_each_key_that_judges(demo: Path) -> None:
    """One after the other on rows that wait for a review."""
    async with browsing(size=SMALL) as walk:
        for key in WRITING:
            if key.place == "review":
                await walk.home()
                await tried(walk, key, key.keys[0])


async def tried(walk: Walk, key: Key, name: str) -> None:
    try:
        await CASES[key.place, key.action](walk, name)
    except AssertionError as error:
        raise AssertionError(f"{name} ({key.label}): {error}\n{walk.text()}") from error


@told
async def test_help_names_every_key(demo: Path) -> None:
    """The help screen is made of the same table; scrolled through, it shows each."""
    async with browsing(size=NARROW) as walk:
        printed = io.StringIO()
        Console(width=200, file=printed).print(help_text(walk.app.palette))
        lines = [" ".join(line.split()) for line in printed.getvalue().splitlines()]
        for key in KEYS:
            assert f"{key.shown} {key.label}" in lines
        await walk.press("question_mark", "j")
        await walk.shows("Memories: what was worth keeping")
