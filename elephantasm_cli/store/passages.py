"""Passages: the one searchable unit, a piece of any layer's text, with its full-text row.

What full text indexes carries speaker and date in front and the absolute form of relative dates behind, so that
"yesterday" in a turn of 8 May 2023 is found by "7 May 2023". Full text is derived: it can be dropped and rebuilt from
the items.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.services.clock import human_date
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.text.dates import resolve_dates
from elephantasm_cli.text.fts import index_text
from elephantasm_cli.text.passages import split_passages
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

CONTEXT_CHARACTERS = 200
"""How much of the previous turn's end is indexed beside a turn."""

WITHOUT_VECTOR = "id NOT IN (SELECT passage_id FROM embeddings WHERE model_sha256 = ?)"


def embedded_text(layer: Layer, text: str, occurred_at: str) -> str:
    """What the embedder sees of a passage: of an event its words alone, of a derived row "8 May 2023: …".

    Who said it and when are matched by words and by features of their own; inside the vector they would make everything
    a person ever said alike, and a question that names the person like all of it.
    """
    return text if layer is Layer.EVENT else f"{human_date(occurred_at)}: {text}"


def indexed_text(text: str, *, author: str = "", occurred_at: str = "") -> str:
    """What full-text search sees of a passage: speaker, date, the words, and the dates that the words mean."""
    parts = [author, human_date(occurred_at) if occurred_at else "", text]
    if occurred_at:
        parts += [date.label for date in resolve_dates(text, occurred_at)]
    return index_text(" ".join(part for part in parts if part))


