"""The lineage of an item: what it rests on down to the words, and what came of it; every step with its act."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static, Tree
from textual.widgets.tree import TreeNode

from elephantasm_cli.text.visible import one_line
from elephantasm_cli.tui import keys, look
from elephantasm_cli.tui.look import Palette, moment, said
from elephantasm_cli.tui.rows import Row

if TYPE_CHECKING:
    from elephantasm_cli.lineage.trace import Node, Trace
    from elephantasm_cli.tui.app import Browser
from elephantasm_cli.tui.working import start

OPENED = 120
"""A lineage of at most so many nodes is opened whole."""
AROUND = 3
CLIPPED = 500
"""Characters shown of a neighbour in the transcript, and of the event itself before and after its quote."""


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the tree: an item, seen down (what it rests on) or up (what came of it)."""

    node: Node
    upward: bool = False


class Part(Static):
    """A piece of the pane of words; when it comes to be of another size, the words are put into the middle again."""

    def on_resize(self) -> None:
        cast("LineageScreen", self.screen).to_words()


class LineageScreen(Screen[None]):
    """A tree that opens both ways, and beside it the act behind a step and the words in their transcript."""

    BINDINGS: ClassVar[list[Any]] = keys.bindings("lineage")

    def __init__(self, item_id: str) -> None:
        super().__init__()
        self.path = [item_id]
        self.around = AROUND
        self.trace: Trace | None = None
        self._shows_words = False
        self._names: dict[str, str] = {}

    @property
    def browser(self) -> Browser:
        return cast("Browser", self.app)

    @property
    def palette(self) -> Palette:
        return self.browser.palette

    def compose(self) -> ComposeResult:
        yield Static(id="crumbs")
        with Container(id="panes"):
            graph: Tree[Place | None] = Tree("", id="graph")
            graph.auto_expand = False
            graph.show_root = True
            yield graph
            with VerticalScroll(id="edge"):
                yield Part(id="act")
                yield Part(id="earlier")
                yield Part(id="target")
                yield Part(id="later")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.graph.focus()
        self.show()

    @property
    def graph(self) -> Tree[Place | None]:
        return cast("Tree[Place | None]", self.query_one("#graph", Tree))

    def selected(self) -> Row | None:
        """The item under the cursor."""
        place = self.graph.cursor_node.data if self.graph.cursor_node else None
        if place is None:
            return None
        node = place.node
        return Row(id=node.id, layer=node.layer, text=words_of(node), date=node.date, state=node.state or "")

    def reload(self) -> None:
        self.show()

    # --- the tree ----------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Draw the lineage of the last item of the path."""
        start(self, partial(self._show, self.path[-1]), "lineage")

    async def _show(self, item_id: str) -> None:
        found = await self.browser.ask(self.browser.data.lineage(item_id))
        if found is None:
            if len(self.path) > 1:
                self.path.pop()
            return
        self.trace, above = found
        graph = self.graph
        graph.clear()
        root = self.trace.root
        self._names[root.id] = one_line(words_of(root))[:24]
        graph.root.set_label(self.label(root))
        graph.root.data = Place(root)
        whole = sum(1 for _ in self.trace) <= OPENED
        self._grow(graph.root, whole=whole)
        if not whole:
            self._open_first(graph.root)
        if above.root.children:
            group = graph.root.add(Text("what came of it", self.palette["dim"]), None, expand=True)
            for child in above.root.children:
                self._add(group, Place(child, upward=True), whole=sum(1 for _ in above) <= OPENED)
        graph.root.expand()
        graph.cursor_line = 0
        self._draw_crumbs()
        self._show_place(graph.root.data)

    def _add(self, parent: TreeNode[Place | None], place: Place, *, whole: bool) -> TreeNode[Place | None]:
        if not place.node.children:
            return parent.add_leaf(self.label(place.node, upward=place.upward), place)
        added = parent.add(self.label(place.node, upward=place.upward), place, expand=whole)
        if whole:
            self._grow(added, whole=True)
        return added

    def _grow(self, node: TreeNode[Place | None], *, whole: bool = False) -> None:
        """Add what is below a node, once."""
        if node.data is not None and not node.children:
            for child in node.data.node.children:
                self._add(node, Place(child, node.data.upward), whole=whole)

    def _open_first(self, node: TreeNode[Place | None]) -> TreeNode[Place | None]:
        """Open the first branch below a node, down to its end."""
        while node.allow_expand:
            self._grow(node)
            if not node.children:
                break
            node.expand()
            node = node.children[0]
        return node

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Place | None]) -> None:
        self._grow(event.node)

    def label(self, node: Node, *, upward: bool = False) -> Text:
        """A node in a line: mark and words, for an event who said it and the quote."""
        palette = self.palette
        text = Text(no_wrap=True)
        if node.layer == "event":
            words = node.quote if node.quote is not None and not upward else node.text
            text.append(f"{look.EVENT_MARKS.get(node.kind or '', '·')} ", palette["event"])
            text.append(f"{one_line(node.author or 'someone')}, {look.day(node.date)}: ", palette["dim"])
            text.append(f"“{one_line(words)[:200]}”", palette["event"])
            return text
        state = node.state or "active"
        text.append(f"{look.STATE_MARKS.get(state, '●')} ", palette[node.layer])
        text.append(f"{node.layer} ", palette[node.layer])
        text.append(one_line(words_of(node))[:200], palette["dim" if state in look.RETIRED else "plain"])
        if node.repeated:
            text.append(" (shown above)", palette["dim"])
        return text

    # --- the step and the words --------------------------------------------------------------------------------------

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Place | None]) -> None:
        self._show_place(event.node.data)

    def _show_place(self, place: Place | None) -> None:
        start(self, partial(self._draw_place, place), "place")

    async def _draw_place(self, place: Place | None) -> None:
        act, earlier, target, later = (
            self.query_one(f"#{name}", Static) for name in ("act", "earlier", "target", "later")
        )
        self._shows_words = False
        if place is None:
            for part in (act, earlier, target, later):
                part.update("")
            return
        act.update(step_text(place, self.palette))
        if place.node.layer != "event":
            for part in (earlier, target, later):
                part.update("")
            self.query_one("#edge").scroll_home(animate=False)
            return
        events = await self.browser.ask(self.browser.data.transcript(place.node.id, self.around)) or []
        at = next((number for number, event in enumerate(events) if event["id"] == place.node.id), None)
        if at is None:
            target.update(Text("(forgotten)", self.palette["dim"]))
            return
        edge = place.node.edge
        quote = (edge.quote_start, edge.quote_end) if edge and not place.upward else (None, None)
        earlier.update(Text("\n").join([said_text(event, self.palette) for event in events[:at]]))
        target.update(quoted_text(events[at], quote, self.palette))
        later.update(Text("\n").join([said_text(event, self.palette) for event in events[at + 1 :]]))
        self._shows_words = True
        self.call_after_refresh(self.to_words)

    def to_words(self) -> None:
        """Put the words of the event under the cursor into the middle of their pane.

        The layout may come after the refresh that was waited for, so every part that changes its size calls this; the
        place is absolute, so that it does not matter how often it is called.
        """
        if self._shows_words and self.is_attached and self.query("#target"):  # the screen may be gone by now
            edge, target = self.query_one("#edge", VerticalScroll), self.query_one("#target", Static)
            region = target.virtual_region
            above = max(0, edge.scrollable_content_region.height - region.height) // 2
            edge.scroll_to(y=region.y - above, animate=False, immediate=True)

    def _draw_crumbs(self) -> None:
        text = Text(no_wrap=True)
        for place, item_id in enumerate(self.path):
            last = place == len(self.path) - 1
            text.append(" › " if place else "", self.palette["dim"])
            text.append(f"{item_id[:8]} {self._names.get(item_id, '')}", self.palette["strong" if last else "dim"])
        self.query_one("#crumbs", Static).update(text)

    # --- keys --------------------------------------------------------------------------------------------------------

    def on_tree_node_selected(self, event: Tree.NodeSelected[Place | None]) -> None:
        if event.node.data is None:
            event.node.toggle()
        else:
            self.jump(event.node.data.node.id)

    def jump(self, item_id: str) -> None:
        """Make another item the root; backspace comes back."""
        if item_id != self.path[-1]:
            self.path.append(item_id)
            self.show()

    def action_crumb(self) -> None:
        if len(self.path) > 1:
            self.path.pop()
            self.show()
        else:
            self.browser.pop_screen()

    def action_fold(self) -> None:
        node = self.graph.cursor_node
        if node is not None and node.allow_expand:
            node.toggle()

    def action_words(self) -> None:
        """To the next quoted words, opening what hides them."""
        graph = self.graph
        start = graph.cursor_node or graph.root
        if start.data is not None and start.data.node.layer != "event" and not start.data.upward:
            found = self._open_first(start)
            if found.data is not None and found.data.node.layer == "event":
                graph.call_after_refresh(graph.move_cursor, found)
                return
        lines = [node for at in range(graph.last_line + 1) if (node := graph.get_node_at_line(at)) is not None]
        after = [*lines[start.line + 1 :], *lines[: start.line + 1]]
        found_below = next((node for node in after if node.data is not None and node.data.node.layer == "event"), None)
        if found_below is not None:
            graph.move_cursor(found_below)

    def action_more(self, events: int) -> None:
        self.around = max(0, min(40, self.around + events))
        node = self.graph.cursor_node
        self._show_place(node.data if node else None)


