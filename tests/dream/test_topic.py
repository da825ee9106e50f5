"""What a talk is about is quoted behind a memory that is too short to be read alone, and behind no other."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.statements import statement_of
from elephantasm_cli.vocabulary import CONTEXT_SUPPORT, EventType


def talk(say, *turns, kind=EventType.USER_MESSAGE):
    for author, words in turns:
        say(words, author=author, day=2, kind=kind)


def contents(rows):
    return [memory["content"] for memory in rows("memory")]


def test_a_short_memory_is_read_after_what_the_talk_is_about(say, dreaming, rows, store):
    """The speaker's own, though the other's is later, and they are cited as context."""
    talk(
        say,
        ("Ada", "The bike frames need red paint"),
        ("Ines", "Lovely bike frames though"),
        ("Ada", "I ordered two tins of the bike frames paint in Ghent"),
    )
    dreaming()
    (memory,) = [memory for memory in rows("memory") if "Ghent" in memory["content"]]
    assert '(after Ada said "The bike frames need red paint")' in memory["content"]
    edges = store.log.sources_of(memory["id"])
    assert sorted(edge["weight"] for edge in edges) == [CONTEXT_SUPPORT, 1.0]
    assert "after Ada said" not in statement_of(memory)


def test_what_sets_a_value_is_no_topic(say, dreaming, rows):
    """It would still be read when the value has changed."""
    talk(
        say,
        ("Ada", "The bike budget is 500 euros"),
        ("Ines", "Lovely weather though"),
        ("Ada", "I ordered the bike budget book in Ghent"),
    )
    dreaming()
    assert not [content for content in contents(rows) if '(after Ada said "The bike budget' in content]


@pytest.mark.parametrize(
    "words",
    [
        "I ordered paint in Ghent for bike frames, gates, benches and lamps at the old shop near the railway station",
        "I always prefer bike frames paint from Ghent",
    ],
    ids=["long enough", "holds always"],
)
def test_what_is_read_alone_has_no_topic(say, dreaming, rows, words):
    talk(say, ("Ada", "The bike frames need red paint"), ("Ines", "Lovely weather though"), ("Ada", words))
    dreaming()
    (content,) = [content for content in contents(rows) if "Ghent" in content]
    assert "(after" not in content


def test_notes_have_no_topic(say, dreaming, rows):
    """Days lie between the lines of a journal."""
    talk(
        say,
        ("Ada", "The bike frames need red paint"),
        ("Ada", "I ordered the bike frames paint in Ghent"),
        kind=EventType.NOTE,
    )
    dreaming()
    assert contents(rows)
    assert not [content for content in contents(rows) if "(after" in content]


def test_an_instruction_is_no_topic(say, dreaming, rows):
    """It would seem to explain what is said of something else."""
    talk(
        say,
        ("Ada", "Never paint the bike frames on the balcony"),
        ("Ines", "Lovely weather though"),
        ("Ada", "I ordered the bike frames paint in Ghent"),
    )
    dreaming()
    assert not [content for content in contents(rows) if '(after Ada said "Never' in content]


def test_a_yes_goes_with_what_it_answers(say, dreaming, rows):
    """And with no topic: the yes would be said to that."""
    talk(say, ("Ada", "the plan wants to delete the whole mail zone."))
    helper = {"author": "Assistant", "role": "assistant", "kind": EventType.ASSISTANT_MESSAGE, "day": 2}
    say("I could add a guard, so that this never happens again.", **helper)
    talk(say, ("Ada", "yes on the mail zone and on the two mail servers."))
    for reply in ("Done.", "Anything else?", "Good."):
        say(reply, **helper)
    dreaming()
    (content,) = [content for content in contents(rows) if "two mail servers" in content]
    assert "add a guard" in content
    assert "delete" not in content


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("What did you order in Ghent?", "I ordered red paint, two tins"),
        ("so what did you order in Ghent", "I ordered red paint, two tins"),
        ("What did you order in Ghent?", "Thanks, Ines! I ordered red paint, two tins"),
    ],
    ids=["plain", "without its mark", "behind thanks"],
)
def test_a_short_answer_goes_with_its_question(say, dreaming, rows, asked, answer):
    """Whatever else was said before that is nearer in meaning."""
    talk(say, ("Ada", "The bike frames need red paint"), ("Ines", asked), ("Ada", answer))
    dreaming()
    (content,) = [content for content in contents(rows) if "two" in content]
    assert "(in answer to" in content
    assert "Ghent" in content
    assert "bike frames" not in content


def test_a_question_that_does_not_say_about_what_gives_way_to_the_topic(say, dreaming, rows):
    """ "How did it go?" tells nobody what "it" is."""
    talk(
        say,
        ("Ada", "The bike frames race paint is on in Ghent"),
        ("Ines", "How did it make you feel?"),
        ("Ada", "I finished the bike frames race third of forty"),
    )
    dreaming()
    (content,) = [content for content in contents(rows) if "third" in content]
    assert '(after Ada said "The bike frames race paint is on in Ghent")' in content


def test_what_points_is_read_after_what_its_speaker_said_before(say, dreaming, rows, store):
    """And after the question, which says "it" as well; both in the order they were said, and both context."""
    talk(
        say,
        ("Ines", "Hello Ada"),
        ("Ada", "I painted the bike frames red on Monday"),
        ("Ines", "Lovely. how's the paint from Ghent"),
        ("Ada", "It took Piet and me two coats of Dutch varnish"),
    )
    dreaming()
    (memory,) = [memory for memory in rows("memory") if "two coats" in memory["content"]]
    behind = '(after Ada said "I painted the bike frames red on Monday") (in answer to "how\'s the paint from Ghent")'
    assert memory["content"].rstrip(".").endswith(behind)
    assert [edge["weight"] for edge in store.log.sources_of(memory["id"])] == [1.0, CONTEXT_SUPPORT, CONTEXT_SUPPORT]


@pytest.mark.parametrize(
    ("words", "behind"),
    [
        ("Thanks, Ines! Glad you like the bike frames.", ""),
        ("Your bike frames are lovely too, Ines.", ""),
        ("I read 'The Lean Mill' on my bike tour.", "I read 'The Lean Mill' on my bike tour."),
        ('I read "The Lean Mill" on my bike tour.', "I read 'The Lean Mill' on my bike tour."),
        ("The bike frames are red. [shares image: a red bike]", "The bike frames are red. [shares image: a red bike]"),
    ],
    ids=["thanks", "of the other", "a title", "a title in double quotes", "with what it shows"],
)
def test_what_may_stand_before(say, dreaming, rows, words, behind):
    filler = [("Ines", "Hello Ada"), ("Ada", "Hello Ines"), ("Ines", "What a day")]
    talk(say, *filler, ("Ada", words), ("Ines", "Tell me more"), ("Ada", "It took me two weeks and three days"))
    dreaming()
    (content,) = [content for content in contents(rows) if "two weeks" in content]
    assert (f'(after Ada said "{behind}")' in content) if behind else ("after Ada" not in content)


def test_what_stands_before_in_the_same_turn_tells_what_is_meant(say, dreaming, rows):
    """Where it cannot be told with it, as a question."""
    talk(
        say,
        ("Ines", "Hello Ada"),
        ("Ada", "Remember the festival in Ghent? Had my performance, about 40 people from the town came."),
    )
    dreaming()
    (content,) = contents(rows)
    assert '(after Ada said "Remember the festival in Ghent?")' in content


def test_a_question_may_stand_in_the_episode_before(say, dreaming, rows):
    """An episode ends after so many tokens, also between a question and its answer."""
    talk(say, ("Ada", "We talked at length. " + "The old mill stands by the river. " * 90))
    talk(
        say,
        ("Ines", "What did you order in Ghent?"),
        ("Ada", "I ordered red paint, two tins of it for 30 euros, on 3 March. " + "So it goes. " * 130),
    )
    dreaming()
    (content,) = [content for content in contents(rows) if "two tins" in content]
    assert '(in answer to "What did you order in Ghent?")' in content


def test_what_somebody_did_on_a_day_is_read_alone(say, dreaming, rows):
    """It tells of what by itself; what points to something does not."""
    talk(
        say,
        ("Ada", "The bike frames need red paint"),
        ("Ines", "What's new with you?"),
        ("Ada", "I signed the bike frames contract in Ghent yesterday"),
    )
    dreaming()
    (content,) = [content for content in contents(rows) if "signed" in content]
    assert "(after" not in content
    assert "(in answer" not in content


def test_what_is_taken_back_stands_behind_nothing(say, dreaming, rows):
    """It would be read as if it held."""
    filler = [("Ines", "Hello Ada"), ("Ada", "Hello Ines"), ("Ines", "When is the race?")]
    talk(
        say,
        *filler,
        ("Ada", "We race in Ghent on 5 December, at ten."),
        ("Ines", "Who comes?"),
        (
            "Ada",
            "wait no, I read it wrong, it is the race on the 12th of December, not the 5th. It was Douwe who told me.",
        ),
    )
    dreaming()
    assert contents(rows)
    assert not [content for content in contents(rows) if "5 December, at ten" in content]
