"""What stands in the detail beside a list, as text: an item, a version of the identity, a dream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.style import Style
from rich.text import Text

from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.text.visible import one_line
from elephantasm_cli.tui import look
from elephantasm_cli.tui.data import Item
from elephantasm_cli.tui.look import Palette, bar, clock, day, moment, number, said
from elephantasm_cli.vocabulary import Layer

JOBS = {
    "index": "index",
    "reflect": "reflect",
    "curate_memories": "curate memories",
    "promote_to_lessons": "promote to lessons",
    "consolidate_knowledge": "consolidate",
    "update_identity": "update identity",
    "archive_stale": "archive stale",
}
WORDS_SHOWN = 6
ACTS_SHOWN = 8
REFUSED_SHOWN = 30
LONGEST = 20_000
"""Characters shown of one text."""
CHANGE = 0.005
"""A trait that moved less than this has not."""


def item_text(item: Item, palette: Palette) -> Text:
    """Any item, as its layer is told."""
    layer = item.values["layer"]
    if layer == Layer.EVENT:
        return event_text(item.values, palette)
    if layer == Layer.IDENTITY:
        return identity_text(item, palette)
    return belief_text(item, palette)


def event_text(values: Mapping[str, Any], palette: Palette) -> Text:
    """What was said, verbatim, and where."""
    text = title("event", values["event_type"].replace("_", " "), None, palette)
    text.append(f"{one_line(values['author'])}, {moment(values['occurred_at'])}\n\n", palette["dim"])
    text.append(said(values["content"][:LONGEST]) + "\n\n")
    session = values["session_id"]
    fields(
        text,
        {
            "session": one_line(session),
            "source": one_line(values["source"]),
            "trust": values["trust"],
            "recorded": moment(values["recorded_at"]),
            "tokens": str(values["token_count"]),
            "id": values["id"],
        },
        palette,
    )
    return text


def belief_text(item: Item, palette: Palette) -> Text:
    """A memory, a lesson or a piece of knowledge: what it says, how sure, from which words, by which acts."""
    values = item.values
    layer = Layer(values["layer"])
    kind = values.get("kind") or values.get("pattern_type") or values.get("category") or ""
    state = "withdrawn" if values["is_deleted"] else values["state"]
    text = title(layer.value, kind, state, palette)
    text.append(said(str(values[TABLES[layer].text_columns[-1]])) + "\n\n", palette["strong"])
    for name in ("importance_score", "confidence", "certainty"):
        if name in values:
            text.append(f"{name.removesuffix('_score'):<12}", palette["dim"])
            text.append(bar(values[name]), palette[layer.value]).append(f" {number(values[name])}\n")
    until = values.get("valid_to")
    valid = f"{day(values['valid_from'])} – {day(until) if until else 'now'}" if values.get("valid_from") else None
    support = values.get("support_count")
    fields(
        text,
        {
            "about": moment(values["time_end"]) if values.get("time_end") else None,
            "valid": valid,
            "support": f"{support} memories, {values['session_count']} sessions" if support is not None else None,
            "trust": values["trust"],
            "gave way to": values.get("superseded_by"),
            "id": values["id"],
        },
        palette,
    )
    text.append("\n")
    words_block(text, item, palette)
    acts_block(text, item.history, palette)
    return text


def identity_text(item: Item, palette: Palette) -> Text:
    """A version of the identity: traits and values as bars, preferences, and what changed since the one before."""
    values, before = item.values, item.before
    text = title("identity", f"version {values['version']}", None, palette)
    text.append(said(values["disposition_summary"]) + "\n\n", palette["strong"])
    for name in ("traits", "values"):
        if values[name]:
            text.append_text(look.heading(name.capitalize(), palette)).append("\n")
            bars(text, values[name], (before or {}).get(name, {}) if before else values[name], palette)
            text.append("\n")
    if values["preferences"]:
        text.append_text(look.heading("Preferences", palette)).append("\n")
        for preference in values["preferences"].values():
            text.append("· ", palette["identity"]).append(one_line(str(preference)) + "\n")
        text.append("\n")
    if before is not None:
        text.append_text(look.heading(f"Changed since version {before['version']}", palette)).append("\n")
        lines = list(changes(before, values))
        for sign, line in lines:
            text.append(f"{sign} ", palette["good" if sign == "+" else "bad" if sign == "-" else "dim"])
            text.append(one_line(line) + "\n")
        text.append("" if lines else "nothing\n", palette["dim"]).append("\n")
    fields(text, {"made": moment(values["created_at"]), "trust": values["trust"], "id": values["id"]}, palette)
    return text


def bars(text: Text, values: Mapping[str, float], before: Mapping[str, float], palette: Palette) -> None:
    """A bar each, the strongest first, with how far it moved."""
    wide = max(map(len, values)) + 2
    for name, value in sorted(values.items(), key=lambda pair: (-pair[1], pair[0])):
        text.append(f"{one_line(name):<{wide}}").append(bar(value, 16), palette["identity"]).append(f" {number(value)}")
        moved = value - before.get(name, 0.0)
        if abs(moved) >= CHANGE:
            text.append(f"  {'+' if moved > 0 else '-'}{number(abs(moved))}", palette["good" if moved > 0 else "bad"])
        text.append("\n")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What one version has that the one before had not: a sign (+, -, ~) and words."""
    if before["disposition_summary"] != after["disposition_summary"]:
        yield "-", before["disposition_summary"]
        yield "+", after["disposition_summary"]
    for name in ("traits", "values"):
        old, new = before[name], after[name]
        for one in sorted(set(old) | set(new)):
            if one not in old:
                yield "+", f"{one} {number(new[one])}"
            elif one not in new:
                yield "-", f"{one} {number(old[one])}"
            elif abs(new[one] - old[one]) >= CHANGE:
                yield "~", f"{one} {number(old[one])} → {number(new[one])}"
    old, new = before["preferences"], after["preferences"]
    for one in sorted(set(old) | set(new)):
        if old.get(one) != new.get(one):
            if one in old:
                yield "-", str(old[one])
            if one in new:
                yield "+", str(new[one])


