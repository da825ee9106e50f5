from __future__ import annotations

import pytest

from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.ids import derived_id
from elephantasm_cli.store.changes import Change, Provenance, Source
from elephantasm_cli.store.store import open_store
from elephantasm_cli.vocabulary import EventType, Layer, TransformationType, Trust


@pytest.fixture
def path(tmp_path):
    return tmp_path / "agents" / "coder.db"


@pytest.fixture
def store(path):
    with open_store(path, create=True) as opened:
        yield opened


@pytest.fixture
def draft():
    """Make an event draft; what is not given is filled in."""

    def make(content="I prefer tea", key=None, session="s1", at="2026-03-01T10:00:00.000000Z", author="Dana", **values):
        given = {
            "session_id": session,
            "event_type": EventType.USER_MESSAGE,
            "role": "user",
            "author": author,
            "content": content,
            "occurred_at": at,
            "source": "test",
            "dedupe_key": key or f"{session}:{content}",
            "trust": Trust.USER,
            "metadata": {},
        }
        return EventDraft(**(given | values))

    return make


@pytest.fixture
def memory_change():
    """Make the change that creates a memory resting on the events given."""

    def make(event_ids, content="Dana prefers tea.", **values):
        given = {
            "content": content,
            "kind": "preference",
            "importance_score": 0.8,
            "confidence": 0.9,
            "state": "active",
            "time_start": "2026-03-01T10:00:00.000000Z",
            "time_end": "2026-03-01T10:00:00.000000Z",
            "valid_from": "2026-03-01T10:00:00.000000Z",
            "valid_to": None,
            "superseded_by": None,
            "trust": "user",
            "metadata": {"speaker": "Dana"},
        }
        return Change(
            TransformationType.REFLECTION,
            Layer.MEMORY,
            derived_id(Layer.MEMORY, "preference", event_ids, content),
            given | values,
            sources=tuple(Source(event_id, Layer.EVENT, 1.0, (0, 5)) for event_id in event_ids),
            reasoning="said so",
        )

    return make


@pytest.fixture
def provenance():
    return Provenance("reflect", "dream")
