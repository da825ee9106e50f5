"""Openings: the first sentences of a memory's words that cannot stand alone, and the rest that can. Pure, English.

"She's chosen the curtains. I'm moving aboard in May." can be reported from the second sentence on; the first stays a
quotation behind it, so that nothing is lost and nothing is guessed.
"""

from __future__ import annotations

import re

from elephantasm_cli.dream import cues as grammar
from elephantasm_cli.dream import speech_grammar, verbs
from elephantasm_cli.dream.referents import points_outside
from elephantasm_cli.text.language import is_foreign
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import content_words

LONGEST = 160
"""In characters: a longer opening is most of what was said."""
LEAST_TELLING = 2
"""Content words, none of them vague, of an opening that is worth quoting: "That sounds great!" has none."""

OF_IT = re.compile(r"(?:\S+ ){1,2}[a-z]+ (?:it|them)\b")
""" "Dana saw it": what "it" is was said before."""
BOUND = re.compile(r"(?:or|nor|and|but|than|which|because|so that|unless|until)\b", re.I)
"""How a sentence begins that goes on with the one before: "basket leaks. Or it's only a basket"."""


def opening_of(words: str, *, to_agent: bool = True, needs_context: bool = False) -> tuple[str, str]:
    """The opening ("" where there is none) and the rest, which begins with a sentence that stands alone.

    ``needs_context``: the first sentence is known not to stand alone, as it answers a question.
    """
    sentences = split_sentences(words)
    if is_foreign(words) or len(sentences) < 2:
        return "", words
    first = 1 if needs_context else 0
    while first < len(sentences) - 1 and not stands_alone(sentences[first].text, to_agent=to_agent):
        first += 1
    opening = words[: sentences[first].start].strip()
    if len(opening) > LONGEST or '"' in opening or not stands_alone(sentences[first].text, to_agent=to_agent):
        return "", words
    return opening, words[sentences[first].start :]


def stands_alone(sentence: str, *, to_agent: bool = True) -> bool:
    """Whether one sentence can be read without the others: it has a subject and a verb and points to nothing before.

    Where it is not said ``to_agent``, it is not about "you" either.
    """
    text = speech_grammar.spoken_out(sentence)
    if not to_agent and speech_grammar.SECOND_PERSON.search(text):
        return False
    if grammar.PRONOUN_START.match(text) and not grammar.DUMMY_IT.match(text):
        return False
    if BOUND.match(text) or grammar.DEICTIC.search(text) or points_outside(text):
        return False
    return bool(
        speech_grammar.OWN_START.match(text)
        or speech_grammar.has_subject_and_verb(text)
        or verbs.ELIDED.match(text)
        or speech_grammar.PARTICIPLE.match(text)
    )


def after_opening(statement: str, opening: str) -> str:
    """A statement that says what stood before it, where that says anything by itself or what "it" is."""
    telling = [word for word in content_words(opening) if word not in grammar.VAGUE]
    least = 1 if OF_IT.match(statement) else LEAST_TELLING
    if len(telling) < least:
        return statement
    return f'{statement.removesuffix(".")} (said after "{opening}").'
