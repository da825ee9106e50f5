"""The root of the command line. A command's module is imported when that command is called, not before."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

PROGRAM = "elephantasm"


class Entry(NamedTuple):
    """One command as `--help` shows it. The module of the same name holds its ``app``."""

    short_help: str
    panel: str


MEMORY, LAYERS, RECORDS, CARE = "Memory", "What is remembered", "What happened to it", "Care"
CORRECTIONS = "Corrections"
COMMANDS: dict[str, Entry] = {
    "ingest": Entry("Store what happened: files, folders or standard input.", MEMORY),
    "dream": Entry("Reflect on what is new: events to memories, lessons, knowledge and identity.", MEMORY),
    "pack": Entry("Print what to remember now, inside a token budget.", MEMORY),
    "search": Entry("Find items of any layer.", MEMORY),
    "why": Entry("Walk a belief back to the words it came from.", MEMORY),
    "tui": Entry("Browse it all: what is remembered, why, and put it right.", MEMORY),
    "note": Entry("Add a note of your own, which outranks any other source.", MEMORY),
    "show": Entry("Show one item, dream, pack or log entry.", LAYERS),
    "events": Entry("List events, verbatim as they were ingested.", LAYERS),
    "memories": Entry("List memories.", LAYERS),
    "lessons": Entry("List lessons, the patterns seen across memories.", LAYERS),
    "knowledge": Entry("List knowledge, the statements held to be true.", LAYERS),
    "identity": Entry("Show the identity, or its versions.", LAYERS),
    "edit": Entry("Put an item in your own words.", CORRECTIONS),
    "approve": Entry("Vouch for items: they are active, and give way to nobody but you.", CORRECTIONS),
    "reject": Entry("Say that items are not so: they leave, and do not come back.", CORRECTIONS),
    "archive": Entry("Put items away.", CORRECTIONS),
    "restore": Entry("Bring back items that were rejected, archived or superseded.", CORRECTIONS),
    "undo": Entry("Take back an act, or all that a dream did.", CORRECTIONS),
    "forget": Entry("Erase items for good, with proof.", CORRECTIONS),
    "log": Entry("List the transformation log: every act that made or changed a row.", RECORDS),
    "dreams": Entry("List and show dreams: runs, jobs, counts.", RECORDS),
    "packs": Entry("List, show and compare saved packs.", RECORDS),
    "agents": Entry("List, create, show, rename and delete agents.", CARE),
    "schedule": Entry("Let cron or systemd run dreams, show what is scheduled, and take it back.", CARE),
    "models": Entry("List, pull, choose, show and score models.", CARE),
    "config": Entry("Show and set settings.", CARE),
    "verify": Entry("Prove that the log and the tables agree.", CARE),
    "reindex": Entry("Bring vectors up to date, or change the embedding model.", CARE),
    "stats": Entry("Count what is in the file.", CARE),
    "migrate": Entry("Bring a file of an older version up to date, after a backup.", CARE),
    "demo": Entry("See the whole path on a sample history, in a throw-away home.", CARE),
}


class LazyGroup(TyperGroup):
    """Imports a command's module when it is called; lists and completes names from the table alone."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if self._listing:
            return TyperCommand(
                cmd_name, help=entry.short_help, short_help=entry.short_help, rich_help_panel=entry.panel
            )
        command = typer.main.get_command(import_module(f"elephantasm_cli.cli.{cmd_name}").app)
        command.name = cmd_name
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] == "why":  # a line of a pack begins with "- ", as no option does
            args = [args[0], *(word.removeprefix("- ") for word in args[1:])]
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f"no command {args[0]!r}" + (f", did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        self._listing = True
        try:
            return super().shell_complete(ctx, incomplete)
        finally:
            self._listing = False


class NounGroup(TyperGroup):
    """A noun with verbs; without one it does its first: ``dreams --json`` is ``dreams list --json``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:
            args = self._verb_first(args)
        return super().parse_args(ctx, args)

    def _verb_first(self, args: list[str]) -> list[str]:
        """``--home X list`` as ``list --home X``: a noun has no options of its own."""
        if args and (not args[0].startswith("-") or args[0] in ("--help", "-h")):
            return args
        place = next((place for place, word in enumerate(args) if word in self.commands), None)
        if place is None:
            return [next(iter(self.commands)), *args]
        return [args[place], *args[:place], *args[place + 1 :]]


def new_app(help: str | None = None, *, cls: type[TyperGroup] | None = None, completion: bool = False) -> typer.Typer:
    """A Typer as every module here uses it: rich help on a terminal only, and tracebacks as Python prints them."""
    return typer.Typer(
        cls=cls,
        help=help,
        add_completion=completion,
        rich_markup_mode="rich" if sys.stdout.isatty() else None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


app = new_app(cls=LazyGroup, completion=True)


def print_version(wanted: bool) -> None:
    """Answer ``--version`` where it stands among other options."""
    if wanted:
        from elephantasm_cli import __version__

        print(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def root(
    agent: Annotated[str | None, typer.Option(help="Whose memory; also after the command.")] = None,
    home: Annotated[str | None, typer.Option(help="Folder of data and settings; also after the command.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Results and errors only; also after the command.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Long-term memory for AI agents: ingest what happened, dream what it means, pack what to remember, ask why."""
