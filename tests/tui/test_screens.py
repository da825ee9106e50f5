"""What each screen tells, on the demo's memory and on none."""

from __future__ import annotations

import asyncio
import re
from inspect import unwrap
from pathlib import Path

import pytest
from textual.widgets import Input
from walk import NARROW, browsing, told

from elephantasm_cli.agent import open_agent
from elephantasm_cli.tui.app import Commands
from elephantasm_cli.tui.keys import SCREENS
from elephantasm_cli.vocabulary import DreamTrigger, Job, RunStatus

SMALL = (132, 24)


@told
async def test_events_show_who_said_what_and_whence(demo: Path) -> None:
    """The list has mark, day, author and words; the detail the whole of it."""
    async with browsing(size=SMALL) as walk:
        assert re.search(r"▌ ‹ 24 Apr 2026  Assistant +Ahoi, and a calm sea!", walk.text())
        assert walk.sees("session     2026-04-24-after-the-pilot")
        assert walk.sees("trust       agent")


@told
async def test_memories_show_how_sure_and_from_which_words(demo: Path) -> None:
    """Scores as bars, the words they rest on, the acts that made them."""
    async with browsing() as walk:
        await walk.press("2")
        assert re.search(r"importance +[━╌]{12} \.\d\d", walk.text())
        assert re.search(r"Said\W", walk.text())
        assert re.search(r"reflection by dream, reflect", walk.text())


@told
async def test_superseded_rows_read_without_colour(demo: Path) -> None:
    """A mark tells them, and the detail says what they gave way to."""
    async with browsing(size=SMALL) as walk:
        walk.main.filters["knowledge"] = "state:superseded"
        await walk.press("4")
        assert re.search(r"▌ × ", walk.text())
        assert walk.sees("× superseded")


@told
async def test_identity_shows_traits_as_bars_and_what_changed(demo: Path) -> None:
    """Each version beside the one before it."""
    async with browsing(size=(140, 90)) as walk:
        await walk.press("5")
        assert re.search(r"cautious +━+╌+ \.56", walk.text())
        assert walk.sees("Changed since version 7")
        assert re.search(r"~ safety \.\d\d → \.\d\d", walk.text())
        await walk.press("G")
        assert walk.sees("version 1")
        assert not walk.sees("Changed since")


@told
async def test_dreams_show_counts_and_what_was_refused_with_the_reason(demo: Path) -> None:
    """A dream whose model said something untrue: prompt, question, answer and reason stand there."""
    refused = {"prompt": "reflect", "question": "Who?", "answer": "Dana sails.", "reason": "no such words"}
    with open_agent() as agent, agent.store.transaction():
        dream = agent.store.dreams.begin(DreamTrigger.CRON, {}, {"language": "small-model", "embedding": "e"})
        agent.store.dreams.begin_job(dream, Job.REFLECT)
        agent.store.dreams.update_job(
            dream,
            Job.REFLECT,
            status=RunStatus.COMPLETED,
            examined=5,
            changed=2,
            rejected=1,
            metadata={"seconds": 1.5, "rejected_outputs": [refused], "kept_out": 3},
        )
        agent.store.dreams.finish(dream, RunStatus.FAILED, {"seconds": 2.0, "tokens": 70}, "the model stopped")
    async with browsing() as walk:
        await walk.press("6")
        assert re.search(r"● reflect +5 +2 +1 +1\.5", walk.text())
        for words in ("small-model", "! no such words", "answer  Dana sails.", "asked   Who?", "the model stopped"):
            assert walk.sees(words)
        assert walk.sees("3 kept out")
        assert walk.sees("dream · cron · ! failed")


@told
async def test_a_running_dream_shows_how_far_it_is(demo: Path) -> None:
    """Whoever runs it: the job, how much of it is done, and a bar."""
    with open_agent() as agent, agent.store.transaction():
        dream = agent.store.dreams.begin(DreamTrigger.CRON, {}, {})
        agent.store.dreams.begin_job(dream, Job.REFLECT)
        agent.store.dreams.set_checkpoint(Job.REFLECT, 100)
    async with browsing(size=SMALL, poll=0.05) as walk:
        await walk.press("6")
        await walk.shows("▶ dreaming  reflect  100 of 251")
        assert walk.sees("━  40%")


@told
async def test_packs_show_what_is_said_and_what_is_left_out(demo: Path) -> None:
    """As one types: the lines with their scores, the reasons of the others, and the text itself."""
    async with browsing() as walk:
        await walk.press("7")
        assert walk.sees("p: session")
        await walk.press("slash")
        await walk.type("which queue?")
        await walk.press("tab")
        for _ in range(4):
            await walk.pilot.press("backspace")
        await walk.type("300")
        await walk.press("enter")
        pack = walk.main.pack
        assert (pack.query, pack.budget) == ("which queue?", 300)
        assert pack.token_count <= 300
        assert walk.sees(f"{pack.token_count} of 300 tokens")
        assert len(walk.rows.keys) == len(pack.lines) + len(pack.left_out)
        await walk.press("G")
        assert walk.row.kind == "out"
        assert walk.row.note.strip("()") == pack.left_out[-1].reason
        await walk.press("g", "p")
        assert walk.main.pack.preset == "turn"


