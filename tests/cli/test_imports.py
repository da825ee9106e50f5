"""Start-up is a feature: what a command does not need, it does not import."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAVY = {
    "llama_cpp",
    "numpy",
    "onnxruntime",
    "sentence_transformers",
    "sqlite_utils",
    "textual",
    "tokenizers",
    "torch",
    "transformers",
    "xllamacpp",
}
SCRIPT = """
import json, sys
from elephantasm_cli.__main__ import main
code = main(json.loads(sys.argv[1]))
sys.stderr.write("MODULES " + json.dumps(sorted({name.split(".")[0] for name in sys.modules} | set(sys.modules))))
sys.exit(code)
"""


def imported(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.rpartition("MODULES ")[2]))


def test_ingest_imports_no_model_library(home: Path, history: Path) -> None:
    """Storing events needs neither vectors nor models."""
    modules = imported("ingest", str(history))
    assert modules & (HEAVY | {"rich"}) == set()


def test_events_imports_no_model_library(small: object) -> None:
    """Listing needs the database alone; not even rich, in a pipe."""
    assert imported("events") & (HEAVY | {"rich", "elephantasm_cli.models"}) == set()


def test_pack_without_a_query_counts_tokens_and_embeds_nothing(small: object) -> None:
    """Without a query there is nothing to embed: the tokenizer is all it takes of the model."""
    pytest.importorskip("elephantasm_cli.pack.build")
    assert imported("pack") & (HEAVY - {"tokenizers"} | {"rich"}) == set()


def test_pack_with_a_query_imports_of_numpy_what_it_needs(small: object) -> None:
    """numpy's set operations would bring numpy.ma, a tenth of the time that a pack may take."""
    modules = imported("pack", "--query", "When do we deploy?")
    assert "numpy" in modules
    assert modules & {"numpy.ma", "rich", "xllamacpp", "sqlite_utils"} == set()


def test_help_imports_the_table_of_commands_alone(home: Path) -> None:
    """The list of commands comes from a table; no command's module is loaded for it."""
    modules = imported("--help")
    assert modules & (HEAVY | {"pysqlite3", "rich"}) == set()
    assert {name for name in modules if name.startswith("elephantasm_cli.cli.")} == {
        "elephantasm_cli.cli.app",
        "elephantasm_cli.cli.run",
    }


def test_version_is_answered_before_anything_is_imported(home: Path) -> None:
    """Not even typer, which brings pydantic."""
    assert imported("--version") & (HEAVY | {"typer", "pydantic", "rich", "pysqlite3"}) == set()


def test_version_takes_no_time(home: Path) -> None:
    """A quarter of a second from process start, the best of three on a busy machine."""
    best = 9.9
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "elephantasm_cli", "--version"], check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - started)
    assert best < 0.25
