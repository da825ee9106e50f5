"""What was said later and may have changed something stands behind the memory of it."""

import pytest

from elephantasm_cli.dream.revisions import LONGEST, done_about, revision_of, settled_in
from elephantasm_cli.dream.statements import statement_of
from elephantasm_cli.text.attribution import own_words
from elephantasm_cli.vocabulary import CONTEXT_SUPPORT, EventType


def talk(*turns):
    return [
        {
            "id": f"evt_{number}",
            "session_id": "ses_1",
            "author": author,
            "role": "assistant" if author == "Assistant" else "user",
            "content": content,
            "occurred_at": "2026-03-02T10:00:00Z",
            "trust": "user",
            "event_type": "user_message",
        }
        for number, (author, content) in enumerate(turns)
    ]


def later_words(words, *turns, author="Ada"):
    first, *later = talk((author, words), *turns)
    found = revision_of(words, first, later)
    return found and (found.quote.author, found.quote.text)


CHANGED = {
    "another day": ("We meet at the mill on the 20th", ("Ada", "Actually the mill is on the 13th.")),
    "by somebody else": (
        "I booked the flights for the wedding, 3rd to 8th",
        ("Ines", "The wedding's moved to the 12th."),
    ),
    "called off": ("The party is at the laser hall", ("Ada", "Lasers cancelled, the party is at the barn")),
    "a number of the same": ("84 people at 9 tables", ("Ada", "it's 8 tables now, two cousins have no visa")),
    "named as gone": ("Concert: 7 November, or the 14th", ("Ada", "the 7th is gone to a wedding")),
    "named as not": ("Saturday 7pm in the church", ("Ada", "oh and it starts 7.30 not 7")),
    "an exception": ("Three sentences at most", ("Ada", "Recipes may go over three sentences")),
    "a month in front": ("The tourney is on July 11 in the big hall", ("Ines", "the tourney moved, it's June 28 now")),
    "denied aloud": ("We are renting out the granny flat", ("Ines", "We're NOT renting the flat to anybody.")),
    "paid": ("The tenant still owes me 186 euros", ("Ada", "He paid.")),
    "told": ("The boat is sold. I have not told Sean yet.", ("Ada", "Told Sean. He cried.")),
    "found": ("The cat has disappeared since Friday", ("Ada", "Found her, in the neighbour's shed.")),
    "bought": ("I looked at flights, 410 each from Copenhagen", ("Ada", "Booked it. The ferry, outside cabin.")),
    "in German": ("Reha in Kissingen ab dem 2. Februar", ("Ada", "Wart mal, in Kissingen ist es erst der 4.")),
    "in Chinese": ("定了，10月3号晚上", ("Ada", "改10月4号了")),
}


@pytest.mark.parametrize(("words", "turn"), CHANGED.values(), ids=CHANGED)
def test_what_may_change_something(words, turn):
    found = later_words(words, ("Ines", "Lovely."), turn)
    assert found is not None
    assert found[0] == turn[0]
    assert found[1] in turn[1]


UNCHANGED = {
    "something else": ("We meet at the mill on the 20th", ("Ada", "Actually the dentist moved me to the 13th.")),
    "the same again": ("We meet at the mill on the 20th", ("Ada", "Now the mill, on the 20th.")),
    "another unit": ("A box of glue costs 14 euros", ("Ada", "Now the glue dries in 20 minutes")),
    "a question": ("We meet at the mill on the 20th", ("Ada", "Or is the mill on the 13th now?")),
    "nothing announced": ("I ran 12 miles in March", ("Ada", "I ran 15 miles in April")),
    "a debt of somebody else's": ("The tenant owes me 186 euros", ("Ines", "My tenant paid.")),
    "not told": ("I have not told Sean yet", ("Ada", "I haven't told him anything.")),
    "an agent's word": ("The export runs at 4 am", ("Assistant", "The export is now moved to 5 am.")),
}


@pytest.mark.parametrize(("words", "turn"), UNCHANGED.values(), ids=UNCHANGED)
def test_what_changes_nothing(words, turn):
    assert later_words(words, ("Ines", "Lovely."), turn) is None


def test_an_answer_may_give_another_number():
    words = "what can I cook for 8 on Sunday"
    later = [("Assistant", "Shall I make the list for eight?"), ("Ada", "nine, the neighbour comes after all")]
    assert later_words(words, *later) == ("Ada", "nine, the neighbour comes after all")


def test_who_gives_in_to_an_objection_has_changed_their_mind():
    words = "I want the pear against the south fence"
    objection = ("Ines", "A nice one. But don't plant it there, that corner floods")
    assert later_words(words, objection, ("Ada", "ah. tap end it is then")) == ("Ada", "ah. tap end it is then")
    assert later_words(words, objection, ("Ada", "it can swim")) is None
    assert later_words(words, ("Ines", "Lovely"), ("Ada", "ok, tea?")) is None
    assert later_words(words, objection, ("Ada", "ok")) == objection