def words_of(node: Node) -> str:
    """What an item says; a lesson without its title, which is for programs."""
    return node.text.partition("\n")[2] or node.text if node.layer == "lesson" else node.text


def step_text(place: Place, palette: Palette) -> Text:
    """The item at a place and the act by which it came to stand there: who, with what, why, how sure."""
    node, edge = place.node, place.node.edge
    text = Text()
    text.append(node.layer, palette[node.layer])
    text.append(f" · {one_line(node.kind)}" if node.kind else "", palette["dim"])
    if node.state:
        text.append(f" · {look.STATE_MARKS.get(node.state, '·')} {node.state}", palette["dim"])
    if node.score is not None:
        text.append(f" · confidence {look.number(node.score)}", palette["dim"])
    text.append(f" · {moment(node.date)}\n" if node.date else "\n", palette["dim"])
    if node.layer != "event":
        text.append(f"{said(words_of(node))}\n", palette["strong"])
    text.append(f"{node.id}\n", palette["dim"])
    if edge is not None:
        text.append("\n")
        text.append_text(look.heading("What came of it" if place.upward else "How it came to rest on this", palette))
        text.append(f"\n{moment(edge.created_at)}, weight {look.number(edge.weight)}\n", palette["dim"])
        if not edge.model_id:
            text.append("no model: by rule\n" if edge.created_by != "operator" else "by you\n", palette["dim"])
        for line in edge.explained():
            text.append(f"{one_line(line)}\n")
    return text


def said_text(event: dict[str, Any], palette: Palette) -> Text:
    """A neighbour in the transcript."""
    text = Text("\n")
    text.append(f"{one_line(event['author'])}, {moment(event['occurred_at'])}\n", palette["dim"])
    words = event["content"]
    return text.append(said(words[:CLIPPED]) + (" …" if len(words) > CLIPPED else ""), palette["dim"])


def quoted_text(event: dict[str, Any], quote: tuple[int | None, int | None], palette: Palette) -> Text:
    """The event itself, with the quoted span marked; a long one is cut around it."""
    content, (start, end) = event["content"], quote
    text = Text("\n")
    text.append(f"▌ {one_line(event['author'])}, {moment(event['occurred_at'])}\n", palette["strong"])
    if start is None or end is None:
        return text.append(said(content[: 4 * CLIPPED]) + (" …" if len(content) > 4 * CLIPPED else ""))
    first, last = max(0, start - CLIPPED), min(len(content), end + CLIPPED)
    text.append(("… " if first else "") + said(content[first:start]))
    text.append(said(content[start:end]), palette["quote"])
    return text.append(said(content[end:last]) + (" …" if last < len(content) else ""))
