"""``elephantasm agents``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from elephantasm_cli.cli.app import NounGroup, new_app
from elephantasm_cli.cli.call import Call, JsonOption, command, complete_agent
from elephantasm_cli.cli.output import counted, print_document, print_fields, print_lines, print_rows
from elephantasm_cli.errors import AgentNotFoundError, ElephantasmError, UsageError

app = new_app("List, create, show, rename and delete agents.", cls=NounGroup)
NameArgument = Annotated[
    str, typer.Argument(help="The agent's name.", metavar="NAME", autocompletion=complete_agent, show_default=False)
]


@command(app, "list")
def list_all(call: Call, json: JsonOption = False) -> None:
    """List the agents of this home."""
    from elephantasm_cli.homes import list_agents

    names = list_agents(call.locations)
    if not names:
        call.say("no agents yet: `elephantasm ingest FILE` makes one, `elephantasm demo` shows how it goes")
    rows = ({"name": name, "file": str(call.locations.agent_file(name))} for name in names)
    if json:
        print_rows(rows)
    else:
        print_lines(((row["name"], row["file"]) for row in rows), (20,))


@command(app, "create")
def create(call: Call, name: NameArgument, json: JsonOption = False) -> None:
    """Create an agent. (The first ingest does it too.)"""
    if call.locations.agent_file(name).exists():
        raise UsageError(f"there is an agent {name!r} already: `elephantasm agents show {name}`")
    with call.writer(name, create=True) as agent:
        row = agent.store.agent.get()
    print_document(row) if json else print(agent.path)


@command(app, "show")
def show(
    call: Call,
    name: Annotated[
        str | None,
        typer.Argument(help="The agent; unset: the one in use.", metavar="[NAME]", autocompletion=complete_agent),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show an agent: its id, embedding model and what is in its file."""
    with call.reader(name) as agent:
        row = {**agent.store.agent.get(), **agent.stats()}
    print_document(row) if json else print_fields(
        {name: value for name, value in row.items() if value not in (None, "", {})}
    )


@command(app, "rename")
def rename(
    call: Call, old: NameArgument, new: Annotated[str, typer.Argument(help="Its new name.", metavar="NEW")]
) -> None:
    """Rename an agent; its id and its memory stay."""
    from elephantasm_cli.homes import rename_agent

    rename_agent(call.locations, old, new)
    print(call.locations.agent_file(new))


@command(app, "delete")
def delete(
    call: Call, name: NameArgument, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Delete an agent's files for good, after asking."""
    from elephantasm_cli.homes import delete_agent

    if not call.locations.agent_file(name).exists():
        raise AgentNotFoundError(f"no agent {name!r}: `elephantasm agents list` shows those there are")
    if not yes:
        confirm_deletion(call, name)
    for path in delete_agent(call.locations, name):
        print(path)


def confirm_deletion(call: Call, name: str) -> None:
    """Ask on stderr. Raises UsageError where nobody can answer, and Exit where the answer is no."""
    if not sys.stdin.isatty():
        raise UsageError(f"deleting {name!r} cannot be undone: say `elephantasm agents delete {name} --yes`")
    try:
        with call.reader(name) as agent:
            held = counted(agent.stats()["events"], "event")
    except ElephantasmError:
        held = "a file that cannot be read"
    print(f"Delete {name!r} ({held}) for good? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        call.say("nothing was deleted")
        raise typer.Exit(1)
