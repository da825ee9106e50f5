"""``elephantasm tui``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, command
from elephantasm_cli.errors import UsageError

app = new_app()


@command(app)
def tui(
    call: Call,
    light: Annotated[bool, typer.Option("--light", help="Begin with the light theme; T changes it.")] = False,
) -> None:
    """Browse it all: what is remembered, why, and put it right.

    Made for the keyboard; ? shows every key. Needs a terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the browser needs a terminal: in a pipe use the list commands, or `why`, with --json")
    from elephantasm_cli.config import choose_agent
    from elephantasm_cli.tui.app import Browser
    from elephantasm_cli.tui.data import Data

    name = choose_agent(call.agent, call.settings)

    Browser(Data(call.opened, call.locations, name), light=light).run()
