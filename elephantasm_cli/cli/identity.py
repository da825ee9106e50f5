"""``elephantasm identity``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, KnownAtOption, command
from elephantasm_cli.cli.output import minute, print_document, print_fields, print_lines, print_rows, print_text, short

app = new_app()


@command(app)
def identity(
    call: Call,
    versions: Annotated[bool, typer.Option("--versions", help="List every version, oldest first.")] = False,
    known_at: KnownAtOption = None,
    json: JsonOption = False,
) -> None:
    """Show the identity, or its versions."""
    with call.reader_at(known_at) as agent:
        if versions:
            rows = agent.identity_versions()
            if json:
                print_rows(rows)
            else:
                lines = (
                    (short(r["id"]), f"version {r['version']}", minute(r["created_at"]), r["disposition_summary"])
                    for r in rows
                )
                print_lines(lines, (12, 11, 16))
            return
        current = agent.identity()
        if json:
            print_document(current)
        elif current is None:
            call.say("no identity yet: `elephantasm dream` makes one from what the knowledge says")
        else:
            print_identity(current)


def print_identity(row: dict[str, Any]) -> None:
    """One version for people: the summary, then what it is made of, strongest first."""
    print_fields(
        {"id": row["id"], "version": row["version"], "since": minute(row["created_at"]), "trust": row["trust"]}
    )
    print_text(f"\n{row['disposition_summary']}")
    for name in ("traits", "values", "preferences"):
        if row[name]:
            print_text(f"\n{name}")
            print_fields({f"  {key}": value for key, value in sorted(row[name].items(), key=_strongest_first)})


def _strongest_first(entry: tuple[str, Any]) -> tuple[float, str]:
    return (-entry[1] if isinstance(entry[1], int | float) else 0.0, entry[0])
