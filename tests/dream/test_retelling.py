"""Retelling: what is no whole sentence, with its speaker, its day and what it goes on from."""

from __future__ import annotations

import re

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.dream.reported_speech import reported
from elephantasm_cli.dream.retelling import retold
from elephantasm_cli.dream.statements import statement_of, words_of
from elephantasm_cli.store.search import PassageSearch
from elephantasm_cli.vocabulary import EventType

DAY = "3 May 2026"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no milk for me, the doctor rang", "Halvard said on 3 May 2026: no milk for Halvard, the doctor rang."),
        (
            "Due on 30 September 2026. Or a week later.",
            "Halvard said on 3 May 2026: Due on 30 September 2026; or a week later.",
        ),
        (
            ":) Small things now, first the roof and these:",
            "Halvard said on 3 May 2026: small things now, first the roof and these.",
        ),
        (
            "Sister Agnes has the keys. Sisters and all.",
            "Halvard said on 3 May 2026: Sister Agnes has the keys; sisters and all.",
        ),
        (
            "First the roof. We have to be out by June.",
            "Halvard said on 3 May 2026: first the roof; they have to be out by June.",
        ),
        (
            "Not me, the doctors have taken my licence.",
            "Halvard said on 3 May 2026: not Halvard, the doctors have taken Halvard's licence.",
        ),
        (
            "Back from the salt mine, and the lamp is mine.",
            "Halvard said on 3 May 2026: back from the salt mine, and the lamp is Halvard's.",
        ),
        ("Later, when I'm 60.", "Halvard said on 3 May 2026: Later, when Halvard is 60."),
        (
            "Spring at last, and the roof holds. Ask my wife about it.",
            "Halvard said on 3 May 2026: spring at last, and the roof holds; <1-2/2>.",
        ),
        (
            "Will you come? Spring at last. The roof holds. I counted the slates tonight.",
            "Halvard said on 3 May 2026: <0-1/4>; spring at last; the roof holds; <3-4/4>.",
        ),
        (
            "The keys are with Agnes. So she has both. What? The spare ones I lost.",
            "Halvard said on 3 May 2026: the keys are with Agnes; she has both; the spare ones Halvard lost.",
        ),
        (
            "The shed is dry again. He fixed it with tar. I paid forty for the tar.",
            "Halvard said on 3 May 2026: the shed is dry again; <1-2/3>; Halvard paid forty for the tar.",
        ),
        (
            "The landlord sells. Our lease ends in May. We move to Bergen.",
            "Halvard said on 3 May 2026: the landlord sells; Halvard's lease ends in May; Halvard and others move to "
            "Bergen.",
        ),
        (
            "My flatmate and I have stopped speaking over the roof.",
            "Halvard said on 3 May 2026: Halvard's flatmate and Halvard have stopped speaking over the roof.",
        ),
    ],
)
def test_persons_are_turned_and_the_rest_stays(said, told):
    """Sentences that ask, order, or speak of nobody who is named, are left to be quoted in their places."""
    marked = re.sub("<(.+?)>", "\ue001\\1\ue001", told)
    assert retold(said, "Halvard", DAY) == marked


def test_who_is_meant_may_be_said_before():
    said = "They've taken my licence, both of them."
    assert retold(said, "Halvard", DAY) is None
    told = "Halvard said on 3 May 2026: they've taken Halvard's licence, both of them."
    assert retold(said, "Halvard", DAY, before="I was at the two doctors") == told


@pytest.mark.parametrize(
    "said",
    [
        "They were scared, but we reassured them.",
        "Will you bring the ladder?",
        'He said "I will" and left.',
        "Nein, meine Vermieterin erlaubt keine Hunde.",
        "Thanks for the ladder, dear!",
        "",
        "Spring. Will you bring the ladder to my wife on Monday?",
        'The sign says "Closed. The keys" are gone.',
        "word " * 120,
    ],
)
def test_what_would_be_unclear_is_not_retold(said):
    """Two groups that would both be "they", questions, other languages, what is said to somebody alone or mostly, a
    quotation over two sentences, pages."""
    assert retold(said, "Halvard", DAY) is None


def test_an_answer_keeps_its_question(say, dreaming, rows, store):
    """The memory can be read alone, rests on both turns, and is believed as the one who answered is."""
    say("Do you still swim in the lake before work?", author="Ingrid", day=2)
    say("It was drained in April, they found mines from 1944 in it.", author="Halvard", day=2)
    dreaming()
    (memory,) = rows("memory")
    assert memory["content"].endswith(' (in answer to "Do you still swim in the lake before work?").')
    assert memory["metadata"]["speaker"] == "Halvard"
    assert words_of(memory["content"]).startswith("it was drained in April")
    assert statement_of(memory).startswith("Halvard: it was drained in April")
    edges = store.log.sources_of(memory["id"])
    assert [edge["weight"] for edge in edges] == [1.0, 0.1]
    asked = store.events.find(edges[1]["source_id"])
    assert asked["content"][edges[1]["quote_start"] : edges[1]["quote_end"]] == asked["content"]
    for edge in edges:
        assert PassageSearch(store).resting_on({edge["source_id"]: 1.0})[memory["id"]] == pytest.approx(edge["weight"])


