"""``elephantasm schedule``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from elephantasm_cli.cli.app import NounGroup, new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import print_lines, print_rows, print_text
from elephantasm_cli.errors import UsageError
from elephantasm_cli.services.schedule.schedulers import Scheduler

if TYPE_CHECKING:
    from elephantasm_cli.services.schedule.entry import Installed

app = new_app("Let cron or systemd run dreams, show what is scheduled, and take it back.", cls=NounGroup)
LINGER = "it runs while you are logged in: `loginctl enable-linger` lets it run without a login too"


@command(app, "show")
def show(call: Call, json: JsonOption = False) -> None:
    """Show the dreams of this home that install has scheduled."""
    from elephantasm_cli.services.schedule import schedulers

    entries = schedulers.installed(call.locations)
    if not entries:
        call.say("nothing is scheduled: `elephantasm schedule install` lets dreams run by themselves")
    if json:
        print_rows(map(as_row, entries))
    else:
        print_entries(entries)


@command(app, "install")
def install(
    call: Call,
    all_agents: Annotated[bool, typer.Option("--all", help="Every agent of the home, one after the other.")] = False,
    every: Annotated[
        str | None, typer.Option(help="How often: 30m, 1h, 1d; every hour where nothing is said.", metavar="SPAN")
    ] = None,
    at: Annotated[str | None, typer.Option(help="Once a day at this local time.", metavar="HH:MM")] = None,
    scheduler: Annotated[
        Scheduler | None,
        typer.Option("--with", help="What runs it; unset: systemd if a user session answers, else cron."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be written, and write nothing.")] = False,
) -> None:
    """Let dreams run by the clock: a line in your crontab, or a systemd user timer.

    Installing again replaces the entry of that agent, or that of all agents. A dream that finds too little new stops at
    once, so a short span costs little.
    """
    from elephantasm_cli.config import choose_agent
    from elephantasm_cli.services.schedule import schedulers, systemd
    from elephantasm_cli.services.schedule.entry import Timing, make_entry

    if all_agents and call.agent:
        raise UsageError("--agent and --all exclude each other: give one of them")
    agent = None if all_agents else choose_agent(call.agent, call.settings)
    entry = make_entry(call.locations, agent, Timing.of(every, at), call.home)
    chosen = schedulers.choose(scheduler, entry)
    if dry_run:
        print_text(schedulers.preview(entry, chosen))
        return
    schedulers.install(entry, chosen)
    print_entries([one for one in schedulers.installed(call.locations) if one.name == entry.name])
    if agent is not None and not call.locations.agent_file(agent).exists():
        call.say(f"there is no agent {agent!r} yet: its dreams fail until something is ingested")
    if chosen is Scheduler.SYSTEMD and not systemd.lingers():
        call.say(LINGER)


@command(app, "remove")
def remove(call: Call) -> None:
    """Take back what install wrote for this home, or with --agent for that agent alone; nothing else is touched."""
    from elephantasm_cli.locations import checked_agent_name
    from elephantasm_cli.services.schedule import schedulers

    entries = schedulers.installed(call.locations)
    if call.agent:
        entries = [entry for entry in entries if entry.agent == checked_agent_name(call.agent)]
    schedulers.remove(entries)
    print_entries(entries)
    if not entries:
        call.say("nothing was scheduled")


def as_row(entry: Installed) -> dict[str, Any]:
    """An entry as JSON has it; ``agent`` null means all of the home."""
    from dataclasses import asdict

    return asdict(entry)


def print_entries(entries: list[Installed]) -> None:
    """Entries, a line each: whose dreams, by what, when, the command."""
    lines = ((entry.agent or "(all agents)", entry.scheduler, entry.when, entry.command) for entry in entries)
    print_lines(lines, (20, 8, 14))
