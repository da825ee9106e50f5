"""``elephantasm verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import counted, print_document, print_lines
from elephantasm_cli.errors import VerificationError

app = new_app()
SHOWN = 20
"""Faults told without --json."""


@command(app)
def verify(
    call: Call,
    deep: Annotated[bool, typer.Option("--deep", help="Also compare the indexes, word by word.")] = False,
    rebuild: Annotated[
        Path | None,
        typer.Option(help="Write the file anew from events and log, here; deep as well.", metavar="FILE"),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Prove that the log and the tables agree.

    Checks the database itself, every event's words and place in the chain, every log entry, that folding the log gives
    the tables back to the last column, that every derived row reaches an event, and the indexes. Exits 4 on a fault.
    A file whose events and log are sound can be rebuilt from them, whatever happened to its derived rows.
    """
    with call.reader() as agent:
        report = agent.verify(deep=deep, rebuild=rebuild)
    if json:
        print_document(report.to_dict())
    else:
        print_lines(((name, f"{count} checked") for name, count in report.checked.items()), (10,))
        print_lines(((fault.check, fault.item, fault.message) for fault in report.faults[:SHOWN]), (10, 24))
    if report.rebuilt:
        call.say(f"rebuilt: {report.rebuilt}; vectors come with `reindex`")
    if report.faults:
        more = f", the first {SHOWN} shown" if len(report.faults) > SHOWN and not json else ""
        raise VerificationError(
            f"{counted(len(report.faults), 'fault')} in {agent.name}{more}: "
            "`elephantasm reindex --rebuild` mends indexes, `verify --rebuild FILE` derived rows; "
            "for anything else restore a backup"
        )
