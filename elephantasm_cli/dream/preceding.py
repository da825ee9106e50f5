"""What was said before: the other's words that an answer cannot be read without. Pure.

"Every morning, since March", to the question "Do you still swim?", is quoted or retold with that question behind it.
Nothing is guessed about what "it" is: whoever reads the memory reads the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from elephantasm_cli.dream.cues import VAGUE
from elephantasm_cli.dream.memories import Preceding, Quote
from elephantasm_cli.dream.unmeant import ASKED, GREETING
from elephantasm_cli.text.sentences import ASIDE, is_question, split_sentences
from elephantasm_cli.text.words import content_words

LONGEST = 140
"""In characters: more than that is a topic of its own."""
LEAST_TELLING = 2
"""Content words of what is quoted: before "And him?" stands the sentence that says who."""
MOST_OPENERS = 2
"""Sentences that a turn may begin with before the one that answers."""
TELLING_BESIDE_IT = 3
"""The same of a question that asks about "it"."""
_POINTING = re.compile(r"\b(?:it|this|that|these|those|them|there|what an? \w+)\b", re.I)
_YES_OR_NO = re.compile(
    r"(?:yes|yeah|yep|yup|no|nope|nah|ok|okay|sure|right|fine|good|great|thanks|thank you|exactly|true|of course|oh|ah|"
    r"well|hm+|meh|haha\w*|lol)\b",
    re.I,
)
"""What may stand in a turn before the sentence that answers the turn before; anything else has answered it."""


def answers(event: Mapping[str, Any], start: int) -> bool:
    """Whether the sentence at ``start`` in ``event`` begins its turn with a yes or a no, or stands right behind one."""
    return _YES_OR_NO.match(event["content"]) is not None and len(split_sentences(event["content"][:start])) <= 1


def tells_what_about(question: str) -> bool:
    """Whether a question says what it asks about: "How did it make you feel?" does not."""
    telling = set(content_words(question)) - VAGUE
    return len(telling) >= (TELLING_BESIDE_IT if _POINTING.search(question) else 1)


def _asks(text: str) -> bool:
    """Whether a sentence is a question, with its mark or without: "so when do you leave, before my birthday"."""
    return is_question(text) or (not text[:1].isdigit() and ASKED.match(text.partition(",")[0]) is not None)


def _is_opener(text: str, listener: str) -> bool:
    """Whether a sentence at the start of a turn says nothing of its own: a yes, thanks, a word of feeling, and to
    whom."""
    left = set(content_words(_YES_OR_NO.sub("", text))) - VAGUE - set(content_words(listener))
    return not left or (GREETING.match(text) is not None and len(left) <= 1)


def preceding(event: Mapping[str, Any], start: int, before: Mapping[str, Any] | None) -> Preceding | None:
    """The end of the turn ``before``, by somebody else, that the sentence at ``start`` in ``event`` goes on from.

    The last questions, where they stand near the end. None where the end is too long, code or quotes somebody itself,
    and where the sentence stands too far down its turn.
    """
    if before is None or before["author"] == event["author"]:
        return None
    first_of_turn = split_sentences(event["content"][:start])
    if len(first_of_turn) > MOST_OPENERS or not all(_is_opener(each.text, before["author"]) for each in first_of_turn):
        return None
    sentences = [each for each in split_sentences(before["content"]) if not ASIDE.fullmatch(each.text)]
    if not sentences:
        return None
    asks = [_asks(sentence.text) for sentence in sentences]
    first = len(sentences) - 1
    if first and not asks[first] and asks[first - 1]:
        first -= 1
    while first and asks[first - 1] and sentences[-1].end - sentences[first - 1].start <= LONGEST:
        first -= 1
    while first and len(content_words(before["content"][sentences[first].start :])) < LEAST_TELLING:
        first -= 1
    begin, end = sentences[first].start, sentences[-1].end
    said = before["content"][begin:end]
    if len(said) > LONGEST or any(sentence.is_code for sentence in sentences[first:]):
        return None
    if "\n" in said or len(content_words(said)) < LEAST_TELLING:
        return None
    return Preceding(Quote.of(dict(before), begin, end), is_question=any(asks[first:]))
