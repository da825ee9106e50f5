"""Results on stdout: JSON, lines for pipes, and the same lines with colour and clipped to width on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.text.visible import one_line, visible, visible_json

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

ID_SHOWN = 12
"""Characters of an id in lists: the kind and 40 bits, which any command takes for the whole id."""
STYLES = {
    "active": "green",
    "candidate": "yellow",
    "decaying": "dim",
    "archived": "dim",
    "superseded": "dim strike",
    "completed": "green",
    "failed": "red",
    "interrupted": "yellow",
    "running": "cyan",
}


def on_terminal() -> bool:
    """Whether a person looks at stdout."""
    return sys.stdout.isatty()


def console(*, stderr: bool = False) -> Console:
    """A rich console on stdout or stderr; it minds NO_COLOR."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)


def show(renderable: RenderableType) -> None:
    """Something rich, on a terminal."""
    console().print(renderable)


def print_text(text: str) -> None:
    """Text that may hold anything, with its line ends, and one at the end."""
    print(visible(text, keep_layout=True).rstrip("\n"))


def print_document(value: Any) -> None:
    """One JSON document, indented."""
    print(visible_json(json.dumps(value, ensure_ascii=False, indent=2)))


def print_rows(rows: Iterable[Any]) -> None:
    """JSON Lines: one object a line."""
    for row in rows:
        print(visible_json(json.dumps(row, ensure_ascii=False)))


def print_bytes(text: str) -> None:
    """``text`` in UTF-8 to the byte, ended by exactly one newline; on a terminal with control characters escaped."""
    whole = text.rstrip("\n") + "\n"
    if on_terminal():
        print_text(whole)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(whole.encode("utf-8"))
    sys.stdout.buffer.flush()


def short(item_id: str | None) -> str:
    """An id as lists show it."""
    return (item_id or "")[:ID_SHOWN]


def counted(count: int, noun: str) -> str:
    """``1 event``, ``2 events``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def minute(time: str | None) -> str:
    """A stored time to the minute, for lists."""
    return (time or "")[:16].replace("T", " ")


def print_lines(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    """A list. In a pipe the cells are separated by tabs; on a terminal they stand in columns and the last is clipped.

    ``widths`` are in terminal cells, for all columns but the last. Rows are printed as they come.
    """
    if not on_terminal():
        for row in rows:
            print("\t".join(one_line(cell) for cell in row))
        return
    terminal = console()
    for row in rows:
        terminal.print(_line(row, widths, terminal.width), no_wrap=True, overflow="ellipsis", crop=True)


def _line(row: Sequence[str], widths: Sequence[int], width: int) -> Any:
    from rich.text import Text

    line = Text()
    for position, (cell, wide) in enumerate(zip(row, widths, strict=False)):
        part = Text(one_line(cell), style="cyan" if position == 0 else STYLES.get(cell, "dim"))
        part.truncate(wide, overflow="ellipsis", pad=True)
        line.append_text(part).append("  ")
    line.append(one_line(row[-1]))
    line.truncate(width, overflow="ellipsis")
    return line


def print_fields(values: Mapping[str, Any]) -> None:
    """Names and values of one thing, a line each; nested values as compact JSON."""
    wide = max(map(len, values), default=0)
    for name, value in values.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        label = f"{name}:".ljust(wide + 2)
        if on_terminal():
            from rich.text import Text

            show(Text.assemble((label, "dim"), one_line(shown)))
        else:
            print(label + one_line(shown))
