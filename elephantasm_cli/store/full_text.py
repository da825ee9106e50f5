"""Full text: which passages hold the words of a question, and how well by BM25.

FTS5 finds the holders of a word fast, and its own ``bm25()`` ranks them slowly: it walks every word's list once more
and reads the length of every passage that holds any of them. So each list is read once, as ids alone; the weights of
the words that a passage holds decide which few are worth their exact score.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from elephantasm_cli.ids import EVENT
from elephantasm_cli.text.fts import match_expression

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from elephantasm_cli.store.connection import Connection

    Ids = NDArray[np.int64]

K1 = 1.2
B = 0.75
"""BM25's saturation and length normalisation, at their usual values."""
CONTEXT_WEIGHT = 0.5
"""Weight of a word in the previous turn's end, where one in the passage itself weighs 1."""
SHORTEST = 0.5
"""What is shorter counts as this share of the mean length: "Understood." answers nothing because the turn before it
matches."""
LEAST_WEIGHT = 1e-6
SCORED = 500
"""How many passages get an exact score, and as many more as tie with the last of them..."""
MOST_SCORED = 1000
"""...up to this many; of those that tie beyond it, the later ones."""


class Holders:
    """The passages that hold a term, a set of ids: ``text`` in the passage itself, ``context`` in the turn before it.

    Both arrays are ascending.
    """

    def __init__(self, text: Ids, context: Ids) -> None:
        self.text = text
        self.context = context
        # numpy's own set operations import numpy.ma, which no pack has time for
        self._count = len(text) + len(context) - int(_is_in(context, text).sum())

    def __len__(self) -> int:
        return self._count

    def isdisjoint(self, passage_ids: Iterable[int]) -> bool:
        """Whether none of these passages holds the term."""
        return not self.among(passage_ids)

    def among(self, passage_ids: Iterable[int]) -> frozenset[int]:
        """Those of these passages that hold the term."""
        import numpy as np

        ids = np.fromiter(passage_ids, dtype=np.int64)
        return frozenset(ids[self.frequency(ids) > 0].tolist())

    def within(self, passage_ids: Iterable[int]) -> frozenset[int]:
        """Those of these passages whose own text holds the term."""
        import numpy as np

        ids = np.fromiter(passage_ids, dtype=np.int64)
        return frozenset(ids[_is_in(ids, self.text)].tolist())

    def without(self, passage_ids: Ids) -> Holders:
        """All but these passages, which are ascending."""
        return Holders(self.text[~_is_in(self.text, passage_ids)], self.context[~_is_in(self.context, passage_ids)])

    def frequency(self, ids: Ids) -> NDArray[np.float64]:
        """How much of the term each of these passages holds: 1 in its text, and `CONTEXT_WEIGHT` in the context."""
        return 1.0 * _is_in(ids, self.text) + CONTEXT_WEIGHT * _is_in(ids, self.context)


