"""What an ingest did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MAX_REASONS = 50
OTHER_REASONS = "other"


@dataclass(slots=True)
class IngestReport:
    """The counts of one run; ``added``, ``duplicates`` and ``changed`` only hold what is committed.

    At the end of a run ``read = added + duplicates + changed + rejected + sum(skipped.values())``. ``changed`` events
    are stored too: a known message came with other words. ``formats`` counts sources, ``skipped`` counts by reason.
    """

    read: int = 0
    added: int = 0
    duplicates: int = 0
    changed: int = 0
    rejected: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    formats: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    dry_run: bool = False

    def skip(self, reason: str, count: int = 1) -> None:
        """Count skipped records. Reasons come from the input, so their number and length are bounded."""
        if not count:
            return
        key = reason[:60] if reason.isprintable() else OTHER_REASONS
        if key not in self.skipped and len(self.skipped) >= MAX_REASONS:
            key = OTHER_REASONS
        self.skipped[key] = self.skipped.get(key, 0) + count

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON; ``sessions`` is their number."""
        return {
            "read": self.read,
            "added": self.added,
            "duplicates": self.duplicates,
            "changed": self.changed,
            "rejected": self.rejected,
            "skipped": dict(sorted(self.skipped.items())),
            "sessions": len(self.sessions),
            "formats": dict(sorted(self.formats.items())),
            "seconds": round(self.seconds, 3),
            "dry_run": self.dry_run,
        }
