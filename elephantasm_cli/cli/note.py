"""``elephantasm note``."""

from __future__ import annotations

from typing import Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import print_document

app = new_app()


@command(app)
def note(
    call: Call,
    text: Annotated[
        list[str], typer.Argument(help="The words; several arguments are joined by spaces.", metavar="TEXT")
    ],
    json: JsonOption = False,
) -> None:
    """Add a note of your own, which outranks any other source."""
    with call.writer(create=True) as agent:
        event_id = agent.note(" ".join(text))
        if json:
            print_document(agent.show(event_id))
        else:
            print(event_id)
