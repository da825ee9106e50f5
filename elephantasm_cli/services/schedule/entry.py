"""What is to run, and when: one scheduled dream, before a scheduler's own form is given to it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from elephantasm_cli.config import ENVIRONMENT, Settings
from elephantasm_cli.errors import UsageError
from elephantasm_cli.locations import APPLICATION, Locations
from elephantasm_cli.vocabulary import DreamTrigger

PREFIX = f"{APPLICATION}-dream-"
MINUTES = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
HOURS = (1, 2, 3, 4, 6, 8, 12)
DAILY_HOUR = 3
"""When a dream every day runs: at night, local time."""
FOLDERS = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
"""What moves the platform's own folders, and is not set where a scheduler runs a program."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Every so many minutes, or every so many hours, or daily at ``hour``:``minute``, in local time."""

    every_minutes: int | None = None
    every_hours: int | None = None
    hour: int = DAILY_HOUR
    minute: int = 0

    @classmethod
    def of(cls, every: str | None, at: str | None) -> Timing:
        """From ``30m``, ``1h`` or ``1d``, or from ``03:30``; every hour where neither is given. Raises UsageError."""
        if every is not None and at is not None:
            raise UsageError("--every and --at exclude each other: give one of them")
        if at is not None:
            if (time := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)) is None:
                raise UsageError(f"{at!r} is not a time of the day: write it as 03:30")
            return cls(hour=int(time[1]), minute=int(time[2]))
        span = re.fullmatch(r"(\d{1,2})([mhd])", every or "1h")
        if span is not None and span[2] == "m" and int(span[1]) in MINUTES:
            return cls(every_minutes=int(span[1]))
        if span is not None and span[2] == "h" and int(span[1]) in HOURS:
            return cls(every_hours=int(span[1]))
        if every == "1d":
            return cls()
        minutes, hours = (", ".join(map(str, numbers)) for numbers in (MINUTES, HOURS))
        raise UsageError(f"--every takes {minutes} with m, {hours} with h, or 1d, not {every!r}")

    @property
    def cron(self) -> str:
        """The five fields of a crontab line."""
        if self.every_minutes is not None:
            return f"*/{self.every_minutes} * * * *" if self.every_minutes > 1 else "* * * * *"
        if self.every_hours is not None:
            return f"0 */{self.every_hours} * * *" if self.every_hours > 1 else "0 * * * *"
        return f"{self.minute} {self.hour} * * *"

    @property
    def calendar(self) -> str:
        """systemd's OnCalendar."""
        if self.every_minutes is not None:
            return f"*:0/{self.every_minutes}"
        if self.every_hours is not None:
            return f"0/{self.every_hours}:00"
        return f"{self.hour:02}:{self.minute:02}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One scheduled dream. ``agent`` None means all of the home; ``environment`` holds what must be set for it."""

    name: str
    agent: str | None
    timing: Timing
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Installed:
    """An entry as it is found again: where it stands, when it runs (as the scheduler words it) and what."""

    name: str
    agent: str | None
    scheduler: str
    when: str
    command: str
    place: str


def make_entry(locations: Locations, agent: str | None, timing: Timing, home: str | None) -> Entry:
    """A dream of ``agent`` (None: all) by this program, in the home and with the environment that are in force now.

    ``home`` is the one named in the call, if any. Raises UsageError for a path that no line can hold.
    """
    named = home or os.environ.get(ENVIRONMENT + "HOME")
    command = [*this_program(), "--quiet"]
    if named:
        command += ["--home", str(locations.data)]
    command += ["dream", *(["--all"] if agent is None else ["--agent", agent]), "--trigger", DreamTrigger.CRON.value]
    environment = tuple(sorted(carried(os.environ).items()))
    for text in [*command, *(value for _, value in environment)]:
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise UsageError(f"{text!r} holds a control character, which no schedule can carry: choose another path")
    return Entry(entry_name(locations, agent), agent, timing, tuple(command), environment)


def home_prefix(locations: Locations) -> str:
    """What the names of a home's entries begin with."""
    return PREFIX + hashlib.sha256(os.fsencode(locations.data)).hexdigest()[:8]


def entry_name(locations: Locations, agent: str | None) -> str:
    """The one name of a home's entry for ``agent`` (None: for all): a unit's name, and a crontab line's mark."""
    return home_prefix(locations) + ("" if agent is None else f"-{agent}")


def agent_in(name: str, locations: Locations) -> str | None:
    """The agent an entry's name speaks of; None: all."""
    return name.removeprefix(home_prefix(locations)).removeprefix("-") or None


def this_program() -> list[str]:
    """The absolute path of the running ``elephantasm``, else this Python with the module."""
    started = Path(sys.argv[0])
    if started.stem == APPLICATION and (found := shutil.which(started)) is not None:
        return [str(Path(found).absolute())]
    return [sys.executable, "-m", "elephantasm_cli"]


def carried(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the environment changes a dream and would not be there when a scheduler starts it.

    The agent and the home are part of the command instead.
    """
    own = [ENVIRONMENT + name.upper() for name in ("models", *Settings.model_fields) if name != "agent"]
    found = {name: environment[name] for name in (*own, *FOLDERS, "PYTHONPATH") if environment.get(name)}
    return {name: absolute(name, value) for name, value in found.items()}


def absolute(name: str, value: str) -> str:
    """A setting whose value is a path, or several, as it reads from any working directory."""
    if name == "PYTHONPATH":
        return os.pathsep.join(str(Path(part).absolute()) for part in value.split(os.pathsep) if part)
    is_path = name == ENVIRONMENT + "MODELS" or (value.endswith(".gguf") and Path(value).exists())
    return str(Path(value).expanduser().absolute()) if is_path else value