class Passages:
    """Writes passages with their full text; vectors come later, from the index job."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def add_events(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Passages of newly stored events, given in order of ``seq``."""
        previous: dict[str, str] = {}
        next_id = self._next_id()
        passages: list[tuple[Any, ...]] = []
        full_text: list[tuple[Any, ...]] = []
        for row in rows:
            session, content = row["session_id"], row["content"]
            if session not in previous:
                previous[session] = self._last_turn_before(session, row["seq"])
            context = index_text(previous[session][-CONTEXT_CHARACTERS:])
            for ordinal, (start, end) in enumerate(split_passages(content)):
                passages.append((next_id, row["id"], Layer.EVENT.value, ordinal, start, end))
                text = indexed_text(content[start:end], author=row["author"], occurred_at=row["occurred_at"])
                full_text.append((next_id, text, context))
                next_id += 1
            previous[session] = content
        self._insert(passages, full_text)

    def replace_item(self, layer: Layer, item_id: str, text: str, date: str) -> None:
        """The passages of a derived row, new or changed; ``date`` is stored time text."""
        self.remove_item(item_id)
        next_id = self._next_id()
        passages: list[tuple[Any, ...]] = []
        full_text: list[tuple[Any, ...]] = []
        for ordinal, (start, end) in enumerate(split_passages(text)):
            passages.append((next_id, item_id, layer.value, ordinal, start, end))
            full_text.append((next_id, indexed_text(text[start:end], occurred_at=date), ""))
            next_id += 1
        self._insert(passages, full_text)

    def index_again(self, event: Mapping[str, Any]) -> None:
        """The full text of an event's passages anew, since the turn before it changed; its vectors stay."""
        context = index_text(self._last_turn_before(event["session_id"], event["seq"])[-CONTEXT_CHARACTERS:])
        rows = self._connection.execute(
            "SELECT id, char_start, char_end FROM passages WHERE item_id = ?", (event["id"],)
        ).fetchall()
        self._connection.executemany("DELETE FROM passages_fts WHERE rowid = ?", [(row["id"],) for row in rows])
        self._connection.executemany(
            "INSERT INTO passages_fts (rowid, text, context) VALUES (?, ?, ?)",
            [
                (
                    row["id"],
                    indexed_text(
                        event["content"][row["char_start"] : row["char_end"]],
                        author=event["author"],
                        occurred_at=event["occurred_at"],
                    ),
                    context,
                )
                for row in rows
            ],
        )

    def remove_item(self, item_id: str) -> None:
        """Drop an item's passages, full text and vectors."""
        ids = [row[0] for row in self._connection.execute("SELECT id FROM passages WHERE item_id = ?", (item_id,))]
        if not ids:
            return
        marks = ", ".join("?" * len(ids))
        self._connection.execute(f"DELETE FROM passages_fts WHERE rowid IN ({marks})", ids)
        embedded = self._connection.execute(
            f"SELECT passage_id FROM embeddings WHERE passage_id IN ({marks})", ids
        ).fetchall()
        if embedded:
            self._store.enable_vectors()
            self._connection.executemany(
                "DELETE FROM passages_vec WHERE passage_id = ?", [(row[0],) for row in embedded]
            )
        self._connection.execute(f"DELETE FROM passages WHERE id IN ({marks})", ids)

    def without_vector(self, model_sha256: str, limit: int) -> list[tuple[int, str, str]]:
        """Up to ``limit`` passages that lack a vector of this model: (passage id, layer, text to embed), by id."""
        rows = self._connection.execute(
            f"SELECT id, layer, item_id, char_start, char_end FROM passages WHERE {WITHOUT_VECTOR} ORDER BY id LIMIT ?",
            (model_sha256, limit),
        ).fetchall()
        items = self._item_texts([(row["layer"], row["item_id"]) for row in rows])
        found = []
        for row in rows:
            text, date = items[row["item_id"]]
            piece = text[row["char_start"] : row["char_end"]]
            layer = Layer(row["layer"])
            found.append((int(row["id"]), layer.value, embedded_text(layer, piece, date)))
        return found

    def count_without_vector(self, model_sha256: str) -> int:
        return int(
            self._connection.execute(
                f"SELECT count(*) FROM passages WHERE {WITHOUT_VECTOR}", (model_sha256,)
            ).fetchone()[0]
        )

    def rebuild(self) -> int:
        """Write every passage and its full text anew from the items, inside a transaction; returns how many."""
        self._store.enable_vectors()
        self._connection.execute("DELETE FROM passages_vec")
        self._connection.execute("DELETE FROM passages")
        self._connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
        batch: list[dict[str, Any]] = []
        for event in self._store.events.listed():
            batch.append(event)
            if len(batch) == 500:
                self.add_events(batch)
                batch = []
        self.add_events(batch)
        for layer, table in TABLES.items():
            for row in self._store.derived.listed(layer):
                self.replace_item(layer, row["id"], table.text_of(row), row[table.date_column])
        return int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0])

    def _item_texts(self, items: Sequence[tuple[str, str]]) -> dict[str, tuple[str, str]]:
        """(text, date) of each item, by id."""
        by_layer: dict[str, list[str]] = {}
        for layer, item_id in items:
            by_layer.setdefault(layer, []).append(item_id)
        found: dict[str, tuple[str, str]] = {}
        for layer, ids in by_layer.items():
            distinct = sorted(set(ids))
            if layer == Layer.EVENT.value:
                for item_id, event in self._store.events.many(distinct).items():
                    found[item_id] = (event["content"], event["occurred_at"])
                continue
            table = TABLES[Layer(layer)]
            for item_id, row in self._store.derived.many(Layer(layer), distinct).items():
                found[item_id] = (table.text_of(row), row[table.date_column])
        return found

    def _insert(self, passages: Sequence[tuple[Any, ...]], full_text: Sequence[tuple[Any, ...]]) -> None:
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", passages)
        self._connection.executemany("INSERT INTO passages_fts (rowid, text, context) VALUES (?, ?, ?)", full_text)

    def _next_id(self) -> int:
        return int(self._connection.execute("SELECT ifnull(max(id), 0) + 1 FROM passages").fetchone()[0])

    def _last_turn_before(self, session: str, seq: int) -> str:
        row = self._connection.execute(
            "SELECT content FROM events WHERE session_id = ? AND seq < ? AND is_deleted = 0 ORDER BY seq DESC LIMIT 1",
            (session, seq),
        ).fetchone()
        return str(row[0]) if row else ""

    def expected_items(self) -> Iterator[tuple[str, str]]:
        """(layer, id) of every live item, which is what the index must cover."""
        yield from (
            (Layer.EVENT.value, row[0])
            for row in self._connection.execute("SELECT id FROM events WHERE is_deleted = 0")
        )
        for layer, table in TABLES.items():
            yield from (
                (layer.value, row[0])
                for row in self._connection.execute(f"SELECT id FROM {table.name} WHERE is_deleted = 0")
            )