def test_who_is_right_says_another():
    words = "offset is fine for the pages"
    later = [("Assistant", "Rows can be skipped then."), ("Ada", "hm. you were right. cursor, on created_at")]
    assert later_words(words, *later) == ("Ada", "you were right. cursor, on created_at")


def test_what_is_denied_by_who_speaks_next():
    words = "the groom was sick in a fountain and is on a list"
    assert later_words(words, ("Ines", "i am not on a list")) == ("Ines", "i am not on a list")
    assert later_words(words, ("Ines", "i am not hungry")) is None
    beside = "on lists like that I never was much of a friend of our neighbour, don't let him park here"
    assert later_words(words, ("Ines", beside)) is None
    found, rule = talk(("Assistant", "Three fixtures had the old totals."), ("Ada", "never touch fixtures"))
    assert revision_of(found["content"], found, [rule]) is None


def test_who_speaks_next_sets_a_number_right():
    words = "she left the gas on twice in January"
    once = ("Ines", "Once. The second time was me.")
    assert later_words(words, once) == once
    assert later_words(words, ("Ines", "Twice. In January.")) is None
    assert later_words("she left the gas on in January", once) is None
    assert later_words(words, ("Ada", "And the door open."), once) is None


def test_what_an_assistant_did_about_what_it_found():
    first, *later = talk(
        ("Assistant", "The heartbeat is sent every 90 s, so nginx closes the socket."),
        ("Ada", "then make it 30"),
        ("Assistant", "Set the heartbeat to 30 s. Anything else?"),
        ("Assistant", "Changed the footer as well."),
    )
    found = done_about(first["content"], first, later)
    assert found is not None
    assert found.quote.text.startswith("Set the heartbeat to 30 s.")
    assert done_about(first["content"], first, later[2:]) is None
    assert done_about("The heartbeat is slow", talk(("Ada", "The heartbeat is slow"))[0], later) is None


def test_long_words_are_not_quoted():
    long = "Actually the mill is on the 13th because " + "of the water and " * 20 + "so on."
    assert len(long) > LONGEST
    assert later_words("We meet at the mill on the 20th", ("Ada", long)) is None


def settled(words, *turns, is_first=True):
    first, *later = talk(("Ada", words), *turns)
    found = settled_in(words, first, later, is_first=is_first)
    return found and found.quote.text


def test_what_became_of_a_trouble():
    words = "the board reboots when the pump starts"
    assert (
        settled(words, ("Assistant", "Give it a supply of its own."), ("Ada", "10 min, no reboot."))
        == "10 min, no reboot."
    )
    assert settled(words, ("Assistant", "I moved the pump to a supply of its own.")) is not None
    assert settled(words, ("Assistant", "I moved the logs to another folder.")) is None
    assert settled(words, ("Ada", "fixed"), is_first=False) is None
    assert (
        settled("he won't return my deposit", ("Assistant", "'I moved out in May.'"), ("Ada", "HE PAID.")) == "HE PAID."
    )
    assert settled("he won't return my deposit", ("Assistant", "'I moved my deposit in May.'")) is None
    assert settled("the board has a pump", ("Ada", "10 min, no reboot.")) is None


def test_a_memory_is_read_with_what_changed_it(say, dreaming, rows, store):
    for author, words in (
        ("Ines", "Hello Ada"),
        ("Ada", "I booked the flights for the wedding of Vikrant in Pune, 3rd to 8th of December."),
        ("Ines", "Oh no, the wedding's a week later now, Saturday the 12th."),
        ("Ada", "What?"),
    ):
        say(words, author=author, day=2)
    dreaming()
    (memory,) = [memory for memory in rows("memory") if "flights" in memory["content"]]
    assert '(later Ines said "Oh no, the wedding\'s a week later now, Saturday the 12th.")' in memory["content"]
    assert memory["metadata"]["needs_context"]
    assert "later" in statement_of(memory)
    assert "later" not in own_words(memory["content"])
    assert sorted(edge["weight"] for edge in store.log.sources_of(memory["id"])) == [CONTEXT_SUPPORT, 1.0]


def test_what_may_have_changed_is_no_knowledge(say, dreaming, rows):
    say("House rule: always answer in three sentences at most.", day=2)
    say("Noted.", author="Assistant", role="assistant", kind=EventType.ASSISTANT_MESSAGE, day=2)
    say("Recipes may go over three sentences.", day=2)
    dreaming()
    dreaming()
    assert not [item for item in rows("knowledge") if "three sentences at most" in item["content"]]
