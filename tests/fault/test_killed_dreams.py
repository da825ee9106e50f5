"""Rule 12, a crash is boring: wherever a dream is killed, the next ones end in the rows of an undisturbed run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("interrupted.py")
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
