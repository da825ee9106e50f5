"""What the lists of memories, lessons and knowledge share: their options and how a row is printed."""

from __future__ import annotations

from typing import Annotated

import typer

from elephantasm_cli.cli.call import Call
from elephantasm_cli.cli.output import minute, print_lines, print_rows, short
from elephantasm_cli.vocabulary import Layer, State

StateOption = Annotated[
    list[State] | None, typer.Option("--state", help="Only in this state; may be given several times.")
]


def print_layer(
    call: Call,
    layer: Layer,
    kind: str,
    *,
    states: list[State] | None,
    limit: int | None,
    newest: bool,
    at: str | None,
    json: bool,
) -> None:
    """The rows of ``layer``, as known ``at`` a time; ``kind`` names the column that says which kind a row is."""
    from elephantasm_cli.store.rows import TABLES

    table = TABLES[layer]
    with call.reader_at(at) as agent:
        wanted = [state.value for state in states] if states else None
        rows = agent.items(layer, states=wanted, limit=limit, newest_first=newest)
        if json:
            print_rows(rows)
        else:
            lines = (
                (short(r["id"]), minute(r[table.date_column])[:10], r["state"], r[kind], table.text_of(r)) for r in rows
            )
            print_lines(lines, (12, 10, 10, 12))
