"""``elephantasm schedule``, with a crontab and a systemctl of our own on the PATH."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from elephantasm_cli.services.schedule import cron, entry, systemd
from elephantasm_cli.services.schedule.entry import Timing

CRONTAB = """#!/bin/sh
file="$FAKE/kept.crontab"
case "$1" in
-l) if [ -n "$FAKE_DENIED" ]; then echo "You ($USER) are not allowed to use this program" >&2; exit 1; fi
    if [ -f "$file" ]; then cat "$file"; else echo "no crontab for you" >&2; exit 1; fi ;;
-r) rm "$file" ;;
-)  if [ -n "$FAKE_REFUSES" ]; then echo "bad minute" >&2; exit 1; fi
    cat > "$file" ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
if [ "$2" = show-environment ]; then [ -n "$FAKE_SYSTEMD" ]; exit; fi
echo "$*" >> "$FAKE/told.systemctl"
if [ "$2" = enable ] && [ -n "$FAKE_REFUSES" ]; then echo "Failed to connect" >&2; exit 1; fi
exit 0
"""
PROGRAM = """#!{python}
import json, os, sys
names = [name for name in os.environ if name.startswith(("ELEPHANTASM_", "XDG_"))]
print(json.dumps([sys.argv, {{name: os.environ[name] for name in names}}]))
"""
OTHERS = b"# mine\nMAILTO=me@example.org\n\n*/5 * * * *  date +\\%s  # not elephantasm\n\xff\xfe 100%\n"


@dataclass
class Machine:
    """What the fake programs keep: the crontab, what systemctl was told, the units."""

    folder: Path
    config: Path

    @property
    def crontab(self) -> bytes | None:
        path = self.folder / "kept.crontab"
        return path.read_bytes() if path.exists() else None

    @crontab.setter
    def crontab(self, content: bytes) -> None:
        (self.folder / "kept.crontab").write_bytes(content)

    @property
    def told(self) -> list[str]:
        path = self.folder / "told.systemctl"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def units(self) -> dict[str, str]:
        folder = self.config / "systemd" / "user"
        return {path.name: path.read_text() for path in sorted(folder.glob("*"))} if folder.is_dir() else {}


@pytest.fixture
def machine(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with both programs, of which cron alone is usable until FAKE_SYSTEMD is set."""
    folder, config = tmp_path / "fake", tmp_path / "config"
    folder.mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    for tool in ("sh", "cat", "rm", "env"):
        (folder / tool).symlink_to(str(shutil.which(tool)))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "FAKE_SYSTEMD", "FAKE_DENIED", "FAKE_REFUSES", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("FAKE", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    return Machine(folder, config)


@pytest.fixture
def with_systemd(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("FAKE_SYSTEMD", "1")
    return machine


@pytest.fixture
def odd_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ``elephantasm`` that prints what it was given, in a folder whose name shells, cron and systemd all mind."""
    folder = tmp_path / "a b%c'd\"e$HOME`id`\\%f\\"
    folder.mkdir()
    program = folder / "elephantasm"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    return program


def as_cron_does(line: str) -> str:
    """The command of a crontab line as cron hands it to sh: up to the first bare ``%`` (as in cron's source)."""
    text = line.split(None, 5)[5]
    made, escaped = "", False
    for character in text:
        if escaped and character == "%":
            made = made[:-1]
        elif not escaped and character == "%":
            break
        made += character
        escaped = character == "\\" and not escaped
    return made


def as_systemd_does(exec_start: str) -> list[str]:
    """The quoted arguments of an ExecStart line (as in systemd.service and systemd.syntax)."""
    escapes = {'\\"': '"', "\\\\": "\\", "%%": "%", "$$": "$"}
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', exec_start)
    return [re.sub(r'\\["\\]|%%|\$\$', lambda match: escapes[match[0]], word) for word in words]


def test_install_writes_one_line_and_remove_takes_it_back(run: Any, machine: Machine) -> None:
    """Other lines stay byte for byte, whatever they hold; both can be done twice."""
    machine.crontab = OTHERS
    run("agents", "create", "coder")
    first = run("schedule", "install", "--agent", "coder")
    assert (first.code, first.err) == (0, "")
    assert machine.crontab is not None
    written = machine.crontab
    assert written.startswith(OTHERS)
    (line,) = written.removeprefix(OTHERS).decode().splitlines()
    assert line.startswith("0 * * * * ")
    assert " dream --agent coder --trigger cron # elephantasm-dream-" in line
    run("schedule", "install", "--agent", "coder")
    assert machine.crontab == written
    run("schedule", "install", "--agent", "coder", "--every", "30m")
    assert machine.crontab.count(b"\n") == written.count(b"\n")
    assert b"\n*/30 * * * * " in machine.crontab
    assert run("schedule", "show").out == first.out.replace("0 * * * *", "*/30 * * * *")
    assert run("schedule", "remove").out == first.out.replace("0 * * * *", "*/30 * * * *")
    assert machine.crontab == OTHERS
    assert run("schedule", "show").out == ""
    again = run("schedule", "remove")
    assert (again.code, again.out, machine.crontab) == (0, "", OTHERS)


def test_crontab_that_was_not_there_is_not_there_afterwards(run: Any, machine: Machine) -> None:
    """An empty one is taken away."""
    run("schedule", "install", "--all", "--at", "3:30")
    assert str((machine.crontab or b"").decode()).startswith("30 3 * * * ")
    run("schedule", "remove")
    assert machine.crontab is None


def test_agent_that_is_not_there_yet_is_mentioned(run: Any, machine: Machine) -> None:
    """It may come, or its name may be mistyped."""
    result = run("schedule", "install", "--agent", "codre")
    assert (result.code, "no agent 'codre' yet" in result.err) == (0, True)


def test_entries_of_agents_and_homes_stand_side_by_side(run: Any, machine: Machine, tmp_path: Path) -> None:
    """An agent called "all" is not all agents; another home's entries are not shown and not removed."""
    for arguments in (["--all"], ["--agent", "all"], ["--agent", "coder"], ["--agent", "coder", "--home", "other"]):
        assert run("schedule", "install", *arguments).code == 0
    rows = [json.loads(line) for line in run("schedule", "--json").out.splitlines()]
    assert [(row["agent"], row["scheduler"], row["when"]) for row in rows] == [
        (None, "cron", "0 * * * *"),
        ("all", "cron", "0 * * * *"),
        ("coder", "cron", "0 * * * *"),
    ]
    assert run("schedule", "remove", "--agent", "coder").out.startswith("coder\t")
    assert len(run("schedule", "show").out.splitlines()) == 2
    run("schedule", "remove")
    assert machine.crontab is not None
    (line,) = machine.crontab.decode().splitlines()
    assert f" --home {Path('other').absolute()} " in line


def test_line_runs_the_program_whatever_its_path_holds(
    run: Any, machine: Machine, odd_program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through cron's percent signs and through a shell, with home and settings in force."""
    odd_home = odd_program.parent / "home %d"
    monkeypatch.setenv("ELEPHANTASM_LLM", "100% $off;`rm`")
    monkeypatch.setenv("ELEPHANTASM_AGENT", "coder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache #1"))
    assert run("schedule", "install", "--home", odd_home).code == 0
    command = as_cron_does((machine.crontab or b"").decode().rstrip("\n"))
    bare = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
    done = subprocess.run(["/bin/sh", "-c", command], env=bare, capture_output=True, text=True, check=True)
    arguments, environment = json.loads(done.stdout)
    expected = ["--quiet", "--home", str(odd_home), "dream", "--agent", "coder", "--trigger", "cron"]
    assert arguments == [str(odd_program), *expected]
    assert environment == {
        "ELEPHANTASM_LLM": "100% $off;`rm`",
        "ELEPHANTASM_MODELS": str(tmp_path / "models"),
        "XDG_CACHE_HOME": str(tmp_path / "cache #1"),
        "XDG_CONFIG_HOME": str(machine.config),
    }


def test_timer_runs_the_program_whatever_its_path_holds(
    run: Any, with_systemd: Machine, odd_program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through systemd's own quoting."""
    monkeypatch.setenv("ELEPHANTASM_LLM", "100% $off;`rm`")
    assert run("schedule", "install", "--all", "--every", "2h").code == 0
    service = next(text for name, text in with_systemd.units.items() if name.endswith(".service"))
    (exec_start,) = re.findall(r"^ExecStart=/usr/bin/env (.*)$", service, re.MULTILINE)
    words = as_systemd_does(exec_start)
    assert "ELEPHANTASM_LLM=100% $off;`rm`" in words
    assert words[-6:] == ["--home", os.environ["ELEPHANTASM_HOME"], "dream", "--all", "--trigger", "cron"]
    assert words[-8:-6] == [str(odd_program), "--quiet"]
    timer = next(text for name, text in with_systemd.units.items() if name.endswith(".timer"))
    assert "\nOnCalendar=0/2:00\nPersistent=true\n" in timer


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="asks systemd itself")
def test_systemd_accepts_the_units(
    home: Path, odd_program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files parse, odd path and all, and so does every span."""
    analyze = str(shutil.which("systemd-analyze"))
    monkeypatch.setenv("ELEPHANTASM_LLM", "100% $off;`rm`")
    made = entry.make_entry(entry.Locations(home, home, home), None, Timing.of("30m", None), None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for path, text in systemd.unit_files(made).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        done = subprocess.run([analyze, "verify", "--man=no", str(path)], capture_output=True, text=True)
        assert path.name not in done.stderr
    for spans in (*({"every": f"{n}m", "at": None} for n in entry.MINUTES), {"every": None, "at": "03:30"}):
        timing = Timing.of(**spans)
        assert subprocess.run([analyze, "calendar", timing.calendar], capture_output=True).returncode == 0


def test_systemd_user_session_is_preferred_and_replaces_a_line(
    run: Any, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installing again with the other scheduler leaves one entry; remove stops the timer and deletes both files."""
    run("schedule", "install", "--agent", "coder")
    monkeypatch.setenv("FAKE_SYSTEMD", "1")
    result = run("schedule", "install", "--agent", "coder", "--at", "03:30")
    assert result.out.startswith("coder\tsystemd\t03:30\t/usr/bin/env ")
    assert "loginctl enable-linger" in result.err
    assert machine.crontab is None
    service, timer = machine.units
    assert (service, timer) == (timer.replace(".timer", ".service"), timer)
    assert machine.told == ["--user daemon-reload", f"--user enable --now {timer}"]
    assert run("schedule", "remove").out == result.out
    assert machine.units == {}
    assert machine.told[2:] == [f"--user disable --now {timer}", "--user daemon-reload"]
    run("schedule", "install", "--agent", "coder")
    run("schedule", "install", "--agent", "coder", "--with", "cron")
    assert machine.units == {}
    assert (machine.crontab or b"").count(b"\n") == 1


def test_dry_run_prints_what_would_be_written(run: Any, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """And writes nothing."""
    result = run("schedule", "install", "--all", "--dry-run")
    assert result.out.startswith("0 * * * * ")
    assert machine.crontab is None
    monkeypatch.setenv("FAKE_SYSTEMD", "1")
    result = run("schedule", "install", "--all", "--dry-run")
    assert "OnCalendar=0/1:00" in result.out
    assert (machine.units, machine.told) == ({}, [])


def test_without_a_scheduler_the_line_to_add_is_said(
    run: Any, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1, with the whole line; a scheduler that was asked for and is not there, too."""
    result = run("schedule", "install", "--all", "--with", "systemd")
    assert (result.code, result.out) == (1, "")
    assert "no systemd user session answers here: add this line by hand" in result.err
    monkeypatch.setenv("PATH", "/nowhere")
    result = run("schedule", "install", "--all")
    assert (result.code, result.out) == (1, "")
    assert re.search(r"neither .* add this line by hand .*: 0 \* \* \* \* .* dream --all --trigger cron # ", result.err)
    assert run("schedule", "remove").code == 0
    monkeypatch.setattr(sys, "platform", "win32")
    result = run("schedule", "install", "--all")
    assert (result.code, "Task Scheduler" in result.err) == (1, True)


def test_crontab_that_cannot_be_read_is_not_taken_for_an_empty_one(
    run: Any, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is anything written where it refuses."""
    machine.crontab = OTHERS
    monkeypatch.setenv("FAKE_DENIED", "1")
    result = run("schedule", "install", "--all")
    assert (result.code, machine.crontab) == (1, OTHERS)
    assert "not allowed to use this program" in result.err
    monkeypatch.delenv("FAKE_DENIED")
    monkeypatch.setenv("FAKE_REFUSES", "1")
    result = run("schedule", "install", "--all")
    assert (result.code, machine.crontab) == (1, OTHERS)
    assert "bad minute" in result.err


def test_timer_that_cannot_be_started_leaves_no_files(
    run: Any, with_systemd: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the error names the other way."""
    monkeypatch.setenv("FAKE_REFUSES", "1")
    result = run("schedule", "install", "--all")
    assert (result.code, with_systemd.units) == (1, {})
    assert "--with cron" in result.err


def test_units_of_others_are_left_alone(run: Any, with_systemd: Machine) -> None:
    """A file of our name that we did not write is neither overwritten nor deleted."""
    run("schedule", "install", "--all")
    (service, _) = with_systemd.units
    path = with_systemd.config / "systemd" / "user" / service
    path.write_text("[Service]\n")
    assert run("schedule", "install", "--all").code == 1
    run("schedule", "remove")
    assert path.read_text() == "[Service]\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--every", "7m"], "--every takes"),
        (["--every", "2d"], "--every takes"),
        (["--every", "30"], "--every takes"),
        (["--at", "24:00"], "not a time of the day"),
        (["--at", "03:30", "--every", "1h"], "exclude each other"),
        (["--all", "--agent", "coder"], "exclude each other"),
        (["--agent", "x; rm -rf /"], "not an agent name"),
        (["--agent", "$(id)"], "not an agent name"),
        (["--home", "a\nb"], "control character"),
    ],
)
def test_wrong_calls_write_nothing(run: Any, machine: Machine, arguments: list[str], said: str) -> None:
    """Exit 2, one line."""
    result = run("schedule", "install", *arguments)
    assert (result.code, result.out, machine.crontab) == (2, "", None)
    assert said in result.err


@pytest.mark.parametrize(
    ("every", "at", "fields", "calendar"),
    [
        (None, None, "0 * * * *", "0/1:00"),
        ("1m", None, "* * * * *", "*:0/1"),
        ("30m", None, "*/30 * * * *", "*:0/30"),
        ("6h", None, "0 */6 * * *", "0/6:00"),
        ("1d", None, "0 3 * * *", "03:00"),
        (None, "3:05", "5 3 * * *", "03:05"),
    ],
)
def test_timing_in_both_forms(every: str | None, at: str | None, fields: str, calendar: str) -> None:
    """The same times for cron and systemd."""
    timing = Timing.of(every, at)
    assert (timing.cron, timing.calendar) == (fields, calendar)


def test_lines_of_others_are_not_ours() -> None:
    """A commented-out line, a comment that names us, a line without a command."""
    name = "elephantasm-dream-12345678"
    for raw in (f"# 0 * * * * elephantasm dream # {name}", f"# {name}", f"0 * * * * # {name}", f"x # {name} y"):
        assert cron.without(raw.encode(), {name}) == raw.encode()
    assert cron.without(f"a\n0 * * * * elephantasm dream # {name}\nb".encode(), {name}) == b"a\nb"
