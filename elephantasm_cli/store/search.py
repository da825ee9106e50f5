"""What may be seen of the passages and derived rows, and the facts about them that ranking needs.

The indexes of words and vectors know neither layers nor events, so what they find is told apart here: events cannot
crowd out the derived rows, and what may not be seen (`Visibility`) never takes a place in a list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import CONTEXT_SUPPORT, LIVE_STATES, Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

Key = TypeVar("Key")
BATCH = 500
_PEOPLE = "is_deleted = 0 AND trust <> 'tool'"


@dataclass(frozen=True, slots=True)
class Visibility:
    """What a search may see. ``as_of``, ``since`` and ``until`` are stored times, inclusive; empty tuples allow all.

    Of events: time, session, author, trust. Of derived rows: time, trust, kind (a lesson's pattern type, knowledge's
    category), and a session or an author of an event that they rest on. Without ``states`` theirs are the ones a pack
    may show, and a superseded row still shows where it was valid at ``as_of``; with ``states`` those alone.
    """

    as_of: str
    since: str | None = None
    until: str | None = None
    sessions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    trust: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The last instant that can be seen."""
        return min(self.as_of, self.until) if self.until is not None else self.as_of


class EventPassage(NamedTuple):
    """One passage of an event with what its event says of it; ``text`` is the event's ``[start:end]``."""

    passage_id: int
    item_id: str
    ordinal: int
    start: int
    end: int
    seq: int
    session_id: str
    event_type: str
    role: str
    author: str
    occurred_at: str
    trust: str
    text: str


