"""An agent to recall from, and an embedder whose vectors can be reasoned about."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.dream.index import index_passages
from elephantasm_cli.text.words import content_words

LATER = "2026-12-31T00:00:00.000000Z"
SYNONYMS = {"automobile": "car", "vehicle": "car"}


class WordsEmbedder:
    """A text's vector is the sum of its words' random directions; synonyms share one. ``asked`` are the questions."""

    name = "words"
    dimension = 384

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        self.asked = []

    def embed(self, texts):
        return np.stack([_vector(text) for text in texts])

    def embed_query(self, text):
        self.asked.append(text)
        return _vector(text)


def _vector(text):
    total = np.zeros(384, dtype=np.float32)
    for word in content_words(text):
        seed = int.from_bytes(hashlib.sha256(SYNONYMS.get(word, word).encode()).digest()[:4], "big")
        total += np.random.default_rng(seed).standard_normal(384).astype(np.float32)
    length = np.linalg.norm(total)
    return total / length if length else total


def said(content, author="Ada", at="2026-05-01T10:00:00Z", session="s1", **more):
    return {"role": "user", "author": author, "content": content, "occurred_at": at, "session": session, **more}


@pytest.fixture
def agent(home):
    with open_agent() as opened:
        opened.ingest([])
        yield opened


@pytest.fixture
def embedder(agent):
    return WordsEmbedder(agent.store.agent.get()["embedding_sha256"])


@pytest.fixture
def tell(agent, embedder):
    """Ingest records and make their vectors."""

    def put(*records, vectors=True):
        agent.ingest(records)
        if vectors:
            index_passages(agent.store, embedder)

    return put


def texts(result):
    return [item.text for item in result.items]
