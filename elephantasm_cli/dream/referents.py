"""Of whom "he", "she" and "they" are said: whether a text names somebody whom they may mean. Pure, English."""

from __future__ import annotations

import re

from elephantasm_cli.dream import speech_grammar as grammar
from elephantasm_cli.dream.claims import RELATIONS
from elephantasm_cli.text.common_words import is_common
from elephantasm_cli.text.periods import MONTHS, WEEKDAYS
from elephantasm_cli.text.words import STOPWORDS, content_words, words

_PERSON = re.compile(
    r"(?!(?i:it|that|what|there|here|he|she|who|where|how|everything)\b)[A-Z][\w-]+(?:'s| is| was| has) \w"
)
""" "Ebele's in": somebody is named whom "she" may mean."""
_LEAST_BEFORE = 2
"""Content words in front of a pronoun that may be about whom it means."""
_OF_ONE = re.compile(r"(?:he|she|him)\b", re.I)
_SEVERAL = frozenset(
    "people guys customers clients team family agency company everyone everybody".split()  # noqa: SIM905
)
"""Whom "she" is not."""
_NAMED_INSIDE = re.compile(
    rf"(?<!^)(?<![.!?] )\b(?!(?:{'|'.join((*MONTHS, *(day.capitalize() for day in WEEKDAYS)))})\b)[A-Z][a-z][\w-]*"
)
"""A capital letter inside of a sentence that is none of a month or weekday."""


_DAYS_AND_MONTHS = frozenset(short.casefold() for name in (*MONTHS, *WEEKDAYS) for short in (name, name[:3], name[:4]))
_OF_ANOTHER = re.compile(
    r"\b(?:with|to|for|at|of|on|about|from|by|told|tell|asked|ask|see|saw|gave|give|call|called|meet|met|bring|visit)\s+(?:him|her)"
    r"(?=\s*(?:[.,;!?)]|$)|\s+(?:in|on|at|for|and|but|when|by|from|with|there|then|next|this|tomorrow|today|tonight|again|too|until|till|"
    r"now|later|after|before|about)\b)",
    re.I,
)
""" "Will move in with her", "told him about it"."""
_CLAUSE_END = re.compile(r"[.;:!?,]\s|\b(?:and|but|so|because|that)\s", re.I)


def _names_in(text: str) -> list[str]:
    """What is written as a name, in one word or several, and is none that any sentence may begin with."""
    found = (match[0].split() for match in re.finditer(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)*", text))
    plain = ([word for word in name if not _is_plain(word.casefold())] for name in found)
    return [" ".join(name) for name in plain if name]


def _is_plain(word: str) -> bool:
    return word in STOPWORDS or is_common(word) or word in _DAYS_AND_MONTHS


def says_of_another(text: str) -> bool:
    """Whether the one person who is named does something to "her" or "him" who is not: behind "Ines said that", she
    would be Ines. Who does it is not whom it is done to."""
    for found in _OF_ANOTHER.finditer(text):
        before = text[: found.start()]
        start = max((at.end() for at in _CLAUSE_END.finditer(before)), default=0)
        clause, others = before[start:], before[:start]
        if len(_names_in(clause)) != 1 or re.search(r"\b(?:I|we)\b|'s\b", clause, re.I):
            continue
        named = grammar.SOMEBODY.search(others) or grammar.SPEAKING.search(others) or _names_in(others)
        if not named and not any(_is_one_relation(word.removesuffix("'s")) for word in words(others)):
            return True
    return False


def points_outside(text: str) -> bool:
    """Whether "they" or "she" stands where nobody has been named whom it could mean."""
    if says_of_another(text):
        return True
    pronoun = grammar.THIRD_PERSON.search(text)
    if pronoun is None or _PERSON.match(text):
        return False
    before = text[: pronoun.start()]
    if len(content_words(before)) < _LEAST_BEFORE:
        return True
    return _OF_ONE.match(pronoun[0]) is not None and not (
        any(found[0].lower() not in _SEVERAL for found in grammar.SOMEBODY.finditer(before))
        or grammar.SPEAKING.search(before)
        or _NAMED_INSIDE.search(before)
        or any(_is_one_relation(word.removesuffix("'s")) for word in words(before))
    )


def _is_one_relation(word: str) -> bool:
    """Whether it is a word for one person by what they are to somebody: no "aunts"."""
    return word in RELATIONS and not (word.endswith("s") and word[:-1] in RELATIONS)
