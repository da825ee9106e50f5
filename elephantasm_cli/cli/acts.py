"""What the commands that correct a memory share: their options, and how an act is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from elephantasm_cli.cli.call import Call, complete_id
from elephantasm_cli.cli.log import print_log
from elephantasm_cli.cli.output import print_rows

if TYPE_CHECKING:
    from elephantasm_cli.acts.context import Act

IdsArgument = Annotated[
    list[str], typer.Argument(help="Ids, or their beginnings.", metavar="ID...", autocompletion=complete_id)
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the log.", metavar="TEXT")]


def act_on_each(call: Call, act: Callable[..., Act], items: Sequence[str], reason: str, *, json: bool) -> None:
    """Do the same to each item, one act each, and tell what came of it."""
    print_acts(call, [act(item, reason=reason) for item in items], json=json)


def print_acts(call: Call, acts: Sequence[Act], *, json: bool) -> None:
    """What acts changed, a line a row as in `log`; with ``json`` one object an act."""
    if json:
        print_rows(act.to_dict() for act in acts)
        return
    for act in acts:
        print_log(act.transformations)
        if act.transformations:
            call.say(f"`elephantasm undo {act.transformations[0]['id']}` takes it back")
        else:
            call.say("nothing had to change")
