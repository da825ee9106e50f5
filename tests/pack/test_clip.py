"""Clips are whole sentences that hold what a text says."""

from __future__ import annotations

import pytest

from elephantasm_cli.pack.clip import GAP, KEPT_WORDS, OUTPUT_LINES, clip_output, clip_prose
from elephantasm_cli.text.words import content_words

STORY = (
    "Hey! How nice. Yesterday the orchestra rehearsed Mahler's second symphony in Linz. Great fun. "
    "The trumpeter dropped his silver mouthpiece into a tuba."
)


def test_greetings_go_and_what_was_said_stays():
    """The shortest choice of sentences with enough of the content words."""
    clip = clip_prose(STORY)
    assert "Mahler" in clip.text
    assert "tuba" in clip.text
    assert "Hey!" not in clip.text
    assert len(set(content_words(clip.text))) >= KEPT_WORDS * len(set(content_words(STORY)))


def test_what_lies_between_two_quoted_sentences_is_marked():
    """A gap shows as an ellipsis, a clipped beginning does not."""
    clip = clip_prose(STORY)
    assert GAP in clip.text
    assert not clip.text.startswith(GAP)


def test_the_spans_are_the_words():
    """Each span is a sentence of the source."""
    clip = clip_prose(STORY)
    assert clip.text.replace(f" {GAP}", "") == " ".join(STORY[start:end] for start, end in clip.spans)


def test_a_sentence_that_holds_an_asked_word_stays():
    """The question's words protect a short sentence."""
    assert "Great fun." not in clip_prose(STORY).text
    assert "Great fun." in clip_prose(STORY, frozenset({"great"})).text


def test_an_aside_in_brackets_stays_only_where_it_was_asked_for():
    """Descriptions of attachments do not count as what was said."""
    text = "We cycled along the Danube to Linz. [shares image: a red bicycle leaning against a wooden fence]"
    assert "shares" not in clip_prose(text).text
    assert "red bicycle" in clip_prose(text, frozenset({"bicycle"})).text


@pytest.mark.parametrize("text", ["", "One sentence only", "Oh! Yes! So?", "no punctuation\nbut lines"])
def test_what_cannot_be_clipped_stays_whole(text):
    """Nothing is lost where there is nothing to choose."""
    assert clip_prose(text).text == " ".join(text.split())


def test_long_texts_are_thinned_in_linear_steps():
    """More sentences than can be weighed exhaustively still keep their words."""
    text = " ".join(f"Sentence {n} speaks of topic{n} and matter{n}. Ok." for n in range(30))
    clip = clip_prose(text)
    assert len(set(content_words(clip.text))) >= KEPT_WORDS * len(set(content_words(text)))
    assert len(clip.text) < len(text)


def test_of_tool_output_the_lines_that_were_asked_for_are_quoted():
    """Else its first lines; never more than a few, and the cut shows."""
    output = "\n".join(f"line {n} all fine" for n in range(50)) + "\nERROR disk full on backup"
    asked = clip_output(output, frozenset({"backup"}))
    assert asked.text == f"ERROR disk full on backup {GAP}"
    assert clip_output(output).text.count("all fine") == OUTPUT_LINES
    assert clip_output("ok").text == "ok"


def test_the_heading_over_what_stays_is_kept() -> None:
    """It often says what the rest is about, and when; the headings over what goes are left out too."""
    text = (
        "## 9 May, swarm\n\n- Ada swarmed at half past one, into the old plum, three metres up.\n- Yes.\n\n"
        "### Yes\n\n- Yes, she did.\n\n## 30 May, honey\n\n- Eleven frames, 23.5 kg, water content 17.2 percent.\n"
        "- The label says Perenhof, printed on brown paper, eight euros."
    )
    clip = clip_prose(text, frozenset({"label"})).text
    assert clip.startswith("9 May, swarm Ada swarmed at half past one")
    assert "30 May, honey Eleven frames" in clip
    assert "Yes" not in clip