class PassageSearch:
    """Reads of passages, events and derived rows; the caller holds ``store.snapshot()``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def people(self) -> list[str]:
        """The authors of all events but tools' output, sorted: a walk over an index, one step an author."""
        rows = self._connection.execute(
            "WITH RECURSIVE next (author) AS ("
            f"SELECT min(author) FROM events WHERE {_PEOPLE} UNION ALL "
            f"SELECT (SELECT min(author) FROM events WHERE {_PEOPLE} AND author > next.author) FROM next "
            "WHERE next.author IS NOT NULL) SELECT author FROM next WHERE author IS NOT NULL"
        )
        return [str(row[0]) for row in rows]

    def event_passages(self, passage_ids: Iterable[int], visibility: Visibility) -> dict[int, EventPassage]:
        """The visible event passages among ``passage_ids``, by id."""
        condition, values = _event_condition(visibility)
        found: dict[int, EventPassage] = {}
        for part in _batches(passage_ids):
            for row in self._connection.execute(
                "SELECT p.id, p.item_id, p.ordinal, p.char_start, p.char_end, e.seq, e.session_id, e.event_type, "
                "e.role, e.author, e.occurred_at, e.trust, "
                "substr(e.content, p.char_start + 1, p.char_end - p.char_start) "
                f"FROM passages p JOIN events e ON e.id = p.item_id WHERE p.id IN ({_marks(part)}) AND {condition}",
                [*part, *values],
            ):
                found[row[0]] = EventPassage._make(row)
        return found

    def first_events(self, ranked: Iterable[int], visibility: Visibility, limit: int) -> dict[int, EventPassage]:
        """The first ``limit`` visible event passages of a ranked list, in its order."""
        found: dict[int, EventPassage] = {}
        for part in _batches(ranked):
            seen = self.event_passages(part, visibility)
            for passage_id in part:
                if passage_id in seen:
                    found[passage_id] = seen[passage_id]
                    if len(found) == limit:
                        return found
        return found

    def visible_among(self, passage_ids: Sequence[int], visibility: Visibility) -> frozenset[int]:
        """Those of ``passage_ids`` that are passages of events and can be seen."""
        condition, values = _event_condition(visibility)
        rows = self._connection.execute(
            "SELECT p.id FROM passages p JOIN events e ON e.id = p.item_id "
            f"WHERE p.id IN (SELECT value FROM json_each(?)) AND {condition}",
            [json.dumps(list(passage_ids)), *values],
        )
        return frozenset(int(row[0]) for row in rows)

    def visible_event_passage_ids(self, visibility: Visibility) -> frozenset[int]:
        """The ids of all event passages that can be seen."""
        condition, values = _event_condition(visibility)
        rows = self._connection.execute(
            f"SELECT p.id FROM events e JOIN passages p ON p.item_id = e.id WHERE {condition}", values
        )
        return frozenset(int(row[0]) for row in rows)

    def neighbour_ids(self, passage: EventPassage) -> tuple[int | None, int | None]:
        """The passages before and after ``passage`` in its session (of the same event, else of the next one)."""
        before = self._connection.execute(
            "SELECT p.id FROM passages p WHERE p.item_id = ? AND p.ordinal = ? UNION ALL SELECT * FROM ("
            "SELECT p.id FROM events e JOIN passages p ON p.item_id = e.id WHERE e.session_id = ? AND e.seq < ? "
            "AND e.is_deleted = 0 ORDER BY e.seq DESC, p.ordinal DESC LIMIT 1) LIMIT 1",
            (passage.item_id, passage.ordinal - 1, passage.session_id, passage.seq),
        ).fetchone()
        after = self._connection.execute(
            "SELECT p.id FROM passages p WHERE p.item_id = ? AND p.ordinal = ? UNION ALL SELECT * FROM ("
            "SELECT p.id FROM events e JOIN passages p ON p.item_id = e.id WHERE e.session_id = ? AND e.seq > ? "
            "AND e.is_deleted = 0 ORDER BY e.seq, p.ordinal LIMIT 1) LIMIT 1",
            (passage.item_id, passage.ordinal + 1, passage.session_id, passage.seq),
        ).fetchone()
        return (int(before[0]) if before else None, int(after[0]) if after else None)

    def newest_events(self, visibility: Visibility, limit: int) -> list[EventPassage]:
        """The newest visible event passages, newest first: what a pack without a question quotes."""
        condition, values = _event_condition(visibility)
        ids = [
            int(row[0])
            for row in self._connection.execute(
                "SELECT p.id FROM events e INDEXED BY events_occurred JOIN passages p ON p.item_id = e.id "
                f"WHERE {condition} ORDER BY e.occurred_at DESC, e.seq DESC, p.ordinal DESC LIMIT ?",
                [*values, limit],
            )
        ]
        found = self.event_passages(ids, visibility)
        return [found[passage_id] for passage_id in ids]

    def derived_rows(self, layer: Layer, visibility: Visibility) -> dict[str, dict[str, Any]]:
        """The rows of a derived layer that can be seen, by id, with ``passage_ids`` (list) and ``accesses`` (count)."""
        table = TABLES[layer]
        condition, values = _derived_condition(layer, visibility)
        columns = [column for column in table.columns if column not in ("valid_to", "superseded_by", "archived_at")]
        rows = {
            str(row["id"]): dict(row)
            for row in self._connection.execute(
                f"SELECT r.id, r.created_at, {', '.join(f'r.{column}' for column in columns)}, "
                "(SELECT json_group_array(p.id) FROM passages p WHERE p.item_id = r.id) AS passage_ids, "
                "(SELECT count(*) FROM accesses a WHERE a.item_id = r.id AND a.dream_id IS NOT NULL) AS accesses "
                f"FROM {table.name} r WHERE {condition} ORDER BY r.id",
                values,
            )
        }
        for row in rows.values():
            row["passage_ids"] = sorted(json.loads(row["passage_ids"]))
        return rows

    def resting_on(self, sources: Mapping[str, float]) -> dict[str, float]:
        """What rests on these items, however many layers up: each with the largest of value x weight of the edge among
        those it rests on."""
        found: dict[str, float] = {}
        below = dict(sources)
        while below:
            above: dict[str, float] = {}
            for part in _batches(sorted(below)):
                for source, target, weight in self._connection.execute(
                    f"SELECT source_id, target_id, weight FROM lineage WHERE source_id IN ({_marks(part)}) "
                    "AND weight > 0",
                    part,
                ):
                    value = below[source] * weight
                    if value > found.get(target, -1.0):
                        found[target] = above[target] = max(above.get(target, 0.0), value)
            below = above
        return found

    def superseding(self, values: Mapping[str, float]) -> dict[str, float]:
        """What took the place of rows that held until then, each with the largest value among those rows'.

        What was merged into another did not cease to hold. Where what took a place was superseded in turn, both count.
        """
        found: dict[str, float] = {}
        below = dict(values)
        while below:
            after: dict[str, float] = {}
            for part in _batches(sorted(below)):
                for name in ("memories", "knowledge"):
                    for earlier, later in self._connection.execute(
                        f"SELECT id, superseded_by FROM {name} WHERE id IN ({_marks(part)}) "
                        "AND superseded_by IS NOT NULL AND valid_to IS NOT NULL",
                        part,
                    ):
                        if below[earlier] > found.get(later, -1.0):
                            found[later] = after[later] = max(after.get(later, 0.0), below[earlier])
            below = after
        return found

    def source_events(self, item_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The ids of the events that bear each derived item out, however many layers down, sorted: not of those that it
        only quotes to be understood."""
        found: dict[str, tuple[str, ...]] = {}
        for item_id in item_ids:
            rows = self._connection.execute(
                "WITH RECURSIVE down (id, type) AS (SELECT source_id, source_type FROM lineage "
                "WHERE target_id = ?1 AND weight > ?2 UNION SELECT l.source_id, l.source_type FROM lineage l "
                "JOIN down d ON l.target_id = d.id AND l.weight > ?2) "
                "SELECT id FROM down WHERE type = 'event' ORDER BY id",
                (item_id, CONTEXT_SUPPORT),
            )
            found[item_id] = tuple(str(row[0]) for row in rows)
        return found


def _event_condition(visibility: Visibility) -> tuple[str, list[Any]]:
    """SQL over ``e`` (events) and its values."""
    conditions, values = ["e.is_deleted = 0", "e.occurred_at <= ?"], list[Any]([visibility.last])
    if visibility.since is not None:
        conditions.append("e.occurred_at >= ?")
        values.append(visibility.since)
    for column, allowed in (
        ("session_id", visibility.sessions),
        ("author", visibility.authors),
        ("trust", visibility.trust),
    ):
        if allowed:
            conditions.append(f"e.{column} IN ({_marks(allowed)})")
            values += allowed
    return " AND ".join(conditions), values


_BEGINS = {Layer.MEMORY: "time_start", Layer.KNOWLEDGE: "valid_from"}
"""When a row of the layer starts to be known, in event time. A lesson has no time of its own: its memories have."""


_KINDS = {Layer.MEMORY: "kind", Layer.LESSON: "pattern_type", Layer.KNOWLEDGE: "category"}
_RESTS_ON = (
    "EXISTS (WITH RECURSIVE down (id) AS (SELECT source_id FROM lineage WHERE target_id = r.id AND weight > 0 "
    "UNION SELECT l.source_id FROM lineage l JOIN down d ON l.target_id = d.id AND l.weight > 0) "
    "SELECT 1 FROM down JOIN events e ON e.id = down.id WHERE e.is_deleted = 0 AND {condition})"
)
"""An event below the row, however many layers down, for which a condition holds."""


def _derived_condition(layer: Layer, visibility: Visibility) -> tuple[str, list[Any]]:
    """SQL over ``r`` (the layer's table) and its values."""
    table = TABLES[layer]
    allowed = visibility.states or tuple(state.value for state in LIVE_STATES)
    state = f"r.state IN ({_marks(allowed)})"
    values: list[Any] = [*allowed]
    if "valid_to" in table.columns and not visibility.states:
        state = f"({state} OR (r.state = 'superseded' AND r.valid_to > ?)) AND (r.valid_to IS NULL OR r.valid_to > ?)"
        values += [visibility.last, visibility.last]
    conditions = ["r.is_deleted = 0", state]
    if layer in _BEGINS:
        conditions.append(f"r.{_BEGINS[layer]} <= ?")
        values.append(visibility.last)
    else:
        conditions.append(
            "NOT EXISTS (SELECT 1 FROM lineage l JOIN memories m ON m.id = l.source_id "
            "WHERE l.target_id = r.id AND m.time_start > ?)"
        )
        values.append(visibility.last)
    if visibility.since is not None and layer is Layer.MEMORY:
        conditions.append("r.time_end >= ?")
        values.append(visibility.since)
    if visibility.trust:
        conditions.append(f"r.trust IN ({_marks(visibility.trust)})")
        values += visibility.trust
    if visibility.kinds:
        conditions.append(f"r.{_KINDS[layer]} IN ({_marks(visibility.kinds)})")
        values += visibility.kinds
    for column, wanted in (("session_id", visibility.sessions), ("author", visibility.authors)):
        if wanted:
            conditions.append(_RESTS_ON.format(condition=f"e.{column} IN ({_marks(wanted)})"))
            values += wanted
    return " AND ".join(conditions), values


def _batches(ids: Iterable[Key]) -> Iterable[list[Key]]:
    part: list[Key] = []
    for passage_id in ids:
        part.append(passage_id)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
