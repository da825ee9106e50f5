"""What the dreamer's tests share: a real file, fake models at their protocols, and one call that dreams."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.config import DreamSettings
from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.dream import meant
from elephantasm_cli.dream.run import DreamOptions, dream
from elephantasm_cli.services.embedding import BUNDLED_DIMENSION, BUNDLED_NAME, MODEL_SHA256
from elephantasm_cli.services.language_model import Completion
from elephantasm_cli.store.store import open_store
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import EventType, Layer, Trust


class WordEmbedder:
    """Vectors of hashed content words: texts with the same words are the same, with other words orthogonal."""

    name = BUNDLED_NAME
    sha256 = MODEL_SHA256
    dimension = BUNDLED_DIMENSION

    def embed(self, texts):
        import numpy

        rows = numpy.zeros((len(texts), self.dimension), dtype=numpy.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in content_words(text) or ["(nothing)"]:
                digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
                row[int.from_bytes(digest, "big") % self.dimension] += 1.0
            row /= numpy.linalg.norm(row)
        return rows

    def embed_query(self, text):
        return self.embed([text])[0]


class ScriptedModel:
    """Answers by what the question contains; ``asked`` keeps the questions."""

    model_id = "scripted@000000000000"

    def __init__(self, answers):
        self.answers = answers
        self.asked = []
        self.closed = False

    def complete(self, messages, *, schema=None, grammar=None, max_tokens, seed=0, deadline_seconds=None):
        question = messages[-1].content if "refused" not in messages[-1].content else messages[-3].content
        self.asked.append(question)
        for part, answer in self.answers.items():
            if part in question:
                text = answer(len(self.asked)) if callable(answer) else answer
                return Completion(text, prompt_tokens=100, completion_tokens=10, seconds=0.1)
        return Completion("Nobody said this.", prompt_tokens=100, completion_tokens=10, seconds=0.1)

    def close(self):
        self.closed = True


@pytest.fixture(autouse=True)
def _nothing_doubted(monkeypatch):
    """The weights of `meant` are for the bundled model's vectors, and say nothing of those of `WordEmbedder`."""
    monkeypatch.setattr(meant, "weights", lambda: meant.Weights("another model", 0.0, (), ()))


@pytest.fixture
def scripted():
    return ScriptedModel


@pytest.fixture
def path(tmp_path):
    return tmp_path / "agents" / "coder.db"


@pytest.fixture
def store(path):
    with open_store(path, create=True) as opened:
        yield opened


@pytest.fixture
def say(store):
    """Store what somebody says, a session a day: ``say("I prefer tea.", day=3)``."""
    count = iter(range(10**6))

    def call(
        *sentences,
        day=1,
        author="Dana",
        role="user",
        kind=EventType.USER_MESSAGE,
        trust=Trust.USER,
        month=3,
        metadata=None,
    ):
        drafts = []
        for sentence in sentences:
            number = next(count)
            drafts.append(
                EventDraft(
                    session_id=f"s{month}-{day}",
                    event_type=kind,
                    role=role,
                    author=author,
                    content=sentence,
                    occurred_at=f"2026-{month:02}-{day:02}T10:{number % 60:02}:00.000000Z",
                    source="test",
                    dedupe_key=str(number),
                    trust=trust,
                    metadata=metadata or {},
                )
            )
        with store.transaction():
            store.events.add(drafts)

    return call


@pytest.fixture
def dreaming(store):
    """Dream on the store, extractively unless a model is given."""

    def call(model=None, *, on=store, embedder=None, **options):
        settings = options.pop("settings", DreamSettings())
        return dream(
            on,
            DreamOptions(settings=settings, **({"force": True} | options)),
            embedder=lambda: embedder or WordEmbedder(),
            language_model=lambda: model,
            lock=None,
        )

    return call


@pytest.fixture
def rows(store):
    """The rows of a layer that are in one of ``states``."""

    def call(layer, *states):
        return [row for row in store.derived.listed(Layer(layer)) if not states or row["state"] in states]

    return call


class Life(NamedTuple):
    """What an agent holds after two sessions with a dream after each: by layer the words that still hold, and the
    derived lines of a pack."""

    memories: list[str]
    gone: list[str]
    believed: list[str]
    shown: list[str]

    def holds(self, words: str) -> bool:
        return any(words in memory for memory in self.memories)

    def states(self, words: str) -> list[str]:
        """Where the words are still said as what is so."""
        found = {"memory": self.memories, "knowledge or identity": self.believed, "pack": self.shown}
        return [name for name, lines in found.items() if any(words in line for line in lines)]


def live(home, sessions, question, *, author="Dana"):
    """Tell an agent the sessions (each a list of sentences, or of (author, sentence)), dream after each without a
    model, and look."""
    with open_agent("lived", home=home, create=True) as agent:
        for number, sentences in enumerate(sessions, 1):
            said = [sentence if isinstance(sentence, tuple) else (author, sentence) for sentence in sentences]
            agent.ingest(
                [
                    {
                        "role": "user",
                        "author": who,
                        "content": text,
                        "occurred_at": f"2026-03-{number * 7:02}T10:{minute:02}:00Z",
                    }
                    for minute, (who, text) in enumerate(said)
                ],
                session=f"session {number}",
            )
            agent.dream(force=True, llm=False)
        assert agent.verify().ok
        memories = agent.memories(states=["active", "decaying"])
        believed = [item["statement"] for item in agent.knowledge(states=["active", "decaying"])]
        believed += [item["content"] for item in agent.lessons(states=["active", "decaying"])]
        for identity in agent.identity_versions()[-1:]:
            believed += [identity["disposition_summary"], *identity["preferences"].values()]
        pack = agent.pack(question, budget=1500)
        return Life(
            [memory["metadata"]["quote"] for memory in memories],
            [memory["metadata"]["quote"] for memory in agent.memories(states=["superseded"])],
            believed,
            [shown.line for shown in pack.shown if shown.layer is not Layer.EVENT],
        )


@pytest.fixture
def lived(home):
    """`live` in a home of its own."""

    def call(*sessions, question, author="Dana"):
        return live(home, sessions, question, author=author)

    return call
