"""``elephantasm undo``."""

from __future__ import annotations

from typing import Annotated

import typer

from elephantasm_cli.cli.acts import ReasonOption
from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command, complete_id
from elephantasm_cli.cli.log import print_log
from elephantasm_cli.cli.output import counted, print_document

app = new_app()


@command(app)
def undo(
    call: Call,
    act: Annotated[
        str,
        typer.Argument(
            help="A transformation, which stands for its whole act, or a dream.",
            metavar="ID",
            autocompletion=complete_id,
        ),
    ],
    cascade: Annotated[bool, typer.Option("--cascade", help="Undo what depends on it too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be undone; change nothing.")] = False,
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> None:
    """Take back an act, or all that a dream did.

    The newest change goes first; a row that was made is withdrawn, and the next dream does not make it again. Where
    later acts depend on it, it is refused without --cascade. An undo is an act as well: undoing it does it again.
    """
    with call.writer() as agent:
        done = agent.undo(act, reason=reason, cascade=cascade, dry_run=dry_run)
    if json:
        print_document(done.to_dict())
        return
    print_log(done.undone)
    if dry_run:
        depend = f", {len(done.dependent)} of them because they depend on it" if done.dependent else ""
        call.say(f"would undo {counted(len(done.undone), 'change')}{depend}; nothing was changed")
    else:
        call.say(f"`elephantasm undo {done.transformations[0]['id']}` does it again")