@told
async def test_statistics_count_everything(demo: Path) -> None:
    """Layers over time as sparklines, states, sources."""
    async with browsing(size=(120, 90)) as walk:
        await walk.press("8")
        with open_agent(read_only=True) as agent:
            counts = agent.stats()
        assert walk.sees(f"events  {counts['events']}  2 Mar 2026 – 24 Apr 2026")
        assert walk.sees(f"sessions {counts['sessions']}")
        assert re.search(r"knowledge +× superseded +[━╌]+ 7", walk.text())
        assert re.search(r"Marlene +━+ ?", walk.text())
        assert sum(walk.main.query_one("#spark-event").data) == counts["events"]


@told
async def test_the_tree_goes_to_a_layer_and_to_a_state(demo: Path) -> None:
    """With the keyboard alone: tab to it, down, open, choose."""
    async with browsing() as walk:
        await walk.press("tab", "tab")
        assert walk.app.focused.id == "sidebar"
        await walk.press("down", "down", "space", "down", "down", "enter")
        assert walk.main.mode == "memories"
        assert walk.main.filters == {"memories": "state:superseded"}
        with open_agent(read_only=True) as agent:
            superseded = sum(memory["state"] == "superseded" for memory in agent.memories())
        assert len(walk.rows.keys) == superseded > 0


@told
async def test_an_empty_memory_names_the_next_command(home: Path) -> None:
    """On every screen, and nowhere a traceback."""
    with open_agent("default") as agent:
        agent.store.agent.get()
    ingest = "elephantasm ingest FILE"
    said = {"events": ingest, "packs": ingest, "statistics": "sessions 0"}
    async with browsing(size=NARROW) as walk:
        for place, name in enumerate(SCREENS, start=1):
            await walk.press(str(place))
            assert walk.sees(said.get(name, "dreams now")), name
            await walk.press("enter", "e", "a", "r", "f", "y", "Y", "escape")


