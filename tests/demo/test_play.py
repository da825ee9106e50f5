"""The demonstration, told from a real dream without a language model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.demo import play


@pytest.fixture
def two_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first two sessions only: enough to tell of, and quick."""
    whole = play.sessions()
    monkeypatch.setattr(play, "sessions", lambda: whole[:2])


def test_history_is_whole_and_in_order() -> None:
    """Every session once, each with its records."""
    played = play.sessions()
    names = [name for name, _ in played]
    assert names == sorted(set(names))
    assert all(record["session"] == name for name, records in played for record in records)


def test_demo_tells_of_every_step(run: Any, two_sessions: None) -> None:
    """Ingest, dream, layers, packs, lineage, verification and what to do next, on stdout; nothing on stderr."""
    result = run("demo")
    assert (result.code, result.err) == (0, "")
    headings = [line[3:] for line in result.out.splitlines() if line.startswith("== ")]
    assert headings[0] == "A memory in the making"
    assert headings[1] == "Session 1, 2 March 2026: import job"
    assert [heading.split(" --query")[0] for heading in headings[3:6]] == [
        "What is remembered now",
        "elephantasm pack",
        "elephantasm pack",
    ]
    assert headings[6].startswith("elephantasm why ")
    assert headings[7:] == ["elephantasm verify", "Your own agent"]
    assert "ingest: 34 events stored" in result.out
    assert "new in memories" in result.out
    assert "no faults: the log rebuilds every row" in result.out
    assert "`elephantasm models pull` fetches one (1.1 GB, once)" in result.out


def test_demo_leaves_no_trace(
    run: Any, two_sessions: None, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It plays in a throw-away home: the user's own stays empty, the folder goes away."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    assert run("demo", "--no-llm").code == 0
    assert not home.exists()
    assert list((tmp_path / "work").iterdir()) == []


def test_demo_keeps_what_it_made_on_request(run: Any, two_sessions: None, tmp_path: Path) -> None:
    """And says how to look at it; a folder with something in it is refused."""
    kept = tmp_path / "kept"
    assert f"elephantasm --home {kept} --agent demo knowledge" in run("demo", "--keep", kept).out
    with open_agent("demo", home=kept, create=False) as agent:
        assert agent.stats()["sessions"] == 2
        assert agent.memories()
        assert agent.verify().ok
    result = run("demo", "--keep", kept)
    assert (result.code, result.out) == (2, "")
    assert "is not an empty folder" in result.err


@pytest.mark.slow
def test_the_whole_history_shows_beliefs_that_changed(home: Path) -> None:
    """All eight sessions in a process of their own: old beliefs give way, lessons and knowledge form, all verified."""
    done = subprocess.run(
        [sys.executable, "-m", "elephantasm_cli", "demo"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=True,
    )
    replaced = [line for line in done.stdout.splitlines() if line.startswith("  ~ ")]
    assert any("10 years" in line.split(" -> ")[0] and "8 years" in line.split(" -> ")[1] for line in replaced)
    assert any("Redis" in line.split(" -> ")[0] and "PostgreSQL" in line.split(" -> ")[1] for line in replaced)
    assert "  + lesson " in done.stdout
    assert "  + identity " in done.stdout
    assert "no faults" in done.stdout
