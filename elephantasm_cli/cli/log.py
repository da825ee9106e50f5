"""``elephantasm log``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, LimitOption, NewestOption, command, complete_id
from elephantasm_cli.cli.output import minute, print_lines, print_rows, short
from elephantasm_cli.vocabulary import TransformationType

app = new_app()


@command(app)
def log(
    call: Call,
    dream: Annotated[
        str | None, typer.Option(help="Only of this dream.", metavar="ID", autocompletion=complete_id)
    ] = None,
    item: Annotated[
        str | None, typer.Option(help="Only about this item.", metavar="ID", autocompletion=complete_id)
    ] = None,
    type: Annotated[TransformationType | None, typer.Option(help="Only of this type.")] = None,
    job: Annotated[
        str | None, typer.Option(help="Only by this job or command, such as curate_memories or edit.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Only by dream, or by operator.")] = None,
    model: Annotated[str | None, typer.Option(help="Only with this model.")] = None,
    act: Annotated[
        str | None, typer.Option(help="Only of this act, or of the one that this entry belongs to.", metavar="ID")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only from this time or date on.", metavar="TIME")] = None,
    until: Annotated[
        str | None, typer.Option(help="Only up to this time, or to the end of this date.", metavar="TIME")
    ] = None,
    limit: LimitOption = None,
    newest: NewestOption = False,
    json: JsonOption = False,
) -> None:
    """List the transformation log: every act that made or changed a row."""
    from elephantasm_cli.services.clock import parse_time, parse_time_inclusive

    with call.reader() as agent:
        rows = agent.log(
            act_id=agent.act_of(act) if act else None,
            workflow_name=job,
            created_by=by,
            model_id=model,
            since=parse_time(since) if since else None,
            until=parse_time_inclusive(until) if until else None,
            dream_id=agent.resolve(dream) if dream else None,
            target_id=agent.resolve(item) if item else None,
            transformation_type=type.value if type else None,
            limit=limit,
            newest_first=newest,
        )
    if json:
        print_rows(rows)
    else:
        print_log(rows)


def print_log(rows: Iterable[dict[str, Any]]) -> None:
    """Transformations, a line each: id, time, type, what it made or changed, the job, why."""
    lines = (
        (
            short(r["id"]),
            minute(r["created_at"]),
            r["transformation_type"],
            short(r["target_id"]),
            r["workflow_name"],
            r["reasoning"],
        )
        for r in rows
    )
    print_lines(lines, (12, 16, 13, 12, 21))
