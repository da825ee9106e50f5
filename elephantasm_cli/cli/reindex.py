"""``elephantasm reindex``."""

from __future__ import annotations

from typing import Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import print_document
from elephantasm_cli.cli.progress import Bar
from elephantasm_cli.errors import UsageError

app = new_app()


@command(app)
def reindex(
    call: Call,
    model: Annotated[
        str | None,
        typer.Option(help="Change to this embedding model: 'bundled', or 'st:' and a sentence-transformers model."),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Write passages, full text and vectors anew.")] = False,
    json: JsonOption = False,
) -> None:
    """Bring vectors up to date, or change the embedding model."""
    if model is not None and rebuild:
        raise UsageError("--model and --rebuild are two steps: run `elephantasm reindex --rebuild`, then the other")
    with call.writer() as agent, Bar(call, "vectors") as bar:
        if rebuild:
            result = {"passages": agent.rebuild_index(progress=bar)}
        else:
            result = {"vectors": agent.reindex(model=model, progress=bar)}
    if json:
        print_document({"agent": agent.name, **result})
    else:
        print(f"{agent.name}: " + ", ".join(f"{count} {what} made" for what, count in result.items()))