@told
async def test_a_file_of_a_newer_version_is_told_not_thrown(demo: Path) -> None:
    """What keeps the file from being opened stands where the list would be."""
    from elephantasm_cli.store.connection import connect

    connection = connect(demo / "agents" / "default.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    async with browsing(size=NARROW) as walk:
        await walk.until(lambda: "999" in walk.text() or "newer" in walk.text(), "the reason")


@told
async def test_hostile_text_is_shown_as_escapes(home: Path) -> None:
    """Escape sequences and direction overrides never reach the terminal, in the list, the detail or the lineage."""
    evil = "\x1b[2Jgone \u202egnp.exe\x07 [bold]not markup[/]"
    with open_agent() as agent:
        agent.ingest([{"role": "user", "author": "\x1bBob[red]", "content": evil}], session="\x9b31m")
    async with browsing() as walk:
        assert walk.sees("\\x1b[2Jgone \\u202egnp.exe\\x07")
        assert walk.sees("markup[/]")
        assert walk.sees("\\x1bBob[red]")
        await walk.press("enter")
        assert walk.sees("\\x1b[2Jgone")
        await walk.press("escape", "F")
        await walk.press("escape", "f")
        await walk.shows("for good?")
        shown = walk.text() + walk.app.export_screenshot()
        assert not [character for character in shown if character in "\x1b\u202e\x07\x9b"]


@told
async def test_without_colour_everything_is_still_told(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR: the cursor is a bar, states are marks."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with browsing(size=NARROW) as walk:
        assert walk.app.no_color
        await walk.press("4")
        assert re.search(r"▌ [●×] ", walk.text())
        colours = set(re.findall(r"fill: #([0-9a-f]{6})", walk.app.export_screenshot()))
        assert all(colour[:2] == colour[2:4] == colour[4:] for colour in colours if colour not in CHROME)


CHROME = {"c5c8c6"}
"""The title of the window that Textual draws around a picture."""


@told
async def test_resizing_loses_nothing(demo: Path) -> None:
    """From the largest to the smallest and back: the same row, always in view."""
    async with browsing(size=(200, 60)) as walk:
        walk.rows.to(120)
        await walk.quiet()
        chosen = walk.row.id
        for size in ((80, 24), (20, 6), (101, 30), (200, 60)):
            await walk.pilot.resize_terminal(*size)
            await walk.quiet()
            assert walk.row.id == chosen
            top = walk.rows.scroll_offset.y
            assert top <= walk.rows.cursor < top + max(1, walk.rows.size.height)


@told
async def test_the_words_stand_in_the_middle_of_their_pane(demo: Path) -> None:
    """However often they are drawn and whatever size the terminal comes to have."""
    async with browsing(size=NARROW) as walk:
        await walk.press("4", "j", "j", "enter", "w")
        pane, words = (walk.app.screen.query_one(f"#{name}") for name in ("edge", "target"))

        def in_the_middle() -> bool:
            middle = words.virtual_region.y + words.virtual_region.height // 2
            off = middle - pane.scroll_offset.y - pane.scrollable_content_region.height // 2
            return abs(off) <= 1 or (off > 0 and pane.scroll_offset.y == pane.max_scroll_y)

        await walk.until(in_the_middle, "the words in the middle")
        for size in ((140, 40), (60, 24), (100, 18), NARROW):
            await walk.pilot.resize_terminal(*size)
            await walk.press("plus", "minus")
            await walk.until(in_the_middle, f"the words in the middle of {size}")


@told
async def test_a_dream_is_undone_from_the_monitor(demo: Path) -> None:
    """u on a dream takes back all that it did, after showing it."""
    async with browsing(size=SMALL) as walk:
        await walk.press("6", "u")
        await walk.shows("Undo all that the dream")
        await walk.press("y")
        await walk.shows("undone: ")
        with open_agent(read_only=True) as agent:
            assert len(agent.identity_versions()) == 7
            assert agent.verify().ok


@told
async def test_what_cannot_be_done_is_said(demo: Path) -> None:
    """An event is not rejected, an event is not edited, and the past is only looked at."""
    async with browsing(size=SMALL) as walk:
        await walk.press("r")
        await walk.shows("Reject this event?")
        await walk.press("y")
        await walk.shows("is an event, and")
        await walk.press("e")
        await walk.shows("as it was: f forgets it")
        await walk.press("6", "e")
        await walk.shows("is no row of a layer")
        await walk.press("2", "left_square_bracket", "z", "y")
        await walk.shows("the past is only")


@told
async def test_a_wrong_filter_or_date_is_explained_where_it_was_typed(demo: Path) -> None:
    """The dialog stays until it is right or left."""
    async with browsing(size=SMALL) as walk:
        await walk.press("F")
        await walk.type("state:lost")
        await walk.press("enter")
        assert walk.sees("no state 'lost'")
        await walk.press("escape", "t")
        await walk.shows("What was known at")
        await walk.type("x")
        await walk.press("enter")
        assert walk.sees("is not a time")


@told
async def test_export_never_overwrites(demo: Path, tmp_path: Path) -> None:
    """A name that is taken is refused; text, JSON and a picture are written as their names ask for."""
    async with browsing(size=SMALL) as walk:
        await walk.press("3")
        for name, beginning in (("a.jsonl", '{"id": "les_'), ("a.txt", "les_"), ("a.svg", "<svg")):
            await walk.press("x")
            await walk.shows("Export what is seen to")
            walk.app.screen.query_one("#answer").value = str(tmp_path / name)
            await walk.press("enter")
            await walk.until(lambda name=name: (tmp_path / name).exists(), "the file")
            await walk.until(lambda name=name: (tmp_path / name).stat().st_size, "its words")
            assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)
            assert (tmp_path / name).stat().st_mode & 0o077 == 0
        await walk.press("x")
        await walk.shows("Export what is seen to")
        walk.app.screen.query_one("#answer").value = str(tmp_path / "a.txt")
        await walk.press("enter")
        await walk.shows("already: give another name")


@told
async def test_the_palette_is_there_once(demo: Path) -> None:
    """A screen that came up over the palette, as after slow acts, does not let a second one in."""
    async with browsing(size=SMALL) as walk:
        await walk.press("ctrl+p")
        walk.app.action_review()
        await walk.pilot.pause()
        screens = len(walk.app.screen_stack)
        await walk.press("ctrl+p")
        assert len(walk.app.screen_stack) == screens
        await walk.press("escape", "escape", "ctrl+p")
        assert len(walk.app.screen_stack) == screens - 1


@told
async def test_a_palette_that_has_been_closed_finds_nothing_to_show() -> None:
    """A search that ends after its list is gone is no fault of the browser's."""
    closed = Commands()
    closed._watch__list_visible()
    await closed._watch__show_busy()
    await unwrap(Commands._gather_commands)(closed, "quit")


@told
async def test_keys_behind_the_one_that_quits_do_nothing(demo: Path) -> None:
    """Screens are taken down while the keys of somebody in a hurry are still being read."""
    async with browsing(size=SMALL) as walk:
        for key in ("q", "5", "escape", "ctrl+p", "G"):
            walk.app.simulate_key(key)
        while walk.app.is_running:
            await asyncio.sleep(0.01)
        assert walk.app._exception is None
        assert walk.main.mode == "events"


@told
async def test_a_budget_is_a_number(demo: Path) -> None:
    """Whatever else is typed is not taken."""
    async with browsing() as walk:
        await walk.press("7", "slash", "tab")
        await walk.pilot.press("minus", "3", "_", "0", "x", "0")
        await walk.quiet()
        assert walk.main.query_one("#budget", Input).value == "300"
        assert walk.main.pack.budget == 300
