"""``elephantasm search``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, KnownAtOption, command
from elephantasm_cli.cli.output import print_lines, print_rows, short
from elephantasm_cli.cli.pack import chosen_layers
from elephantasm_cli.errors import UsageError
from elephantasm_cli.vocabulary import State, Trust

if TYPE_CHECKING:
    from elephantasm_cli.recalled import RecalledItem

app = new_app()


class Mode(StrEnum):
    HYBRID = "hybrid"
    LEXICAL = "lexical"
    DENSE = "dense"


@command(app)
def search(
    call: Call,
    query: Annotated[list[str], typer.Argument(help="Words; several arguments are joined by spaces.", metavar="QUERY")],
    mode: Annotated[
        Mode, typer.Option(help="By words and meaning, by words alone, or by meaning alone.")
    ] = Mode.HYBRID,
    layers: Annotated[str | None, typer.Option(help="Only these, separated by commas.", metavar="LAYER,LAYER")] = None,
    session: Annotated[str | None, typer.Option(help="Only events of this session, and what rests on them.")] = None,
    author: Annotated[str | None, typer.Option(help="Only events by this author, and what rests on them.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            help="Only memories, lessons and knowledge of this kind; several times for several.", metavar="KIND"
        ),
    ] = None,
    state: Annotated[
        list[State] | None,
        typer.Option(help="Only derived rows in this state, else those that packs show; several times for several."),
    ] = None,
    trust: Annotated[Trust | None, typer.Option(help="Nothing less trusted than this.")] = None,
    since: Annotated[str | None, typer.Option(help="Only from this time or date on.", metavar="TIME")] = None,
    until: Annotated[
        str | None, typer.Option(help="Only up to this time, or to the end of this date.", metavar="TIME")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many.", metavar="N")] = 10,
    explain: Annotated[bool, typer.Option("--explain", help="With the parts of each score.")] = False,
    known_at: KnownAtOption = None,
    json: JsonOption = False,
) -> None:
    """Find items of any layer."""
    words = " ".join(query)
    if not words.strip():
        raise UsageError("the query is empty: say what to search for, as in `elephantasm search 'deploy script'`")
    with call.reader_at(known_at, index=mode is not Mode.LEXICAL) as agent:
        found = agent.search(
            words,
            mode=mode.value,
            layers=chosen_layers(layers),
            session=session,
            author=author,
            kinds=kind or (),
            states=state or (),
            trust=trust,
            since=since,
            until=until,
            limit=limit,
        )
    if json:
        print_rows(as_row(item) for item in found.items)
    elif not found.items:
        call.say("nothing found that has to do with this")
    else:
        print_lines(
            (
                (
                    short(i.id),
                    f"{i.score:.3f}",
                    i.occurred_at[:10],
                    i.author or i.kind or i.layer,
                    *explained(i, explain),
                    i.text,
                )
                for i in found.items
            ),
            (12, 5, 10, 12, 40) if explain else (12, 5, 10, 12),
        )


def explained(item: RecalledItem, wanted: bool) -> tuple[str, ...]:
    """The parts of the score, largest first."""
    from elephantasm_cli.pack.explain import parts_text

    return (parts_text(item.parts),) if wanted else ()


def as_row(item: RecalledItem) -> dict[str, Any]:
    """A found item as JSON has it."""
    return {**item._asdict(), "parts": dict(item.parts)}
