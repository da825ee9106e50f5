"""``elephantasm show``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, IdArgument, JsonOption, KnownAtOption, command
from elephantasm_cli.cli.log import print_log
from elephantasm_cli.cli.output import print_document, print_fields, print_text

app = new_app()
TEXTS = ("title", "content", "statement", "disposition_summary", "text")
"""Columns that are shown as text below the fields."""


@command(app)
def show(
    call: Call,
    item: IdArgument,
    history: Annotated[bool, typer.Option("--history", help="With every act that made or changed it.")] = False,
    known_at: KnownAtOption = None,
    json: JsonOption = False,
) -> None:
    """Show one item, dream, pack or log entry."""
    with call.reader_at(known_at) as agent:
        row = agent.show(item)
        acts = agent.history(row["id"]) if history else []
    if json:
        print_document({**row, "history": acts} if history else row)
        return
    print_item(row)
    if history:
        print_text("\nhistory")
        print_log(acts)


def print_item(row: dict[str, Any]) -> None:
    """The fields that are set, then the texts."""
    empty: tuple[Any, ...] = (None, "", {}, [])
    print_fields({name: value for name, value in row.items() if name not in TEXTS and value not in empty})
    for name in TEXTS:
        if row.get(name):
            print_text(f"\n{row[name]}")
