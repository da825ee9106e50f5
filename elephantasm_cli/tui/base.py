"""What every part of the application uses: the data, asking it, and saying what came of it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from textual.app import App

from elephantasm_cli.errors import ElephantasmError
from elephantasm_cli.text.visible import one_line
from elephantasm_cli.tui.look import Palette
from elephantasm_cli.tui.screens.main import MainScreen

if TYPE_CHECKING:
    from elephantasm_cli.tui.data import Data
    from elephantasm_cli.tui.rows import Row

T = TypeVar("T")


class Base(App[None]):
    """An application over `Data` whose lowest screen is the main one."""

    def __init__(self, data: Data) -> None:
        super().__init__()
        self.data = data
        self.main = MainScreen()
        self._palettes: dict[str, Palette] = {}

    @property
    def palette(self) -> Palette:
        """The styles of the theme in use."""
        if self._palettes.get(self.theme) is None:
            self._palettes[self.theme] = Palette.of(self.theme_variables)
        return self._palettes[self.theme]

    def say(self, text: str, *, wrong: bool = False) -> None:
        """One line at the corner, whatever it holds."""
        self.notify(one_line(text), severity="warning" if wrong else "information", markup=False)

    async def ask(self, question: Awaitable[T]) -> T | None:
        """The answer; None after saying why there is none, where the error is the user's to act on."""
        try:
            return await question
        except ElephantasmError as error:
            self.say(str(error), wrong=True)
            return None

    def selected(self) -> Row | None:
        """The row the keys speak of, on whatever screen."""
        find = getattr(self.screen, "selected", None)
        return find() if find else None

    def reload(self) -> None:
        """Read anew what is shown, here and below."""
        for screen in self.screen_stack:
            again = getattr(screen, "reload", None)
            if again:
                again()
