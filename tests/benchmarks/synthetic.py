"""A long synthetic history: sessions of chat between a few people, in words as frequent as English words are.

Words are the whole words of the bundled tokenizer's vocabulary, which is in order of frequency, drawn by Zipf's law:
what a question's words cost a full-text search is how many passages hold them. Vectors are real ones of a few thousand
such sentences, given to the turns in rotation, with noise: embedding every turn would take longer than all else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import numpy as np

from elephantasm_cli.agent import Agent
from elephantasm_cli.services.embedding import load_tokenizer
from elephantasm_cli.text.words import STOPWORDS

PEOPLE = ("Marlene", "Jonas", "Assistant", "Ines", "Tobias")
SHARES = (45, 10, 35, 5, 5)
"""Of a hundred turns, how many each says: a memory mostly holds one person and an assistant."""
POOL = 3000
NOISE = 0.5
"""Length of the noise added to a vector of length 1: its cosine with the one it was made from is .89."""
BATCH = 5000


class History:
    """Turns, questions and vectors, the same for the same seed; `grow` continues where it stopped."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._noise = np.random.default_rng(seed)
        vocabulary = load_tokenizer().get_vocab()
        ranked = sorted((place, word) for word, place in vocabulary.items() if word.isascii() and word.isalpha())
        self._words = [word for _, word in ranked if len(word) > 1]
        self._weights = list(accumulate(1.0 / (rank + 2.7) for rank in range(1, len(self._words) + 1)))
        self._now = datetime(2020, 1, 1, 8, tzinfo=UTC)
        self._session, self._left = 0, 0
        self._pool: np.ndarray[Any, np.dtype[np.float32]] | None = None
        self._told: list[tuple[str, str]] = []
        self.size = 0

    def grow(self, agent: Agent, size: int) -> None:
        """Bring ``agent``, which holds what this history has told so far, to ``size`` events with their vectors."""
        while self.size < size:
            agent.ingest(list(self._turns(min(BATCH, size - self.size))))
            self._add_vectors(agent)

    def questions(self, count: int) -> list[str]:
        """Questions about turns all over the history: who said it, and three to five of its telling words."""
        asked = random.Random(self.size)
        found: list[str] = []
        while len(found) < count:
            author, content = asked.choice(self._told)
            telling = sorted({word for word in content.lower().strip(".?").split() if word not in STOPWORDS})
            if len(telling) >= 3:
                chosen = asked.sample(telling, min(len(telling), asked.randint(3, 5)))
                found.append(f"{asked.choice(('What', 'When', 'Why'))} did {author} {' '.join(chosen)}?")
        return found

    def middle(self) -> str:
        """A day by which half of the history had been told."""
        start = datetime(2020, 1, 1, tzinfo=UTC)
        return (start + (self._now - start) / 2).date().isoformat()

    def _turns(self, count: int) -> Iterator[dict[str, Any]]:
        for _ in range(count):
            if self._left == 0:
                self._session, self._left = self._session + 1, self._random.randint(20, 40)
                self._now += timedelta(hours=self._random.randint(2, 12))
            self._left -= 1
            self._now += timedelta(seconds=self._random.randint(5, 90))
            author = self._random.choices(PEOPLE, SHARES)[0]
            content = " ".join(self._sentence() for _ in range(self._random.choice((1, 1, 2, 3))))
            self.size += 1
            if self.size % 97 == 0:
                self._told.append((author, content))
            yield {
                "id": str(self.size),
                "session": f"session-{self._session}",
                "role": "assistant" if author == "Assistant" else "user",
                "author": author,
                "content": content,
                "occurred_at": self._now.isoformat(),
            }

    def _sentence(self) -> str:
        drawn = self._random.choices(self._words, cum_weights=self._weights, k=self._random.randint(4, 18))
        return " ".join(drawn).capitalize() + self._random.choice("...?")

    def _add_vectors(self, agent: Agent) -> None:
        store = agent.store
        rows = store.connection.execute(
            "SELECT p.id FROM passages p LEFT JOIN embeddings e ON e.passage_id = p.id "
            "WHERE e.passage_id IS NULL ORDER BY p.id"
        ).fetchall()
        if self._pool is None:
            texts = [f"{self._random.choice(PEOPLE)}, {self._now:%d %B %Y}: {self._sentence()}" for _ in range(POOL)]
            self._pool = agent.embedder.embed(texts)
        ids = [int(row[0]) for row in rows]
        vectors = self._pool[np.array(ids) % len(self._pool)]
        noise = self._noise.standard_normal(vectors.shape).astype(np.float32)
        vectors = vectors + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        with store.transaction():
            store.vectors.add(
                agent.embedder.sha256, ((key, "event", row) for key, row in zip(ids, vectors, strict=True))
            )