class FullTextSearch:
    """One question's terms in the passages of one snapshot, which the caller holds."""

    def __init__(self, connection: Connection, terms: Sequence[str]) -> None:
        self.terms = tuple(terms)
        self._connection = connection
        self._everywhere: dict[str, Holders] = {}
        self._holders: dict[str, Holders] = {}

    def holders(self, term: str) -> Holders:
        """The passages of events that hold ``term``: what a dream wrote about them makes no word more common."""
        if term not in self._holders:
            self._holders[term] = self._held(term).without(self._derived)
        return self._holders[term]

    def holding(self, passage_ids: Collection[int]) -> dict[str, frozenset[int]]:
        """For each term, those of these passages, of any layer, that hold it."""
        return {term: self._held(term).among(passage_ids) for term in self.terms}

    def idf(self, term: str) -> float:
        """BM25's idf, ln(1 + (N - n + 0.5) / (n + 0.5)), over all passages of events: never negative."""
        return math.log1p(self._odds(term))

    def weight(self, term: str) -> float:
        """What a passage that holds ``term`` scores for it: ln((N - n + 0.5) / (n + 0.5)), the idf of ``bm25()``.

        A term of half the passages and more tells next to nothing, in chat often a speaker's name.
        """
        return max(LEAST_WEIGHT, math.log(self._odds(term)))

    def _odds(self, term: str) -> float:
        """How many passages lack ``term`` for one that holds it, smoothed."""
        count = len(self.holders(term))
        return (max(0, self._passage_count - count) + 0.5) / (count + 0.5)

    def ranked(self, within: Collection[int] | None = None) -> tuple[dict[int, float], bool]:
        """The best passages with their `scores`, best first, equal ones in order of id; and whether that is all.

        ``within`` limits it to these passages.
        """
        ids, whole = self._promising_anywhere if within is None else self._promising(within)
        found = self._scored(*(self._promising_lengths if within is None else self._lengths(ids)))
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0]))), whole

    def scores(self, passage_ids: Sequence[int]) -> dict[int, float]:
        """BM25, to 9 decimals, of those of these passages that hold any term.

        A word counts once however often a passage has it: passages are short. Their length is in characters, against
        the mean of the promising ones.
        """
        import numpy as np

        if not self.terms or not passage_ids:
            return {}
        ids, lengths = self._lengths(np.array(passage_ids, dtype=np.int64))
        return self._scored(ids, lengths)

    def _scored(self, ids: Ids, lengths: NDArray[np.float64]) -> dict[int, float]:
        import numpy as np

        norm = K1 * (1.0 - B + B * np.maximum(lengths / self._mean_length, SHORTEST))
        total = np.zeros(len(ids))
        for term in self.terms:
            frequency = self.holders(term).frequency(ids)
            total += self.weight(term) * frequency * (K1 + 1.0) / (frequency + norm)
        return {key: score for key, score in zip(ids.tolist(), np.round(total, 9).tolist(), strict=True) if score > 0.0}

    def _promising(self, within: Collection[int] | None = None) -> tuple[Ids, bool]:
        """The ids of the passages whose terms weigh most, and whether these are all that hold any."""
        import numpy as np

        total = self._rough_scores
        ids = np.flatnonzero(total)
        if within is not None:
            ids = ids[_is_in(ids, np.sort(np.fromiter(within, dtype=np.int64)))]
        if len(ids) <= SCORED:
            return ids, True
        reached = np.round(total[ids], 9)
        last = np.partition(reached, len(ids) - SCORED)[len(ids) - SCORED]
        better, tied = ids[reached > last], ids[reached == last]
        chosen = np.concatenate([better, tied[-(MOST_SCORED - len(better)) :]])
        return chosen, len(chosen) == len(ids)

    @cached_property
    def _rough_scores(self) -> NDArray[np.float64]:
        """By passage id, the weights of the terms that it holds."""
        import numpy as np

        held = {term: self.holders(term) for term in self.terms}
        lists = [ids for each in held.values() for ids in (each.text, each.context) if len(ids)]
        total = np.zeros(1 + max((int(ids[-1]) for ids in lists), default=0))
        for term, each in held.items():
            total[each.text] += self.weight(term)
            total[each.context] += CONTEXT_WEIGHT * self.weight(term)
        return total

    @cached_property
    def _promising_anywhere(self) -> tuple[Ids, bool]:
        return self._promising()

    @cached_property
    def _promising_lengths(self) -> tuple[Ids, NDArray[np.float64]]:
        return self._lengths(self._promising_anywhere[0])

    @cached_property
    def _mean_length(self) -> float:
        _, lengths = self._promising_lengths
        return max(1.0, float(lengths.mean())) if len(lengths) else 1.0

    @cached_property
    def _passage_count(self) -> int:
        """How many passages events have."""
        return int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0]) - len(self._derived)

    @cached_property
    def _derived(self) -> Ids:
        """The ids of the passages of derived rows, ascending: two ranges of an index, not a walk over all passages."""
        import numpy as np

        ids = "SELECT id FROM passages WHERE"
        other = f"{ids} item_id < ?1 UNION ALL {ids} item_id > ?1 || '~'"
        return np.sort(self._numbers(f"SELECT group_concat(id) FROM ({other})", EVENT))

    def _held(self, term: str) -> Holders:
        """The passages of all layers that hold ``term``."""
        if term not in self._everywhere:
            self._everywhere[term] = Holders(self._column("text", term), self._column("context", term))
        return self._everywhere[term]

    def _lengths(self, ids: Ids) -> tuple[Ids, NDArray[np.float64]]:
        """Those of ``ids`` that are passages, ascending, and how many characters each has."""
        import numpy as np

        pairs = self._numbers(
            "SELECT group_concat(id || ',' || (char_end - char_start)) FROM passages "
            "WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(ids.tolist()),
        ).reshape(-1, 2)
        pairs = pairs[np.argsort(pairs[:, 0])]
        return pairs[:, 0], pairs[:, 1].astype(np.float64)

    def _column(self, column: str, term: str) -> Ids:
        """Ascending ids of the passages that hold ``term`` in this column."""
        import numpy as np

        return np.sort(
            self._numbers(
                "SELECT group_concat(rowid) FROM passages_fts WHERE passages_fts MATCH ?",
                f"{{{column}}} : {match_expression([term])}",
            )
        )

    def _numbers(self, sql: str, value: str) -> Ids:
        """The numbers in the one text that ``sql`` gives: one text is far quicker to read than many rows."""
        import numpy as np

        joined = self._connection.execute(sql, (value,)).fetchone()[0]
        return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.zeros(0, dtype=np.int64)


def _is_in(ids: Ids, ascending: Ids) -> NDArray[np.bool_]:
    import numpy as np

    if not len(ascending):
        return np.zeros(len(ids), dtype=bool)
    places = np.searchsorted(ascending, ids)
    found: NDArray[np.bool_] = ascending[np.minimum(places, len(ascending) - 1)] == ids
    return found
