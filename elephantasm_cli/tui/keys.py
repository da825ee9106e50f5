"""Every key, in one table: the bindings, the help screen and the tests are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding

GO, MOVE, LOOK, WORK, TAKE, LINEAGE, REVIEW = (
    "Go", "Move", "Look", "Put right", "Take along", "In the lineage", "In the review queue"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does. ``keys`` are Textual's names, the first is shown; ``action`` is what runs.

    ``footer`` is what the last line calls it, where that shows it. ``place`` is the screen that has it:
    ``app`` means all but dialogs.
    """

    keys: tuple[str, ...]
    action: str
    label: str
    group: str
    place: str = "app"
    footer: str = ""

    @property
    def shown(self) -> str:
        """The keys as people write them."""
        return ", ".join(NAMES.get(key, key) for key in self.keys)


NAMES = {
    "slash": "/", "question_mark": "?", "left_square_bracket": "[", "right_square_bracket": "]", "escape": "esc",
    "pagedown": "page down", "pageup": "page up", "plus": "+", "minus": "-", "ctrl+p": "ctrl+p", "down": "↓", "up": "↑",
    "left": "←", "right": "→",
}  # fmt: skip

SCREENS = ("events", "memories", "lessons", "knowledge", "identity", "dreams", "packs", "statistics")
TITLES = {
    "events": "Everything that happened, newest first; new ones appear by themselves",
    "memories": "Memories: what was worth keeping",
    "lessons": "Lessons: patterns seen across memories",
    "knowledge": "Knowledge: statements held to be true",
    "identity": "Identity: versions, traits as bars, what changed",
    "dreams": "Dreams: the running one, counts, what the checks refused",
    "packs": "Packs: ask, and see what would be said, and what left out",
    "statistics": "Statistics: the layers over time, states, sources",
}

KEYS: tuple[Key, ...] = (
    *(Key((str(place),), f"show('{name}')", TITLES[name], GO) for place, name in enumerate(SCREENS, start=1)),
    Key(("v",), "review", "Review queue: candidates, one after the other", GO),
    Key(("s",), "switch_agent", "Switch to another agent", GO),
    Key(("escape",), "back", "Back: out of a search, a screen, a filter, the past", GO),
    Key(("q",), "quit", "Quit", GO),
    Key(("j", "down"), "move(1)", "Next row", MOVE),
    Key(("k", "up"), "move(-1)", "Row before", MOVE),
    Key(("pagedown", "ctrl+d"), "page(1)", "A page on", MOVE),
    Key(("pageup", "ctrl+u"), "page(-1)", "A page back", MOVE),
    Key(("g", "home"), "first", "First row", MOVE),
    Key(("G", "end"), "last", "Last row", MOVE),
    Key(("tab",), "focus_on", "Next part of the screen", MOVE),
    Key(("enter",), "lineage", "Why: the lineage of this row", LOOK, footer="why"),
    Key(("slash",), "search", "Search everything while you type; among packs the question", LOOK, footer="search"),
    Key(("F",), "filter", "Filter the list: words, state:, kind:, author:, session:, trust:, since:, until:", LOOK),
    Key(("o",), "order", "Order: newest, oldest, strongest", LOOK),
    Key(("h",), "retired", "Hide or show what is archived or superseded", LOOK),
    Key(("i",), "detail", "Hide or show the detail", LOOK),
    Key(("p",), "preset", "Packs: the next preset (full, turn, session)", LOOK),
    Key(("t",), "travel", "Time travel: what was known at a date", LOOK, footer="time"),
    Key(("left",), "step(-1)", "In the past: a day back", LOOK),
    Key(("right",), "step(1)", "In the past: a day on", LOOK),
    Key(("left_square_bracket",), "step_dream(-1)", "In the past: to before the last dream", LOOK),
    Key(("right_square_bracket",), "step_dream(1)", "In the past: to after the next dream", LOOK),
    Key(("T",), "theme", "Dark or light", LOOK),
    Key(("question_mark",), "help", "This help", LOOK, footer="help"),
    Key(("ctrl+p",), "command_palette", "Everything, by name", LOOK),
    Key(("e",), "edit", "Edit: put it in your own words", WORK, footer="edit"),
    Key(("a",), "approve", "Approve: it stands, and gives way to nobody but you", WORK, footer="approve"),
    Key(("r",), "reject", "Reject: it is not so, and does not come back", WORK, footer="reject"),
    Key(("z",), "archive", "Archive: put it away", WORK),
    Key(("R",), "restore", "Restore what was archived or superseded", WORK),
    Key(("f",), "forget", "Forget: erase it for good, with proof", WORK),
    Key(("u",), "undo", "Undo your last act; among dreams all that a dream did", WORK, footer="undo"),
    Key(("n",), "note", "Add a note of your own", WORK),
    Key(("d",), "dream", "Dream now", WORK),
    Key(("y",), "copy", "Copy the id", TAKE),
    Key(("Y",), "copy_text", "Copy the words; among packs the whole pack", TAKE),
    Key(("x",), "export", "Export what is seen to a file", TAKE),
    Key(("w",), "words", "To the next words something rests on", LINEAGE, "lineage", "words"),
    Key(("space",), "fold", "Open or close a branch", LINEAGE, "lineage"),
    Key(("backspace",), "crumb", "Back along the path", LINEAGE, "lineage"),
    Key(("plus",), "more(2)", "More of the transcript", LINEAGE, "lineage"),
    Key(("minus",), "more(-2)", "Less of the transcript", LINEAGE, "lineage"),
    Key(("a",), "judge('approve')", "Approve, at once; the next one comes up", REVIEW, "review", "approve"),
    Key(("r",), "judge('reject')", "Reject, at once; the next one comes up", REVIEW, "review", "reject"),
    Key(("e",), "reword", "Edit; the next one comes up", REVIEW, "review", "edit"),
    Key(("j",), "skip(1)", "Leave it for later", REVIEW, "review", "later"),
    Key(("k",), "skip(-1)", "The one before", REVIEW, "review"),
)


def of(place: str) -> tuple[Key, ...]:
    """The keys of one place."""
    return tuple(key for key in KEYS if key.place == place)


def bindings(place: str) -> list[Binding]:
    """The keys of one place as Textual binds them."""
    return [
        Binding(
            ",".join(key.keys),
            key.action,
            key.footer or key.label.split(":")[0],
            show=bool(key.footer),
            key_display=key.shown.split(",")[0],
        )
        for key in of(place)
    ]
