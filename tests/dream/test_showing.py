"""What somebody shows stands behind the memory that speaks of it."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.memories import Preceding, Quote
from elephantasm_cli.dream.picks import Pick
from elephantasm_cli.dream.salience import Salient
from elephantasm_cli.dream.showing import shown, with_shown

BONSAI = "[shares image: a bonsai tree in a black vase]"
KITE = "[photo: a red kite over a beach]"


def turn(author, content, number):
    return {
        "id": f"e{number}", "content": content, "author": author, "role": "user", "seq": number,
        "event_type": "user_message", "occurred_at": "2026-05-03T10:00:00Z", "session_id": "s",
        "trust": "user",
    }  # fmt: skip


def talk(*turns):
    return [turn(author, content, number) for number, (author, content) in enumerate(turns)]


def pick_of(event, words):
    start = event["content"].index(words)
    return Pick(event, Salient(start, start + len(words), words, 0.5, ("event",)))


def words_of(preceding):
    return None if preceding is None else preceding.quote.text


@pytest.mark.parametrize(
    ("words", "is_shown"),
    [
        ("We found these lovely stones.", True),
        ("This is from the wedding of my cousin.", True),
        ("We found stones.", False),
        ("I met this man who builds boats.", False),
        ("All this has been hard.", False),
        ("I slept badly this week.", False),
    ],
)
def test_this_is_what_is_shown_beside_it(words, is_shown):
    (event,) = talk(("Ada", f"{words} {KITE}"))
    assert words_of(shown([event], pick_of(event, words), refers=False)) == (KITE if is_shown else None)


@pytest.mark.parametrize("aside", ["[laughs]", "[laughs out loud]", "[photo]"])
def test_what_is_no_picture_is_not_shown(aside):
    (event,) = talk(("Ada", f"We found these lovely stones. {aside}"))
    assert shown([event], pick_of(event, "We found these lovely stones."), refers=True) is None


def test_it_is_what_was_shown_a_moment_before():
    """By its speaker, where the other has shown nothing since."""
    own = ("Ada", f"Find something that makes you happy. {BONSAI}")
    answer = ("Ada", "I got it because it stands for strength.")
    spoken = talk(own, ("Ines", "Why did you get that?"), answer)
    pick = pick_of(spoken[2], answer[1])
    assert words_of(shown(spoken, pick, refers=True)) == BONSAI
    assert shown(spoken, pick, refers=False) is None
    spoken = talk(own, ("Ines", f"Look at mine. {KITE}"), answer)
    assert shown(spoken, pick_of(spoken[2], answer[1]), refers=True) is None


def test_older_words_give_way_to_the_picture():
    """Words beside it that do not point to it tell enough by themselves."""
    answer = "I got it because it stands for strength."
    spoken = talk(
        ("Ada", "I walked along the dunes."),
        ("Ines", "Nice."),
        ("Ada", f"My aunt gave me a bonsai. {BONSAI}"),
        ("Ines", "Why do you keep that?"),
        ("Ada", answer),
    )
    pick = pick_of(spoken[4], answer)
    older, beside = (
        Preceding(Quote.of(spoken[at], 0, len(words)), is_question=False)
        for at, words in ((0, "I walked along the dunes."), (2, "My aunt gave me a bonsai."))
    )
    question = Preceding(Quote.of(spoken[3], 0, 21), is_question=True)
    kept = with_shown([older, question], spoken, pick, refers=True)
    assert [words_of(each) for each in kept] == [BONSAI, "Why do you keep that?"]
    assert with_shown([beside, question], spoken, pick, refers=True) == [beside, question]


def test_a_memory_says_what_was_shown(say, dreaming, rows):
    """And cites it as context."""
    for author, words in (
        ("Ada", f"Find something that makes you happy. {BONSAI}"),
        ("Ines", "Why did you get that?"),
        ("Ada", "I got it in Ghent because it stands for strength, and watering it on Sundays keeps me going."),
    ):
        say(words, author=author, day=2)
    dreaming()
    (content,) = [memory["content"] for memory in rows("memory") if "Ghent" in memory["content"]]
    assert f'(after Ada showed "{BONSAI}")' in content
