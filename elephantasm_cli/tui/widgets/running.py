"""The dream that is running, whichever process runs it: a bar that goes on by itself."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import ProgressBar, Static

from elephantasm_cli.tui.look import Palette


class RunningDream(Vertical):
    """Hidden while nothing dreams."""

    def compose(self) -> ComposeResult:
        yield Static(id="running-text")
        yield ProgressBar(total=None, show_eta=False, id="running-bar")

    def draw(self, progress: dict[str, Any] | None, palette: Palette) -> None:
        """Show how far it is; None hides it."""
        self.set_class(progress is not None, "open")
        if progress is None:
            return
        job = (progress["job"] or "starting").replace("_", " ")
        text = Text(no_wrap=True)
        text.append("▶ dreaming  ", palette["dream"]).append(f"{job}", palette["strong"])
        if progress["total"]:
            text.append(f"  {progress['done']:,} of {progress['total']:,}", palette["dim"])
        text.append(f"  {progress['changes']:,} changes", palette["dim"])
        self.query_one("#running-text", Static).update(text)
        self.query_one(ProgressBar).update(total=progress["total"], progress=progress["done"] or 0)
