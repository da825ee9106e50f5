"""Scheduled dreams as systemd user timers: a service and a timer each, files of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from elephantasm_cli.errors import ScheduleError
from elephantasm_cli.services.schedule.entry import Entry

NAME = "systemd"
MARK = "# Written by `elephantasm schedule install`; `elephantasm schedule remove` takes it away.\n"
SECONDS = 30
"""How long systemctl may take."""


def usable() -> bool:
    """Whether a systemd user session answers."""
    return shutil.which("systemctl") is not None and call("show-environment").returncode == 0


def lingers() -> bool:
    """Whether this user's timers run without a login as well."""
    name = os.environ.get("USER") or os.environ.get("LOGNAME") or ""
    return bool(name) and Path("/var/lib/systemd/linger", name).exists()


def folder() -> Path:
    """Where systemd looks for a user's own units."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def unit_files(entry: Entry) -> dict[Path, str]:
    """The files of an entry with their text.

    ``env`` starts the program, because systemd expands no variable in what it starts itself: a ``$`` in its path
    could not be written there.
    """
    words = [f"{name}={value}" for name, value in entry.environment] + list(entry.command)
    whose = "all agents" if entry.agent is None else f"agent {entry.agent}"
    service = (
        f"{MARK}[Unit]\nDescription=Elephantasm dreams: {whose}\n\n"
        f"[Service]\nType=oneshot\nNice=10\nExecStart=/usr/bin/env {' '.join(map(quoted, words))}\n"
    )
    timer = (
        f"{MARK}[Unit]\nDescription=Elephantasm dreams: {whose}\n\n"
        f"[Timer]\nOnCalendar={entry.timing.calendar}\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    return {folder() / f"{entry.name}.service": service, folder() / f"{entry.name}.timer": timer}


def quoted(text: str) -> str:
    r"""``text`` as one argument of ExecStart: ``%`` and ``$`` doubled, ``\`` and ``"`` escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def install(entry: Entry) -> None:
    """Write the entry's units and start the timer. Raises ScheduleError, leaving nothing behind."""
    files = unit_files(entry)
    for path in files:
        if path.exists() and not is_ours(path):
            raise ScheduleError(f"{path} is there and not ours: move it away, or say --with cron")
    folder().mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
    for arguments in (("daemon-reload",), ("enable", "--now", f"{entry.name}.timer")):
        done = call(*arguments)
        if done.returncode != 0:
            remove({entry.name})
            raise ScheduleError(f"systemctl --user {' '.join(arguments)} failed ({said(done)}): try --with cron")


def remove(names: set[str]) -> None:
    """Stop these timers and delete their files, those of ours alone."""
    changed = False
    for name in sorted(names):
        files = [path for path in (folder() / f"{name}.timer", folder() / f"{name}.service") if is_ours(path)]
        if not files:
            continue
        changed = True
        if shutil.which("systemctl") is not None:
            call("disable", "--now", f"{name}.timer")
        for path in files:
            path.unlink()
        (folder() / "timers.target.wants" / f"{name}.timer").unlink(missing_ok=True)
    if changed and shutil.which("systemctl") is not None:
        call("daemon-reload")


def installed(prefix: str) -> list[tuple[str, str, str]]:
    """(name, when, command) of our timers whose name begins with ``prefix``."""
    found = []
    for path in sorted(folder().glob(f"{prefix}*.timer")):
        service = path.with_suffix(".service")
        if is_ours(path) and is_ours(service):
            found.append((path.stem, value_of(path, "OnCalendar"), value_of(service, "ExecStart")))
    return found


def value_of(path: Path, name: str) -> str:
    lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    return next((text.partition("=")[2] for text in lines if text.startswith(f"{name}=")), "")


def is_ours(path: Path) -> bool:
    """Whether install wrote this file."""
    return path.is_file() and path.read_text(encoding="utf-8", errors="surrogateescape").startswith(MARK)


def call(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["systemctl", "--user", *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, 1, b"", f"no answer in {SECONDS} s".encode())


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return " ".join(os.fsdecode(done.stderr).split()) or f"exit {done.returncode}"
