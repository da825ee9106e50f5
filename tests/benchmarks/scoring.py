"""What the benchmarks share: whether a pack holds a piece of evidence, BM25 alone to compare with, and small tables."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from statistics import fmean

from elephantasm_cli.services.tokens import load_counter
from elephantasm_cli.text.words import content_words, words

HELD = 0.6
"""The share of a piece's content words that one line must hold to count as holding the piece."""
WINDOW = 80
"""Words of a line that are looked at together: a line without end must not hold everything."""
FEWEST = 3
"""A piece with fewer content words than this counts only word for word."""

_PLAIN = re.compile(r"[^\W_]+")


class PackText:
    """The text of a pack, ready to be asked what it holds."""

    def __init__(self, text: str) -> None:
        self._said = _flat(text)
        self._windows = [frozenset(content_words(window)) for line in text.splitlines() for window in _windows(line)]
        self._vocabulary = frozenset().union(*self._windows)

    def holds(self, piece: str) -> bool:
        """Whether ``piece`` is there word for word, or 60% of its content words are in one line (80 words of it)."""
        if _flat(piece).strip() and _flat(piece) in self._said:
            return True
        wanted = set(content_words(piece))
        return len(wanted) >= FEWEST and any(len(wanted & window) >= HELD * len(wanted) for window in self._windows)

    def answer_share(self, answer: str) -> float:
        """The share of the answer's content words that occur anywhere in the pack."""
        wanted = set(content_words(answer)) or set(words(answer))
        return len(wanted & (self._vocabulary | set(self._said.split()))) / len(wanted)


class PlainBm25:
    """Full-text search alone: the lines that match any content word of the question, best first, while they fit."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._counter = load_counter()
        self._db = sqlite3.connect(":memory:")
        self._db.execute("CREATE VIRTUAL TABLE said USING fts5(line, tokenize = 'porter unicode61')")
        self._db.executemany("INSERT INTO said VALUES (?)", [(" ".join(line.split()),) for line in lines])

    def pack(self, question: str, budget: int) -> str:
        """Whole lines up to ``budget`` tokens by the bundled counter; one that is too long is passed over."""
        terms = dict.fromkeys(content_words(question)) or dict.fromkeys(words(question))
        match = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        chosen: list[str] = []
        for (line,) in self._db.execute("SELECT line FROM said WHERE said MATCH ? ORDER BY rank LIMIT 300", (match,)):
            if self._counter.count("\n".join([*chosen, line])) <= budget:
                chosen.append(line)
        return "\n".join(chosen)

    def close(self) -> None:
        self._db.close()


def mean(values: Sequence[float]) -> float:
    """The mean, 0 of nothing."""
    return fmean(values) if values else 0.0


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns as wide as they must be; numbers with three decimals, to the right."""
    cells = [[f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in [head, *rows]]
    wide = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, wide, strict=True))
        )
        for row in cells
    )


def _flat(text: str) -> str:
    return f" {' '.join(_PLAIN.findall(text.casefold()))} "


def _windows(line: str) -> Iterator[str]:
    said = line.split()
    for start in range(0, max(1, len(said) - WINDOW // 2), WINDOW // 2):
        yield " ".join(said[start : start + WINDOW])
