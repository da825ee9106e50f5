"""``elephantasm pack``."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import print_bytes, short
from elephantasm_cli.errors import UsageError
from elephantasm_cli.vocabulary import Layer, Trust

if TYPE_CHECKING:
    from elephantasm_cli.pack.compile import Pack

app = new_app()


class PackFormat(StrEnum):
    MARKDOWN = "markdown"
    JSON = "json"


@command(app)
def pack(
    call: Call,
    query: Annotated[
        str | None, typer.Option(help="What the agent is about to deal with; without it, what always holds.")
    ] = None,
    query_stdin: Annotated[bool, typer.Option("--query-stdin", help="Read the query from standard input.")] = False,
    budget: Annotated[
        int | None, typer.Option(min=0, metavar="TOKENS", help="Tokens at most, headings included; unset: pack.budget.")
    ] = None,
    format: Annotated[
        PackFormat, typer.Option(help="Text for a prompt, or every line with its score and sources.")
    ] = PackFormat.MARKDOWN,
    as_of: Annotated[
        str | None, typer.Option(help="As if it were then: what had happened by this time or date.", metavar="TIME")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Why each line is in and what was left out: on stderr, or in the JSON.")
    ] = False,
    save: Annotated[bool, typer.Option("--save", help="Keep the pack; see `elephantasm packs`.")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Note what was shown; it counts from the next dream on.")
    ] = False,
    layers: Annotated[str | None, typer.Option(help="Only these, separated by commas.", metavar="LAYER,LAYER")] = None,
    trust: Annotated[Trust | None, typer.Option(help="Nothing less trusted than this.")] = None,
    json: JsonOption = False,
) -> None:
    """Print what to remember now, inside a token budget.

    The same call gives the same bytes for as long as the memory stays the same; the pack alone goes to stdout.
    """
    wanted = chosen_query(query, query_stdin)
    as_json = json or format is PackFormat.JSON
    opened = call.writer() if save or record else call.reader()
    with opened as agent:
        made = agent.pack(
            wanted,
            budget=budget,
            format=(PackFormat.JSON if as_json else PackFormat.MARKDOWN).value,
            as_of=as_of,
            layers=chosen_layers(layers),
            trust=trust,
            explain=explain,
            save=save,
            record=record,
        )
    if made.text:
        print_bytes(made.text)
    elif wanted:
        call.say("nothing here has to do with this")
    else:
        call.say("nothing to remember yet: `elephantasm ingest` what happened, then `elephantasm dream`")
    if save:
        call.say(f"saved as {made.id}")
    if explain and not as_json:
        print_explanation(made)


def chosen_query(query: str | None, from_stdin: bool) -> str | None:
    """The query, from wherever it was to come. Raises UsageError for an empty one."""
    if query is not None and from_stdin:
        raise UsageError("--query and --query-stdin are two ways to say one thing: use one of them")
    if from_stdin:
        query = sys.stdin.buffer.read().decode("utf-8", "replace")
    if query is not None and not query.strip():
        raise UsageError("the query is empty: give it words, or leave it out for what always holds")
    return query


def chosen_layers(names: str | None) -> list[Layer] | None:
    """The layers named. Raises UsageError for one there is not."""
    if names is None:
        return None
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in list(Layer)]
    if unknown or not wanted:
        raise UsageError(f"no layer {unknown[0] if unknown else names!r}: choose from {', '.join(Layer)}")
    return [Layer(name) for name in wanted]


def print_explanation(made: Pack) -> None:
    """Why each line is in the pack and what was left out, on stderr: stdout holds the pack alone."""
    from elephantasm_cli.text.visible import one_line

    print(f"{made.token_count} of {made.budget} tokens by {made.tokenizer}", file=sys.stderr)
    for line in made.lines:
        print(f"in   {line.score:.3f}  {short(line.item_id)}  {one_line(line.reason)}", file=sys.stderr)
    for left in made.left_out:
        print(f"out  {left.score:.3f}  {short(left.item_id)}  {one_line(left.reason)}", file=sys.stderr)
