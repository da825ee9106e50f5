"""``elephantasm events``."""

from __future__ import annotations

from typing import Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, KnownAtOption, LimitOption, NewestOption, command
from elephantasm_cli.cli.output import minute, print_lines, print_rows, short
from elephantasm_cli.vocabulary import EventType

app = new_app()


@command(app)
def events(
    call: Call,
    session: Annotated[str | None, typer.Option(help="Only this session.")] = None,
    author: Annotated[str | None, typer.Option(help="Only by this author.")] = None,
    type: Annotated[EventType | None, typer.Option(help="Only of this type.")] = None,
    since: Annotated[str | None, typer.Option(help="Only from this time or date on.", metavar="TIME")] = None,
    until: Annotated[
        str | None, typer.Option(help="Only up to this time, or to the end of this date.", metavar="TIME")
    ] = None,
    limit: LimitOption = None,
    newest: NewestOption = False,
    known_at: KnownAtOption = None,
    json: JsonOption = False,
) -> None:
    """List events, verbatim as they were ingested."""
    from elephantasm_cli.services.clock import parse_time, parse_time_inclusive

    with call.reader_at(known_at) as agent:
        rows = agent.events(
            session=session,
            author=author,
            event_type=type.value if type else None,
            since=parse_time(since) if since else None,
            until=parse_time_inclusive(until) if until else None,
            limit=limit,
            newest_first=newest,
        )
        if json:
            print_rows(rows)
        else:
            lines = (
                (short(r["id"]), minute(r["occurred_at"]), r["event_type"], r["author"], r["content"]) for r in rows
            )
            print_lines(lines, (12, 16, 17, 12))
