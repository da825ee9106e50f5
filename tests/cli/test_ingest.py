"""``elephantasm ingest``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_a_file_is_stored_and_counted_on_stdout(run: Any, history: Path) -> None:
    """The summary is the result; nothing is said on stderr."""
    result = run("ingest", history)
    assert (result.code, result.err) == (0, "")
    assert result.out == "default: 251 events stored; 8 sessions\n"
    assert run("ingest", history).out == "default: 0 events stored, 251 known already; 8 sessions\n"


def test_standard_input_is_read_without_a_file_or_with_a_dash(run: Any) -> None:
    """Both ways; also beside files."""
    line = b'{"role": "user", "content": "hello"}\n'
    assert run("ingest", stdin=line).out == "default: 1 event stored; 1 session\n"
    assert run("ingest", "-", stdin=line).out == "default: 0 events stored, 1 known already; 1 session\n"


def test_a_terminal_is_not_waited_for(run: Any, home: Path) -> None:
    """Where a person would have to type, the usage is said instead."""
    result = run("ingest", typed=True)
    assert (result.code, result.out) == (2, "")
    assert "nothing to ingest" in result.err
    assert not home.exists()


def test_json_reports_every_count(run: Any, history: Path) -> None:
    """One document with the agent it went to."""
    report = json.loads(run("--agent", "coder", "ingest", "--json", history).out)
    assert report["agent"] == "coder"
    assert (report["read"], report["added"], report["sessions"], report["formats"]) == (251, 251, 8, {"jsonl": 1})


def test_dry_run_writes_nothing(run: Any, history: Path, home: Path) -> None:
    """Not even the agent's file; with a file there, it counts what is known."""
    assert run("ingest", "--dry-run", history).out == "default: 251 events would be stored; 8 sessions\n"
    assert not home.exists()
    run("ingest", history)
    result = run("ingest", "--dry-run", history)
    assert result.out == "default: 0 events would be stored, 251 known already; 8 sessions\n"


def test_rejects_are_told_and_kept(run: Any, home: Path) -> None:
    """Exit 0: a bad record never stops the run; its place is named on stderr."""
    result = run("ingest", "--format", "jsonl", stdin=b'{"role": "user", "content": "good"}\n{broken\n')
    assert result.code == 0
    assert result.out == "default: 1 event stored, 1 rejected; 1 session\n"
    assert "1 record could not be read" in result.err
    assert (home / "agents" / "default.rejects.jsonl").read_text(encoding="utf-8").count("\n") == 1


def test_strict_makes_rejects_an_error(run: Any) -> None:
    """Exit 1, and what could be read is stored all the same."""
    result = run("ingest", "--strict", "--format", "jsonl", stdin=b'{"role": "user", "content": "good"}\n{broken\n')
    assert result.code == 1
    assert result.out.startswith("default: 1 event stored")
    assert result.err.count("\n") == 1
    assert run("ingest", "--strict", stdin=b'{"role": "user", "content": "good"}\n').code == 0


def test_options_reach_the_events(run: Any) -> None:
    """Session, source and trust are as given; what is older than --since is left out."""
    records = [
        {"role": "user", "content": "old", "occurred_at": "2026-01-01"},
        {"role": "user", "content": "new", "occurred_at": "2026-02-01"},
    ]
    lines = "\n".join(map(json.dumps, records)).encode()
    options = ["--session", "s9", "--source", "mail", "--trust", "import", "--since", "2026-01-15"]
    assert "1 left out" in run("ingest", *options, stdin=lines).out
    event = json.loads(run("events", "--json").out)
    assert (event["content"], event["session_id"], event["trust"]) == ("new", "s9", "import")
    assert event["source"].startswith("mail")
