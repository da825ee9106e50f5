"""The demo history, dreamed on once and copied for every test that corrects it."""

from __future__ import annotations

import shutil

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.demo.play import sessions


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


@pytest.fixture
def found(marlene):
    """The one live item of a layer that says ``part``."""

    def call(layer, part):
        rows = marlene.items(layer, states=["active", "decaying", "candidate"])
        (row,) = [row for row in rows if part in str(row.get("content", row.get("statement")))]
        return row

    return call


@pytest.fixture
def says(marlene):
    """The ids of live items, of any layer, whose words hold ``part``; identity counts as one of them."""

    def call(part):
        ids = []
        for layer in ("memory", "lesson", "knowledge"):
            for row in marlene.items(layer, states=["active", "decaying", "candidate"]):
                if part in str(row.get("content", row.get("statement"))):
                    ids.append(row["id"])
        identity = marlene.identity()
        if identity and part in str((identity["disposition_summary"], identity["preferences"])):
            ids.append(identity["id"])
        return ids

    return call
