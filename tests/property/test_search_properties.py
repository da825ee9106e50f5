"""Search takes any words there are, and gives the same answer each time."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elephantasm_cli.agent import open_agent

CASES = 10_000 if os.environ.get("ELEPHANTASM_LONG") == "1" else 150
OPERATORS = ["C++", "foo-bar", "it's", 'NEAR("', "NEAR(a b, 3)", "*", "^x", "text:", "a AND", "OR", "NOT x", "\x00"]
SIGNS = [
    '"',
    "'",
    "(",
    ")",
    "{a b}: c",
    "-x",
    "x*",
    "\ud800",
    "a\udfffb",
    "\u202e",
    "\ufeff",
    "東",
    "🎉",
    "%",
    "_",
    ";--",
    "\\",
]
QUESTIONS = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(codec=None), max_size=20),
    st.lists(st.sampled_from([*OPERATORS, *SIGNS, "deploy", "Ada"]), max_size=8).map(" ".join),
)


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    """An agent with vectors for what it was told."""
    with open_agent(home=tmp_path_factory.mktemp("home")) as opened:
        opened.ingest(
            [
                {"role": "user", "author": "Ada", "content": content}
                for content in (
                    "We deploy C++ with foo-bar on Fridays.",
                    "it's 東京, text: NEAR the sea",
                    "AND OR NOT *^\"'",
                )
            ],
            session="s1",
        )
        opened.reindex()
        yield opened


@settings(max_examples=CASES, deadline=None)
@given(QUESTIONS, st.sampled_from(["hybrid", "lexical", "dense"]))
def test_no_words_make_a_search_fail(agent, query, mode):
    """Operators, quotes, NUL and halves of characters included; equal questions have equal answers, in order."""
    found = agent.search(query, mode=mode)
    order = [(-item.score, item.layer.value, item.id, item.ordinal) for item in found.items]
    assert order == sorted(order)
    assert agent.search(query, mode=mode).items == found.items


@pytest.mark.parametrize("query", [*OPERATORS, *SIGNS])
@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_no_sign_or_operator_makes_a_search_or_a_pack_fail(agent, query, mode):
    """Alone and beside a word that is there."""
    agent.search(query, mode=mode)
    assert agent.search(f"{query} deploy C++ Fridays", mode=mode).items
    assert agent.pack(f"{query} deploy C++ Fridays").text
    saved = agent.pack(f"{query} deploy C++ Fridays", format="json", explain=True, save=True)
    assert agent.show(saved.id or "")["query"] == saved.query
    assert saved.text.encode("utf-8")
