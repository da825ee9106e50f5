"""What every test may use: a home of its own, the command line called in process, a small memory to look at."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

import elephantasm_cli
from elephantasm_cli.__main__ import main
from elephantasm_cli.agent import Agent, open_agent
from elephantasm_cli.demo.play import sessions
from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.ids import derived_id
from elephantasm_cli.store.changes import Change, Provenance, Source
from elephantasm_cli.store.store import open_store
from elephantasm_cli.vocabulary import EventType, Layer, TransformationType, Trust


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the long form of the suites")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="the long form: run with --long"))


@dataclass(frozen=True)
class Result:
    """What a call of the program came to."""

    code: int
    out: str
    err: str


class Stdin(io.TextIOWrapper):
    """Standard input with given bytes, ``typed`` at a terminal or piped in."""

    def __init__(self, stream: io.BytesIO, typed: bool) -> None:
        super().__init__(stream, encoding="utf-8")
        self._typed = typed

    def isatty(self) -> bool:
        return self._typed


Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home that everything in the test uses, without models, and a working directory outside any project."""
    folder = tmp_path / "home"
    for name in ("AGENT", "LLM", "NOW", "EMBEDDING", "ENGINE", "THREADS"):
        monkeypatch.delenv(f"ELEPHANTASM_{name}", raising=False)
    monkeypatch.setenv("ELEPHANTASM_HOME", str(folder))
    monkeypatch.setenv("ELEPHANTASM_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("PYTHONPATH", str(Path(elephantasm_cli.__file__).parents[1]))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return folder


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Call the command line: ``run("ingest", "-", stdin=b"…")`` gives exit code, stdout and stderr."""

    def call(*arguments: object, stdin: bytes = b"", typed: bool = False) -> Result:
        monkeypatch.setattr(sys, "stdin", Stdin(io.BytesIO(stdin), typed))
        capsysbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsysbinary.readouterr()
        return Result(code, out.decode("utf-8"), err.decode("utf-8"))

    return call


@pytest.fixture
def history() -> Path:
    """The bundled sample history."""
    return Path(str(files("elephantasm_cli.demo").joinpath("history.jsonl")))


@dataclass(frozen=True)
class Small:
    """The ids of a small memory: two events, two memories (the second replaced the first), one knowledge item."""

    path: Path
    events: tuple[str, str]
    old: str
    memory: str
    knowledge: str


@pytest.fixture
def small(home: Path) -> Small:
    """An agent ``default`` whose every layer but lessons and identity holds something, made without any model."""
    with open_agent() as agent:
        agent.ingest(
            [
                {
                    "id": "1",
                    "role": "user",
                    "author": "Ada",
                    "content": "We deploy on Tuesdays.",
                    "occurred_at": "2026-05-01T10:00:00Z",
                },
                {
                    "id": "2",
                    "role": "user",
                    "author": "Ada",
                    "content": "From now on we deploy on Fridays.",
                    "occurred_at": "2026-05-08T10:00:00Z",
                },
            ],
            session="plans",
        )
        first, second = (row["id"] for row in agent.events())
        old = remember(agent, "Ada deploys on Tuesdays.", first, "2026-05-01T10:00:00.000000Z")
        new = remember(agent, "Ada deploys on Fridays.", second, "2026-05-08T10:00:00.000000Z")
        supersede(agent, old, new)
        knowledge = believe(agent, "Deployments happen on Fridays.", new)
        return Small(agent.path, (first, second), old, new, knowledge)


BY_HAND = Provenance(workflow_name="curate_memories", created_by="test")


def remember(agent: Agent, content: str, event: str, time: str) -> str:
    item = derived_id(Layer.MEMORY, "fact", [event], content)
    values = {
        "content": content,
        "kind": "fact",
        "importance_score": 0.8,
        "confidence": 0.9,
        "state": "active",
        "time_start": time,
        "time_end": time,
        "valid_from": time,
        "valid_to": None,
        "superseded_by": None,
        "trust": "user",
    }
    source = Source(event, Layer.EVENT, quote=(0, 9))
    change = Change(TransformationType.REFLECTION, Layer.MEMORY, item, values, (source,), "Ada said so.")
    with agent.store.transaction():
        agent.store.derived.create(change, BY_HAND)
    return item


def supersede(agent: Agent, old: str, new: str) -> None:
    values = {"state": "superseded", "superseded_by": new, "valid_to": "2026-05-08T10:00:00.000000Z"}
    change = Change(
        TransformationType.SUPERSEDE, Layer.MEMORY, old, values, (Source(new, Layer.MEMORY),), "The later one wins."
    )
    with agent.store.transaction():
        agent.store.derived.change(change, BY_HAND)


def believe(agent: Agent, statement: str, memory: str) -> str:
    item = derived_id(Layer.KNOWLEDGE, "fact", [memory], statement)
    values = {
        "category": "fact",
        "statement": statement,
        "certainty": 0.75,
        "valid_from": "2026-05-08T10:00:00.000000Z",
        "valid_to": None,
        "superseded_by": None,
        "state": "active",
        "trust": "user",
    }
    source = Source(memory, Layer.MEMORY)
    change = Change(TransformationType.CONSOLIDATION, Layer.KNOWLEDGE, item, values, (source,), "Stated outright.")
    with agent.store.transaction():
        agent.store.derived.create(change, BY_HAND)
    return item


@pytest.fixture(scope="session")
def dreamed_home(tmp_path_factory):
    """A home whose agent ``default`` has lived through the demo, without a language model."""
    folder = tmp_path_factory.mktemp("dreamed")
    with open_agent("default", home=folder) as agent:
        for _, records in sessions():
            agent.ingest(records)
            agent.dream(force=True, llm=False)
    return folder


@pytest.fixture
def marlene(home, dreamed_home):
    """The agent that lived through the demo, in a home of its own."""
    shutil.copytree(dreamed_home, home)
    with open_agent() as agent:
        yield agent


def wording(row):
    """What a memory, lesson or piece of knowledge says, and the words it was made of."""
    made_of = row["metadata"].get("quote"), row["metadata"].get("words")
    return "\n".join(str(text) for text in (row.get("content", row.get("statement")), *made_of) if text)


@pytest.fixture
def found(marlene):
    """The one live item of a layer that says ``part``, or was made of these words."""

    def call(layer, part):
        rows = marlene.items(layer, states=["active", "decaying", "candidate"])
        (row,) = [row for row in rows if part in wording(row)]
        return row

    return call


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
