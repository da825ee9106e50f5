"""``elephantasm pack``."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, KnownAtOption, command, complete_id
from elephantasm_cli.cli.output import counted, print_bytes, short
from elephantasm_cli.errors import UsageError
from elephantasm_cli.vocabulary import Layer, Preset, Trust

if TYPE_CHECKING:
    from elephantasm_cli.pack.contents import Pack

app = new_app()


class PackFormat(StrEnum):
    MARKDOWN = "markdown"
    JSON = "json"
    YAML = "yaml"
    XML = "xml"
    MESSAGES = "messages"


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
        PackFormat,
        typer.Option(help="Text for a prompt; chat messages; or (json) every line with its score and sources."),
    ] = PackFormat.MARKDOWN,
    preset: Annotated[
        Preset | None,
        typer.Option(help="What always holds (no query), only what answers the query, or both."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="A saved pack: a session pack adds to it what changed, a turn leaves out what it shows.",
            metavar="ID",
            autocompletion=complete_id,
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="As if it were then: what had happened by this time or date.", metavar="TIME")
    ] = None,
    known_at: KnownAtOption = None,
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
    if json and format not in (PackFormat.MARKDOWN, PackFormat.JSON):
        raise UsageError(f"--json and --format {format.value} are two formats: use one of them")
    if json:
        format = PackFormat.JSON
    if known_at is not None and (save or record):
        raise UsageError("the past is only looked at: --known-at goes without --save and --record")
    opened = call.writer() if save or record else call.reader_at(known_at, index=wanted is not None)
    with opened as agent:
        made = agent.pack(
            wanted,
            budget=budget,
            format=format.value,
            preset=preset,
            since=since,
            as_of=as_of,
            layers=chosen_layers(layers),
            trust=trust,
            explain=explain,
            save=save,
            record=record,
        )
    if made.text:
        print_bytes(made.text)
    if made.continues:
        say_changes(call, made)
    elif not made.sections and wanted:
        call.say("nothing here has to do with this" + (f" beyond what {short(made.since)} shows" if made.since else ""))
    elif not made.sections:
        call.say("nothing to remember yet: `elephantasm ingest` what happened, then `elephantasm dream`")
    if save:
        call.say(f"saved as {made.id}")
    if explain and format is not PackFormat.JSON:
        print_explanation(made)


def say_changes(call: Call, made: Pack) -> None:
    """Whether all that changed is told."""
    if made.told_until is not None:
        count = counted(len(made.left_out), "change")
        call.say(f"{count} had no room: give a larger --budget, or start anew without --since")
    elif not made.sections:
        call.say(f"nothing changed since {made.since}")


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
    from elephantasm_cli.pack.explain import explanation_lines
    from elephantasm_cli.text.visible import visible

    for line in explanation_lines(made):
        print(visible(line), file=sys.stderr)
