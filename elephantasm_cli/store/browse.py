"""Looking through a layer of any length: its keys in order, and the few rows that are seen.

A key is an integer that stays with a row (an event's ``seq``, a derived row's rowid). All keys of a layer are some 8
bytes each, so a list knows its length and every place in it; the rows themselves are read a page at a time. Every read
is fetched to its end: nothing stays open, and no writer waits for whoever looks.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import UsageError
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import Layer, State

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

SHOWN_CHARACTERS = 600
"""So much of a row's text is read for a list."""
PART = 500
"""Keys asked for in one statement."""


class Order(StrEnum):
    """How a list is sorted. ``NEWEST`` and ``OLDEST`` are by when a row came into the file."""

    NEWEST = "newest"
    OLDEST = "oldest"
    STRONGEST = "strongest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to show. ``session`` and ``author`` are of events and of memories made of such an event.

    ``states`` empty means all; ``words`` is a part of the text, in any case; ``since`` and ``until`` are stored times
    of what the row is about, inclusive.
    """

    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    trust: str | None = None
    session: str | None = None
    author: str | None = None
    since: str | None = None
    until: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """How a layer's table answers the questions of a list, as SQL over ``r``."""

    table: str
    key: str
    text: str
    date: str
    kind: str = "''"
    score: str = "NULL"
    state: str = "'active'"
    who: str = "''"
    session: str = "''"
    newest: str = "r.created_at"

    def order(self, order: Order) -> str:
        if order is Order.STRONGEST:
            return f"{self.score} DESC, {self.newest} DESC, {self.key} DESC"
        direction = "DESC" if order is Order.NEWEST else "ASC"
        return f"{self.newest} {direction}, {self.key} {direction}"


SPEAKER = "ifnull(json_extract(r.metadata, '$.speaker'), '')"
LAST_SAID = "ifnull(json_extract(r.metadata, '$.last_said'), r.created_at)"
CLOCK = "ifnull(json_extract(r.metadata, '$.clock'), r.created_at)"
COLUMNS: dict[Layer, Columns] = {
    Layer.EVENT: Columns(
        "events", "r.seq", "r.content", "r.occurred_at", "r.event_type", "r.importance_score",
        who="r.author", session="r.session_id", newest="r.seq",
    ),
    Layer.MEMORY: Columns(
        "memories", "r.rowid", "r.content", "r.time_end", "r.kind", "r.importance_score", "r.state", SPEAKER
    ),
    Layer.LESSON: Columns(
        "lessons", "r.rowid", "r.content", LAST_SAID, "r.pattern_type", "r.confidence", "r.state", SPEAKER
    ),
    Layer.KNOWLEDGE: Columns(
        "knowledge", "r.rowid", "r.statement", "r.valid_from", "r.category", "r.certainty", "r.state", SPEAKER
    ),
    Layer.IDENTITY: Columns(
        "identity", "r.rowid", "r.disposition_summary", CLOCK, "'version ' || r.version", newest="r.version"
    ),
}  # fmt: skip


