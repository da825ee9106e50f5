"""``elephantasm config``."""

from __future__ import annotations

from typing import Annotated

import typer

from elephantasm_cli.cli.app import NounGroup, new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import print_fields, print_lines, print_rows

app = new_app("Show and set settings.", cls=NounGroup)


@command(app, "show")
def show(
    call: Call,
    field: Annotated[
        str | None, typer.Argument(help="Only this setting, or the settings of this section.", metavar="[FIELD]")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show every setting: its value, where the value comes from, and what it means."""
    from elephantasm_cli.config import described_settings

    rows = described_settings(call.locations, field)
    if json:
        print_rows(rows)
    else:
        print_lines(((r["name"], str(r["value"]), r["source"], r["description"]) for r in rows), (28, 20, 12))


@command(app, "set")
def set_setting(
    call: Call,
    field: Annotated[str, typer.Argument(help="Which setting, such as pack.budget.", metavar="FIELD")],
    value: Annotated[str, typer.Argument(help="Its new value.", metavar="VALUE")],
) -> None:
    """Write one setting into the home's config.toml."""
    from elephantasm_cli.config import described_settings, set_value

    set_value(call.locations, field, value)
    print_fields({row["name"]: row["value"] for row in described_settings(call.locations, field)})
