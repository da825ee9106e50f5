"""The main screen: the tree of layers, a list of any length, and the detail of the row under the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Input, Static, Tree

from elephantasm_cli.errors import AgentNotFoundError, ElephantasmError
from elephantasm_cli.store.browse import Order, Wanted
from elephantasm_cli.text.visible import one_line
from elephantasm_cli.tui import details, lists, look
from elephantasm_cli.tui.filters import parse_filter
from elephantasm_cli.tui.look import list_line
from elephantasm_cli.tui.messages import RowChosen, RowHighlighted
from elephantasm_cli.tui.rows import Row
from elephantasm_cli.tui.widgets.layer_tree import LAYER_OF_SCREEN, LayerTree
from elephantasm_cli.tui.widgets.running import RunningDream
from elephantasm_cli.tui.widgets.statistics import StatisticsView
from elephantasm_cli.tui.widgets.virtual_list import NewestFirst, VirtualList
from elephantasm_cli.vocabulary import Layer, Preset, State

if TYPE_CHECKING:
    from elephantasm_cli.pack.contents import Pack
    from elephantasm_cli.tui.app import Browser
from elephantasm_cli.tui.working import start

FIRST_PAGE = 100
PAUSE = 0.05
"""Seconds the cursor rests before the detail follows, and keys before a search begins."""
THINKING = 0.3
"""Seconds without a key before a search by meaning, or a pack, begins."""
PRESETS = (Preset.FULL, Preset.TURN, Preset.SESSION)
STANDING = tuple(state.value for state in State if state not in (State.ARCHIVED, State.SUPERSEDED))


class MainScreen(Screen[None]):
    """Shows one of the eight lists at a time; which one, how filtered and ordered is its state."""

    def __init__(self) -> None:
        super().__init__()
        self.mode = "events"
        self.filters: dict[str, str] = {}
        self.orders: dict[str, Order] = {}
        self.hides_retired = False
        self.shows_detail = True
        self.preset = 0
        self.counts: dict[str, Any] = {}
        self.dream_rows: dict[str, dict[str, Any]] = {}
        self.pack: Pack | None = None
        self._seen_log = -1
        self._places: dict[str, int] = {}

    @property
    def browser(self) -> Browser:
        return cast("Browser", self.app)

    def compose(self) -> ComposeResult:
        yield Static(id="top")
        with Horizontal(id="body"):
            yield LayerTree(id="sidebar")
            with Container(id="panes"):
                with Vertical(id="middle"):
                    yield Input(id="search", classes="line", placeholder="search everything: words, or an id")
                    with Horizontal(id="asking"):
                        yield Input(id="query", classes="line", placeholder="/: what is the agent about to do?")
                        yield Input("1200", id="budget", classes="line", restrict="[0-9]*", max_length=6)
                        yield Static(id="preset")
                    yield RunningDream(id="running")
                    yield VirtualList(self.paint, id="rows")
                with VerticalScroll(id="detail"):
                    yield Static(id="detail-text")
            yield StatisticsView(id="statistics")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.rows.focus()
        self.show("events")

    @property
    def rows(self) -> VirtualList:
        return self.query_one("#rows", VirtualList)

    @property
    def searching(self) -> bool:
        return self.query_one("#search").has_class("open")

    def selected(self) -> Row | None:
        """The row the keys speak of."""
        return None if self.mode == "statistics" else self.rows.row

    def paint(self, row: Row, width: int) -> Text:
        palette = self.browser.palette
        if self.mode == "packs" and not self.searching:
            return lists.pack_line(row, width, palette)
        return list_line(row, width, palette, mixed=self.searching)

    # --- what is shown -----------------------------------------------------------------------------------------------

    def show(self, mode: str) -> None:
        """Go to one of the eight."""
        if self.searching:
            self.close_search()
        self._places[self.mode] = self.rows.cursor
        self.mode = mode
        body = self.query_one("#body")
        for name in ("statistics", "packs"):
            body.set_class(mode == name, name)
        self.draw_top()
        self.draw_tree()
        self.query_one("#statistics" if mode == "statistics" else "#rows").focus()
        self.load()

    def reload(self) -> None:
        """Read anew what is shown, with the cursor where it is."""
        self.load(keep=True)
        self.count()

    def load(self, *, keep: bool = False) -> None:
        start(self, partial(self._load, keep=keep), "load")

    async def _load(self, *, keep: bool) -> None:
        mode, data = self.mode, self.browser.data
        try:
            if not data.exists:
                raise AgentNotFoundError(lists.no_agent(data.name))
            if mode in LAYER_OF_SCREEN:
                await self._load_layer(Layer(LAYER_OF_SCREEN[mode]), keep=keep)
            elif mode == "dreams":
                self.dream_rows = {dream["id"]: dream for dream in await data.dreams()}
                self._fill([lists.dream_row(dream) for dream in self.dream_rows.values()], keep=keep)
            elif mode == "packs":
                await self._load_pack(keep=keep)
            else:
                self.query_one(StatisticsView).draw(await data.statistics(), self.browser.palette)
        except AgentNotFoundError:
            self.rows.empty = lists.no_agent(data.name)
            self.rows.load(())
        except ElephantasmError as error:
            self.rows.empty = one_line(str(error)).replace(": ", ":\n", 1)
            self.rows.load(())
        else:
            if not keep and not self.searching and (place := self._places.get(mode)):
                self.rows.to(place)
        self.draw_top()
        if not self.counts or not keep:
            self.count()

    async def _load_layer(self, layer: Layer, *, keep: bool) -> None:
        data = self.browser.data
        wanted = self.wanted()
        order = self.orders.get(self.mode, Order.NEWEST)

        async def fetch(keys: Sequence[int]) -> dict[int, Row]:
            return await data.rows(layer, keys)

        if not keep:
            first = await data.keys(layer, wanted, order, FIRST_PAGE)
            rows = await data.rows(layer, first)
            self.rows.empty = lists.NO_MATCH if wanted != Wanted() else lists.EMPTY[self.mode]
            self.rows.load(first, fetch, rows=rows)
        self._seen_log = await data.log_seq()
        if layer is Layer.EVENT and order is Order.NEWEST:
            keys: Sequence[int] = NewestFirst(await data.keys(layer, wanted, Order.OLDEST))
        else:
            keys = await data.keys(layer, wanted, order)
        seen = [key for key in self.rows.seen_keys() if isinstance(key, int)]
        self.rows.load(keys, fetch, rows=await data.rows(layer, seen), keep=True)

    def _fill(self, rows: Sequence[Row], *, keep: bool) -> None:
        """Show rows that are all at hand."""
        self.rows.empty = lists.NO_MATCH if self.searching else lists.EMPTY.get(self.mode, "")
        keys = [f"{place} {row.id}" for place, row in enumerate(rows)]
        self.rows.load(keys, rows=dict(zip(keys, rows, strict=True)), keep=keep)

    def wanted(self) -> Wanted:
        """The filter of this list. Raises UsageError for one that cannot be."""
        from dataclasses import replace

        wanted = parse_filter(self.filters.get(self.mode, ""))
        if self.hides_retired and not wanted.states and self.mode in ("memories", "lessons", "knowledge"):
            return replace(wanted, states=STANDING)
        return wanted

    async def follow(self) -> None:
        """Someone has written: show it."""
        if self.searching or self.mode in ("packs", "statistics"):
            self.count()
            return
        data, rows = self.browser.data, self.rows
        newest = self.orders.get(self.mode, Order.NEWEST) is Order.NEWEST
        keys = rows.keys
        growing = keys if self.mode == "events" and newest and isinstance(keys, NewestFirst) and len(keys) else None
        if growing is not None and await data.log_seq() == self._seen_log:
            fresh = await data.new_events(growing[0], self.wanted())
            if rows.keys is keys:
                rows.grow(growing.with_newer(fresh), len(fresh))
            self.draw_top()
            self.count()
        else:
            self.reload()

    def count(self) -> None:
        start(self, self._count, "count")

    async def _count(self) -> None:
        data = self.browser.data
        self.counts = (await self.browser.ask(data.counts()) if data.exists else None) or {}
        self.draw_tree()
        self.draw_top()

    def draw_tree(self) -> None:
        self.query_one(LayerTree).draw(self.browser.data.name, self.mode, self.counts, self.browser.palette)

    def draw_top(self) -> None:
        """The first line: whose memory, what is shown, how filtered, when."""
        palette, data = self.browser.palette, self.browser.data
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(data.name, palette["strong"])
        layer = LAYER_OF_SCREEN.get(self.mode, "dream")
        text.append(" › ", palette["dim"]).append(self.mode, palette[layer])
        if self.searching:
            text.append(f"  search, {len(self.rows.keys)} found", palette["lesson"])
        elif self.mode != "statistics":
            text.append(
                f"  {min(self.rows.cursor + 1, len(self.rows.keys)):,} of {len(self.rows.keys):,}", palette["dim"]
            )
        if self.mode in LAYER_OF_SCREEN and not self.searching:
            order = self.orders.get(self.mode, Order.NEWEST)
            text.append(f"  {order.value}" + (" first" if order is not Order.STRONGEST else ""), palette["dim"])
            if self.hides_retired and self.mode in ("memories", "lessons", "knowledge"):
                text.append("  standing only", palette["dim"])
        if line := self.filters.get(self.mode):
            text.append(f"  filter {one_line(line)}", palette["lesson"])
        if waiting := self.counts.get("candidates"):
            text.append(f"  {waiting} to review: v", palette["lesson"])
        if data.past:
            when = look.moment(data.past) if "T" in data.past else look.day(data.past)
            text.append(f"  as known on {when}", palette["strong"]).append("  esc: now", palette["dim"])
        top = self.query_one("#top", Static)
        top.set_class(data.past is not None, "past")
        top.update(text, layout=False)

    # --- the detail --------------------------------------------------------------------------------------------------

    def on_row_highlighted(self, message: RowHighlighted) -> None:
        self.draw_top()
        start(self, partial(self._draw_detail, message.row), "detail")

    async def _draw_detail(self, row: Row | None) -> None:
        detail = self.query_one("#detail-text", Static)
        palette = self.browser.palette
        if self.mode == "packs" and not self.searching:
            detail.update(lists.pack_text(self.pack, row, palette) if self.pack else "")
            return
        if row is None:
            detail.update("")
            return
        await asyncio.sleep(PAUSE)
        if row.layer == "dream":
            dream = self.dream_rows.get(row.id)
            detail.update(details.dream_text(dream, palette) if dream else "")
        else:
            try:
                item = await self.browser.data.item(row.id)
            except ElephantasmError as error:
                detail.update(Text(one_line(str(error)), palette["dim"]))
                return
            detail.update(details.item_text(item, palette))
        self.query_one("#detail").scroll_home(animate=False)

    def on_row_chosen(self, message: RowChosen) -> None:
        self.browser.open_lineage(message.row)

    def on_tree_node_selected(self, event: Tree.NodeSelected[tuple[str, str | None]]) -> None:
        if event.node.data is None:
            return
        name, state = event.node.data
        if name == "review":
            self.browser.action_review()
            return
        if state is not None:
            self.filters[name] = f"state:{state}"
        elif name == self.mode and event.node.allow_expand:
            event.node.toggle()
        self.show(name)

    # --- searching ---------------------------------------------------------------------------------------------------

    def open_search(self) -> None:
        if self.mode == "statistics":
            self.show("events")
        line = self.query_one("#search", Input)
        if not self.searching:
            self._places[self.mode] = self.rows.cursor
        line.add_class("open")
        line.focus()
        self.query_one("#body").remove_class("packs")
        self.search(line.value)

    def close_search(self) -> None:
        self.query_one("#search").remove_class("open")
        self.query_one("#body").set_class(self.mode == "packs", "packs")
        self.rows.focus()

    def search(self, text: str) -> None:
        start(self, partial(self._search, text), "load")

    async def _search(self, text: str) -> None:
        """What begins like the words typed at once, then what answers them best."""
        if not text.strip():
            self._fill((), keep=False)
            self.rows.empty = "Type: events, memories, lessons, knowledge and identity are searched at once."
            return
        await asyncio.sleep(PAUSE)
        data = self.browser.data
        quick = await self.browser.ask(data.beginning(text)) or []
        self._fill(quick, keep=False)
        await asyncio.sleep(THINKING)
        best = await self.browser.ask(data.found(text)) or []
        known = {row.id for row in best}
        self._fill([*best, *(row for row in quick if row.id not in known)], keep=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "search" and self.searching:
            self.search(event.value)
        elif event.input.id in ("query", "budget") and self.mode == "packs":
            self.load()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.rows.focus()

    # --- packs -------------------------------------------------------------------------------------------------------

    async def _load_pack(self, *, keep: bool) -> None:
        preset = PRESETS[self.preset]
        query = self.query_one("#query", Input).value
        if preset is Preset.FULL and not query.strip():
            preset = Preset.SESSION  # without a question a full pack is what always holds
        self.query_one("#preset", Static).update(f"p: {preset.value}")
        await asyncio.sleep(0 if keep else THINKING)
        if preset is Preset.TURN and not query.strip():
            self.pack = None
            self.rows.empty = "A turn answers a question: /, and type what the agent is about to do."
            self.rows.load(())
            return
        budget = self.query_one("#budget", Input).value
        asked = "" if preset is Preset.SESSION else query
        self.pack = await self.browser.data.pack(asked, int(budget or 0), preset.value)
        self._fill(lists.pack_rows(self.pack), keep=keep)

    def next_preset(self) -> None:
        self.preset = (self.preset + 1) % len(PRESETS)
        self.load()

    # --- back --------------------------------------------------------------------------------------------------------

    def back(self) -> bool:
        """Out of the innermost thing; False where there is none."""
        if self.searching:
            self.close_search()
            self.load()
        elif self.focused is not None and self.focused.id not in ("rows", "statistics"):
            self.query_one("#statistics" if self.mode == "statistics" else "#rows").focus()
        elif self.filters.pop(self.mode, None):
            self.load()
        else:
            return False
        return True
