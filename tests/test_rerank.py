"""Reranking with a reranker written by hand."""

from __future__ import annotations

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.config import PackSettings
from elephantasm_cli.pack import build
from elephantasm_cli.recall import recall
from elephantasm_cli.recall_features import Scored
from elephantasm_cli.rerank import RERANK_WEIGHT, RERANKED, rerank
from elephantasm_cli.store.search import EventPassage, Visibility

LATER = "2026-12-31T00:00:00.000000Z"


class FakeReranker:
    """Scores a text by how often it holds a word, and remembers what it was asked."""

    name = "fake"
    sha256 = "0" * 64

    def __init__(self, word="gold"):
        self.word = word
        self.asked = []

    def scores(self, query, texts):
        self.asked.append((query, list(texts)))
        return [float(text.count(self.word)) for text in texts]


def passage(key, text):
    return EventPassage(
        key,
        f"evt_{key}",
        0,
        0,
        len(text),
        key,
        "s1",
        "user_message",
        "user",
        "Ada",
        "2026-05-01T10:00:00Z",
        "user",
        text,
    )


def candidates(*rows):
    """Passages and their scores from (text, score) rows; keys count from 1."""
    passages = {key: passage(key, text) for key, (text, _) in enumerate(rows, 1)}
    return passages, {key: Scored(score, {"lexical": score}) for key, (_, score) in enumerate(rows, 1)}


def order(scored):
    return sorted(scored, key=lambda key: (-scored[key].score, key))


def test_the_model_moves_what_it_prefers_upwards():
    """The second becomes the first; at half the weight each, the last can only draw level with the first."""
    passages, scored = candidates(("a", 0.9), ("gold gold", 0.85), ("b", 0.8))
    assert order(rerank(FakeReranker(), "where?", passages, scored)) == [2, 1, 3]
    passages, scored = candidates(("a", 0.9), ("b", 0.85), ("gold", 0.8))
    mixed = rerank(FakeReranker(), "where?", passages, scored)
    assert mixed[1].score == mixed[3].score > mixed[2].score


def test_the_parts_add_up_and_say_what_the_model_gave():
    """Every part has the fused score's weight, and ``rerank`` lies between the lowest and the highest fused score."""
    passages, scored = candidates(("a", 0.9), ("gold", 0.5), ("b", 0.2))
    mixed = rerank(FakeReranker(), "where?", passages, scored)
    assert mixed[1].parts == {"lexical": 0.45, "rerank": RERANK_WEIGHT * 0.2}
    assert mixed[2].parts == {"lexical": 0.25, "rerank": RERANK_WEIGHT * 0.9}
    assert all(found.score == pytest.approx(sum(found.parts.values()), abs=1e-6) for found in mixed.values())


def test_only_the_best_are_read_and_the_rest_stay_below_them():
    """The model sees fifty passages with speaker and date; the fifty-first keeps its score and its place."""
    passages, scored = candidates(*((f"text {n}", 1.0 - n / 100) for n in range(RERANKED + 5)))
    model = FakeReranker("text 49")
    mixed = rerank(model, "where?", passages, scored)
    assert len(model.asked[0][1]) == RERANKED
    assert model.asked[0][1][0] == "Ada, 1 May 2026: text 0"
    assert all(mixed[key] == scored[key] for key in list(scored)[RERANKED:])
    assert min(mixed[key].score for key in list(scored)[:RERANKED]) > mixed[RERANKED + 1].score


def test_equal_scores_of_the_model_change_no_order():
    """A model that cannot tell leaves the ranking as it was, and nothing at all is no error."""
    passages, scored = candidates(("a", 0.9), ("b", 0.7), ("c", 0.7))
    assert order(rerank(FakeReranker(), "where?", passages, scored)) == [1, 2, 3]
    assert rerank(FakeReranker(), "where?", {}, {}) == {}


def test_the_order_of_the_rows_does_not_matter():
    """Ties of the fused score go by id before the model is asked."""
    passages, scored = candidates(*((f"gold {n}" if n % 3 else "lead", 0.5) for n in range(RERANKED + 20)))
    turned = dict(reversed(scored.items()))
    assert rerank(FakeReranker(), "?", passages, turned) == rerank(FakeReranker(), "?", passages, scored)


@pytest.fixture
def agent(home):
    with open_agent() as opened:
        opened.ingest(
            {"role": "user", "author": "Ada", "content": text, "occurred_at": f"2026-05-0{day}T10:00:00Z"}
            for day, text in enumerate(
                ["The boat is in the harbour", "The boat is red, gold gold", "The boat was sold", "Tea is green"], 1
            )
        )
        yield opened


def test_recall_asks_the_reranker_once_and_shows_its_part(agent):
    """Every event found carries ``rerank``; the one the model likes comes first."""
    model = FakeReranker()
    found = recall(agent.store, None, "Where is the boat?", visibility=Visibility(LATER), reranker=model)
    assert [query for query, _ in model.asked] == ["Where is the boat?"]
    assert found.items[0].text == "The boat is red, gold gold"
    assert all("rerank" in item.parts for item in found.items)


def test_nothing_relevant_is_not_reranked(agent):
    """Below the floor no model runs: what is not shown need not be ordered."""
    model = FakeReranker()
    found = recall(agent.store, None, "How do volcanoes form?", visibility=Visibility(LATER), reranker=model)
    assert (found.items, model.asked) == ((), [])


def test_packs_and_hybrid_searches_use_the_reranker_that_is_set(agent, monkeypatch):
    """``pack.reranker`` names it; lexical and dense searches stay what they are called."""
    asked = []

    def load(folder, threads=None):
        asked.append(folder)
        return FakeReranker() if folder else None

    monkeypatch.setattr(build, "load_reranker", load)
    options = build.PackOptions("Where is the boat?", settings=PackSettings(reranker="some/folder"))
    pack = build.build_pack(agent.store, options, embedder=agent.checked_embedder)
    assert all("rerank" in line.parts for line in pack.lines)
    hybrid = build.search(agent.store, "boat", embedder=agent.checked_embedder, reranker="some/folder")
    lexical = build.search(agent.store, "boat", embedder=agent.checked_embedder, reranker="some/folder", mode="lexical")
    assert all("rerank" in item.parts for item in hybrid.items)
    assert not any("rerank" in item.parts for item in lexical.items)
    assert asked == ["some/folder", "some/folder"]


def test_without_the_setting_nothing_is_loaded(agent):
    """The default has no reranker, and packs have no such part."""
    pack = agent.pack("Where is the boat?")
    assert pack.lines
    assert not any("rerank" in line.parts for line in pack.lines)
