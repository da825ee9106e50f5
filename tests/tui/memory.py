"""The demo's memory with fixed ids and times, so that what is drawn of it is the same in every run."""

from __future__ import annotations

import itertools
import secrets
from pathlib import Path

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.demo.play import sessions


def live(folder: Path, name: str = "default") -> None:
    """Let an agent of the home ``folder`` live through the demo, a day in May 2026 a session, without a model."""
    numbers = itertools.count(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_hex", lambda size=16: f"{next(numbers):0{2 * size}x}")
        patch.setenv("ELEPHANTASM_THREADS", "1")
        with open_agent(name, home=folder) as agent:
            for number, (_, records) in enumerate(sessions(), start=1):
                patch.setenv("ELEPHANTASM_NOW", f"2026-05-{number:02}T08:00:00Z")
                agent.ingest(records)
                patch.setenv("ELEPHANTASM_NOW", f"2026-05-{number:02}T09:00:00Z")
                agent.dream(force=True, llm=False)


def make_candidates(count: int = 3) -> None:
    """Let the newest memories of the agent in use wait for a review."""
    from elephantasm_cli.store.changes import Change, Provenance
    from elephantasm_cli.vocabulary import Layer, TransformationType

    with open_agent() as agent:
        rows = list(agent.items("memory", states=["active"], newest_first=True, limit=count))
        with agent.store.transaction():
            for row in rows:
                change = Change(TransformationType.REFINE, Layer.MEMORY, row["id"], {"state": "candidate"})
                agent.store.derived.change(change, Provenance("curate_memories", "test"))
