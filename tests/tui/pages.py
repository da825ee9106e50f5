"""The screens that are drawn for snapshots and for docs/tui.md, and the keys that lead to each from the first."""

from __future__ import annotations

PAGES: dict[str, tuple[str, ...]] = {
    "events": ("1", "j", "j"),
    "memories": ("2",),
    "lessons": ("3",),
    "knowledge": ("4",),
    "identity": ("5",),
    "dreams": ("6",),
    "packs": ("7", "slash", *"staging", "enter"),
    "statistics": ("8",),
    "lineage": ("4", "j", "j", "enter", "w"),
    "review": ("v",),
    "search": ("slash", *"invoices"),
    "help": ("question_mark",),
    "confirm": ("2", "r"),
    "past": ("5", "left_square_bracket", "left_square_bracket"),
}
