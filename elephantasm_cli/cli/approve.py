"""``elephantasm approve``."""

from __future__ import annotations

from elephantasm_cli.cli.acts import IdsArgument, ReasonOption, act_on_each
from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command

app = new_app()


@command(app)
def approve(call: Call, items: IdsArgument, reason: ReasonOption = "", json: JsonOption = False) -> None:
    """Vouch for items: they are active, and give way to nobody but you.

    A candidate waits for evidence or for this.
    """
    with call.writer() as agent:
        act_on_each(call, agent.approve, items, reason, json=json)
