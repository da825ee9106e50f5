"""Rule 12, a crash is boring: wherever a dream is killed, the next ones end in the rows of an undisturbed run."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from elephantasm_cli.demo.play import sessions
from elephantasm_cli.store.store import open_store

PROGRAM = Path(__file__).with_name("interrupted.py")
_spec = importlib.util.spec_from_file_location("interrupted", PROGRAM)
interrupted = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(interrupted)
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")


def killed(folder, model, kills, seed):
    """The undisturbed run's figures, and what became of each one that was killed (points are statements)."""
    command = [sys.executable, str(PROGRAM), str(folder), model, str(kills), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONHASHSEED": "0"})
    assert done.returncode == 0, done.stderr
    calm, *runs = map(json.loads, done.stdout.splitlines())
    assert len(runs) == kills
    return calm, runs


def check(calm, runs):
    assert {"aggregation", "archive", "consolidation", "merge", "promotion", "reflection", "supersede"} <= {
        *calm["kinds"]
    }
    assert any(run["ended"][0] for run in runs), "nothing was killed"
    for run in runs:
        assert run["differs"] == [], run["points"]
        assert run["verified"]
        assert run["ended"][-1] == 0
        assert "running" not in run["statuses"]


@pytest.mark.parametrize("model", ["none", "model"])
def test_killed_dream_ends_in_the_rows_of_an_undisturbed_one(tmp_path, model):
    """Rows, lineage, log, passages and vectors, byte for byte but for times, salts and the dreams' names."""
    calm, runs = killed(tmp_path, model, kills=4, seed=1)
    check(calm, runs)
    assert (calm["refused"] > 0) == (model == "model")


@pytest.mark.slow
@pytest.mark.parametrize("model", ["none", "model"])
def test_killed_at_any_moment(tmp_path, model):
    """The long form: 40 runs, two thirds of them killed more than once."""
    check(*killed(tmp_path, model, kills=40, seed=2))


def test_killed_command_is_carried_on_by_the_next_one(run, home):
    """The program itself, with the bundled embedder and its lock, killed in three of its jobs; no --force is needed."""
    records = "".join(json.dumps(record) + "\n" for _, part in sessions()[:2] for record in part)
    run("ingest", "-", "--format", "jsonl", stdin=records.encode())
    calm, killed = home / "agents" / "default.db", home / "agents" / "killed.db"
    with open_store(calm) as store:
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(calm, killed)
    assert run("dream", "--force", "--no-llm").code == 0
    ended = [kill_in(job, killed) for job in ("index", "reflect", "curate_memories")]
    assert -signal.SIGKILL in ended
    result = run("dream", "--no-llm", "--agent", "killed")
    assert (result.code, "completed" in result.out or "nothing new" in result.out) == (0, True)
    with open_store(calm) as one, open_store(killed) as other:
        assert interrupted.differences(interrupted.contents(one), interrupted.contents(other)) == []
        assert {row["status"] for row in other.dreams.listed()} == {"completed", "interrupted"}


def kill_in(job, path):
    """Dream in a process that is killed as soon as ``job`` is running; returns its exit code."""
    command = [sys.executable, "-m", "elephantasm_cli", "-q", "dream", "--no-llm", "--agent", path.stem]
    process = subprocess.Popen(command)
    with open_store(path, read_only=True) as store:
        while process.poll() is None:
            running = [dream["jobs"] for dream in store.dreams.listed(1) if dream["status"] == "running"]
            if running and running[0] and running[0][-1]["job"] == job:
                process.kill()
                break
            time.sleep(0.002)
    return process.wait()
