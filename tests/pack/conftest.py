"""Items to pack, and a counter that is easy to predict."""

from __future__ import annotations

import math

import pytest

from elephantasm_cli.recalled import RecalledItem
from elephantasm_cli.vocabulary import Layer


class WordCounter:
    """One token a word, and one for each line break."""

    name = "words"

    def count(self, text):
        return math.ceil(
            sum(len(line.split()) + 1 for line in text.split("\n")[:-1]) + len(text.split("\n")[-1].split())
        )

    def weigh(self, line):
        return float(len(line.split()) + 1)


@pytest.fixture
def counter():
    return WordCounter()


@pytest.fixture
def item():
    """Make a recalled item; what is not given is filled in."""

    def make(text, id="evt_1", score=0.5, layer=Layer.EVENT, **values):
        given = {
            "parts": {"lexical": score},
            "occurred_at": "2026-05-08T10:00:00.000000Z",
            "trust": "user",
            "end": len(text),
            "author": "Ada",
            "role": "user",
            "event_type": "user_message",
            "session_id": "s1",
            "sources": (id,),
        }
        return RecalledItem(id=id, layer=layer, text=text, score=score, **(given | values))

    return make


@pytest.fixture
def identity():
    return {
        "id": "idn_1",
        "disposition_summary": "Answers briefly.",
        "traits": {"concise": 0.9},
        "values": {"honesty": 0.8},
        "preferences": {"language": "Python"},
        "trust": "user",
    }
