"""A memory's whole life, at random: ingest, dream, correct, undo, forget, be killed. After every step it verifies.

In the end all that can be undone is undone, and no derived row is left alive. ELEPHANTASM_LONG=1 runs the long form,
ELEPHANTASM_LIFETIMES=2000 as many lifetimes as it says.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from elephantasm_cli.agent import Agent
from elephantasm_cli.config import DreamSettings, Settings
from elephantasm_cli.errors import ConflictError, NotFoundError, UsageError
from elephantasm_cli.lineage.force import Force
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.locations import find_locations
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import State

_spec = importlib.util.spec_from_file_location("dream_conftest", Path(__file__).parents[1] / "dream" / "conftest.py")
shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shared)

LONG = os.environ.get("ELEPHANTASM_LONG") == "1"
LIFETIMES = int(os.environ.get("ELEPHANTASM_LIFETIMES", 150 if LONG else 6))
SENTENCES = (
    "Always write the failing test first, then the fix.",
    "Please write the failing test first before any fix.",
    "Write the failing test first, then fix the code.",
    "I prefer plain SQL over an ORM for reports.",
    "I prefer plain SQL over an ORM for our reports.",
    "The line length is 88.",
    "The line length is now 100.",
    "We use Redis for the job queue.",
    "We are dropping Redis: from now on we use PostgreSQL for the job queue.",
    "I moved to Porto and I switched to Neovim.",
    "My sister Ines lives in Lyon.",
    "Never push to main directly.",
)
OWN = "qqx"
"""How the word begins that a sentence has for itself."""
REFUSED = (UsageError, ConflictError, NotFoundError)
"""What an act may say instead of doing something."""


class Lifetime(RuleBasedStateMachine):
    """One agent in a home of its own, with word vectors and a scripted model."""

    placed = Bundle("placed")

    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="lifetime-"))
        self.count = 0
        self.gone: list[str] = []
        self.agent = self.opened()

    def opened(self) -> Agent:
        locations = find_locations(self.home)
        dream = DreamSettings(cluster_distance=0.6, merge_cosine=0.9, lesson_memories=2)
        agent = Agent("life", locations, Settings(dream=dream))
        agent._embedder = shared.WordEmbedder()
        agent._language_model = shared.ScriptedModel({"failing test": "Dana wants the failing test first."})
        return agent

    def teardown(self):
        undo_everything(self.agent)
        assert [row["id"] for layer in TABLES for row in self.agent.items(layer)] == []
        assert verify(self.agent.store).faults == []
        self.agent.close()
        shutil.rmtree(self.home)

    @rule(which=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3), session=st.integers(1, 6))
    def ingest(self, which, session):
        """Somebody says some of the sentences, with a word of their own behind them."""
        for sentence in which:
            self.count += 1
            record = {
                "id": str(self.count),
                "role": "user",
                "author": "Dana",
                "content": f"{sentence} Ticket {OWN}{self.count:04}zzw.",
                "occurred_at": f"2026-03-{session:02}T10:{self.count % 60:02}:00Z",
            }
            self.agent.ingest([record], session=f"s{session}")

    @rule(llm=st.booleans())
    def dream(self, llm):
        """A dream, with and without the model."""
        self.agent.dream(force=True, llm=llm)

    @rule(statement=st.integers(1, 400))
    def dream_killed(self, statement):
        """A dream that dies by SIGKILL at some statement; the next one carries on."""
        self.agent.store  # noqa: B018 (the file is there)
        self.agent.close()
        child = os.fork()
        if child == 0:
            try:
                agent, left = self.opened(), [statement]

                def count(_sql):
                    left[0] -= 1
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)

                agent.store.connection.set_trace_callback(count)
                agent.dream(force=True, llm=False)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        self.agent = self.opened()

    @rule(act=st.sampled_from(["reject", "approve", "archive", "restore", "edit"]), which=st.integers(0, 10**6))
    def judge(self, act, which):
        """An operator's act on any derived row, live or not."""
        if (item := self.pick(which, events=False)) is not None:
            arguments = [f"The operator says this, number {which}."] if act == "edit" else []
            attempt(lambda: getattr(self.agent, act)(item, *arguments, reason="just so"))

    @rule(which=st.integers(0, 10**6), cascade=st.booleans())
    def undo(self, which, cascade):
        """An act undone, or an undo."""
        log = self.agent.log()
        if log:
            attempt(lambda: self.agent.undo(log[which % len(log)]["id"], cascade=cascade))

    @rule(which=st.integers(0, 10**6), cascade=st.booleans())
    def undo_dream(self, which, cascade):
        """All that a dream did, undone."""
        dreams = self.agent.dreams()
        if dreams:
            attempt(lambda: self.agent.undo(dreams[which % len(dreams)]["id"], cascade=cascade))

    @rule(which=st.integers(0, 10**6))
    def forget(self, which):
        """An item, erased with all that would give it away."""
        if (item := self.pick(which, events=True)) is not None:
            words = {event["id"]: event["content"].split()[-1] for event in self.agent.events()}
            done = attempt(lambda: self.agent.forget(item))
            if done is not None:
                assert done.complete, done.proof
                lost = {words[each] for each in done.ids if words.get(each, "").startswith(OWN)}
                self.gone += sorted(lost - {event["content"].split()[-1] for event in self.agent.events()})

    @rule(session=st.integers(1, 6))
    def say_it_again(self, session):
        """All that is known of a session is ingested once more, under other ids."""
        for event in list(self.agent.events(session=f"s{session}")):
            record = {"role": "user", "author": event["author"], "content": event["content"]}
            self.agent.ingest([record], session=f"s{session}-again")

    def pick(self, which, *, events):
        """One of all the items there are, withdrawn ones too, in the order they were made."""
        ids = [event["id"] for event in self.agent.events()] if events else []
        there = {row["id"] for layer in TABLES for row in self.agent.store.erasure.rows(layer)}
        ids += [item for item in dict.fromkeys(entry["target_id"] for entry in self.agent.log()) if item in there]
        return ids[which % len(ids)] if ids else None

    @invariant()
    def it_verifies(self):
        """Log and tables agree; what was forgotten is in no file."""
        assert verify(self.agent.store).faults == []
        raw = b"".join(path.read_bytes() for path in self.home.rglob("*") if path.is_file())
        assert [word for word in self.gone if word.strip(".").encode() in raw] == []

    @invariant()
    def what_is_buried_stays_down(self):
        """No item under a tombstone is alive."""
        for tombstone in self.agent.store.tombstones.standing():
            layer = next((layer for layer in TABLES if tombstone["layer"] == layer), None)
            row = layer and self.agent.store.derived.find(layer, tombstone["metadata"]["item"])
            assert row is None or row.get("state", State.SUPERSEDED) == State.SUPERSEDED, row


def attempt(act):
    """What an act gives, or None where it refuses."""
    try:
        return act()
    except REFUSED:
        return None


def undo_everything(agent):
    """Undo, newest first, whatever can be undone."""
    while True:
        force = Force(agent.store.log.undoers())
        before = agent.store.log.newest_seq()
        for entry in agent.log(newest_first=True):
            if (
                entry["undoes"] is None
                and force(entry["id"])
                and attempt(lambda e=entry: agent.undo(e["id"], cascade=True))
            ):
                break
        if agent.store.log.newest_seq() == before:
            return


Lifetime.TestCase.settings = settings(
    max_examples=LIFETIMES,
    stateful_step_count=30 if LONG else 14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLifetime = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")(Lifetime.TestCase)
