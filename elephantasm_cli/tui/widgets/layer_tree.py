"""The tree at the left: the agent, its layers with their counts and states, and the other screens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from elephantasm_cli.tui.keys import SCREENS
from elephantasm_cli.tui.look import STATE_MARKS, Palette

LAYER_OF_SCREEN = {
    "events": "event",
    "memories": "memory",
    "lessons": "lesson",
    "knowledge": "knowledge",
    "identity": "identity",
}
WIDTH = 19
"""Cells of a label: a leaf has two more than a branch."""
Place = tuple[str, str | None]
"""A screen, and a state its list is limited to."""


class LayerTree(Tree[Place]):
    """Choosing a node shows a screen, or a layer's rows in one state."""

    def __init__(self, *, id: str) -> None:
        super().__init__("", id=id)
        self.auto_expand = False
        self.guide_depth = 2
        self._by_place: dict[Place, TreeNode[Place]] = {}

    def draw(self, agent: str, current: str, counts: Mapping[str, Any], palette: Palette) -> None:
        """Bring labels and states up to date, keeping what is open."""
        self.root.set_label(Text(agent, palette["strong"]))
        self.root.expand()
        states: Mapping[str, Mapping[str, int]] = counts.get("states", {})
        for place, name in enumerate(SCREENS, start=1):
            layer = LAYER_OF_SCREEN.get(name, "")
            branches = layer in ("memory", "lesson", "knowledge")
            label = self._label(
                f"{place} {name}", counts.get(layer), palette, layer, name == current, wide=WIDTH - 2 * branches
            )
            node = self._node((name, None), self.root, label)
            if branches:
                shown = states.get(layer, {})
                for state in STATE_MARKS:
                    if count := shown.get(state):
                        line = self._label(f"{STATE_MARKS[state]} {state}", count, palette, "", False, wide=WIDTH - 2)
                        self._node((name, state), node, line)
                    elif gone := self._by_place.pop((name, state), None):
                        gone.remove()
        self._node(("review", None), self.root, self._label("v review", counts.get("candidates"), palette, "", False))

    def _node(self, place: Place, parent: TreeNode[Place], label: Text) -> TreeNode[Place]:
        if place not in self._by_place:
            before = self._by_place.get(("review", None)) if parent is self.root else None
            self._by_place[place] = parent.add(label, place, before=before, allow_expand=place[1] is None)
            if place[0] not in ("memories", "lessons", "knowledge"):
                self._by_place[place].allow_expand = False
        else:
            self._by_place[place].set_label(label)
        return self._by_place[place]

    def _label(
        self, name: str, count: int | None, palette: Palette, layer: str, current: bool, *, wide: int = WIDTH
    ) -> Text:
        number = "" if count is None else f"{count:,}"
        wide -= len(number) + 1
        text = Text(no_wrap=True)
        text.append(f"{name:<{wide}}", palette[layer or "plain"] if not current else palette["strong"])
        return text.append(f" {number}", palette["dim"])
