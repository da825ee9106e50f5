"""Each way a file, an id or a setting can be wrong: its line, its exit code, and nothing on stdout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pysqlite3
import pytest


def test_missing_agent_exits_3_and_is_not_made_by_looking(run: Any, home: Path) -> None:
    """Readers create nothing."""
    for command in (["events"], ["memories"], ["stats"], ["why", "evt_a"], ["verify"], ["identity"], ["dreams"]):
        result = run("--agent", "nobody", *command)
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith("elephantasm: no agent 'nobody' here: ")
    assert not home.exists()


def test_unknown_id_exits_3(run: Any, small: Any) -> None:
    """And says how ids look."""
    for command in ("show", "why"):
        result = run(command, "mem_zzzzzz")
        assert (result.code, result.out) == (3, "")
        assert "elephantasm: nothing here has an id that begins with 'mem_zzzzzz'" in result.err


def test_ambiguous_id_exits_3_and_lists_what_fits(run: Any, small: Any) -> None:
    """As git does."""
    result = run("show", "evt_")
    assert (result.code, result.out) == (3, "")
    assert all(event in result.err for event in small.events)
    assert result.err.count("\n") == 1


def test_a_transformation_has_no_lineage_of_its_own(run: Any, small: Any) -> None:
    """`why` wants an item; what a log entry says is shown by `show`."""
    act = run("log", "--json").out.split('"id": "')[1][:24]
    assert run("why", act).code == 3
    assert run("show", act).code == 0


@pytest.mark.parametrize("command", [["dreams", "show"], ["packs", "show"]])
def test_an_id_of_another_kind_is_pointed_elsewhere(run: Any, small: Any, command: list[str]) -> None:
    """`dreams show mem_…` names the command that shows a memory."""
    result = run(*command, small.memory)
    assert result.code == 3
    assert f"`elephantasm show {small.memory}`" in result.err


def test_unknown_format_exits_2_and_lists_the_known(run: Any, history: Path) -> None:
    """Before anything is read."""
    result = run("ingest", "--format", "word", history)
    assert (result.code, result.out) == (2, "")
    assert "no format is called 'word'" in result.err
    assert "claude-code" in result.err


def test_missing_input_file_exits_1(run: Any, home: Path) -> None:
    """And makes no agent."""
    result = run("ingest", "nowhere.jsonl")
    assert (result.code, result.err) == (1, "elephantasm: nowhere.jsonl does not exist: check the path\n")
    assert not home.exists()


def test_newer_database_is_refused_untouched(run: Any, small: Any) -> None:
    """A file of a later version is neither read nor written."""
    connection = pysqlite3.connect(str(small.path))
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = small.path.read_bytes()
    for command in (["events"], ["note", "hello"], ["migrate"]):
        result = run(*command)
        assert (result.code, result.out) == (1, "")
        assert "has schema 99" in result.err
        assert result.err.count("\n") == 1
    assert small.path.read_bytes() == before


def test_corrupt_file_is_one_line(run: Any, small: Any) -> None:
    """Garbage where a database should be."""
    small.path.write_bytes(b"not a database at all" * 500)
    for suffix in ("-wal", "-shm"):
        small.path.with_name(small.path.name + suffix).unlink(missing_ok=True)
    for command in (["events"], ["note", "hello"]):
        result = run(*command)
        assert (result.code, result.out) == (1, "")
        assert "is damaged or not a database" in result.err
        assert result.err.count("\n") == 1


def test_bad_config_names_file_and_field(run: Any, home: Path) -> None:
    """A value that cannot be, a field that is not, a file that is not TOML."""
    home.mkdir()
    config = home / "config.toml"
    for text, said in (
        ("[pack]\nbudget = -1\n", "pack.budget"),
        ("colour = 1\n", "colour"),
        ("= nonsense", "is not TOML"),
    ):
        config.write_text(text, encoding="utf-8")
        result = run("events")
        assert (result.code, result.out) == (2, "")
        assert str(config) in result.err
        assert said in result.err
        assert result.err.count("\n") == 1


AS_NOBODY = """
import contextlib, io, json, os, sys
from elephantasm_cli.__main__ import main
home, writable, command = json.loads(sys.argv[1])
with contextlib.redirect_stdout(io.StringIO()):
    main(["--home", writable, *command])  # what it imports may lie where nobody can look
os.chdir("/")
os.setgid(65534)
os.setuid(65534)
sys.exit(main(["--home", home, *command]))
"""


def as_nobody(home: Path, writable: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user without rights (root may write to anything)."""
    return subprocess.run(
        [sys.executable, "-c", AS_NOBODY, json.dumps([str(home), str(writable), command])],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def read_only(small: Any) -> Iterator[Path]:
    """A home that anybody may read and only its owner may write."""
    if os.geteuid() != 0:
        pytest.skip("dropping privileges takes root")
    folder = Path(tempfile.mkdtemp(prefix="elephantasm-read-only-"))
    (folder / "agents").mkdir()
    shutil.copy(small.path, folder / "agents" / "default.db")
    (folder / "agents" / "default.db").chmod(0o644)
    for path in (folder, folder / "agents"):
        path.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_read_only_file_can_be_read(read_only: Path, home: Path) -> None:
    """Looking needs no right to write."""
    done = as_nobody(read_only, home, "events")
    assert (done.returncode, done.stderr) == (0, "")
    assert "From now on we deploy on Fridays." in done.stdout


@pytest.mark.parametrize("command", [["note", "hello"], ["ingest", "-"]])
def test_read_only_file_cannot_be_written_exit_5(read_only: Path, home: Path, command: list[str]) -> None:
    """Writing says where it cannot write, and what to do."""
    done = as_nobody(read_only, home, *command)
    assert (done.returncode, done.stdout) == (5, ""), done.stderr
    assert done.stderr.startswith("elephantasm: ")
    assert "--home" in done.stderr
    assert done.stderr.count("\n") == 1
