"""Which of the salient sentences become memories: most of them must not."""

import pytest

from elephantasm_cli.dream.picks import Pick, with_hedge, with_scene, with_sentence_before
from elephantasm_cli.dream.salience import Salient, is_commonplace
from elephantasm_cli.vocabulary import EventType


def quotes(rows):
    return [memory["metadata"]["quote"] for memory in rows("memory")]


def test_two_sentences_of_one_thought_are_one_memory(say, dreaming, rows):
    """They are read together, and cite one span."""
    said = "I prefer plain SQL for reports. And for reports I always prefer SQL."
    say(said)
    dreaming()
    assert quotes(rows) == [said]


def test_what_the_agent_is_to_do_and_what_the_speaker_does_stay_apart(say, dreaming, rows):
    """One statement of both would say that the speaker does what the agent should."""
    say("Always write plain SQL for reports. I write plain SQL for reports myself.")
    dreaming()
    assert quotes(rows) == ["Always write plain SQL for reports."]


def test_sentences_about_different_settings_stay_apart(say, dreaming, rows):
    """However alike their words are: one of them may change without the other."""
    say("Line length is 100 in this project.", "Hm, let me see.", "The page size is 100 in this project.", "Ok.")
    dreaming()
    assert sorted(quotes(rows)) == ["Line length is 100 in this project.", "The page size is 100 in this project."]


def test_distant_sentences_of_one_thought_are_not_joined(say, dreaming, rows):
    """A span quotes what was said, and nothing in between that was not worth it."""
    say("I prefer plain SQL for reports. " + "Ok. " * 25 + "For reports I really prefer plain SQL.")
    dreaming()
    (quote,) = quotes(rows)
    assert "Ok." not in quote


def test_what_may_change_is_remembered_before_what_happened(say, dreaming, rows):
    """A value that a later sentence can change must be there when it does."""
    say("I had a look at the query in fetch_invoice.", "ok go. Line length is 100 by the way", "fine")
    dreaming()
    assert quotes(rows) == ["Line length is 100 by the way"]


def test_a_changed_choice_supersedes_the_earlier_one(say, dreaming, rows):
    """Standing choices exclude each other, however they are worded."""
    say("I use conventional commits, so fix: for the first and feat: for the second.", day=1)
    dreaming()
    say("Commit style has changed: from now on write plain imperative commit messages.", day=5)
    dreaming()
    (old,) = rows("memory", "superseded")
    assert "conventional" in old["metadata"]["quote"]
    (new,) = rows("memory", "active")
    assert old["superseded_by"] == new["id"]


def test_a_sentence_that_cannot_be_read_alone_goes_with_the_one_before_it(say, dreaming, rows):
    """Who "she" is stands there."""
    said = "My sister Priya works at a bakery in Ghent. She is allergic to walnuts."
    say(said)
    dreaming()
    assert quotes(rows) == [said]


def test_two_chosen_sentences_of_which_one_needs_the_other_take_one_place(say, dreaming, rows):
    """The place that is left goes to somebody else's words."""
    said = "I work at a bakery in Ghent. It opens at five, so I get up at three."
    say(said, author="Ana")
    say("I adopted a guinea pig called Oscar last week.", author="Ben")
    for number in range(4):
        say("Ha!" * (number + 1), author="Ben")
    dreaming()
    assert quotes(rows) == [said, "I adopted a guinea pig called Oscar last week."]


def test_a_pronoun_brings_the_sentence_before_it_along(say, dreaming, rows):
    """Though that would not have been remembered by itself."""
    said = "I do keep bees, yes. They were a gift from my uncle Aloys in June 2025."
    say(said, author="Ana")
    say("Nice!", author="Ben")
    dreaming()
    (memory,) = rows("memory")
    assert memory["metadata"]["quote"] == said
    assert memory["content"] == (
        "Ana said on 1 March 2026 that Ana does keep bees, yes; they were a gift from Ana's uncle Aloys in June 2025."
    )


def test_a_failure_that_nobody_got_over_goes_behind_what_the_user_says(say, dreaming, rows):
    """It is kept where there is room."""
    say("pytest tests/test_sync.py", kind=EventType.TOOL_CALL)
    say("FAILED tests/test_sync.py::test_lock - TimeoutError", kind=EventType.TOOL_RESULT)
    say("Never push to main, always open a pull request.")
    dreaming()
    assert quotes(rows) == ["Never push to main, always open a pull request."]
    say("pytest tests/test_sync.py", kind=EventType.TOOL_CALL, day=9)
    say("FAILED tests/test_sync.py::test_lock - TimeoutError", kind=EventType.TOOL_RESULT, day=9)
    dreaming()
    assert any("test_lock" in memory["content"] for memory in rows("memory"))


def test_a_chat_in_another_language_is_remembered_too(say, dreaming, rows):
    """Its cues are not known; how much it says must do."""
    say("我妈七月要做膝盖手术，我就推掉了深圳的工作，留在武汉。", author="谷雨晴")
    say("好的。", author="沈越")
    dreaming()
    assert len(rows("memory")) == 1


