"""``elephantasm reject``."""

from __future__ import annotations

from elephantasm_cli.cli.acts import IdsArgument, ReasonOption, act_on_each
from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command

app = new_app()


@command(app)
def reject(call: Call, items: IdsArgument, reason: ReasonOption = "", json: JsonOption = False) -> None:
    """Say that items are not so: they leave, and do not come back.

    What else says the same leaves too; what rested on them alone waits as a candidate or is archived; what had given
    way to them holds again. A tombstone keeps the statement and its paraphrases away, also when the same transcript is
    ingested again. The words stay in the events: `forget` erases them.
    """
    with call.writer() as agent:
        act_on_each(call, agent.reject, items, reason, json=json)
