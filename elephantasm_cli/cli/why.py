"""``elephantasm why``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, IdArgument, JsonOption, command
from elephantasm_cli.cli.output import on_terminal, print_document, show
from elephantasm_cli.text.visible import one_line, visible

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from elephantasm_cli.lineage.trace import Node, Trace

app = new_app()
SHOWN_ABOVE = " (shown above)"
LAYER_STYLES = {"event": "white", "memory": "green", "lesson": "yellow", "knowledge": "cyan", "identity": "magenta"}


@command(app)
def why(
    call: Call,
    item: IdArgument,
    down: Annotated[bool, typer.Option("--down", help="The other way: what came of it.")] = False,
    json: JsonOption = False,
) -> None:
    """Walk a belief back to the words it came from."""
    with call.reader() as agent:
        trace = agent.why(item, down=down)
    if json:
        print_document(trace.to_dict())
    else:
        print_trace(trace)


def print_trace(trace: Trace) -> None:
    """The tree: drawn on a terminal, indented lines in a pipe."""
    if on_terminal():
        show(rich_tree(trace.root))
        return
    for node in trace:
        print(visible(str(node)) + (SHOWN_ABOVE if shown_above(node) else ""))


def shown_above(node: Node) -> bool:
    """Whether the tree below ``node`` stands further up; an event has none."""
    return node.repeated and node.layer != "event"


def rich_tree(node: Node, parent: Tree | None = None) -> Tree:
    """``node`` and everything below it."""
    from rich.tree import Tree

    label = _label(node)
    branch = Tree(label, guide_style="dim") if parent is None else parent.add(label)
    for child in node.children:
        rich_tree(child, branch)
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
