"""A lineage as a drawing: Graphviz DOT and Mermaid. Sources stand below what rests on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elephantasm_cli.services.clock import human_date
from elephantasm_cli.text.visible import one_line

if TYPE_CHECKING:
    from elephantasm_cli.lineage.trace import Edge, Node, Trace

WIDEST = 60
"""Characters of a node's words."""
SHAPES = {"event": "note", "memory": "box", "lesson": "box", "knowledge": "box", "identity": "ellipse"}


def to_dot(trace: Trace) -> str:
    """The lineage for ``dot -Tsvg``."""
    lines = ["digraph lineage {", "  rankdir=TB;", '  node [fontname="sans-serif"];']
    for node in unique(trace):
        label = _escaped(f"{node.id[:12]}\n{caption(node)}", {"\\": "\\\\", '"': '\\"'}).replace("\n", "\\n")
        lines.append(f'  "{node.id}" [shape={SHAPES.get(node.layer, "box")}, label="{label}"];')
    for upper, lower, edge in trace.edges:
        lines.append(f'  "{upper}" -> "{lower}" [label="{_how(edge)}"];')
    return "\n".join([*lines, "}"])


def to_mermaid(trace: Trace) -> str:
    """The lineage as a Mermaid flowchart, which Markdown viewers draw."""
    lines = ["flowchart TD"]
    for node in unique(trace):
        label = _escaped(f"{node.id[:12]}<br/>{_markup(caption(node))}", {})
        lines.append(f'  {node.id}["{label}"]')
    for upper, lower, edge in trace.edges:
        lines.append(f"  {upper} -->|{_how(edge)}| {lower}")
    return "\n".join(lines)


def unique(trace: Trace) -> list[Node]:
    """Every node once, in the order they are met."""
    return list({node.id: node for node in reversed(list(trace))}.values())[::-1]


def caption(node: Node) -> str:
    """What a node says, on one line of a drawing."""
    words = one_line(node.quote if node.quote is not None else node.text)
    if node.layer == "event" and node.author:
        words = f"{one_line(node.author)}, {human_date(node.date)}: {words}"
    return words if len(words) <= WIDEST else words[: WIDEST - 1].rstrip() + "…"


def _how(edge: Edge) -> str:
    return _markup(f"{edge.transformation_type} by {edge.job}")


def _escaped(text: str, marks: dict[str, str]) -> str:
    for mark, written in marks.items():
        text = text.replace(mark, written)
    return text


def _markup(text: str) -> str:
    """Text that is no markup of its own: quotation marks, brackets and bars as entities."""
    return "".join(f"#{ord(each)};" if each in '"<>[]{}|#;&' else each for each in text)
