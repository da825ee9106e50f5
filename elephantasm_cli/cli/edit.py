"""``elephantasm edit``."""

from __future__ import annotations

from typing import Annotated

import typer

from elephantasm_cli.cli.acts import ReasonOption, print_acts
from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, IdArgument, JsonOption, command

app = new_app()


@command(app)
def edit(
    call: Call,
    item: IdArgument,
    text: Annotated[
        list[str], typer.Argument(help="What it should say; several arguments are joined by spaces.", metavar="TEXT")
    ],
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> None:
    """Put an item in your own words.

    Your words become an event of yours, and a new item that rests on it takes the place of the old one. What else said
    the old statement gives way too, what rested on it is looked at again, and the old statement does not come back.
    """
    with call.writer() as agent:
        print_acts(call, [agent.edit(item, " ".join(text), reason=reason)], json=json)
