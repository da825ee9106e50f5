"""``elephantasm archive``."""

from __future__ import annotations

from elephantasm_cli.cli.acts import IdsArgument, ReasonOption, act_on_each
from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command

app = new_app()


@command(app)
def archive(call: Call, items: IdsArgument, reason: ReasonOption = "", json: JsonOption = False) -> None:
    """Put items away.

    They are not shown, hold nothing up, and do not come back by themselves, unlike what faded into the archive.
    """
    with call.writer() as agent:
        act_on_each(call, agent.archive, items, reason, json=json)
