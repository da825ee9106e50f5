"""Packs from a real file."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.errors import UsageError
from elephantasm_cli.pack.build import PackOptions, build_pack
from elephantasm_cli.text.sentinel import PACK_JSON_KEY
from elephantasm_cli.vocabulary import Layer, Trust


def no_embedder():
    raise AssertionError("the embedder was asked for")


def test_no_model_is_loaded_without_a_question_or_without_vectors(small):
    """A pack at the start of a session costs no model."""
    with open_agent() as agent:
        assert build_pack(agent.store, PackOptions(), embedder=no_embedder).text
        assert build_pack(agent.store, PackOptions(query="deploy"), embedder=no_embedder).text


def test_a_pack_shows_what_holds_now_and_what_held_then(small):
    """As-of goes through rows and events alike."""
    with open_agent() as agent:
        now = build_pack(agent.store, PackOptions(query="When does Ada deploy?"), embedder=no_embedder)
        then = build_pack(
            agent.store, PackOptions(query="When does Ada deploy?", as_of="2026-05-02"), embedder=no_embedder
        )
    assert "Fridays" in now.text
    assert "Ada deploys on Tuesdays." not in now.text
    assert "Fridays" not in then.text
    assert "Tuesdays" in then.text


def test_layers_and_trust_limit_what_is_shown(small):
    """Only what is asked for, nothing less trusted."""
    with open_agent() as agent:
        events = build_pack(agent.store, PackOptions(query="deploy", layers=(Layer.EVENT,)), embedder=no_embedder)
        trusted = build_pack(agent.store, PackOptions(query="deploy", trust=Trust.OPERATOR), embedder=no_embedder)
    assert {line.layer for line in events.lines} == {Layer.EVENT}
    assert trusted.text == ""


def test_a_question_that_nothing_answers_gives_an_empty_pack(small):
    """Nothing relevant is an answer, and what was near it is told."""
    with open_agent() as agent:
        pack = build_pack(agent.store, PackOptions(query="Napoleon's cryptography"), embedder=no_embedder)
    assert pack.text == ""
    assert pack.token_count == 0


def test_the_json_pack_is_one_document(small):
    """Its lines name the events that derived rows rest on."""
    with open_agent() as agent:
        pack = build_pack(
            agent.store, PackOptions(query="deployments fridays", format="json", explain=True), embedder=no_embedder
        )
    document = json.loads(pack.text)[PACK_JSON_KEY]
    sources = {line["id"]: line["sources"] for section in document["sections"] for line in section["lines"]}
    assert sources[small.knowledge] == [small.events[1]]


def test_an_unknown_format_is_refused(small):
    """With those there are."""
    with open_agent() as agent, pytest.raises(UsageError, match="markdown, json, yaml, xml, messages"):
        build_pack(agent.store, PackOptions(format="yaml2"), embedder=no_embedder)


def test_options_are_plain_values():
    """They are saved beside a pack."""
    assert json.loads(json.dumps(PackOptions(query="x", trust=Trust.USER).to_dict()))["trust"] == "user"


def test_a_pack_is_the_same_bytes_under_any_zone_locale_and_hash_seed(small, home):
    """A pack is a function of file, query and options."""
    code = (
        "import sys\n"
        "from elephantasm_cli import open_agent\n"
        "with open_agent(read_only=True) as agent:\n"
        "    for query in (None, 'When does Ada deploy on Fridays in May 2026?'):\n"
        "        for preset in (None, 'full', 'turn') if query else (None, 'session'):\n"
        "            for format in ('json', 'yaml', 'xml', 'messages'):\n"
        "                made = agent.pack(query, format=format, explain=True, preset=preset)\n"
        "                sys.stdout.buffer.write(made.text.encode())\n"
    )
    outputs = set()
    for zone, locale, seed in (
        ("UTC", "C", "0"),
        ("Pacific/Kiritimati", "C.UTF-8", "1"),
        ("America/Lima", "POSIX", "77"),
    ):
        env = os.environ | {
            "ELEPHANTASM_HOME": str(home),
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert b"Fridays" in outputs.pop()
