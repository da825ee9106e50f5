"""The virtual list: however long it is, it reads what is seen."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from walk import told

from elephantasm_cli.errors import UsageError
from elephantasm_cli.store.browse import Wanted
from elephantasm_cli.tui import look
from elephantasm_cli.tui.filters import parse_filter
from elephantasm_cli.tui.rows import Row
from elephantasm_cli.tui.themes import DARK_COLOURS
from elephantasm_cli.tui.widgets.statistics import spread
from elephantasm_cli.tui.widgets.virtual_list import KEPT_ROWS, NewestFirst, VirtualList

LENGTH = 100_000


class Shelf(App[None]):
    """A list of numbers, and which of them were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[int] = []
        self.list = VirtualList(lambda row, width: Text(row.text, no_wrap=True))

    def compose(self) -> ComposeResult:
        yield self.list

    async def fetch(self, keys: Sequence[int]) -> dict[int, Row]:
        await asyncio.sleep(0)
        self.read += keys
        return {key: Row(f"evt_{key}", "event", f"number {key}") for key in keys if key % 1000 != 7}


@told
async def test_a_long_list_reads_little() -> None:
    """100,000 rows: some at the top, some where one jumps to, and each once."""
    app = Shelf()
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.load(array("q", range(LENGTH)), app.fetch)
        await pilot.pause()
        await pilot.pause()
        assert app.list.row is not None
        app.list.to(LENGTH // 2)
        await pilot.pause()
        await pilot.pause()
        assert app.list.row == Row("evt_50000", "event", "number 50000")
        app.list.to(LENGTH - 1)
        await pilot.pause()
        await pilot.pause()
        assert app.list.row is not None
        assert len(app.read) == len(set(app.read)) < 1000
        assert app.list.virtual_size.height == LENGTH


@told
async def test_memory_of_a_list_is_bounded() -> None:
    """Who pages through it all does not keep it all."""
    app = Shelf()
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.load(array("q", range(LENGTH)), app.fetch)
        for place in range(0, 20_000, 150):
            app.list.to(place)
            await pilot.pause(0.001)
        await pilot.pause()
        assert len(app.read) > KEPT_ROWS
        assert app.list.rows_read <= KEPT_ROWS + 400


@told
async def test_a_row_that_is_gone_leaves_its_line() -> None:
    """Forgotten between the keys and the rows: the list says so and goes on."""
    app = Shelf()
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.load(array("q", range(LENGTH)), app.fetch)
        await pilot.pause()
        app.list.to(7)
        await pilot.pause()
        assert app.list.row is None
        assert "(gone)" in app.list.render_line(7).text
        assert "number 8" in app.list.render_line(8).text


@told
async def test_a_click_moves_the_cursor() -> None:
    """The mouse is not needed, and works."""
    app = Shelf()
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.load(array("q", range(LENGTH)), app.fetch)
        await pilot.pause()
        await pilot.click(VirtualList, offset=(5, 3))
        assert app.list.cursor == 3


def test_newest_first_is_an_array_seen_from_its_end() -> None:
    """Places, slices and keys agree, also after new ones came."""
    keys = NewestFirst(array("q", [1, 4, 9]))
    assert list(keys) == [9, 4, 1]
    assert keys[0:2] == [9, 4]
    assert [keys.index(key) for key in (9, 4, 1)] == [0, 1, 2]
    assert list(keys.with_newer(array("q", [12]))) == [12, 9, 4, 1]
    with pytest.raises(ValueError, match="5"):
        keys.index(5)
    with pytest.raises(ValueError, match="8 mem_abc"):
        keys.index("8 mem_abc")  # the cursor stood in what a search had found


def test_the_filter_line_is_read_as_it_is_written() -> None:
    """Names with values, and words; a space in a value is an underscore."""
    assert parse_filter("state:active,decaying kind:fact author:Ada_Byron on fridays") == Wanted(
        states=("active", "decaying"), kinds=("fact",), author="Ada Byron", words="on fridays"
    )
    assert parse_filter("since:2026-05-01 until:2026-05-02").until == "2026-05-02T23:59:59.999999Z"
    assert parse_filter("http://example.org") == Wanted(words="http://example.org")
    assert parse_filter("  ") == Wanted()


@pytest.mark.parametrize("line", ["state:lost", "kind:song", "trust:nobody", "since:tomorrow", "state:"])
def test_a_filter_that_cannot_be_is_refused(line: str) -> None:
    """Before anything is looked for."""
    with pytest.raises(UsageError):
        parse_filter(line)


@pytest.mark.parametrize("width", [20, 60, 91, 92, 200])
def test_a_line_is_as_wide_as_the_list(width: int) -> None:
    """In cells, whatever the text holds: wide letters, emoji, none at all."""
    palette = look.Palette.of(DARK_COLOURS)
    for text in ("", "short", "日本語" * 50, "🐘" * 50, "a\nb\tc", "e\u0301" * 80):
        for layer, state in (("event", ""), ("memory", "superseded")):
            row = Row("x", layer, text, "2026-05-08T10:00:00.000000Z", "fact", state, "Ada", 0.5)
            for mixed in (False, True):
                assert look.list_line(row, width, palette, mixed=mixed).cell_len == width


def test_times_beyond_the_calendar_are_still_shown() -> None:
    """The first day there is has no local time east of Greenwich or west of it."""
    assert look.moment("0001-01-01T00:00:00.000000Z")
    assert look.moment("9999-12-31T23:59:59.999999Z")
    assert look.day("2026-05-08T10:00:00.000000Z") == "8 May 2026"
    assert look.moment("not a time") == "not a time"


def test_bars_are_full_at_one_and_empty_at_nothing() -> None:
    """And never longer than they are wide."""
    assert [look.bar(value, 4) for value in (0, 0.5, 1, 7)] == ["╌╌╌╌", "━━╌╌", "━━━━", "━━━━"]
    assert [look.number(value) for value in (0, 0.07, 0.5, 1)] == [".00", ".07", ".50", "1.0"]


def test_days_spread_over_stretches_lose_nothing() -> None:
    """However many days and however few stretches."""
    days = [("2026-01-01", 3), ("2026-01-31", 4), ("2027-01-01", 5)]
    assert sum(spread(days, 10)) == 12
    assert spread(days, 10)[0] == 7
    assert spread([("2026-01-01", 3)], 10) == [3.0]
    assert spread([], 10) == []
