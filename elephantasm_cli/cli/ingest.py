"""``elephantasm ingest``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import counted, print_document
from elephantasm_cli.errors import InputError, UsageError
from elephantasm_cli.vocabulary import Trust

if TYPE_CHECKING:
    from elephantasm_cli.ingest.report import IngestReport
    from elephantasm_cli.ingest.sources import Source

app = new_app()
STANDARD_INPUT = "-"


@command(app)
def ingest(
    call: Call,
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Files or folders; '-' or nothing is standard input.", metavar="[FILE...|-]"),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(help="jsonl, messages, claude-code, text, …; unset: found out from how each input begins."),
    ] = None,
    session: Annotated[str | None, typer.Option(help="For events that name no session.")] = None,
    source: Annotated[str | None, typer.Option(help="Where it comes from, instead of the file's name.")] = None,
    trust: Annotated[Trust | None, typer.Option(help="Who vouches for it, instead of what the roles say.")] = None,
    since: Annotated[str | None, typer.Option(help="Leave out what is older.", metavar="TIME")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if a record was rejected.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and count; write nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Store what happened: files, folders or standard input.

    What is there already is not stored twice, so a transcript can be given again as it grows. No model runs. What
    the summary counts is on disk when it is printed. Records that cannot be read go to a file beside the database.
    """
    from elephantasm_cli.ingest.pipeline import IngestOptions
    from elephantasm_cli.services.clock import parse_time

    options = IngestOptions(
        format=format,
        session=session,
        source=source,
        trust=trust,
        since=parse_time(since) if since else None,
        dry_run=dry_run,
    )
    sources = chosen_sources(files or [])
    with call.writer(create=True) as agent:
        report = agent.ingest_sources(sources, options)
        rejects = agent.locations.rejects_file(agent.name)
    print_document({"agent": agent.name, **report.to_dict()}) if json else print(summary(report, agent.name))
    if report.rejected:
        where = "" if dry_run else f": see {rejects}"
        if strict:
            raise InputError(f"{counted(report.rejected, 'record')} could not be read{where}")
        call.say(f"{counted(report.rejected, 'record')} could not be read{where}")


def chosen_sources(files: list[str]) -> list[Source]:
    """The files, or standard input. Raises UsageError where that would wait for a person to type."""
    from elephantasm_cli.ingest.sources import StreamSource, file_sources

    sources: list[Source] = list(file_sources(file for file in files if file != STANDARD_INPUT))
    if files and STANDARD_INPUT not in files:
        return sources
    if not files and sys.stdin.isatty():
        raise UsageError(
            "nothing to ingest: name a file or folder, or pipe something in (`elephantasm ingest -` to type)"
        )
    return [*sources, StreamSource(sys.stdin.buffer)]


def summary(report: IngestReport, agent: str) -> str:
    """The counts in one line."""
    stored = counted(report.added + report.changed, "event")
    parts = [f"{stored} {'would be ' if report.dry_run else ''}stored"]
    if report.changed:
        parts.append(f"{report.changed} of them new words of a known message")
    if report.duplicates:
        parts.append(f"{report.duplicates} known already")
    skipped = sum(report.skipped.values())
    if skipped:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(report.skipped.items()))
        parts.append(f"{skipped} left out ({reasons})")
    if report.rejected:
        parts.append(f"{report.rejected} rejected")
    return f"{agent}: {', '.join(parts)}; {counted(len(report.sessions), 'session')}"
