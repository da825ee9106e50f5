"""What is taken back later in its talk is never remembered; what only looks like it is."""

import pytest

from elephantasm_cli.dream.retractions import is_retracted
from elephantasm_cli.vocabulary import EventType

TAKEN_BACK = [
    ("We meet at the mill on the 20th", "I read the letter wrong, the mill is on the 13th, not the 20th"),
    ("12 Quay Street, flat 3", "oh wait. Flat 3 is downstairs, ours is flat 5. 12 Quay Street flat 5"),
    (
        "put the logs in eu-central-1",
        "The auditors want the logs up north. So eu-north-1. sorry. Central is for the app",
    ),
    ("band rotations yes, wall thing yes", "found the sheet. band rows, not rotations"),
    ("Decided: 'Pigeon' for the big wall", "changed my mind. Pigeon looks swampy on the wall, it is 'Oyster' now"),
    ("Swimming is on Wednesdays at 16:30", "the swim club mailed. group changed, Thursdays at 17:15 now"),
    ("ok I'm gonna buy a boat and live on it", "no I'm not. I get sick on the bus"),
    ("I'll marry the baker's oven", "jk"),
    ("205/55 R16", "sorry just went down to look. its 215/60 R16. the 205s were on the old car"),
    ("0x76", "oh aye, the pad is bridged. 0x77 it is, on all three"),
    ("I'm ripping the old compiler out", "so all that for nothing. ok, we stay on the old compiler"),
    ("give it a timeout, 5 s", "hmm no, 5 is too short, it takes up to 8. make it 12"),
    ("10 px", "too bubbly. back to 4"),
    ("eu tenho medo dos hospitais", "é piada. acabou"),
]
KEPT = [
    ("The drill cracks tiles on 12 of 60 holes", "Found it. The bit was blunt, 3 of 60 now"),
    ("Swimming is on Wednesdays at 16:30", "Actually I also booked the dentist, Thursday at 9"),
    ("I quit the gym in 2023", "oh wait. Flat 3 is downstairs, ours is flat 5"),
    ("We meet at the mill on the 20th", "sorry for the late answer, the train stood still for 3 hours"),
    ("Do we meet at the mill on the 20th?", "the mill is on the 13th, not the 20th"),
    ("I love my bike", "no, it rains, and we stay with the bus"),
]


def said(author, *contents):
    return [{"author": author, "content": content} for content in contents]


@pytest.mark.parametrize(("words", "later"), TAKEN_BACK, ids=[later[:20] for _, later in TAKEN_BACK])
def test_what_is_taken_back(words, later):
    assert is_retracted(words, "Ada", said("Ada", later))


@pytest.mark.parametrize(("words", "later"), KEPT, ids=[later[:20] for _, later in KEPT])
def test_what_is_not(words, later):
    assert not is_retracted(words, "Ada", said("Ada", later))


@pytest.mark.parametrize(("words", "later"), TAKEN_BACK, ids=[later[:20] for _, later in TAKEN_BACK])
def test_nobody_takes_back_what_another_said(words, later):
    assert not is_retracted(words, "Ada", said("Ines", later))


def test_a_denial_is_of_what_was_said_right_before():
    """Two turns later it denies something else."""
    between = said("Ines", "Lovely.", "Really?")
    denial = said("Ada", "no I'm not. I get sick on the bus")
    assert is_retracted("I'm gonna buy a boat", "Ada", [between[0], *denial])
    assert not is_retracted("I'm gonna buy a boat", "Ada", [*between, *denial])


def test_the_later_value_is_remembered_alone(say, dreaming, rows):
    filler = [("Ines", "Hello Ada"), ("Ada", "Hello Ines"), ("Ines", "What a day")]
    for author, words in [*filler, ("Ada", "We're moving to 12 Quay Street, flat 3."), ("Ines", "How big is it?")]:
        say(words, author=author, day=2)
    say("oh wait. Flat 3 is downstairs, ours is flat 5. So 12 Quay Street flat 5.", author="Ada", day=2)
    dreaming()
    quotes = [memory["metadata"]["quote"] for memory in rows("memory")]
    assert any("flat 5" in quote for quote in quotes)
    assert not any("moving" in quote for quote in quotes)


def test_an_agents_word_takes_nothing_back(say, dreaming, rows):
    say("Always send the invoices on the 1st.", author="Ada", day=2)
    say(
        "Wait, the invoices go out on the 15th.",
        author="Assistant",
        role="assistant",
        day=2,
        kind=EventType.ASSISTANT_MESSAGE,
    )
    dreaming()
    assert any("1st" in memory["content"] for memory in rows("memory"))