def dream_text(dream: Mapping[str, Any], palette: Palette) -> Text:
    """A dream: its jobs with their counts, the models, and what the checks refused, with the reasons."""
    text = title("dream", dream["trigger"], dream["status"], palette)
    text.append(f"{moment(dream['started_at'])}", palette["dim"])
    if dream["finished_at"]:
        text.append(f" to {clock(dream['finished_at'])}", palette["dim"])
    text.append("\n\n")
    text.append(f"{'':20}{'read':>5}{'made':>5}{'refused':>8}{'s':>5}\n", palette["dim"])
    for job in dream["jobs"]:
        text.append(f"{look.STATE_MARKS.get(job['status'], '·')} ", style_of(job["status"], palette))
        text.append(f"{JOBS.get(job['job'], job['job'])[:18]:<18}")
        facts = job["metadata"]
        text.append(f"{job['examined']:>5}{job['changed']:>5}{job['rejected']:>8}", palette["dim"])
        text.append(f"{facts.get('seconds', 0):>5.1f}\n", palette["dim"])
        if kept := facts.get("kept_out"):
            text.append(f"  {kept} kept out, as you had rejected, corrected or forgotten it\n", palette["dim"])
        if job["error"]:
            text.append(f"  {one_line(job['error'])}\n", palette["bad"])
    text.append("\n")
    models, used = dream["models"], dream["budget_used"]
    fields(
        text,
        {
            "language": one_line(str(models.get("language") or "no model: rules and quotations")),
            "embedding": one_line(str(models.get("embedding") or "")) or None,
            "used": f"{used.get('seconds', 0):.1f} s, {used.get('tokens', 0)} tokens" if used else None,
            "error": one_line(dream["error"]) if dream["error"] else None,
            "id": dream["id"],
        },
        palette,
    )
    refused = [(job["job"], each) for job in dream["jobs"] for each in job["metadata"].get("rejected_outputs", [])]
    if refused:
        text.append("\n").append_text(look.heading(f"Refused by the checks: {len(refused)}", palette)).append("\n")
    for job, each in refused[:REFUSED_SHOWN]:
        text.append(f"\n! {one_line(each['reason'])}\n", palette["bad"])
        text.append(f"  {job.replace('_', ' ')}, prompt {one_line(each['prompt'])}\n", palette["dim"])
        text.append(f"  asked   {one_line(each['question'])[:300]}\n", palette["dim"])
        text.append(f"  answer  {one_line(each['answer'])[:300]}\n")
    if len(refused) > REFUSED_SHOWN:
        text.append(f"\nand {len(refused) - REFUSED_SHOWN} more: `elephantasm dreams show {dream['id']}`\n")
    return text


def title(layer: str, kind: str, state: str | None, palette: Palette) -> Text:
    """The first line: layer, kind and state."""
    text = Text()
    text.append(layer, palette[layer] + Style(bold=True))
    if kind:
        text.append(f" · {one_line(kind)}", palette["dim"])
    if state is not None:
        text.append(f" · {look.STATE_MARKS.get(state, '·')} {state}", style_of(state, palette))
    return text.append("\n\n" if layer != "event" else "\n")


def style_of(state: str, palette: Palette) -> Style:
    return palette["good" if state in ("active", "completed") else "bad" if state == "failed" else "dim"]


def fields(text: Text, values: Mapping[str, str | None], palette: Palette) -> None:
    """Names and values, a line each; what is None is left out."""
    for name, value in values.items():
        if value is not None:
            text.append(f"{name:<12}", palette["dim"]).append(value + "\n")


def words_block(text: Text, item: Item, palette: Palette) -> None:
    """The words an item rests on, as they were said."""
    if not item.words:
        return
    text.append_text(look.heading("Said", palette)).append("\n")
    for _, author, time, quote in item.words[:WORDS_SHOWN]:
        text.append(f"{one_line(author)}, {moment(time)}\n", palette["dim"])
        text.append(f"  “{one_line(quote)[:400]}”\n", Style(italic=True))
    if len(item.words) > WORDS_SHOWN:
        text.append(f"and {len(item.words) - WORDS_SHOWN} more: enter shows them\n", palette["dim"])
    text.append("\n")


def acts_block(text: Text, history: list[dict[str, Any]], palette: Palette) -> None:
    """What was done to an item, newest first."""
    if not history:
        return
    text.append_text(look.heading("Acts", palette)).append("\n")
    for act in list(reversed(history))[:ACTS_SHOWN]:
        by = "you" if act["created_by"] == "operator" else act["created_by"]
        text.append(f"{moment(act['created_at'])}  ", palette["dim"])
        text.append(f"{act['transformation_type']} by {one_line(by)}")
        text.append(f", {act['workflow_name'].replace('_', ' ')}\n", palette["dim"])
        if act["reasoning"]:
            text.append(f"  because {one_line(act['reasoning'])[:300]}\n", palette["dim"])
