"""The review queue: what waits for a judgement, one after the other, one key each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from elephantasm_cli.tui import keys
from elephantasm_cli.tui.details import item_text
from elephantasm_cli.tui.rows import Row
from elephantasm_cli.tui.screens.dialogs import Reword

if TYPE_CHECKING:
    from elephantasm_cli.tui.app import Browser
from elephantasm_cli.tui.working import start

EMPTY = """\
Nothing waits for a judgement.

Candidates are rows the dreamer was not sure of: their words are in the events, but only just.
Any other row can be approved, rejected and edited from its list.

esc goes back."""


class ReviewScreen(Screen[None]):
    """Candidates: approve, reject or edit; the next one comes up, and `u` takes a judgement back."""

    BINDINGS: ClassVar[list[Any]] = keys.bindings("review")

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.at = 0
        self.judged = 0

    @property
    def browser(self) -> Browser:
        return cast("Browser", self.app)

    def compose(self) -> ComposeResult:
        yield Static(id="top")
        with VerticalScroll(id="candidate"):
            yield Static(id="candidate-text")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#candidate").focus()
        self.reload()

    def selected(self) -> Row | None:
        return self.rows[self.at] if self.rows else None

    def reload(self) -> None:
        start(self, self._load, "review")

    async def _load(self) -> None:
        self.rows = await self.browser.ask(self.browser.data.candidates()) or []
        self.at = min(self.at, max(0, len(self.rows) - 1))
        palette = self.browser.palette
        top = Text.assemble(("review queue", "bold"))
        where = f"  {self.at + 1} of {len(self.rows)}" if self.rows else "  empty"
        top.append(where + (f"  {self.judged} judged" if self.judged else ""), palette["dim"])
        self.query_one("#top", Static).update(top)
        row = self.selected()
        item = await self.browser.ask(self.browser.data.item(row.id)) if row else None
        text = self.query_one("#candidate-text", Static)
        if item is None:
            text.update(Text(EMPTY, palette["dim"]))
        else:
            text.update(item_text(item, palette))
        self.query_one("#candidate").scroll_home(animate=False)

    def action_judge(self, verb: str) -> None:
        if row := self.selected():
            start(self, partial(self._judge, verb, row), "judge", alone=False)

    async def _judge(self, verb: str, row: Row, text: str = "") -> None:
        done = await self.browser.ask(self.browser.data.act(verb, row.id, text))
        if done is not None:
            self.judged += 1
            self.reload()

    def action_reword(self) -> None:
        if row := self.selected():
            start(self, partial(self._reword, row), "judge", alone=False)

    async def _reword(self, row: Row) -> None:
        text = await self.browser.push_screen_wait(Reword(f"{row.layer} in your own words", row.text))
        if text:
            await self._judge("edit", row, text)

    def action_skip(self, rows: int) -> None:
        if self.rows:
            self.at = (self.at + rows) % len(self.rows)
            self.reload()
