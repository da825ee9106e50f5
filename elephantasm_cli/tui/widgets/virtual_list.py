"""A list of any length that reads only what is seen: it knows the keys of all rows, and asks for a page at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from elephantasm_cli.tui.messages import RowChosen, RowHighlighted
from elephantasm_cli.tui.rows import Row
from elephantasm_cli.tui.working import start

Fetch = Callable[[Sequence[Any]], Awaitable[Mapping[Any, Row]]]
Paint = Callable[[Row, int], Text]

KEPT_ROWS = 3000
"""Rows kept in memory; the rest of what was seen is read again."""
AROUND = 90
"""Rows read before and after what is seen, so that a page on is there already."""
CURSOR = "▌"


async def nothing(_: Sequence[Any]) -> Mapping[Any, Row]:
    """For lists whose rows are all given."""
    return {}


class VirtualList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of one line. Posts `RowHighlighted` when the cursor moves and `RowChosen` on enter or a double click."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"list--cursor", "list--blurred", "list--waiting", "list--empty"}
    BINDINGS: ClassVar[list[Any]] = []

    cursor = reactive(0)

    def __init__(self, paint: Paint, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._paint = paint
        self._keys: Sequence[Any] = ()
        self._rows: dict[Any, Row | None] = {}
        self._fetch: Fetch = nothing
        self._fetching = False
        self._generation = 0
        self._told: tuple[Any, Row | None] | None = None
        self._base = Style()
        self.empty = ""

    # --- what it shows -----------------------------------------------------------------------------------------------

    def load(
        self,
        keys: Sequence[Any],
        fetch: Fetch = nothing,
        *,
        rows: Mapping[Any, Row] | None = None,
        keep: bool = False,
    ) -> None:
        """Show these keys. ``rows`` are those at hand; the others are fetched when they come into view.

        With ``keep`` the cursor stays on the row it is on, wherever that is now, unless it stands on the first.
        """
        old = self.key if keep and self.cursor else None
        offset = self.cursor - self.scroll_offset.y
        self._generation += 1
        self._keys, self._fetch, self._rows = keys, fetch, dict(rows or {})
        self.virtual_size = Size(0, len(keys))
        place = _place_of(old, keys) if old is not None else None
        if place is None:
            place = min(self.cursor, max(0, len(keys) - 1)) if keep else 0
        self.set_reactive(VirtualList.cursor, place)
        if old is not None:
            self.scroll_to(y=max(0, place - offset), animate=False)
        elif not keep:
            self.scroll_to(y=0, animate=False)
        self._told = None
        self._tell()
        self.refresh()

    def grow(self, keys: Sequence[Any], added: int) -> None:
        """Show ``keys``, which are those shown with ``added`` new ones before them.

        Who looks at the top sees the new ones come; who has gone down keeps what they look at.
        """
        following = self.cursor == 0 and self.scroll_offset.y == 0
        top = self.scroll_offset.y
        self._keys = keys
        self.virtual_size = Size(0, len(keys))
        if not following:
            self.set_reactive(VirtualList.cursor, self.cursor + added)
            self.scroll_to(y=top + added, animate=False)
        self._tell()
        self.refresh()

    @property
    def keys(self) -> Sequence[Any]:
        return self._keys

    @property
    def key(self) -> Hashable | None:
        """The key under the cursor."""
        return self._keys[self.cursor] if 0 <= self.cursor < len(self._keys) else None

    @property
    def row(self) -> Row | None:
        """The row under the cursor, once it has been read."""
        return self._rows.get(self.key)

    def seen_keys(self) -> list[Any]:
        """The keys in view and under the cursor."""
        top = self.scroll_offset.y
        seen = list(self._keys[top : top + max(self.size.height, 1)])
        return seen if self.key is None or self.key in seen else [*seen, self.key]

    @property
    def rows_read(self) -> int:
        """How many rows are in memory."""
        return len(self._rows)

    async def read(self, keys: Sequence[Any]) -> list[Row]:
        """The rows of these keys, in their order, read where they are not at hand; those that are gone left out."""
        missing = [key for key in keys if key not in self._rows]
        found = {**self._rows, **(await self._fetch(missing) if missing else {})}
        return [row for key in keys if (row := found.get(key)) is not None]

    def place(self, item_id: str) -> int | None:
        """Where a row with this id stands, among those read."""
        key = next((key for key, row in self._rows.items() if row is not None and row.id == item_id), None)
        return None if key is None else _place_of(key, self._keys)

    # --- moving ------------------------------------------------------------------------------------------------------

    def validate_cursor(self, value: int) -> int:
        return max(0, min(value, len(self._keys) - 1))

    def watch_cursor(self, before: int | None = None) -> None:
        height = self.scrollable_content_region.height or 1
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self._tell()
        if before is None:
            self.refresh()
        else:
            self.refresh_line(before)
            self.refresh_line(self.cursor)

    def move(self, rows: int) -> None:
        self.cursor += rows

    def page(self, pages: int) -> None:
        self.cursor += pages * max(1, self.scrollable_content_region.height - 1)

    def to(self, place: int) -> None:
        self.cursor = place

    def on_resize(self) -> None:
        self.call_after_refresh(self.watch_cursor)

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is None or place.y + self.scroll_offset.y >= len(self._keys):
            return
        self.cursor = place.y + self.scroll_offset.y
        if event.chain == 2 and self.row is not None:
            self.post_message(RowChosen(self.row))

    def _tell(self) -> None:
        now = (self.key, self.row)
        if now != self._told:
            self._told = now
            self.post_message(RowHighlighted(self.row))
        if self._lacks_near():
            self._need()

    # --- reading -----------------------------------------------------------------------------------------------------

    def _need(self) -> None:
        if not self._fetching and self._fetch is not nothing and self.is_attached:
            self._fetching = True
            start(self, self._read_missing, "rows", alone=False)

    async def _read_missing(self) -> None:
        """Read what is in view and around it, until the view stands still."""
        try:
            while missing := self._missing():
                generation, fetch = self._generation, self._fetch
                found = await fetch(missing)
                if generation == self._generation:
                    self._rows.update({key: found.get(key) for key in missing})
                    self._drop_far()
                    self._tell()
                    self.refresh()
        finally:
            self._fetching = False

    def _near(self, rows: int) -> Sequence[Any]:
        """The keys in view and so many on each side."""
        top = self.scroll_offset.y
        return self._keys[max(0, top - rows) : top + max(self.size.height, 1) + rows]

    def _lacks_near(self) -> bool:
        """Whether a row in view, under the cursor or a page away has not been read."""
        near = self._near(self.size.height)
        ends = (self.key, near[0], near[-1]) if near else (self.key,)
        return any(key is not None and key not in self._rows for key in ends)

    def _missing(self) -> list[Any]:
        """What to read next: what is seen first, then what is around it; nothing where all that is near is there."""
        seen = [key for key in self.seen_keys() if key not in self._rows]
        if not seen and not self._lacks_near():
            return []
        return list(dict.fromkeys([*seen, *(key for key in self._near(AROUND) if key not in self._rows)]))

    def _drop_far(self) -> None:
        if len(self._rows) > KEPT_ROWS:
            near = set(self._near(AROUND))
            self._rows = {key: row for key, row in self._rows.items() if key in near or key == self.key}

    # --- drawing -----------------------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Several lines in one style, which is looked up once."""
        self._base = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        base = self._base
        if not self._keys:
            return self._empty_line(y, width, base)
        place = y + self.scroll_offset.y
        if place >= len(self._keys):
            return Strip.blank(width, base)
        key = self._keys[place]
        on_cursor = place == self.cursor
        if on_cursor:
            base += self.get_component_rich_style("list--cursor" if self.has_focus else "list--blurred")
        if key not in self._rows:
            self.call_later(self._need)
            line = Text("  …", self.get_component_rich_style("list--waiting", partial=True))
        elif (row := self._rows[key]) is None:
            line = Text("  (gone)", self.get_component_rich_style("list--waiting", partial=True))
        else:
            line = self._paint(row, width - 2)
        cells = [Segment(CURSOR + " " if on_cursor else "  "), *line.render(self.app.console)]
        strip = Strip(Segment.apply_style(cells, base))
        return strip.adjust_cell_length(width, base)

    def _empty_line(self, y: int, width: int, base: Style) -> Strip:
        style = self.get_component_rich_style("list--empty", partial=True)
        lines = list(Text(self.empty, style, end="").wrap(self.app.console, max(width - 3, 1)))
        if not 1 <= y <= len(lines):
            return Strip.blank(width, base)
        text = Text("  ", style, end="").append_text(lines[y - 1])
        strip = Strip(Segment.apply_style(text.render(self.app.console), base))
        return strip.adjust_cell_length(width, base)


def _place_of(key: Any, keys: Sequence[Any]) -> int | None:
    try:
        return keys.index(key)
    except ValueError:
        return None


class NewestFirst(Sequence[int]):
    """Ascending keys, seen the other way round: new ones are added at the end of the array without moving the rest."""

    def __init__(self, ascending: Any) -> None:
        self.ascending = ascending

    def __len__(self) -> int:
        return len(self.ascending)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return [self.ascending[-1 - at] for at in range(start, stop, step)]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self.ascending[-1 - place]

    def with_newer(self, ascending: Any) -> NewestFirst:
        """The same with newer keys before them; the arrays share their memory."""
        self.ascending.extend(ascending)
        return self

    def index(self, key: Any, start: int = 0, stop: int | None = None) -> int:
        """Where ``key`` stands, by bisection. Raises ValueError, also for the key of another kind of list."""
        from bisect import bisect_left

        if not isinstance(key, int):
            raise ValueError(key)
        at = bisect_left(self.ascending, key)
        if at < len(self.ascending) and self.ascending[at] == key:
            return len(self.ascending) - 1 - at
        raise ValueError(key)