def test_a_forgotten_question_is_forgotten_in_the_answer_too(say, dreaming, path):
    """Its words are found nowhere afterwards; the answer itself stays, in the events."""
    say("Is the Quetzalcoatl prototype still in the cellar?", author="Ingrid", day=2)
    say("It went to the museum in Utrecht in March, with both engines.", author="Halvard", day=2)
    dreaming()
    with open_agent("coder", home=path.parents[1]) as agent:
        (memory,) = agent.memories()
        assert "Quetzalcoatl" in memory["content"]
        asked = next(event for event in agent.events() if event["author"] == "Ingrid")
        agent.forget(asked["id"])
        assert agent.memories() == []
        assert [event["author"] for event in agent.events()] == ["Halvard"]
        assert agent.verify().ok
    assert b"Quetzalcoatl" not in path.read_bytes()


def test_what_is_taken_back_at_once_is_not_remembered(say, dreaming, rows):
    """Neither a joke that says so, nor what the next turn corrects."""
    say("I moved to Reykjavik in May. Just kidding! I bought a flat in Ghent on 2 February.", author="Halvard", day=2)
    say("The line length is 100.", author="Halvard", day=3)
    say("No wait, the line length is 88.", author="Halvard", day=3)
    dreaming()
    said = "".join(memory["content"] for memory in rows("memory"))
    assert "Ghent" in said
    assert "88" in said
    assert "Reykjavik" not in said
    assert "100" not in said


@pytest.mark.parametrize("authors", [("Halvard", "Halvard"), ("Halvard", "Ingrid")], ids=["of one", "of two"])
def test_a_talk_among_people_makes_no_identity(say, dreaming, rows, store, authors):
    """There is no agent to serve anybody, whosever knowledge it is; with one there is."""
    for day, author in enumerate(authors, start=2):
        say("I always prefer short answers over long ones.", author=author, day=day)
        say("Sure, noted, all right!", author="Zoe", day=day)
    dreaming()
    assert rows("knowledge")
    assert store.derived.current_identity() is None
    say("Done.", author="Assistant", role="assistant", kind=EventType.ASSISTANT_MESSAGE, day=4)
    dreaming()
    assert store.derived.current_identity() is not None


def test_nobody_wants_anything_of_an_agent_that_is_not_there(say, dreaming, rows):
    """What somebody writes to themselves in the form of an order; said to "you", or with an agent, it is one."""
    say("Never answer the landlord's mail in anger.", author="Caspian", day=2)
    dreaming()
    (memory,) = rows("memory")
    assert memory["content"].startswith("Caspian said on 2 March 2026: never answer")
    say("Done.", author="Assistant", role="assistant", kind=EventType.ASSISTANT_MESSAGE, day=3)
    say("Never answer the dentist's mail in anger.", author="Caspian", day=3)
    dreaming()
    assert "Caspian wants the assistant to never answer the dentist's mail" in rows("memory")[-1]["content"]


@pytest.mark.parametrize(
    "said",
    [
        "since 5:30 my brother. Go-slow never start",
        "ah ah my sister, the light is gone since morning",
        "Oh my god yes, six quid for a saveloy",
        "always awake baby I work nights",
        "Rupert she left the gas on twice",
    ],
)
def test_somebody_who_is_spoken_to_is_nobody_of_the_speakers(said):
    assert retold(said, "Jo", "3 May 2026") is None
    assert reported(said, "Jo") is None


@pytest.mark.parametrize("said", ["I told my brother, he laughed.", "My brother is ill.", "My god-daughter is six."])
def test_whom_the_speaker_tells_of_is_theirs(said):
    assert "Jo's " in (retold(said, "Jo", "3 May 2026") or "")


@pytest.mark.parametrize(
    ("before", "is_told"), [("Otto is my brother's dog.", True), ("I work nights from Monday on.", False)]
)
def test_he_of_nobody_named_is_told_by_nobody(say, dreaming, rows, before, is_told):
    """Behind other words he would be whoever said them."""
    say(before, author="Bram")
    say("He's not allowed on the boat in Bergen until the vet has seen him.", author="Hedda")
    dreaming()
    (content,) = [memory["content"] for memory in rows("memory") if "boat" in memory["content"]]
    assert ("Hedda said" in content) is is_told
