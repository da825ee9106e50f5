"""Why does the agent believe this? A tree from an item down to the words it came from, or up to what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import NotFoundError
from elephantasm_cli.ids import layer_of
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

MAX_DEPTH = 32
WITHDRAWN = "withdrawn"
"""The state shown of what was rejected or undone."""


@dataclass(frozen=True, slots=True)
class Edge:
    """How one item came to rest on another: the act, who did it, with what, and why."""

    transformation_id: str
    transformation_type: str
    job: str
    created_by: str
    created_at: str
    reasoning: str
    model_id: str | None
    prompt_name: str | None
    prompt_sha256: str | None
    parameters: dict[str, Any]
    weight: float
    quote_start: int | None
    quote_end: int | None

    def explained(self) -> list[str]:
        """How and why, a line each: the act, who did it, with which model and prompt, the reason, the parts."""
        lines = [f"{self.transformation_type} by {self.job} ({self.created_by}), {self.transformation_id}"]
        if self.model_id or self.prompt_name:
            prompt = f"prompt {self.prompt_name} {(self.prompt_sha256 or '')[:12]}" if self.prompt_name else ""
            lines.append(
                ", ".join(part for part in (f"model {self.model_id}" if self.model_id else "", prompt) if part)
            )
        if self.reasoning:
            lines.append(f"because {self.reasoning}")
        if self.parameters:
            lines.append(", ".join(f"{name} {shown(value)}" for name, value in sorted(self.parameters.items())))
        return lines


def shown(value: Any) -> str:
    """A value of an act's parameters in a line; parts of a score one after the other."""
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {shown(inner)}" for name, inner in sorted(value.items())) + ")"
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Node:
    """An item in the tree. ``quote`` is the cited span of an event; ``repeated`` marks one expanded further up."""

    id: str
    layer: str
    text: str
    date: str
    depth: int
    state: str | None = None
    author: str | None = None
    session_id: str | None = None
    kind: str | None = None
    score: float | None = None
    quote: str | None = None
    repeated: bool = False
    edge: Edge | None = None
    children: tuple[Node, ...] = field(default=())

    def __str__(self) -> str:
        indent = "  " * self.depth
        if self.layer == Layer.EVENT.value:
            words = self.quote if self.quote is not None else self.text
            return f'{indent}{self.id}  {self.author}, {human_date(self.date)}: "{" ".join(words.split())}"'
        how = f" [{self.edge.transformation_type} by {self.edge.job}]" if self.edge else ""
        state = f" ({self.state})" if self.state and self.state != "active" else ""
        return f"{indent}{self.id}{state}  {' '.join(self.text.split())}{how}"

    def to_dict(self) -> dict[str, Any]:
        """The node and everything below it as plain values."""
        from dataclasses import asdict

        return asdict(self)


@dataclass(frozen=True, slots=True)
class Trace:
    """The tree of one item. Iterating yields its nodes, parents before children."""

    root: Node

    def __iter__(self) -> Iterator[Node]:
        stack = [self.root]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    @property
    def events(self) -> list[Node]:
        """The events reached, each once, in the order they are met."""
        return list({node.id: node for node in self if node.layer == Layer.EVENT.value}.values())

    @property
    def edges(self) -> list[tuple[str, str, Edge]]:
        """(upper id, lower id, edge) of the tree, each pair once, in the order they are met."""
        found: dict[tuple[str, str], tuple[str, str, Edge]] = {}
        for node in self:
            for child in node.children:
                if child.edge is not None:
                    found.setdefault((node.id, child.id), (node.id, child.id, child.edge))
        return list(found.values())

    def to_dict(self) -> dict[str, Any]:
        return self.root.to_dict()


def trace(store: Store, item_id: str, *, down: bool = False) -> Trace:
    """The lineage of ``item_id`` (a full id): what it rests on, or with ``down`` what rests on it.

    Raises NotFoundError for an id that names no event or derived row.
    """
    with store.snapshot():
        return Trace(_Tracer(store, down=down).node(item_id, 0, None, ()))


class _Tracer:
    """Walks lineage once; an item met again is shown but not expanded, so shared sources do not blow the tree up."""

    def __init__(self, store: Store, *, down: bool) -> None:
        self._store = store
        self._down = down
        self._expanded: set[str] = set()
        self._transformations: dict[str, dict[str, Any]] = {}

    def node(self, item_id: str, depth: int, edge: Edge | None, path: tuple[str, ...]) -> Node:
        layer = layer_of(item_id)
        if layer is None:
            raise NotFoundError(f"{item_id} is not part of the lineage: give an id of an event or a derived item")
        values = self._described(layer, item_id, edge)
        repeated = item_id in self._expanded
        children: tuple[Node, ...] = ()
        if not repeated and depth < MAX_DEPTH:
            self._expanded.add(item_id)
            children = tuple(
                self.node(other, depth + 1, next_edge, (*path, item_id))
                for other, next_edge in self._edges(item_id)
                if other not in path and other != item_id
            )
        return Node(
            id=item_id, layer=layer.value, depth=depth, edge=edge, repeated=repeated, children=children, **values
        )

    def _described(self, layer: Layer, item_id: str, edge: Edge | None) -> dict[str, Any]:
        if layer is Layer.EVENT:
            event = self._store.events.find(item_id)
            if event is None:
                return {"text": "(forgotten)", "date": edge.created_at if edge else "", "author": None}
            quote = None
            if edge and edge.quote_start is not None and not self._down:
                quote = event["content"][edge.quote_start : edge.quote_end]
            return {
                "text": event["content"],
                "date": event["occurred_at"],
                "author": event["author"],
                "session_id": event["session_id"],
                "kind": event["event_type"],
                "quote": quote,
            }
        table = TABLES[layer]
        row = self._store.derived.any_state(layer, item_id)
        if row is None and edge is not None:
            return {"text": "(forgotten)", "date": edge.created_at}
        if row is None:
            raise NotFoundError(f"{item_id} is not here any more: `elephantasm log` tells what became of it")
        score = next((row[c] for c in ("confidence", "certainty") if c in row), None)
        kind = next((row[c] for c in ("kind", "pattern_type", "category") if c in row), None)
        return {
            "text": table.text_of(row),
            "date": row[table.date_column],
            "state": WITHDRAWN if row["is_deleted"] else row.get("state"),
            "kind": kind,
            "score": score,
        }

    def _edges(self, item_id: str) -> list[tuple[str, Edge]]:
        rows = self._store.log.edges_from(item_id) if self._down else self._store.log.sources_of(item_id)
        side = "target_id" if self._down else "source_id"
        found: dict[tuple[str, Any, Any], tuple[str, Edge]] = {}
        for row in rows:
            key = (row[side], row["quote_start"], row["quote_end"])
            found.setdefault(key, (row[side], self._edge(row)))
        return list(found.values())

    def _edge(self, row: dict[str, Any]) -> Edge:
        transformation_id = row["transformation_id"]
        if transformation_id not in self._transformations:
            self._transformations[transformation_id] = self._store.log.get(transformation_id)
        act = self._transformations[transformation_id]
        return Edge(
            transformation_id=transformation_id,
            transformation_type=act["transformation_type"],
            job=act["workflow_name"],
            created_by=act["created_by"],
            created_at=act["created_at"],
            reasoning=act["reasoning"],
            model_id=act["model_id"],
            prompt_name=act["prompt_name"],
            prompt_sha256=act["prompt_sha256"],
            parameters=act["parameters"],
            weight=row["weight"],
            quote_start=row["quote_start"],
            quote_end=row["quote_end"],
        )
