"""What parts of the screen tell each other."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from elephantasm_cli.tui.rows import Row


@dataclass
class RowHighlighted(Message):
    """The cursor of a list stands on ``row`` (None: on nothing, or on a row that is not read yet)."""

    row: Row | None


@dataclass
class RowChosen(Message):
    """Enter or a double click on a row."""

    row: Row


@dataclass
class FileChanged(Message):
    """Someone has committed something to the file."""
