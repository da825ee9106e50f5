"""Which scheduler runs dreams here, and what install, show and remove do with it."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from types import ModuleType

from elephantasm_cli.errors import ScheduleError
from elephantasm_cli.locations import Locations
from elephantasm_cli.services.schedule import cron, systemd
from elephantasm_cli.services.schedule.entry import Entry, Installed, agent_in, home_prefix


class Scheduler(StrEnum):
    CRON = cron.NAME
    SYSTEMD = systemd.NAME


MODULES: dict[Scheduler, ModuleType] = {Scheduler.CRON: cron, Scheduler.SYSTEMD: systemd}


def choose(wanted: Scheduler | None, entry: Entry) -> Scheduler:
    """``wanted`` if it is usable; where None, systemd's user session, else cron. Raises ScheduleError with the line."""
    if sys.platform == "win32":
        import subprocess

        raise ScheduleError(
            "schedules are written for cron and systemd: on Windows let the Task Scheduler run "
            f"{subprocess.list2cmdline(entry.command)}"
        )
    for scheduler in (Scheduler.SYSTEMD, Scheduler.CRON):
        if wanted in (None, scheduler) and MODULES[scheduler].usable():
            return scheduler
    missing = {
        None: "neither a systemd user session nor crontab is here",
        Scheduler.CRON: "there is no crontab program here",
        Scheduler.SYSTEMD: "no systemd user session answers here",
    }
    raise ScheduleError(
        f"{missing[wanted]}: add this line by hand to what runs things by the clock: {cron.line(entry)}"
    )


def preview(entry: Entry, scheduler: Scheduler) -> str:
    """What `install` would write, as text."""
    if scheduler is Scheduler.CRON:
        return cron.line(entry) + "\n"
    return "\n".join(f"# {path}\n{text}" for path, text in systemd.unit_files(entry).items())


def install(entry: Entry, scheduler: Scheduler) -> None:
    """Write the entry for one scheduler, and take it from the other. Raises ScheduleError."""
    MODULES[scheduler].install(entry)
    if scheduler is Scheduler.CRON:
        systemd.remove({entry.name})
    elif cron.usable():
        cron.remove({entry.name})


def installed(locations: Locations) -> list[Installed]:
    """The entries of a home, wherever they stand, by name."""
    found = []
    for scheduler, module in MODULES.items():
        if scheduler is Scheduler.CRON and not cron.usable():
            continue
        for name, when, command in module.installed(home_prefix(locations)):
            place = "crontab" if scheduler is Scheduler.CRON else str(Path(systemd.folder(), f"{name}.timer"))
            found.append(Installed(name, agent_in(name, locations), scheduler.value, when, command, place))
    return sorted(found, key=lambda entry: (entry.name, entry.scheduler))


def remove(entries: list[Installed]) -> None:
    """Take these entries away. Raises ScheduleError."""
    for scheduler, module in MODULES.items():
        if names := {entry.name for entry in entries if entry.scheduler == scheduler.value}:
            module.remove(names)
