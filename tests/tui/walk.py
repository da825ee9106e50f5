"""Walking through the browser without a terminal: press keys, wait until it has answered, read the screen."""

from __future__ import annotations

import asyncio
import io
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from rich.console import Console
from textual.pilot import Pilot

from elephantasm_cli.cli.call import Call
from elephantasm_cli.tui.app import Browser
from elephantasm_cli.tui.data import Data

WIDE, NARROW = (140, 40), (80, 24)
LASTING = ("dialog", "dreaming", "judge")
"""Groups of work that waits for a person or another process."""
PATIENCE = 15.0
CALM = 4
"""So many looks in a row must find nothing going on."""
IDS = re.compile(r"\b((?:evt|mem|les|kno|idn|drm|tfm|pck|act)_)([a-z2-7]+)")


def told(story: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test told as a coroutine, run to its end."""

    @wraps(story)
    def test(*given: Any, **named: Any) -> None:
        asyncio.run(story(*given, **named))

    return test


class Walk:
    """A browser that is running, with hands and eyes."""

    def __init__(self, app: Browser, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def main(self) -> Any:
        return self.app.main

    @property
    def rows(self) -> Any:
        return self.app.main.rows

    @property
    def row(self) -> Any:
        return self.app.main.rows.row

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each when the last has been answered."""
        for key in keys:
            self.app.simulate_key(key)
            await self.quiet()

    async def type(self, text: str) -> None:
        """Type words."""
        names = {" ": "space", ":": "colon", "-": "minus", ".": "full_stop", "/": "slash", "_": "underscore"}
        await self.pilot.press(*(names.get(character, character) for character in text))
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until nothing is being read or drawn any more."""
        until = time.monotonic() + PATIENCE
        calm = 0
        while calm < CALM:
            await self.pilot.pause(0.004)
            busy = any(worker.is_running and worker.group not in LASTING for worker in self.app.workers)
            calm = 0 if busy else calm + 1
            assert time.monotonic() < until, "the screen never came to rest"

    async def until(self, condition: Callable[[], Any], what: str = "") -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never: {what}\n{self.text()}"
            await self.pilot.pause(0.02)

    async def shows(self, words: str) -> None:
        """Wait until the words stand on the screen."""
        end = time.monotonic() + PATIENCE
        while not self.sees(words):
            assert time.monotonic() < end, f"never seen: {words!r}"
            await self.pilot.pause(0.02)

    async def home(self) -> None:
        """To the list of events, with nothing open, filtered or travelled."""
        main = self.main
        changed = main.filters or main.orders or main.hides_retired or main.searching or self.app.data.past
        if self.app.screen is main and main.mode == "events" and not changed and self.app.focused is self.rows:
            self.rows.to(0)
            return
        while len(self.app.screen_stack) > 2:
            self.app.pop_screen()
            await self.pilot.pause()
        if self.app.data.past is not None:
            self.app._travel(None)
            await self.quiet()
        self.main.filters.clear()
        self.main.orders.clear()
        self.main.hides_retired = False
        self.app.action_show("events")
        await self.quiet()
        self.rows.to(0)
        await self.quiet()

    def text(self) -> str:
        """The screen as it is, as text."""
        width, height = self.app.size
        console = Console(
            width=width, height=height, file=io.StringIO(), force_terminal=True, record=True, legacy_windows=False
        )
        painted = self.app.screen._compositor.render_update(full=True, screen_stack=self.app._background_screens)
        console.print(painted)
        return console.export_text(styles=False)

    def masked(self) -> str:
        """The same without what differs from run to run: ids, how long things took, how large the file is."""
        text = IDS.sub(lambda found: found[1] + "x" * len(found[2]), self.text())
        text = re.sub(r"\d+\.\d( s\b| MB)", lambda found: "#.#" + found[1], text)
        text = re.sub(r"(?m)(\d +\d+ +)\d+\.\d( *\S?)$", r"\1#.#\2", text)
        return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"

    def sees(self, words: str) -> bool:
        """Whether the words stand on the screen, on one line."""
        return words in self.text()

    @property
    def dialog(self) -> str:
        """The kind of the uppermost screen."""
        return type(self.app.screen).__name__


@asynccontextmanager
async def browsing(
    name: str = "default", *, home: Path | None = None, size: tuple[int, int] = WIDE, poll: float = 60.0
) -> AsyncIterator[Walk]:
    """A browser over an agent, at rest. It looks for changes every ``poll`` seconds."""
    call = Call(name, None if home is None else str(home))
    app = Browser(Data(call.opened, call.locations, name), poll=poll)
    async with app.run_test(size=size, notifications=True) as pilot:
        walk = Walk(app, pilot)
        await walk.until(lambda: app.main.is_mounted and app.main.focused is not None, "the main screen")
        await walk.quiet()
        yield walk
