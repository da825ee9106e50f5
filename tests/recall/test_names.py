"""Names of speakers in a question: everything they ever said shares them, so the question's vector goes without."""

from __future__ import annotations

import pytest

from elephantasm_cli.recall import recall
from elephantasm_cli.recall_features import name_words, named_authors, without_names
from elephantasm_cli.store.search import Visibility
from elephantasm_cli.vocabulary import Layer
from tests.conftest import remember
from tests.recall.conftest import LATER, said


@pytest.mark.parametrize(
    ("question", "authors", "bare"),
    [
        ("What does Ada's brother drink?", ["Ada", "Bob"], "What does brother drink?"),
        ("What does Ada’s brother drink?", ["Ada"], "What does brother drink?"),
        ("what does ada drink", ["Ada"], "what does drink"),
        ("Did Ada and Bob meet?", ["Ada", "Bob"], "Did and meet?"),
        ("Did Lovelace write it?", ["Ada Lovelace"], "Did write it?"),
        ("Did the Doctor come?", ["The Doctor"], "Did the come?"),
        ("Is it adamant?", ["Ada"], "Is it adamant?"),
    ],
)
def test_names_of_speakers_are_left_out_of_a_question(question, authors, bare):
    """Possessives too, whole words alone, in any case, and any word of a name but a stopword."""
    assert without_names(question, name_words(question, authors)) == bare


def test_an_article_in_a_name_names_nobody():
    """Or "The Doctor" would be in every question."""
    assert named_authors("What is the time?", ["The Doctor"]) == []
    assert name_words("What is the time?", ["The Doctor"]) == frozenset()
    assert name_words("Where is the doctor?", ["The Doctor"]) == {"doctor"}


@pytest.mark.parametrize("role", ["User", "assistant", "System", "operator"])
def test_the_name_of_a_role_is_a_word_like_any_other(role):
    """Records that name no author have these; questions speak of users and systems."""
    assert name_words(f"Which {role} account is it?", [role]) == frozenset()


@pytest.mark.parametrize("question", ["Ada", "Ada?", "Bob's, Ada's"])
def test_a_question_that_is_only_a_name_stays_whole(question):
    """An empty question has no vector."""
    assert without_names(question, name_words(question, ["Ada", "Bob"])) == question


def test_events_are_asked_without_names_and_derived_rows_with_them(agent, embedder, tell):
    """A turn has no name in its vector, a memory says in its own words whom it is about."""
    tell(said("Green tea in the morning"))
    remember(agent, "Ada drinks green tea.", next(iter(agent.events()))["id"], "2026-05-01T10:00:00.000000Z")
    tell()
    embedder.asked.clear()
    recall(agent.store, embedder, "Does ada drink tea?", visibility=Visibility(LATER), layers=(Layer.EVENT,))
    assert embedder.asked == ["Does drink tea?"]
    recall(agent.store, embedder, "Does ada drink tea?", visibility=Visibility(LATER), layers=(Layer.MEMORY,))
    assert sorted(embedder.asked[1:]) == ["Does ada drink tea?", "Does drink tea?"]


def test_a_speaker_does_not_draw_the_question_to_every_mention_of_them(agent, embedder, tell):
    """The same words are as near, whoever is named in front of them; a bare mention is not near."""
    tell(said("green tea"), said("Ada Ada", author="Bob", session="s2"), said("red wine", author="Bob", session="s3"))
    found = recall(agent.store, embedder, "Ada green tea", visibility=Visibility(LATER))
    nearness = {item.text: item.similarity for item in found.items}
    assert nearness["green tea"] == pytest.approx(1.0)
    assert nearness.get("Ada Ada", 0.0) < 0.2
    assert found.floor.cosine == pytest.approx(1.0)


def test_names_are_those_of_everybody_who_speaks_but_tools(agent, embedder, tell):
    """However few of their turns the question finds; a tool's name is a word like any other."""
    tell(
        said("green tea"),
        said("Nothing here", author="Zoe", session="s2"),
        said("done", author="Kettle", role="tool", session="s3"),
    )
    recall(agent.store, embedder, "Zoe's green tea", visibility=Visibility(LATER), layers=(Layer.EVENT,))
    recall(agent.store, embedder, "Kettle, green tea", visibility=Visibility(LATER), layers=(Layer.EVENT,))
    assert embedder.asked == ["green tea", "Kettle, green tea"]
