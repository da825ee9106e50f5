"""A pack is a function of what a file says: not of the order its rows lie in, nor of the process that reads it."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elephantasm_cli.agent import open_agent
from elephantasm_cli.services.tokens import load_counter
from elephantasm_cli.store.rows import TABLES

LONG = os.environ.get("ELEPHANTASM_LONG") == "1"
CASES = 10_000 if LONG else 200
PROCESS_CALLS = 900 if LONG else 40
WORLDS = 6 if LONG else 2
PROGRAM = Path(__file__).with_name("worlds.py")
ENVIRONMENTS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "random", "TZ": "<-12>12", "LC_ALL": "de_DE@euro", "LANG": "POSIX", "OMP_NUM_THREADS": "1"},
]

_spec = importlib.util.spec_from_file_location("worlds", PROGRAM)
worlds = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(worlds)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with a few small memories, each closed again."""
    folder = tmp_path_factory.mktemp("worlds")
    for seed in range(WORLDS):
        with worlds.make_world(folder, seed):
            pass
    return folder


@pytest.fixture(scope="module")
def twins(home, tmp_path_factory):
    """For each memory a way to read it as it was written, and the ways to read the same rows in another order."""
    opened = []

    def copy(agent, name):
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(home, folder, dirs_exist_ok=True)
        opened.append(open_agent(agent, home=folder))
        return opened[-1]

    made = []
    for seed in range(WORLDS):
        name = f"world{seed}"
        plain = copy(name, "plain")
        backwards, rebuilt, shuffled = copy(name, "backwards"), copy(name, "rebuilt"), copy(name, "shuffled")
        rebuilt.rebuild_index()
        index_in_another_order(shuffled)
        lay_rows_in_another_order(shuffled.store.connection, seed)
        for agent in (backwards, shuffled):
            agent.store.connection.execute("PRAGMA reverse_unordered_selects = ON")
        made.append((plain, (backwards, rebuilt, shuffled)))
    yield made
    for agent in opened:
        agent.close()


def index_in_another_order(agent):
    """Passages, full text and vectors: derived rows first and backwards, then the sessions backwards."""
    store = agent.store
    events = list(store.events.listed())
    rows = [(layer, table, row) for layer, table in TABLES.items() for row in store.derived.listed(layer)]
    with store.transaction():
        store.enable_vectors()
        store.connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
        for table in ("passages_vec", "passages"):
            store.connection.execute(f"DELETE FROM {table}")
        for layer, table, row in reversed(rows):
            store.passages.replace_item(layer, row["id"], table.text_of(row), row[table.date_column])
        for session in sorted({event["session_id"] for event in events}, reverse=True):
            store.passages.add_events([event for event in events if event["session_id"] == session])
    agent.reindex()


def lay_rows_in_another_order(connection, seed):
    """The same rows, written again in the order of a shuffle, then the file packed anew."""
    chance = random.Random(seed)
    connection.execute("BEGIN")
    for table in [*(table.name for table in TABLES.values()), "lineage", "embeddings"]:
        rows = [tuple(row) for row in connection.execute(f"SELECT * FROM {table}")]
        chance.shuffle(rows)
        connection.execute(f"DELETE FROM {table}")
        for row in rows:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    connection.execute("COMMIT")
    connection.execute("VACUUM")


@settings(max_examples=CASES, deadline=None)
@given(st.integers(0, WORLDS - 1), st.integers(0, 2), st.integers(0, 2**32))
def test_the_order_of_rows_in_the_file_changes_no_byte(twins, world, twin, seed):
    """Read backwards, indexed anew, or laid out in another order: the same pack, never over its budget."""
    call = worlds.a_call(random.Random(seed))
    plain, others = twins[world]
    assert worlds.digest(plain, call) == worlds.digest(others[twin], call), call


@settings(max_examples=CASES // 5, deadline=None)
@given(
    st.integers(0, WORLDS - 1),
    st.one_of(st.none(), st.sampled_from(worlds.QUESTIONS[1:]), st.text(max_size=60)),
    st.integers(0, 2000),
)
def test_any_question_keeps_any_budget(twins, world, query, budget):
    """Whatever is asked: the text itself is counted, not what the pack says of it."""
    plain, (backwards, *_) = twins[world]
    pack = plain.pack(query, budget=budget)
    assert load_counter().count(pack.text) == pack.token_count <= budget
    assert backwards.pack(query, budget=budget).text == pack.text


def test_hash_seed_time_zone_and_locale_change_no_byte(home, twins):
    """Many packs in each of several processes, and the same ones here."""
    chance = random.Random(7)
    calls = {
        f"world{world}": [worlds.a_call(chance) for _ in range(PROCESS_CALLS // WORLDS)] for world in range(WORLDS)
    }
    here = [worlds.digest(twins[world][0], call) for world in range(WORLDS) for call in calls[f"world{world}"]]
    for environment in ENVIRONMENTS if LONG else ENVIRONMENTS[1:3]:
        run = subprocess.run(
            [sys.executable, str(PROGRAM)],
            input=json.dumps({"home": str(home), "calls": calls}).encode(),
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment,
            capture_output=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr.decode()
        assert run.stdout.decode().split() == here, environment
