"""``elephantasm migrate``."""

from __future__ import annotations

from typing import Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, command
from elephantasm_cli.errors import OlderDatabaseError

app = new_app()


@command(app)
def migrate(call: Call, every: Annotated[bool, typer.Option("--all", help="Every agent of the home.")] = False) -> None:
    """Bring a file of an older version up to date, after a backup."""
    from elephantasm_cli.homes import list_agents

    for name in list_agents(call.locations) if every else [None]:
        try:
            with call.reader(name) as agent:
                agent.stats()
                print(f"{agent.name}: up to date")
        except OlderDatabaseError:
            with call.writer(name) as agent:
                agent.stats()
                print(f"{agent.name}: migrated; the backup is beside {agent.path}")
