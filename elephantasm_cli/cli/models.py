"""``elephantasm models``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from elephantasm_cli.cli.app import NounGroup, new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import print_document, print_fields, print_lines, print_rows
from elephantasm_cli.cli.progress import Download
from elephantasm_cli.errors import ModelFileError, UsageError

if TYPE_CHECKING:
    from elephantasm_cli.services.model_files import ModelListing

app = new_app("List, pull, choose and show models.", cls=NounGroup)


def complete_model(incomplete: str) -> list[str]:
    """Names from the catalog, for shell completion."""
    from elephantasm_cli.services.catalog import read_catalog

    return [entry.name for entry in read_catalog() if entry.name.startswith(incomplete)]


SpecArgument = Annotated[
    str | None,
    typer.Argument(
        help="A catalog name, a path to a .gguf file, or hf:repo/file.gguf.",
        metavar="MODEL",
        autocompletion=complete_model,
    ),
]


@command(app, "list")
def list_all(call: Call, json: JsonOption = False) -> None:
    """List language models: the catalog, then what was fetched from a hub; '*' marks the one in use."""
    from elephantasm_cli.services.model_files import list_models

    listings = [as_row(listing) for listing in [*own_model(call), *list_models(call.locations.models)]]
    if json:
        print_rows(listings)
        return
    print_lines(
        (
            (
                ("* " if row["spec"] == call.settings.llm else "  ") + row["spec"],
                size(row["size"]),
                "here" if row["path"] else "not pulled",
                row["licence"],
                row["description"],
            )
            for row in listings
        ),
        (22, 8, 10, 10),
    )


def own_model(call: Call) -> list[ModelListing]:
    """The model in use where it is a file of the user's own, which no catalog lists."""
    from elephantasm_cli.services import model_files

    spec = call.settings.llm
    if not spec.endswith(".gguf") or spec.startswith(model_files.HUB_PREFIX):
        return []
    try:
        return [model_files.show(spec, call.locations.models)]
    except ModelFileError as error:
        call.say(str(error))
        return []


@command(app, "pull")
def pull(call: Call, model: SpecArgument = None) -> None:
    """Fetch a language model and check it; without a name the one the settings name."""
    from elephantasm_cli.services import model_files
    from elephantasm_cli.services.catalog import default_entry

    chosen = model or (default_entry().name if call.settings.llm.lower() == "off" else call.settings.llm)
    with Download(call, chosen) as progress:
        print(model_files.pull(chosen, call.locations.models, progress=progress))


@command(app, "use")
def use(
    call: Call,
    model: Annotated[
        str,
        typer.Argument(
            help="A model as in `models list`, 'off', or an embedding model.",
            metavar="MODEL",
            autocompletion=complete_model,
        ),
    ],
    embedding: Annotated[
        bool, typer.Option("--embedding", help="It is an embedding model: 'bundled' or 'st:' and a model.")
    ] = False,
) -> None:
    """Choose the language model for dreams, or with --embedding the embedding model of new agents."""
    from elephantasm_cli.config import set_value
    from elephantasm_cli.services import model_files
    from elephantasm_cli.services.catalog import find_entry

    if embedding:
        if model != "bundled" and not model.startswith("st:"):
            raise UsageError(f"{model!r} is no embedding model: write 'bundled', or 'st:' and a model's id or folder")
        set_value(call.locations, "embedding", model)
        call.say("agents there are keep their embedding model until `elephantasm reindex --model`")
    else:
        if model.lower() != "off" and find_entry(model) is None:
            listing = model_files.show(model, call.locations.models)
            model = model if model.startswith(model_files.HUB_PREFIX) else str(listing.path)
        set_value(call.locations, "llm", model)
    print_fields({"embedding" if embedding else "llm": model})


@command(app, "show")
def show(call: Call, model: SpecArgument = None, json: JsonOption = False) -> None:
    """Show a language model: size, licence, checksum, where it is and where it can be had."""
    from elephantasm_cli.services import model_files

    row = as_row(model_files.show(model or call.settings.llm, call.locations.models))
    print_document(row) if json else print_fields({**row, "size": size(row["size"])})


def as_row(listing: ModelListing) -> dict[str, Any]:
    """A listing as JSON has it."""
    from dataclasses import asdict

    row = asdict(listing)
    return {**row, "path": None if row["path"] is None else str(row["path"]), "sources": list(row["sources"])}


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
