"""``elephantasm restore``."""

from __future__ import annotations

from elephantasm_cli.cli.acts import IdsArgument, ReasonOption, act_on_each
from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command

app = new_app()


@command(app)
def restore(call: Call, items: IdsArgument, reason: ReasonOption = "", json: JsonOption = False) -> None:
    """Bring back items that were rejected, archived or superseded.

    Only the items themselves: `undo` takes back all that an act did.
    """
    with call.writer() as agent:
        act_on_each(call, agent.restore, items, reason, json=json)
