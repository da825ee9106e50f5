"""``elephantasm forget``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from elephantasm_cli.cli.acts import ReasonOption
from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command, complete_id
from elephantasm_cli.cli.output import counted, print_document, print_lines, print_rows, short
from elephantasm_cli.errors import ErasurePendingError, UsageError

if TYPE_CHECKING:
    from elephantasm_cli.acts.proof import Certificate

app = new_app()


@command(app)
def forget(
    call: Call,
    items: Annotated[
        list[str] | None,
        typer.Argument(help="Ids, or their beginnings.", metavar="[ID...]", autocompletion=complete_id),
    ] = None,
    session: Annotated[str | None, typer.Option(help="Every event of this session.")] = None,
    author: Annotated[str | None, typer.Option(help="Every event by this author.")] = None,
    matching: Annotated[
        str | None, typer.Option(help="Everything that holds these words, as they stand.", metavar="WORDS")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be erased; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Bring a pending erasure to its end.")] = False,
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> None:
    """Erase items for good, with proof.

    An item goes with the events it was made of; all that came of those alone goes, and all that would give away what
    only they said: rows, log entries, saved packs, rejected answers, indexes. Every value and every file of the home is
    then searched for it. The same transcript does not bring it back. This cannot be undone.
    """
    if finish:
        finish_pending(call)
        return
    if not items and session is None and author is None and matching is None:
        raise UsageError("forget what? Give ids, --session, --author or --matching")
    chosen: dict[str, Any] = {"session": session, "author": author, "matching": matching}
    with call.writer() as agent:
        if dry_run or not yes:
            listed = agent.forgettable(*(items or ()), **chosen)
            if dry_run:
                show_listed(listed, json=json)
                call.say(f"would erase {counted(len(listed), 'item')}; nothing was changed")
                return
            confirm(call, listed)
        done = agent.forget(*(items or ()), reason=reason, **chosen)
    if json:
        print_document(done.to_dict())
    else:
        print_certificate(done)
    check_complete(done)


def show_listed(listed: list[dict[str, Any]], *, json: bool) -> None:
    """What would be erased, a line each."""
    if json:
        print_rows(listed)
    else:
        print_lines(((short(row["id"]), row["layer"], row["text"]) for row in listed), (12, 9))


def confirm(call: Call, listed: list[dict[str, Any]]) -> None:
    """Ask on stderr. Raises UsageError where nobody can answer, and Exit where the answer is no."""
    if not sys.stdin.isatty():
        raise UsageError("forgetting cannot be undone: look with --dry-run, then say --yes")
    show_listed(listed, json=False)
    print(f"Erase {counted(len(listed), 'item')} for good? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        call.say("nothing was erased")
        raise typer.Exit(1)


def print_certificate(done: Certificate) -> None:
    """What was erased and the proof, a line each."""
    proof = done.proof
    erased = ", ".join(f"{count} {layer}" for layer, count in done.erased.items())
    lines = [
        ("erased", erased),
        ("blanked", f"{done.entries} of the log's entries"),
        ("deleted", counted(len(done.packs), "saved pack")),
        ("cleaned", f"{counted(done.records, 'record')} of dreams, {counted(proof.rejects, 'line')} of rejects"),
        *(("removed", path) for path in proof.removed),
        (
            "searched",
            f"{proof.values} values and {counted(len(proof.files), 'file')} for {proof.needles} words and lines",
        ),
        ("found", "pending" if proof.pending else ", ".join(proof.left) or "nothing"),
        ("log", done.log_chain),
        ("sha256", done.to_dict()["sha256"]),
    ]
    print_lines(lines, (10,))


def check_complete(done: Certificate) -> None:
    """Raise where something is left to do. What other agents of the home hold is said on stderr."""
    for path in done.proof.elsewhere:
        print(f"elephantasm: {path} holds the same words and is not this agent's", file=sys.stderr)
    if done.proof.pending:
        raise ErasurePendingError(
            "erasure pending: it is out of reach, but another process still reads the old pages; "
            "close it, then run `elephantasm forget --finish`"
        )
    if done.proof.left:
        raise ErasurePendingError(f"something is left in {', '.join(done.proof.left)}: report this as a bug")


def finish_pending(call: Call) -> None:
    """Write over the old pages, if nobody reads them any more."""
    with call.writer() as agent:
        if not agent.finish_forgetting():
            raise ErasurePendingError("erasure pending: another process still reads the old pages; close it, try again")
    call.say("nothing is pending: the old pages are written over")
