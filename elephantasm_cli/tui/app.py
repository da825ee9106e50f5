"""The application: keys go from here to the screen that is shown; what another process writes comes in here."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from inspect import unwrap
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import work
from textual.app import ScreenStackError, SystemCommand
from textual.command import CommandPalette
from textual.containers import VerticalScroll
from textual.css.query import NoMatches
from textual.events import Event, Key
from textual.screen import Screen
from textual.widgets import Tree
from textual.worker import WorkerFailed

from elephantasm_cli.errors import ElephantasmError
from elephantasm_cli.services.clock import parse_time_inclusive
from elephantasm_cli.store.browse import Order
from elephantasm_cli.text.visible import one_line
from elephantasm_cli.tui import keys
from elephantasm_cli.tui.acts import Acts
from elephantasm_cli.tui.filters import HELP, parse_filter
from elephantasm_cli.tui.screens.dialogs import Ask, Choose, Confirm
from elephantasm_cli.tui.screens.help import HelpScreen
from elephantasm_cli.tui.screens.lineage import LineageScreen
from elephantasm_cli.tui.screens.main import MainScreen
from elephantasm_cli.tui.screens.review import ReviewScreen
from elephantasm_cli.tui.taking import Taking
from elephantasm_cli.tui.themes import DARK, DARK_COLOURS, LIGHT, THEMES
from elephantasm_cli.tui.widgets.running import RunningDream
from elephantasm_cli.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from elephantasm_cli.tui.data import Data
    from elephantasm_cli.tui.rows import Row
from elephantasm_cli.tui.working import start

T = TypeVar("T")
POLL = 1.0
"""Seconds between two looks at whether the file has changed."""
LARGE = 150_000_000
"""Bytes of a file whose past is only looked at after a question: it is copied into memory."""


class Commands(CommandPalette):
    """Textual's, which in a window too low for its list stumbles over the keys that page through it, and over what it
    still finds when it has been closed."""

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)

    def _watch__list_visible(self) -> None:
        with suppress(NoMatches):
            super()._watch__list_visible()

    async def _watch__show_busy(self) -> None:
        with suppress(NoMatches):
            await super()._watch__show_busy()

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        with suppress(NoMatches):
            await unwrap(CommandPalette._gather_commands)(self, search_value)


class Browser(Acts, Taking):
    """The lineage browser over `Data`."""

    CSS_PATH = "tui.tcss"
    TITLE = "elephantasm"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (108, "-medium"), (132, "-wide")]  # noqa: RUF012 - as Textual has it
    BINDINGS: ClassVar[list[Any]] = keys.bindings("app")

    def __init__(self, data: Data, *, light: bool = False, poll: float = POLL) -> None:
        super().__init__(data)
        self._light = light
        self._poll_seconds = poll
        self._version: int | None = None
        self._polling = False
        self._target: str | None = None
        self._painted = ""
        self._is_leaving = False

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DARK_COLOURS

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._painted = LIGHT if self._light else DARK
        self.theme_changed_signal.subscribe(self, lambda _: self._repaint())
        self.push_screen(self.main)
        self.set_interval(self._poll_seconds, self._poll)

    def exit(self, *result: Any, **how: Any) -> None:
        """Leave. Keys pressed after the one that quits do nothing, and what is still being done when the screens are
        taken down may find its place gone."""
        self._is_leaving = True
        super().exit(*result, **how)

    async def on_event(self, event: Event) -> None:
        if not (self._is_leaving and isinstance(event, Key)):
            await super().on_event(event)

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (self._is_leaving and isinstance(cause, NoMatches | ScreenStackError)):
            super()._handle_exception(error)

    async def on_unmount(self) -> None:
        await self.data.close()

    def _repaint(self) -> None:
        """The theme has changed: what was painted in the old colours is painted anew."""
        if self._painted != self.theme:
            self._painted = self.theme
            self.reload()

    # --- following ---------------------------------------------------------------------------------------------------

    async def _poll(self) -> None:
        """See whether someone has written, and how far a dream is."""
        if self._polling or not self.main.is_mounted:
            return
        self._polling = True
        try:
            if not self.data.exists:
                return
            await self.data.reopen_if_replaced()
            progress = await self.data.progress()
            self.main.query_one(RunningDream).draw(progress, self.palette)
            if self.data.past is not None:
                return
            version = await self.data.version()
            if (self._version is not None and version != self._version) or not self.main.rows.keys:
                await self.main.follow()
            self._version = version
        except ElephantasmError as error:
            self.main.rows.empty = one_line(str(error))
        except NoMatches:  # the screen is being taken down
            if self.is_running:
                raise
        finally:
            self._polling = False

    # --- going -------------------------------------------------------------------------------------------------------

    def to_main(self) -> MainScreen:
        """The main screen, with nothing above it."""
        while self.screen is not self.main and len(self.screen_stack) > 1:
            self.pop_screen()
        return self.main

    def action_show(self, name: str) -> None:
        self.to_main().show(name)

    def action_review(self) -> None:
        if not isinstance(self.screen, ReviewScreen):
            self.push_screen(ReviewScreen())

    def action_lineage(self) -> None:
        row = self.selected()
        if row is not None:
            self.open_lineage(row)

    def open_lineage(self, row: Row) -> None:
        if isinstance(self.screen, LineageScreen):
            self.screen.jump(row.id)
        elif row.layer == "dream":
            self.main.query_one("#detail").focus()
        else:
            self.push_screen(LineageScreen(row.id))

    async def action_back(self) -> None:
        if self.screen is not self.main:
            self.pop_screen()
        elif not self.main.back() and self.data.past is not None:
            self._travel(None)

    def action_help(self) -> None:
        self.push_screen(HelpScreen(self.palette))

    def action_theme(self) -> None:
        self.theme = LIGHT if self.theme == DARK else DARK

    async def action_switch_agent(self) -> None:
        start(self, self._switch, "dialog")

    async def _switch(self) -> None:
        from elephantasm_cli.homes import list_agents

        names = list_agents(self.data.locations)
        if not names:
            self.say("no agents yet: `elephantasm ingest FILE` makes one", wrong=True)
            return
        name = await self.push_screen_wait(Choose("Whose memory?", names, self.data.name))
        if name is not None and name != self.data.name:
            await self.data.switch(name)
            self._version = self._target = None
            main = self.to_main()
            main.filters.clear()
            main.counts = {}
            main.show(main.mode)

    # --- moving ------------------------------------------------------------------------------------------------------

    def _mover(self) -> VirtualList | Tree[Any] | VerticalScroll | None:
        """What the moving keys move: what has the focus, else the list."""
        if isinstance(self.focused, VirtualList | Tree | VerticalScroll):
            return self.focused
        if self.screen is self.main:
            return self.main.rows
        return next(iter(self.screen.query(VerticalScroll)), None)

    def action_move(self, rows: int) -> None:
        mover = self._mover()
        if isinstance(mover, VirtualList):
            mover.move(rows)
        elif isinstance(mover, Tree):
            mover.action_cursor_down() if rows > 0 else mover.action_cursor_up()
        elif mover is not None:
            mover.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        mover = self._mover()
        if isinstance(mover, VirtualList):
            mover.page(pages)
        elif isinstance(mover, Tree):
            mover.action_page_down() if pages > 0 else mover.action_page_up()
        elif mover is not None:
            mover.scroll_relative(y=pages * mover.size.height, animate=False)

    def action_first(self) -> None:
        mover = self._mover()
        if isinstance(mover, VirtualList):
            mover.to(0)
        elif isinstance(mover, Tree):
            mover.action_scroll_home()
        elif mover is not None:
            mover.scroll_home(animate=False)

    def action_last(self) -> None:
        mover = self._mover()
        if isinstance(mover, VirtualList):
            mover.to(len(mover.keys) - 1)
        elif isinstance(mover, Tree):
            mover.action_scroll_end()
        elif mover is not None:
            mover.scroll_end(animate=False)

    def action_focus_on(self) -> None:
        self.screen.focus_next()

    # --- looking -----------------------------------------------------------------------------------------------------

    def action_search(self) -> None:
        main = self.to_main()
        if main.mode == "packs":
            main.query_one("#query").focus()
        else:
            main.open_search()

    def action_filter(self) -> None:
        start(self, self._filter, "dialog")

    async def _filter(self) -> None:
        main = self.to_main()
        if main.mode in ("dreams", "packs", "statistics"):
            self.say(f"{main.mode} have no filter", wrong=True)
            return
        line = await self.push_screen_wait(
            Ask(f"Filter {main.mode}", main.filters.get(main.mode, ""), hint=HELP, check=parse_filter)
        )
        if line is not None:
            main.filters[main.mode] = line.strip()
            main.load()

    def action_order(self) -> None:
        main = self.to_main()
        orders = list(Order) if main.mode in ("memories", "lessons", "knowledge") else [Order.NEWEST, Order.OLDEST]
        now = main.orders.get(main.mode, Order.NEWEST)
        main.orders[main.mode] = orders[(orders.index(now) + 1) % len(orders)]
        main.load()

    def action_retired(self) -> None:
        main = self.to_main()
        main.hides_retired = not main.hides_retired
        main.load()

    def action_detail(self) -> None:
        body = self.to_main().query_one("#body")
        body.toggle_class("plain")

    def action_preset(self) -> None:
        main = self.to_main()
        if main.mode != "packs":
            main.show("packs")
        main.next_preset()

    # --- time --------------------------------------------------------------------------------------------------------

    def action_travel(self) -> None:
        start(self, self._ask_time, "dialog")

    async def _ask_time(self) -> None:
        last = await self.ask(self.data.last_time()) or ""
        given = (self.data.past or last)[:10]
        hint = "2026-03-01, or with a time 2026-03-01T14:30; then ← and → step a day, [ and ] a dream"
        time = await self.push_screen_wait(Ask("What was known at", given, hint=hint, check=parse_time_inclusive))
        if time is not None:
            self._travel(time.strip())

    def action_step(self, days: int) -> None:
        if self._target is not None:
            self._travel((date.fromisoformat(self._target[:10]) + timedelta(days=days)).isoformat())

    async def action_step_dream(self, dreams: int) -> None:
        ends = await self.ask(self.data.dream_ends()) or []
        now = parse_time_inclusive(self._target) if self._target else None
        if dreams < 0:
            earlier = [end for end in ends if now is None or end < now]
            earlier = earlier[:-1] if now is None else earlier
            if earlier:
                self._travel(earlier[-1])
            return
        if now is not None:
            later = [end for end in ends if end > now]
            self._travel(later[0] if later and later[0] != ends[-1] else None)

    def _travel(self, time: str | None) -> None:
        self._target = time
        start(self, partial(self._go, time), "travel")

    async def _go(self, time: str | None) -> None:
        path = self.data.locations.agent_file(self.data.name)
        if time is not None and self.data.past is None and path.exists() and path.stat().st_size > LARGE:
            size = path.stat().st_size // 1_000_000
            if not await self.push_screen_wait(
                Confirm(f"The past is a copy of the whole file in memory: {size} MB. Go?")
            ):
                self._target = None
                return
        try:
            await self.data.travel(time)
        except ElephantasmError as error:
            self._target = self.data.past
            self.say(str(error), wrong=True)
        self.reload()

    def action_command_palette(self) -> None:
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            self.push_screen(Commands())  # without Textual's id: the one just closed may still bear it

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette has every key, by name."""
        for key in keys.of("app"):
            if key.action != "command_palette":
                yield SystemCommand(key.label, key.shown, self._runner(key.action))

    def _runner(self, action: str) -> Any:
        async def run() -> None:
            await self.run_action(action)

        return run
