"""How likely a sentence is not meant, and what comes of it."""

import pytest

from elephantasm_cli.dream import meant, worth
from elephantasm_cli.services.embedding import MODEL_SHA256, BundledEmbedder
from elephantasm_cli.text.sentences import split_sentences

PLAIN = (
    "I sold the boat to Pieter in Ostend.",
    "Refunds above 200 euros need a manager.",
    "My sister Ilse had a little girl on Tuesday, Ida.",
    "The page size is 100 in this project.",
    "We moved the choir to the church hall, Thursdays at 8.",
)
WITTY = (
    "if the boiler dies once more I shall marry the plumber lol",
    "the printer and I are no longer on speaking terms, haha",
    "in my next life I'm going to be a pigeon with a pension!",
)


WEIGHTS = meant.weights


class Real:
    """A context with the bundled model."""

    def __init__(self):
        self.embedder = BundledEmbedder(1)

    def vectors(self, texts):
        return self.embedder.embed(texts) if texts else self.embedder.embed(["none"])[:0]


class Other(Real):
    """... with another."""

    def __init__(self):
        super().__init__()
        self.embedder.sha256 = "0" * 64


@pytest.fixture(autouse=True)
def _real_weights(monkeypatch):
    """Those of the package, which the other tests of the dreamer go without."""
    monkeypatch.setattr(meant, "weights", WEIGHTS)


def event(number, author, content, role="user"):
    return {"id": f"evt_{number}", "author": author, "role": role, "content": content}


def doubt(content, after="ok", *, role="user", context=None):
    first = event(1, "Ada", content, role)
    doubts = meant.Doubts(context or Real(), [first, event(2, "Ines", after)], to_agent=False)
    return doubts.of(first, 0, len(content))


def test_wit_is_doubted_more_than_plain_words():
    assert max(map(doubt, PLAIN)) < 0.2 < min(map(doubt, WITTY))


def test_somebody_laughs_about_it():
    words = "I told the vicar the organ sounds like a cow."
    assert doubt(words, "haha you didn't") > doubt(words, "did you")


def test_a_quote_is_doubted_as_its_sentences_are_on_average():
    content = f"{WITTY[2]} {PLAIN[0]}"
    first, second = split_sentences(content)
    doubts = meant.Doubts(Real(), [event(1, "Ada", content)], to_agent=False)
    one, other = (doubts.of(event(1, "Ada", content), each.start, each.end) for each in (first, second))
    assert doubts.of(event(1, "Ada", content), 0, len(content)) == pytest.approx((one + other) / 2, abs=1e-6)
    assert other < one


@pytest.mark.parametrize(
    ("content", "role", "context"),
    [(WITTY[0], "assistant", Real()), (WITTY[0], "user", Other()), ("Shall I marry the plumber?", "user", Real())],
    ids=["an assistant's", "another embedding model", "a question"],
)
def test_what_is_not_judged(content, role, context):
    assert doubt(content, role=role, context=context) == 0.0


@pytest.mark.parametrize(
    ("turns", "played"),
    [
        (["let's do a story. I'm a miller with a talking goose", "I sold the mill to the sea.", "ok bye"], [1, 2, 3]),
        (["Can we role-play? You are the guard.", "I have lived in the tower for nine years."], [1, 2]),
        (["Dream: the tram had a second floor.", "I took the tram to Ghent on Monday."], [1]),
        (["I dreamt of my old school again last night.", "I teach at the new school."], [1]),
        (["I shan't pretend it was easy to sell the mill.", "The story is in the paper on Monday."], []),
    ],
)
def test_what_is_played_or_dreamt_is_not_meant(turns, played):
    """Of whoever began it, and with any embedding model."""
    events = [event(number, "Ada", turn) for number, turn in enumerate(turns, 1)]
    doubts = meant.Doubts(Other(), events, to_agent=True)
    found = [each["id"] for each in events if doubts.of(each, 0, len(each["content"])) == meant.PLAYED]
    assert found == [f"evt_{number}" for number in played]


def test_weights_are_of_the_bundled_model():
    found = meant.weights()
    assert found.embedding_sha256 == MODEL_SHA256
    assert len(found.vector) == BundledEmbedder.dimension
    assert len(found.signs) == len(meant.SIGNS)


@pytest.mark.parametrize("probability", [0.0, worth.DOUBTED])
def test_little_doubt_costs_nothing(probability):
    assert worth.less_by(probability) == 0.0


def test_more_doubt_costs_more():
    assert 0 < worth.less_by(0.25) < worth.less_by(0.4) < worth.less_by(1.0)
    assert worth.less_by(1.0) < float("inf")
