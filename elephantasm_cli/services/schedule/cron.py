"""Scheduled dreams in the user's crontab: one line each, marked at its end; no other line is touched.

The crontab is handled as bytes, so that what others wrote there comes back as it was.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

from elephantasm_cli.errors import ScheduleError
from elephantasm_cli.services.schedule.entry import Entry

NAME = "cron"
FIELDS = 5
EMPTY = (b"no crontab", b"no such file")
"""How `crontab -l` says that there is none yet; any other failure must not be taken for an empty one."""


def usable() -> bool:
    """Whether there is a crontab program."""
    return shutil.which("crontab") is not None


def line(entry: Entry) -> str:
    """The crontab line. What follows the last ``#`` is a comment to the shell and our mark."""
    words = [f"{name}={quoted(value)}" for name, value in entry.environment] + [quoted(word) for word in entry.command]
    return f"{entry.timing.cron} {' '.join(words)} # {entry.name}"


def quoted(text: str) -> str:
    r"""``text`` as one word of a shell, for cron.

    cron makes a line end of ``%`` and takes ``\%`` for the character; the pieces around it are quoted by themselves, so
    that no backslash of a path stands before it.
    """
    return r"\%".join(shlex.quote(piece) if piece else "" for piece in text.split("%")) or "''"


def install(entry: Entry) -> None:
    """Write the entry's line, in place of an earlier one. Raises ScheduleError."""
    before = read()
    kept = without(before, {entry.name})
    if kept and not kept.endswith(b"\n"):
        kept += b"\n"
    after = kept + os.fsencode(line(entry)) + b"\n"
    if after != before:
        write(after)


def remove(names: set[str]) -> None:
    """Take the lines of these entries away. Raises ScheduleError."""
    before = read()
    after = without(before, names)
    if after != before:
        write(after)


def installed(prefix: str) -> list[tuple[str, str, str]]:
    """(name, when, command) of our lines whose name begins with ``prefix``."""
    found = []
    for raw in read().splitlines():
        if (name := mark_of(raw)) is not None and name.startswith(prefix):
            fields = os.fsdecode(raw).split(None, FIELDS)
            found.append((name, " ".join(fields[:FIELDS]), fields[FIELDS].rpartition(" # ")[0]))
    return found


def without(crontab: bytes, names: set[str]) -> bytes:
    """``crontab`` less the lines marked with one of ``names``; every other byte stays."""
    return b"".join(raw for raw in crontab.splitlines(keepends=True) if mark_of(raw) not in names)


def mark_of(raw: bytes) -> str | None:
    """The name at the end of a line of ours; None for any other line, a commented-out one of ours too."""
    before, mark, name = raw.strip().rpartition(b" # ")
    if not mark or before.startswith(b"#") or len(before.split(None, FIELDS)) <= FIELDS:
        return None
    return os.fsdecode(name)


def read() -> bytes:
    """The crontab; empty where there is none. Raises ScheduleError where it cannot be read."""
    done = call("-l")
    if done.returncode == 0:
        return done.stdout
    if any(text in done.stderr.lower() for text in EMPTY):
        return b""
    raise ScheduleError(f"crontab -l failed ({said(done)}): mend that, or say --with systemd")


def write(crontab: bytes) -> None:
    """Make ``crontab`` the user's; an empty one is taken away. Raises ScheduleError."""
    done = call("-", crontab) if crontab else call("-r")
    if done.returncode != 0:
        raise ScheduleError(f"crontab refused the change ({said(done)}): nothing was changed")


def call(argument: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"LC_ALL": "C"}
    return subprocess.run(["crontab", argument], input=given, capture_output=True, check=False, env=environment)


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return " ".join(os.fsdecode(done.stderr).split()) or f"exit {done.returncode}"