def test_what_stands_between_two_sentences_of_a_turn_is_kept_unless_it_is_for_somebody(say, dreaming, rows):
    """A few words that go on belong to the story; a question to the other one does not."""
    story = "I have bought a narrowboat. Green, with a stove like a little dragon. I signed for it on 12 April."
    say(story, author="Sulaiman")
    say("I got a new bicycle. Do you still ride yours? My brother got one as well.", author="Ana")
    dreaming()
    first, *others = quotes(rows)
    assert first == story
    assert not any("?" in quote for quote in others)


def test_people_among_themselves_are_remembered_for_facts_not_for_feelings(say, dreaming, rows):
    """A chat is mostly warm words; what somebody might be asked about later is in between."""
    for author, text in (
        ("Ana", "I am so happy and grateful for all the love and support!"),
        ("Ben", "That is amazing, I am so proud of the journey we are on!"),
        ("Ana", "I adopted a guinea pig called Oscar last week."),
        ("Ben", "What a wonderful feeling, life is so special!"),
        ("Ana", "I feel so blessed and inspired."),
        ("Ben", "Me too!"),
    ):
        say(text, author=author)
    dreaming()
    assert "I adopted a guinea pig called Oscar last week." in quotes(rows)
    assert not any("grateful" in quote or "blessed" in quote for quote in quotes(rows))


def test_a_note_of_two_lines_is_kept_whole(say, dreaming, rows):
    """Who writes something down wants it kept; one event of a chat makes one memory at most."""
    lines = ["I'm allergic to walnuts.", "Line length is 100."]
    say("\n".join(lines), kind=EventType.NOTE)
    say("\n".join(lines), day=9)
    dreaming()
    by_day = [memory["metadata"]["quote"] for memory in rows("memory") if memory["time_start"] < "2026-03-02"]
    assert sorted(by_day) == ["I'm allergic to walnuts.", "Line length is 100."]
    assert len(rows("memory")) <= 3


def test_a_short_turn_is_kept_whole(say, dreaming, rows):
    """What is said in two breaths is one memory; a question or what is only felt is no part of it."""
    say("My letters from the bank are gone. They lie in Ghent with my sister.", author="Ada", day=2)
    say("Is that so? I am so happy for you!", author="Ines", day=2)
    dreaming()
    (memory,) = [memory for memory in rows("memory") if "Ghent" in memory["content"]]
    assert "the bank" in memory["content"]
    assert "happy" not in memory["content"]


def test_what_is_taken_back_goes_with_nothing(say, dreaming, rows):
    """Nor does what is corrected in the same breath."""
    say("The plot by the pump is ours. I will plant nothing there. Just kidding!", author="Ada", day=2)
    say("The keys lie in Ghent with my sister. They open at 7. No wait, 8.", author="Ada", day=3)
    dreaming()
    said = "".join(memory["content"] for memory in rows("memory"))
    assert "Ghent" in said
    assert "nothing there" not in said
    assert "at 7" not in said


def test_a_value_stands_by_itself(say, dreaming, rows):
    """It changes without what is said beside it."""
    say("A foggy morning it was. The line length is 100.", author="Ada", day=2)
    say("Noted, I will do that.", author="Assistant", role="assistant", kind=EventType.ASSISTANT_MESSAGE, day=2)
    dreaming()
    (memory,) = [memory for memory in rows("memory") if "100" in memory["content"]]
    assert "foggy" not in memory["content"]


def test_what_may_harm_somebody_goes_first(say, dreaming, rows):
    """However little else it shows."""
    say("The first work day is on 16 May at nine.", author="Nils", day=2)
    say("I do react to strawberries, so none of those near my beds.", author="Rosa", day=2)
    say("Plot 14 by the pump costs 68 euros.", author="Nils", day=2)
    dreaming()
    assert any("strawberries" in memory["content"] for memory in rows("memory"))


def test_an_order_to_an_agent_stands_by_itself(say, dreaming, rows):
    """What it is to do changes without what is told in the same turn; among people it goes with the rest."""
    turn = "The loggers write -99 when the battery sags. Drop those rows in every script."
    say(turn, day=2)
    say("Done.", author="Assistant", role="assistant", kind=EventType.ASSISTANT_MESSAGE, day=2)
    say("The boat leaves at noon from Ghent harbour. Bring a chair and a hat.", author="Ada", day=3)
    say("Lovely.", author="Ines", day=3)
    dreaming()
    told = quotes(rows)
    assert turn not in told
    assert "The boat leaves at noon from Ghent harbour. Bring a chair and a hat." in told


