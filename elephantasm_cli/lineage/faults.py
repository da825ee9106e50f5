"""What a check may find, and how what was checked is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not add up: which check found it, in which row, and what is wrong."""

    check: str
    item: str
    message: str


@dataclass(slots=True)
class VerifyReport:
    """What was checked (how many rows per check), the faults found, and the file that was rebuilt, if one was."""

    checked: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rebuilt: str | None = None

    @property
    def ok(self) -> bool:
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "checked": self.checked,
            "rebuilt": self.rebuilt,
            "faults": [{"check": f.check, "item": f.item, "message": f.message} for f in self.faults],
        }
