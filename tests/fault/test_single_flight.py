"""Ten dreams started together on one file are one dream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

PROCESSES = 10
PROGRAM = """
import sys, time
from pathlib import Path
import elephantasm_cli.cli.dream, elephantasm_cli.agent, elephantasm_cli.dream.run
from elephantasm_cli.__main__ import main
Path(sys.argv[1], f"ready-{sys.argv[2]}").touch()
while not Path(sys.argv[1], "go").exists():
    time.sleep(0.01)
sys.exit(main(["dream", "--no-llm"]))
"""


def test_of_ten_dreams_one_works_and_nine_say_so(run, home, tmp_path):
    """All exit 0; one dream is in the file, and one line on stdout or stderr says why another one did nothing."""
    run("ingest", files("elephantasm_cli.demo").joinpath("history.jsonl"))
    together = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), str(number)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"ELEPHANTASM_THREADS": "1"},
        )
        for number in range(PROCESSES)
    ]
    while len(list(tmp_path.glob("ready-*"))) < PROCESSES:
        assert all(process.poll() is None for process in together)
        time.sleep(0.05)
    Path(tmp_path, "go").touch()
    outputs = [process.communicate() for process in together]
    assert [process.returncode for process in together] == [0] * PROCESSES, outputs
    worked = [out for out, _ in outputs if "default: completed" in out]
    left = [err for out, err in outputs if not out and "another dream of this agent is running" in err]
    late = [out for out, _ in outputs if out == "default: nothing new since the last dream\n"]
    assert (len(worked), len(left) + len(late)) == (1, PROCESSES - 1)
    assert left
    assert [json.loads(line)["status"] for line in run("dreams", "--json").out.splitlines()] == ["completed"]