class Browse:
    """Reads for lists, counts and charts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def version(self) -> int:
        """A number that changes whenever another connection has committed something."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def keys(
        self, layer: Layer, wanted: Wanted | None = None, *, order: Order = Order.NEWEST, limit: int | None = None
    ) -> array[int]:
        """The keys of the live rows that are wanted, in order. Raises UsageError for a filter the layer has not."""
        columns = COLUMNS[layer]
        conditions, values = _conditions(layer, wanted or Wanted())
        sql = (
            f"SELECT {columns.key} FROM {columns.table} r WHERE {' AND '.join(conditions)} "
            f"ORDER BY {columns.order(order)}"
        )
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        return array("q", (row[0] for row in self._connection.execute(sql, values).fetchall()))

    def keys_after(self, key: int, wanted: Wanted | None = None) -> array[int]:
        """The keys of wanted events with a higher ``seq``, ascending: what has come in since."""
        conditions, values = _conditions(Layer.EVENT, wanted or Wanted())
        sql = f"SELECT r.seq FROM events r WHERE r.seq > ? AND {' AND '.join(conditions)} ORDER BY r.seq"
        return array("q", (row[0] for row in self._connection.execute(sql, [key, *values]).fetchall()))

    def rows(self, layer: Layer, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The live rows of these keys, as lists show them: id, text (its beginning), date, kind, score, state, who."""
        columns = COLUMNS[layer]
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(keys), PART):
            part = list(keys[start : start + PART])
            sql = f"{_select(columns)} WHERE r.is_deleted = 0 AND {columns.key} IN ({', '.join('?' * len(part))})"
            for row in self._connection.execute(sql, part).fetchall():
                found[row["key"]] = {"layer": layer.value, **dict(row)}
        return found

    def by_id(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The same of the live rows with these ids, of any layers."""
        from elephantasm_cli.ids import layer_of

        found: dict[str, dict[str, Any]] = {}
        for layer, columns in COLUMNS.items():
            mine = [item_id for item_id in ids if layer_of(item_id) is layer]
            for start in range(0, len(mine), PART):
                part = mine[start : start + PART]
                sql = f"{_select(columns)} WHERE r.is_deleted = 0 AND r.id IN ({', '.join('?' * len(part))})"
                for row in self._connection.execute(sql, part).fetchall():
                    found[row["id"]] = {"layer": layer.value, **dict(row)}
        return found

    def beginning_with(self, words: Sequence[str], *, limit: int = 100) -> list[str]:
        """Ids of the items whose text holds words that begin like these (letters and digits only), newest first."""
        terms = [word for word in words if word.isalnum()]
        if not terms:
            return []
        question = "text : (" + " AND ".join(f'"{term}"*' for term in terms) + ")"
        rows = self._connection.execute(
            "SELECT p.item_id FROM (SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? "
            "ORDER BY rowid DESC LIMIT ?) f JOIN passages p ON p.id = f.rowid ORDER BY p.id DESC",
            (question, 4 * limit),
        ).fetchall()
        return list(dict.fromkeys(str(row[0]) for row in rows))[:limit]

    def counts(self) -> dict[str, int]:
        """Live rows of each layer."""
        return {
            layer.value: int(
                self._connection.execute(f"SELECT count(*) FROM {columns.table} WHERE is_deleted = 0").fetchone()[0]
            )
            for layer, columns in COLUMNS.items()
        }

    def candidates(self) -> int:
        """How many rows wait for a review."""
        return sum(
            int(
                self._connection.execute(
                    f"SELECT count(*) FROM {COLUMNS[layer].table} WHERE is_deleted = 0 AND state = ?",
                    (State.CANDIDATE.value,),
                ).fetchone()[0]
            )
            for layer in TABLES
            if layer is not Layer.IDENTITY
        )

    def days(self, layer: Layer) -> list[tuple[str, int]]:
        """Live rows a day (YYYY-MM-DD) of what they are about, in order; days without any are left out."""
        columns = COLUMNS[layer]
        rows = self._connection.execute(
            f"SELECT substr({columns.date}, 1, 10), count(*) FROM {columns.table} r WHERE r.is_deleted = 0 "
            "GROUP BY 1 ORDER BY 1"
        ).fetchall()
        return [(str(row[0]), int(row[1])) for row in rows]

    def tally(self, column: str, *, limit: int = 8) -> list[tuple[str, int]]:
        """How many live events there are of each value of a column: source, author, trust or event_type; most first."""
        if column not in ("source", "author", "trust", "event_type"):
            raise UsageError(f"no tally of {column!r}")
        rows = self._connection.execute(
            f"SELECT {column}, count(*) FROM events WHERE is_deleted = 0 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
            (limit,),
        ).fetchall()
        return [(str(row[0]), int(row[1])) for row in rows]


def _select(columns: Columns) -> str:
    return (
        f"SELECT {columns.key} AS key, r.id, substr({columns.text}, 1, {SHOWN_CHARACTERS}) AS text, "
        f"{columns.date} AS date, {columns.kind} AS kind, {columns.score} AS score, {columns.state} AS state, "
        f"{columns.who} AS who, {columns.session} AS session, r.trust FROM {columns.table} r"
    )


def _conditions(layer: Layer, wanted: Wanted) -> tuple[list[str], list[Any]]:
    """``wanted`` as SQL. Raises UsageError for what the layer has not."""
    columns = COLUMNS[layer]
    conditions, values = ["r.is_deleted = 0"], list[Any]()
    if wanted.states:
        if layer in (Layer.EVENT, Layer.IDENTITY):
            raise UsageError(f"an {layer.value} has no state")
        conditions.append(f"r.state IN ({', '.join('?' * len(wanted.states))})")
        values += wanted.states
    if wanted.kinds:
        conditions.append(f"{columns.kind} IN ({', '.join('?' * len(wanted.kinds))})")
        values += wanted.kinds
    for condition, value in (
        ("r.trust = ?", wanted.trust),
        (f"{columns.date} >= ?", wanted.since),
        (f"{columns.date} <= ?", wanted.until),
        (f"{columns.text} LIKE ? ESCAPE '\\'", _like(wanted.words)),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    for column, value in (("session_id", wanted.session), ("author", wanted.author)):
        if value is None:
            continue
        if layer is Layer.EVENT:
            conditions.append(f"r.{column} = ?")
        elif layer is Layer.MEMORY:
            conditions.append(
                "EXISTS (SELECT 1 FROM lineage l JOIN events e ON e.id = l.source_id WHERE l.target_id = r.id "
                f"AND l.weight > 0 AND l.is_deleted = 0 AND e.{column} = ?)"
            )
        else:
            raise UsageError("session: and author: are of events and memories")
        values.append(value)
    return conditions, values


def _like(words: str | None) -> str | None:
    """``words`` as a pattern that finds them anywhere."""
    if words is None:
        return None
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
