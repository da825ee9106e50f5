"""An identity as lines of a pack. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elephantasm_cli.pack.render import listed_line

SHORT_VALUE = 3
"""A preference of up to this many words is shown with its name."""


def identity_lines(row: Mapping[str, Any]) -> list[str]:
    """An identity as lines, the most telling first: the summary, then traits, values and preferences by weight."""
    lines = [listed_line(row["disposition_summary"])] if row["disposition_summary"].strip() else []
    for label, entries in (("Traits", row["traits"]), ("Values", row["values"])):
        ranked = sorted(entries.items(), key=lambda entry: (-float(entry[1]), entry[0]))
        if ranked:
            lines.append(listed_line(f"{label}: " + ", ".join(f"{name} {float(value):.1f}" for name, value in ranked)))
    return lines + [_preference_line(name, value) for name, value in sorted(row["preferences"].items())]


def _preference_line(name: str, value: object) -> str:
    """A whole sentence speaks for itself; anything shorter needs its name."""
    text = str(value)
    return listed_line(text if len(text.split()) > SHORT_VALUE else f"{name}: {text}")
