"""The statistics: each layer over time as a sparkline, states as bars, where events come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Sparkline, Static

from elephantasm_cli.text.visible import one_line
from elephantasm_cli.tui import look
from elephantasm_cli.tui.data import Statistics
from elephantasm_cli.tui.look import Palette, bar

BUCKETS = 60
LAYERS = ("event", "memory", "lesson", "knowledge", "identity")
PLURAL = {
    "event": "events",
    "memory": "memories",
    "lesson": "lessons",
    "knowledge": "knowledge",
    "identity": "identity",
}


class StatisticsView(VerticalScroll):
    """Everything counted."""

    def compose(self) -> ComposeResult:
        yield Static(id="totals")
        for layer in LAYERS:
            yield Static(id=f"days-{layer}")
            yield Sparkline([], id=f"spark-{layer}", classes=f"spark-{layer}", summary_function=sum)
        yield Static(id="states")
        yield Static(id="tallies")

    def draw(self, found: Statistics, palette: Palette) -> None:
        """Show what was counted."""
        totals = found.totals
        self.query_one("#totals", Static).update(totals_text(totals, palette))
        for layer in LAYERS:
            days = found.days[layer]
            label = Text(f"{PLURAL[layer]}  ", palette[layer])
            count = sum(number for _, number in days)
            label.append(f"{count:,}", palette["strong"])
            if days:
                label.append(f"  {look.day(days[0][0])} – {look.day(days[-1][0])}", palette["dim"])
                most = max(days, key=lambda pair: pair[1])
                label.append(f", most {most[1]:,} on {look.day(most[0])}", palette["dim"])
            self.query_one(f"#days-{layer}", Static).update(label)
            spark = self.query_one(f"#spark-{layer}", Sparkline)
            spark.data = spread(days, BUCKETS)
            spark.display = count > 0
        self.query_one("#states", Static).update(states_text(found.states, palette))
        self.query_one("#tallies", Static).update(tallies_text(found.tallies, palette))


def spread(days: Sequence[tuple[str, int]], buckets: int) -> list[float]:
    """Counts per day as counts in so many equal stretches from the first day to the last (fewer where days are)."""
    if not days:
        return []
    numbers = [(_ordinal(name), count) for name, count in days]
    first, last = numbers[0][0], numbers[-1][0]
    wide = min(buckets, last - first + 1)
    found = [0.0] * wide
    for at, count in numbers:
        found[(at - first) * wide // (last - first + 1)] += count
    return found


def _ordinal(day: str) -> int:
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return 1


def totals_text(totals: dict[str, Any], palette: Palette) -> Text:
    text = Text()
    for name, value in (
        ("sessions", f"{totals['sessions']:,}"),
        ("tokens", f"{totals['tokens']:,}"),
        ("transformations", f"{totals['transformations']:,}"),
        ("dreams", f"{totals['dreams']:,}"),
        ("file", f"{totals['bytes'] / 1e6:.1f} MB"),
        ("without vector", f"{totals['passages_without_vector']:,}"),
    ):
        text.append(f"{name} ", palette["dim"]).append(f"{value}   ")
    return text.append("\n")


def states_text(states: dict[str, dict[str, int]], palette: Palette) -> Text:
    text = Text().append_text(look.heading("States", palette)).append("\n")
    for layer in LAYERS[1:-1]:
        whole = sum(states[layer].values())
        for state, count in sorted(states[layer].items(), key=lambda pair: -pair[1]):
            text.append(f"{PLURAL[layer]:<11}", palette[layer])
            text.append(f"{look.STATE_MARKS.get(state, '·')} {state:<12}")
            text.append(bar(count / whole, 24), palette[layer]).append(f" {count:,}\n", palette["dim"])
    return text.append("\n")


def tallies_text(tallies: dict[str, list[tuple[str, int]]], palette: Palette) -> Text:
    text = Text()
    for name, pairs in tallies.items():
        text.append_text(look.heading(f"Events by {name.replace('_', ' ')}", palette)).append("\n")
        most = max((count for _, count in pairs), default=1)
        for value, count in pairs:
            label = Text(one_line(value))
            label.truncate(30, overflow="ellipsis", pad=True)
            text.append_text(label).append(" ")
            text.append(bar(count / most, 24), palette["event"]).append(f" {count:,}\n", palette["dim"])
        text.append("\n")
    return text