def test_a_place_that_is_left_over_goes_to_the_next(say, dreaming, rows):
    """Two picks that become one turn take one place."""
    say("My letters are in Ghent with Rosa. My papers are in Bruges with Tom.", author="Ada", day=2)
    say("Oh?", author="Ines", day=2)
    say("I sold the boat to Pieter in Ostend.", author="Ada", day=2)
    for reply in ("Hm.", "Well.", "So."):
        say(reply, author="Ines", day=2)
    dreaming()
    told = quotes(rows)
    assert len(told) == len({*told}) == 2
    assert any("Ghent" in quote and "Bruges" in quote for quote in told)
    assert any("Ostend" in quote for quote in told)


def test_what_may_harm_somebody_is_remembered_whatever_it_scores(say, dreaming, rows):
    """Short and without a name as it is."""
    say("It's coeliac.", author="Ada", day=2)
    say("Oh no.", author="Ines", day=2)
    dreaming()
    assert [quote for quote in quotes(rows) if "coeliac" in quote]


def among_people(say, words):
    for author, content in [("Ines", "Hello Ada"), ("Ada", "Hello Ines"), ("Ines", "Anything new?"), ("Ada", words)]:
        say(content, author=author, day=2)


@pytest.mark.parametrize(
    ("before", "is_scene"),
    [
        ("I was at the autumn fair in Ghent for my studio yesterday, a long day on cold feet, and I loved it! ", True),
        ("I painted 'Blue Mill', a picture of comfort. ", True),
        ("Thanks for asking, Ines! ", False),
        ("Here's a picture of the mill. ", False),
        ("How was your week in the mill? ", False),
        ("The mill is so lovely. ", False),
    ],
)
def test_what_sets_the_scene_of_a_sentence(before, is_scene):
    """What its speaker tells before it in the turn; no thanks, no question and nothing that is only shown."""
    words = "I got three possible orders."
    content = before + words
    event = {"id": "e", "content": content, "author": "Ada", "role": "user", "event_type": "user_message", "seq": 1}
    pick = Pick(event, Salient(len(before), len(content), words, 0.5, ("event",)))
    assert with_scene(pick).text == (content if is_scene else words)


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (" Maybe.", " Maybe."),
        (" (Ten? See the plan.)", " (Ten? See the plan.)"),
        (" (Ten, says the plan.)", ""),
        (" Ten?", ""),
        ("\n(Ten?)", ""),
    ],
)
def test_what_takes_half_of_it_back_stays_with_it(after, kept):
    words = "The mill has nine rooms."
    event = {"id": "e", "content": words + after, "author": "Ada", "role": "user", "event_type": "note", "seq": 1}
    assert with_hedge(Pick(event, Salient(0, len(words), words, 0.5, ("fact",)))).text == words + kept


@pytest.mark.parametrize(
    ("before", "words", "is_taken"),
    [
        ("No, I was! ", "Twice, by the gate, last summer.", True),
        ("No wasps yet. ", "Twice, by the gate, last summer.", False),
        ("Can you take my night on the 24th of December? ", "My sister lands at 6 that evening.", False),
        ("You must take my night on the 24th. ", "My sister lands at 6 that evening.", False),
        ("I need the night of the 24th of December off. ", "My sister lands at 6 that evening.", True),
        ("I need the night of the 24th of December off. ", "My sister lands at 6 in the evening.", False),
    ],
)
def test_what_a_sentence_rests_on_goes_before_it(before, words, is_taken):
    """A denial, and the day that "that evening" is of; not what is said to the other."""
    content = before + words
    event = {"id": "e", "content": content, "author": "Ada", "role": "user", "event_type": "user_message", "seq": 1}
    pick = Pick(event, Salient(len(before), len(content), words, 0.5, ("event",)))
    assert with_sentence_before(pick).text == (content if is_taken else words)


def test_commonplaces_are_no_memories(say, dreaming, rows):
    """What holds of everybody, and courage; of oneself it is a fact."""
    among_people(say, "Art can really help people to express themselves after a hard week.")
    dreaming()
    assert quotes(rows) == []
    among_people(say, "I gave up my studio in Ghent. My family is in Bruges.")
    dreaming()
    assert quotes(rows)


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("Breaking habits can be tough, all in all.", True),
        ("Trying something new gives a great feeling.", True),
        ("It's never too late to change.", True),
        ("Remember, the journey is the goal.", True),
        ("It's tough when we have to face such things.", True),
        ("Our loved ones give us strength.", True),
        ("Breaking habits is hard for me.", False),
        ("Parking is free behind the mill.", False),
        ("Boarding is at 7.", False),
        ("I remember the mill.", False),
        ("Our landlord gives us the keys on Monday.", False),
    ],
)
def test_what_anybody_may_say(words, is_one):
    assert is_commonplace(words, 4) is is_one


def test_a_commonplace_goes_along_with_nothing(say, dreaming, rows):
    """What stands beside it is remembered without it."""
    among_people(say, "We moved the pottery wheel to Ghent in May. Trying something new gives a great feeling.")
    dreaming()
    assert quotes(rows) == ["We moved the pottery wheel to Ghent in May."]
