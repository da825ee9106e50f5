"""What a talk is about: the sentence said a little before that a memory is best read after.

"60 runs on CI, 0 failures" says little to whoever does not know of which test. The sentence that says so is seldom the
one right before; it is the one that is near in meaning both to the turn and to all that was said so far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.cues import OWN_SUBJECT, VAGUE, shows
from elephantasm_cli.dream.memories import TIMELESS, Preceding, Quote
from elephantasm_cli.dream.picks import Pick
from elephantasm_cli.dream.preceding import LEAST_TELLING, LONGEST
from elephantasm_cli.dream.slots import slots_in
from elephantasm_cli.text.sentences import ASIDE, Sentence, is_question, split_sentences
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import EventType

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import Asker

TURNS_BEFORE = 12
"""So far back a topic may have been named."""
SAYS_ENOUGH = 12
"""Content words of a sentence that is read alone."""
EVENT_ENOUGH = 4
"""The same of one that tells what somebody did on which day."""
NEAR_ENOUGH = 0.95
"""Sum of the two cosines, to the turn and to the talk, from which on a sentence is its topic."""
TALK = 1500
"""Characters of the talk so far that are looked at, the last ones."""
TURN = 200
"""The same of the turn itself and of the one before it."""
HOLDS_ALWAYS = frozenset(("instruction", "rule"))
"""An instruction is no topic: behind what was said of something else it would seem to explain it."""
STANDING = TIMELESS | HOLDS_ALWAYS
"""Cues of what holds whatever the talk was about."""
_POINTS = re.compile(
    r"(?:\S+\s+){0,5}?(?:it|them|(?:this|that|those|these)(?=\s*(?:[.,;!?]|$|['’]s|is\b|was\b|are\b|were\b)))\b"
    r"(?!['’]?s?\s+(?:is|was|will|be|been|has|would|really|just|so|too)?\s*(?:rain|snow|late|cold|hot|true|clear|time|my|our|a|an|the)\b)",
    re.I,
)
"""What is said of something that has no name in it: "I drew it for the show"."""
_REFERS = re.compile(
    r"\b(?:it(?!\s+was\b)|them|this|these|those|that(?=\s+(?:way|one|much)\b|\s*[.,!?]|$)|there|one)\b", re.I
)
_NUMBER_SET = re.compile(
    r"(?:\b(?:is|are|was|were|to|from|of|now)|['’]s|=|:)\s+(?:now |about |at |only )?[$€£]?\d", re.I
)


def is_read_alone(pick: Pick) -> bool:
    """Whether nothing has to be told before a sentence: a note, what holds always, what says enough and points to
    nothing outside."""
    if pick.event["event_type"] == EventType.NOTE.value or not STANDING.isdisjoint(pick.salient.cues):
        return True
    if _POINTS.match(pick.text):
        return False
    return len(content_words(pick.text)) >= SAYS_ENOUGH or _tells_what_happened(pick)


def _tells_what_happened(pick: Pick) -> bool:
    """Whether a sentence begins by telling what the speaker did on a day, and of what: "I handed in my notice at the
    pharmacy yesterday"."""
    if not {"event", "dated"} <= set(pick.salient.cues) or pick.salient.needs_context:
        return False
    first = split_sentences(pick.text)[0].text
    return (
        OWN_SUBJECT.match(first) is not None
        and len(content_words(first)) >= EVENT_ENOUGH
        and _REFERS.search(first) is None
    )


def topic_of(context: Asker, spoken: Sequence[dict[str, Any]], pick: Pick) -> Preceding | None:
    """The sentence, of the turns ``spoken`` in this talk before that of ``pick``, which tells what that speaks of.

    None where nothing is near enough. What sets a value is not quoted: it would still stand there when the value has
    changed.
    """
    place = next(number for number, event in enumerate(spoken) if event["id"] == pick.event["id"])
    found = [
        (event, sentence)
        for event in spoken[max(0, place - TURNS_BEFORE) : place]
        for sentence in split_sentences(event["content"])
        if _is_telling(sentence)
        and not (event["role"] == "assistant" and is_question(sentence.text))
        and not _sets_a_value(sentence.text, event["author"])
        and not _says_the_same(sentence.text, pick.text)
    ]
    if not found:
        return None
    before = spoken[place - 1]["content"][-TURN:]
    turn = f"{pick.text} {before} {pick.event['content'][:TURN]}"
    talk = " ".join(event["content"] for event in spoken[: place + 1])[-TALK:]
    vectors = context.vectors([turn, talk, *(sentence.text for _, sentence in found)])
    nearness = [round(float(value), 6) for value in vectors[2:] @ (vectors[0] + vectors[1])]
    best = max(range(len(found)), key=lambda number: (nearness[number], number))
    if nearness[best] < NEAR_ENOUGH:
        return None
    event, sentence = found[best]
    return Preceding(Quote.of(event, sentence.start, sentence.end), is_question=False)


def _is_telling(sentence: Sentence) -> bool:
    """Whether a sentence may be quoted behind another, and says something."""
    text = sentence.text
    return (
        not sentence.is_code
        and len(text) <= LONGEST
        and set('"“”\n').isdisjoint(text)
        and not ASIDE.fullmatch(text)
        and not shows(text, HOLDS_ALWAYS)
        and len(set(content_words(text)) - VAGUE) >= LEAST_TELLING
    )


def _sets_a_value(text: str, author: str) -> bool:
    return _NUMBER_SET.search(text) is not None or any(slot.is_single for slot in slots_in(text, author))


def _says_the_same(one: str, other: str) -> bool:
    """Whether neither has a word that the other has not, as where somebody says a thing again."""
    first, second = set(content_words(one)), set(content_words(other))
    return first <= second or second <= first
