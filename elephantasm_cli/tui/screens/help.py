"""The help: every key there is, from the table the bindings are made of."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from elephantasm_cli.tui.keys import KEYS
from elephantasm_cli.tui.look import EVENT_MARKS, STATE_MARKS, Palette

KEY_WIDTH = 18  # cells


class HelpScreen(ModalScreen[None]):
    """All keys by group, and what the marks mean."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,q,question_mark", "leave", "Leave"),
        Binding("j,down", "go(1)", "Down", show=False),
        Binding("k,up", "go(-1)", "Up", show=False),
    ]

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll"):
                yield Static(help_text(self._palette))
            yield Static("esc: leave    j, k: on and back", classes="hint")

    def action_go(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        self.dismiss(None)


def help_text(palette: Palette) -> Table:
    """The whole table, then the marks; what does not fit on a line goes on under its own column."""
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=KEY_WIDTH, no_wrap=True)
    table.add_column()
    group = ""
    for key in KEYS:
        if key.group != group:
            if group:
                table.add_row()
            group = key.group
            table.add_row(Text(group, palette["strong"]))
        table.add_row(Text(f"  {key.shown}", palette["knowledge"]), key.label)
    table.add_row()
    table.add_row(Text("Marks", palette["strong"]))
    for marks in (STATE_MARKS, EVENT_MARKS):
        by_mark: dict[str, list[str]] = {}
        for name, mark in marks.items():
            by_mark.setdefault(mark, []).append(name.replace("_", " "))
        for mark, names in by_mark.items():
            table.add_row(Text(f"  {mark}", palette["memory"]), ", ".join(names))
    return table
