"""``elephantasm why``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, KnownAtOption, command, complete_id
from elephantasm_cli.cli.output import on_terminal, print_document, print_text, show
from elephantasm_cli.errors import UsageError
from elephantasm_cli.text.visible import one_line, visible

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from elephantasm_cli.lineage.trace import Node, Trace

app = new_app()
SHOWN_ABOVE = " (shown above)"
LAYER_STYLES = {"event": "white", "memory": "green", "lesson": "yellow", "knowledge": "cyan", "identity": "magenta"}


class WhyFormat(StrEnum):
    TREE = "tree"
    JSON = "json"
    DOT = "dot"
    MERMAID = "mermaid"


@command(app)
def why(
    call: Call,
    item: Annotated[
        list[str],
        typer.Argument(
            help="An id, or its beginning; else words, such as a line of a pack.",
            metavar="ID|WORDS",
            autocompletion=complete_id,
        ),
    ],
    down: Annotated[bool, typer.Option("--down", help="The other way: what came of it.")] = False,
    format: Annotated[WhyFormat, typer.Option(help="A tree, plain values, or a drawing.")] = WhyFormat.TREE,
    explain: Annotated[
        bool, typer.Option("--explain", help="With the act behind each step: job, model, prompt, reason, parts.")
    ] = False,
    known_at: KnownAtOption = None,
    json: JsonOption = False,
) -> None:
    """Walk a belief back to the words it came from.

    Words instead of an id mean the item that says them, as a pack shows it.
    """
    if json and format not in (WhyFormat.TREE, WhyFormat.JSON):
        raise UsageError(f"--json and --format {format.value} are two formats: use one of them")
    with call.reader_at(known_at) as agent:
        trace = agent.why(agent.named(" ".join(item)), down=down)
    if json or format is WhyFormat.JSON:
        print_document(trace.to_dict())
    elif format is WhyFormat.TREE:
        print_trace(trace, explain=explain)
    else:
        print_text(drawing(trace, format))


def drawing(trace: Trace, format: WhyFormat) -> str:
    """The trace in a language of drawings."""
    from elephantasm_cli.lineage.drawing import to_dot, to_mermaid

    return to_dot(trace) if format is WhyFormat.DOT else to_mermaid(trace)


def print_trace(trace: Trace, *, explain: bool = False) -> None:
    """The tree: drawn on a terminal, indented lines in a pipe; with ``explain`` the act behind each step below it."""
    if on_terminal():
        show(rich_tree(trace.root, explain=explain))
        return
    for node in trace:
        print(visible(str(node)) + (SHOWN_ABOVE if shown_above(node) else ""))
        if explain and node.edge:
            for line in node.edge.explained():
                print("  " * node.depth + "| " + one_line(line))


def shown_above(node: Node) -> bool:
    """Whether the tree below ``node`` stands further up; an event has none."""
    return node.repeated and node.layer != "event"


def rich_tree(node: Node, parent: Tree | None = None, *, explain: bool = False) -> Tree:
    """``node`` and everything below it."""
    from rich.tree import Tree

    label = _label(node)
    if explain and node.edge:
        for line in node.edge.explained():
            label.append(f"\n{one_line(line)}", style="dim")
    branch = Tree(label, guide_style="dim") if parent is None else parent.add(label)
    for child in node.children:
        rich_tree(child, branch, explain=explain)
    return branch


def _label(node: Node) -> Text:
    from rich.text import Text

    from elephantasm_cli.services.clock import human_date

    label = Text(f"{node.id}  ", style="dim")
    style = LAYER_STYLES.get(node.layer, "white")
    if node.layer == "event":
        words = node.quote if node.quote is not None else node.text
        label.append(f"{one_line(node.author or 'someone')}, {human_date(node.date)}: ", style="dim")
        label.append(f"\u201c{one_line(words)}\u201d", style="italic")
    else:
        label.append(one_line(node.text), style=style)
        if node.state and node.state != "active":
            label.append(f" ({node.state})", style="yellow")
    if node.edge and node.layer != "event":
        label.append(f"  {node.edge.transformation_type} by {node.edge.job}", style="dim")
    if shown_above(node):
        label.append(SHOWN_ABOVE, style="dim")
    return label
