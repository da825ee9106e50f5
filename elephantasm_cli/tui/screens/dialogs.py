"""Small questions: yes or no, one line, some words, one of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from elephantasm_cli.errors import ElephantasmError
from elephantasm_cli.text.visible import one_line


class Confirm(ModalScreen[bool]):
    """A question with what it is about; ``y`` or enter is yes, ``n`` or escape is no."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("y,enter", "answer(True)", "Yes"),
        Binding("n,escape,q", "answer(False)", "No"),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, question: str, about: Text | str = "") -> None:
        super().__init__()
        self._question = question
        self._about = about

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Text(self._question, "bold"))
            if self._about:
                with VerticalScroll(classes="scroll", can_focus=False):
                    yield Static(Text("\n").append_text(Text("") + self._about))
            yield Static("y or enter: yes    n or esc: no", classes="hint")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)

    def action_scroll(self, lines: int) -> None:
        for box in self.query(".scroll"):
            box.scroll_relative(y=lines, animate=False)


class Ask(ModalScreen[str | None]):
    """One line. ``check`` raises an ElephantasmError for what will not do, which is shown; escape gives None."""

    BINDINGS: ClassVar[list[Any]] = [Binding("escape", "leave", "Leave")]

    def __init__(
        self, question: str, value: str = "", *, hint: str = "", check: Callable[[str], object] | None = None
    ) -> None:
        super().__init__()
        self._question, self._value, self._hint, self._check = question, value, hint, check

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Text(self._question, "bold"))
            yield Input(self._value, id="answer")
            yield Static(Text(self._hint), classes="hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            if self._check:
                self._check(event.value)
        except ElephantasmError as error:
            hint = self.query_one(".hint", Static)
            hint.update(Text(one_line(str(error))))
            hint.add_class("wrong")
            return
        self.dismiss(event.value)

    def action_leave(self) -> None:
        self.dismiss(None)


class Reword(ModalScreen[str | None]):
    """Some words to change; ctrl+s keeps them, escape gives None."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+s", "keep", "Keep", priority=True),
        Binding("escape", "leave", "Leave", priority=True),
    ]

    def __init__(self, question: str, text: str = "", *, hint: str = "") -> None:
        super().__init__()
        self._question, self._hint = question, hint
        # made at once, not looked for: a dialog may be answered before it is composed, and closed before it is mounted
        self._area = TextArea(text, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Text(self._question, "bold"))
            yield self._area
            yield Static(
                Text("ctrl+s: keep it    esc: leave it" + (f"\n{self._hint}" if self._hint else "")), classes="hint"
            )

    def on_mount(self) -> None:
        self._area.move_cursor(self._area.document.end)

    def action_keep(self) -> None:
        self.dismiss(self._area.text.strip() or None)

    def action_leave(self) -> None:
        self.dismiss(None)


class Choose(ModalScreen[str | None]):
    """One of several names; escape gives None."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,q", "leave", "Leave"),
        Binding("j", "go(1)", "Down", show=False),
        Binding("k", "go(-1)", "Up", show=False),
    ]

    def __init__(self, question: str, names: Sequence[str], current: str) -> None:
        super().__init__()
        self._question, self._names, self._current = question, names, current
        marked = (f"{'●' if name == current else ' '} {name}" for name in names)
        self._options = OptionList(*(Option(Text(line)) for line in marked))

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Text(self._question, "bold"))
            yield self._options
            yield Static("enter: choose    esc: leave", classes="hint")

    def on_mount(self) -> None:
        if self._current in self._names:
            self._options.highlighted = self._names.index(self._current)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._names[event.option_index])

    def action_go(self, rows: int) -> None:
        self._options.action_cursor_down() if rows > 0 else self._options.action_cursor_up()

    def action_leave(self) -> None:
        self.dismiss(None)
