"""How things look: marks, colours, dates, bars, and the line a row is in a list. Everything from outside is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.style import Style
from rich.text import Text

from elephantasm_cli.text.visible import one_line, visible
from elephantasm_cli.tui.rows import Row

STATE_MARKS = {
    "active": "●",
    "candidate": "?",
    "decaying": "◐",
    "archived": "○",
    "superseded": "×",
    "withdrawn": "×",
    "completed": "●",
    "running": "▶",
    "failed": "!",
    "interrupted": "◐",
}
"""A state without colour."""
EVENT_MARKS = {
    "user_message": "›",
    "assistant_message": "‹",
    "system_message": "·",
    "tool_call": "→",
    "tool_result": "←",
    "note": "*",
    "observation": "*",
}
RETIRED = ("archived", "superseded", "withdrawn")
LAYERS = ("event", "memory", "lesson", "knowledge", "identity", "dream")
FULL, EMPTY = "━", "╌"
QUOTED_ON = re.compile(r"^(?:([^:,]{1,60}), )?\d{1,2} [A-Z][a-z]+ \d{4}: ")
"""How a quotation that became a memory begins: speaker and date."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Palette:
    """Styles by name, from the theme: a colour per layer, and dim, strong, good, bad, quote."""

    styles: Mapping[str, Style]

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Palette:
        """The palette of a theme's variables."""
        colours = {layer: Style(color=variables[f"layer-{layer}"]) for layer in LAYERS}
        return cls(
            {
                **colours,
                "dim": Style(color=variables["dim-text"]),
                "plain": Style(),
                "strong": Style(bold=True),
                "good": Style(color=variables["layer-memory"]),
                "bad": Style(color=variables["bad-text"], bold=True),
                "quote": Style(color=variables["quote-text"], bgcolor=variables["quote-back"], bold=True),
            }
        )

    def __getitem__(self, name: str) -> Style:
        return self.styles.get(name, self.styles["plain"])


def local(time: str) -> datetime | None:
    """A stored time in this machine's zone; None where it is none or beyond what a calendar holds."""
    try:
        return datetime.fromisoformat(time).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def day(time: str) -> str:
    """``8 May 2026``, local."""
    moment = local(time)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}" if moment else time[:10]


def moment(time: str) -> str:
    """``8 May 2026 14:30``, local."""
    found = local(time)
    return f"{day(time)} {found:%H:%M}" if found else time[:16].replace("T", " ")


def clock(time: str) -> str:
    """``14:30:05``, local."""
    found = local(time)
    return f"{found:%H:%M:%S}" if found else time[11:19]


def bar(value: float, width: int = 12) -> str:
    """``value`` in [0, 1] as a bar of so many cells."""
    full = round(max(0.0, min(1.0, value)) * width)
    return FULL * full + EMPTY * (width - full)


def number(value: float) -> str:
    """``.73``; ``1.0``."""
    return f"{value:.2f}".lstrip("0") if value < 0.995 else "1.0"


def mark(row: Row) -> str:
    """One cell that tells a row's state, or an event's kind."""
    if row.layer == "event":
        return EVENT_MARKS.get(row.kind, "·")
    return STATE_MARKS.get(row.state, "·")


def labels(row: Row) -> tuple[str, str]:
    """What stands beside the date: whose it is, or of what kind."""
    if row.layer == "event":
        return row.who, row.kind.replace("_", " ")
    return row.kind, row.who


def words_of(row: Row) -> str:
    """A row's text for a list, which has the date in a column of its own."""
    text = one_line(row.text)
    return QUOTED_ON.sub(r"\1: ", text, count=1).removeprefix(": ") if row.layer == "memory" else text


def list_line(row: Row, width: int, palette: Palette, *, mixed: bool = False) -> Text:
    """A row on one line of ``width`` cells; ``mixed`` adds the layer, for lists of several."""
    line = Text(no_wrap=True, end="")
    retired = row.state in RETIRED
    line.append(f"{mark(row)} ", palette[row.layer])
    if mixed:
        line.append(f"{row.layer:<10}"[:10], palette[row.layer])
    if row.date:
        line.append(f"{moment(row.date):>17}  " if width >= 92 else f"{day(row.date):>11}  ", palette["dim"])
    if width >= 92 or not mixed:
        label = Text(one_line(labels(row)[0]), palette["dim"])
        label.truncate(14 if width >= 92 else 10, overflow="ellipsis", pad=True)
        line.append_text(label).append("  ")
    tail = f"  {number(row.score):>3}" if row.score is not None and row.layer != "event" else ""
    words = Text(words_of(row) or " ", palette["dim"] if retired else palette["plain"])
    if retired:
        words.stylize(Style(strike=True))
    if row.note:
        words = Text.assemble((f"{one_line(row.note)}  ", palette["dim"]), words)
    line.append_text(words)
    line.truncate(max(1, width - len(tail)), overflow="ellipsis", pad=True)
    line.append(tail, palette["dim"])
    return line


def heading(text: str, palette: Palette) -> Text:
    """A small heading inside a detail."""
    return Text(text, palette["dim"] + Style(bold=True))


def said(text: str) -> str:
    """Text from outside with its lines kept."""
    return visible(text, keep_layout=True).expandtabs(4)
