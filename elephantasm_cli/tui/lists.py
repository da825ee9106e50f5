"""What the lists hold that are no layer: dreams, and the lines of a pack; and what an empty list says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from elephantasm_cli.text.visible import one_line
from elephantasm_cli.tui.look import Palette, number, said
from elephantasm_cli.tui.rows import Row

if TYPE_CHECKING:
    from elephantasm_cli.pack.contents import LeftOut, Pack, PackLine


def dream_row(dream: dict[str, Any]) -> Row:
    """A dream on one line."""
    jobs = [job for job in dream["jobs"] if job["job"] != "index"]
    changed, refused = sum(job["changed"] for job in jobs), sum(job["rejected"] for job in jobs)
    parts = [f"{changed} changes"]
    if refused:
        parts.append(f"{refused} refused")
    if dream["models"].get("language"):
        parts.append(f"by {dream['models']['language']}")
    if dream["budget_used"]:
        parts.append(f"{dream['budget_used'].get('seconds', 0):.1f} s")
    if dream["error"]:
        parts.append(dream["error"])
    return Row(dream["id"], "dream", ", ".join(parts), dream["started_at"], dream["status"], dream["status"])


def pack_rows(pack: Pack) -> list[Row]:
    """The lines of a pack, then what was left out, with the reason."""
    shown = [
        Row(line.item_id, line.layer.value, line.text, kind="in", score=line.score, state="active")
        for line in pack.lines
    ]
    left = [
        Row(out.item_id, out.layer.value, out.text, kind="out", score=out.score, note=f"({out.reason})")
        for out in pack.left_out
    ]
    return [*shown, *left]


def pack_line(row: Row, width: int, palette: Palette) -> Text:
    """A line of a pack in the list: in or out, its layer, its score, its words."""
    inside = row.kind == "in"
    line = Text(no_wrap=True, end="")
    line.append("● " if inside else "○ ", palette["good" if inside else "dim"])
    line.append(f"{row.layer:<10}", palette[row.layer])
    line.append(f"{row.score or 0:5.2f}  ", palette["dim"])
    words = " ".join(row.text.removeprefix("- ").split())
    line.append(f"{one_line(row.note)} " if row.note else "", palette["dim"])
    line.append(one_line(words), palette["plain" if inside else "dim"])
    line.truncate(width, overflow="ellipsis", pad=True)
    return line


def pack_text(pack: Pack, row: Row | None, palette: Palette) -> Text:
    """The pack as a prompt would get it, below what it took and why the row under the cursor is in or out."""
    from elephantasm_cli.pack.explain import parts_text

    text = Text()
    text.append(f"{pack.token_count} of {pack.budget} tokens", palette["strong"])
    text.append(f" by {pack.tokenizer}\n", palette["dim"])
    if pack.layer_tokens:
        text.append(", ".join(f"{name} {count}" for name, count in pack.layer_tokens.items()) + "\n", palette["dim"])
    if pack.floor is not None and not pack.lines:
        text.append("nothing here has to do with this\n", palette["dim"])
    if row is not None:
        every: list[PackLine | LeftOut] = [*pack.lines, *pack.left_out]
        parts = next((line.parts for line in every if line.item_id == row.id), {})
        text.append(f"\n{row.id}\n{row.kind} {number(row.score or 0)}", palette["dim"])
        text.append(f" = {parts_text(parts)}" if parts else "", palette["dim"])
        text.append(f" {one_line(row.note)}" if row.note else "", palette["dim"])
        text.append("\n")
    text.append("\n")
    return text.append(said(pack.text))


def no_agent(name: str) -> str:
    return (
        f"There is no agent {name!r} in this home yet.\n\n"
        f"elephantasm ingest --agent {name} FILE    makes it of a transcript, a folder or -\n"
        "elephantasm demo --keep DIR              makes one to look at\n\n"
        "This screen follows as soon as there is something. s switches to another agent."
    )


NO_EVENTS = """\
Nothing has happened yet.

elephantasm ingest FILE   stores what happened: a transcript, a folder, or - for stdin
n                         adds a note of your own

New events appear here by themselves."""
NO_MATCH = """\
Nothing fits.

F changes the filter, esc clears it; h shows what is archived or superseded."""
NOT_DREAMED = """\
Nothing here yet.

d                   dreams now: of events it makes memories, lessons, knowledge and identity
elephantasm dream   does the same from a shell or from cron"""
EMPTY = {
    "events": NO_EVENTS,
    "memories": NOT_DREAMED,
    "lessons": """\
No lessons yet.

A lesson is a pattern of three memories or more from two sessions or more.
d dreams now.""",
    "knowledge": NOT_DREAMED,
    "identity": """\
No identity yet.

It follows from knowledge, at the end of a dream.
d dreams now.""",
    "dreams": """\
No dream yet.

d                              dreams now
elephantasm schedule install   dreams every hour""",
    "packs": """\
Nothing to remember yet.

elephantasm ingest FILE, then d for a dream; then ask here.""",
}
"""What each list says when it is empty: the next command."""
