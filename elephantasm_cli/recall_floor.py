"""The floor of recall: whether the events have anything to say to a question at all. Pure.

A ranking cannot tell: its best hit is the best of whatever there is. So the floor reads raw measures. A question is
answerable as far as some place in a conversation is about the same thing, by meaning and by words: names of the
speakers left out, since everything they ever said shares those.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from elephantasm_cli.text.periods import MONTHS, WEEKDAYS
from elephantasm_cli.text.words import STOPWORDS, WORD, words

ENOUGH = 0.30
"""Answerability from which on evidence is shown. Set where it costs .01 of the evidence on labelled conversations."""
ENOUGH_WORDS = 0.07
"""The same where there are no vectors, of the share of words alone."""
ENOUGH_MEANING = 0.24
"""The same where words are not asked for, of the cosine alone."""
RELATED = 1 / 3
"""A passage that comes this close to what a question needs has to do with it; a pack quotes no others."""
WORDS_WEIGHT = 0.4
"""What a full match of words is worth in cosine."""
UNKNOWN_WORDS = 0.1
"""What a question loses all of whose words are ones that nobody ever said."""
UNKNOWN_NAME = 0.25
"""What a question loses that speaks of names, not one of which occurs anywhere."""
GENERAL = 0.15
"""What a question loses that speaks of nobody: no name, no "we", no "my", no word coined here."""

PRONOUNS = frozenset(
    """
    i me my mine myself we us our ours you your yours he him his she her hers they them their theirs
    i'm i've i'd i'll we're we've we'd we'll you're you've he's she's they're they've
    """.split()  # noqa: SIM905
)
FRAME = frozenset(
    """
    according category certain consider considered describe described detail details discuss discussed example
    explain explained express expressed feature happen happened happens kind kinds list main mention mentioned name
    named names particular potential reason recent refer reference regarding related significant similar sort sorts
    specific specifically suggest talk talked tell told type types various
    """.split()  # noqa: SIM905
)
"""Words with which questions ask, whatever they ask about."""
_CALENDAR = frozenset((*map(str.casefold, MONTHS), *WEEKDAYS))
_DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)")
_SENTENCE_END = (".", "!", "?", ":", "。", "！", "？")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the question: its idf, those of the candidates and their surroundings whose own text holds it, and
    whether any passage of all does."""

    idf: float
    holders: frozenset[int]
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class FloorDecision:
    """Whether the events answer, and by which measures: those of the place that comes closest.

    ``answerability`` is compared with ``needed``. ``cosine`` is None where nothing has a vector; ``matched_share`` is
    in [0, 1]; ``unknown_names`` are the names in the question, where not one of them occurs.
    """

    passed: bool
    answerability: float = 0.0
    needed: float = ENOUGH
    cosine: float | None = None
    matched_share: float = 0.0
    unknown_names: tuple[str, ...] = ()


def decide(
    terms: Sequence[Term],
    window: Mapping[int, float],
    surroundings: Mapping[int, Sequence[int]],
    unknown: Sequence[str] = (),
    *,
    general: bool = False,
) -> FloorDecision:
    """The decision over the candidates, the keys of ``surroundings`` (each with the passages beside it).

    Answerability is max over candidates of: cosine of its window + `WORDS_WEIGHT` x share of the terms' idf (the mean
    of what the passage holds and what it and its surroundings hold); less `UNKNOWN_WORDS` x the share of idf that no
    passage at all holds, less `UNKNOWN_NAME` where names are ``unknown`` and `GENERAL` where the question is
    ``general``. ``window`` is empty where there are no vectors.
    """
    needed = ENOUGH if window and terms else ENOUGH_MEANING if window else ENOUGH_WORDS
    weight = WORDS_WEIGHT if window else 1.0
    total = math.fsum(term.idf for term in terms)
    strange = math.fsum(term.idf for term in terms if not term.is_known) / total if total > 0 else 0.0
    loss = UNKNOWN_WORDS * strange + (UNKNOWN_NAME if unknown else 0.0)
    if general and window:
        loss += GENERAL
    best = (-1.0, 0.0, 0.0)
    for key in sorted(surroundings, key=lambda key: (-window.get(key, 0.0), key)):
        cosine = max(0.0, window.get(key, 0.0))
        if cosine + weight < best[0]:
            break  # not even all of the words could lift this one, or those after it
        share = _share(terms, key, surroundings[key]) / total if total > 0 else 0.0
        best = max(best, (round(cosine + weight * share, 6), cosine, share))
    answerability = round(max(0.0, best[0]) - loss, 6)
    return FloorDecision(
        passed=bool(surroundings) and answerability >= needed,
        answerability=answerability,
        needed=needed,
        cosine=best[1] if window else None,
        matched_share=round(best[2], 6),
        unknown_names=tuple(unknown),
    )


def related(
    terms: Sequence[Term],
    window: Mapping[int, float],
    surroundings: Mapping[int, Sequence[int]],
    needed: float,
) -> frozenset[int]:
    """The candidates that come as close as `RELATED` of ``needed``, by what `decide` takes the largest of.

    All of them where there are no vectors: words alone do not tell.
    """
    if not window:
        return frozenset(surroundings)
    total = math.fsum(term.idf for term in terms)
    return frozenset(
        key
        for key, beside in surroundings.items()
        if max(0.0, window.get(key, 0.0)) + (WORDS_WEIGHT * _share(terms, key, beside) / total if total > 0 else 0.0)
        >= RELATED * needed
    )


def speaks_of_nobody(question: str, people: Collection[str]) -> bool:
    """Whether an English question names no one (of ``people``, or written like a name) and has no personal pronoun."""
    asked = words(question)
    if not STOPWORDS.intersection(asked):
        return False
    return not (PRONOUNS.intersection(asked) or people or names_in(question))


def telling(terms: Sequence[str], names: Collection[str]) -> list[str]:
    """The question's terms that say what it is about: no names of speakers, no dates (they are matched as dates), no
    words that only ask. All of them where none is left."""
    kept = [t for t in terms if t not in names and t not in FRAME and t not in _CALENDAR and not _DATE.fullmatch(t)]
    return kept or list(terms)


def names_in(question: str) -> list[str]:
    """What the question writes like a name: capitalised inside a sentence, no calendar word; in order, each once.

    Words that only a space parts are one name ("Night Watch").
    """
    names: list[list[str]] = []
    end = -1
    for found in WORD.finditer(question):
        before = question[: found.start()].rstrip(" \t\n\"'“”‘(")
        word = found.group()
        bare = re.sub(r"['’]s$", "", word)
        lowered = bare.casefold()
        inside = bool(before) and not before.endswith(_SENTENCE_END)
        if inside and word[0].isupper() and len(bare) > 1 and lowered not in STOPWORDS and lowered not in _CALENDAR:
            if question[end : found.start()] == " " and end >= 0:
                names[-1].append(bare)
            else:
                names.append([bare])
            end = found.end() if bare == word else -1
        else:
            end = -1
    return list(dict.fromkeys(map(" ".join, names)))


def _share(terms: Sequence[Term], key: int, beside: Sequence[int]) -> float:
    """The idf of the terms that ``key`` holds, and half of the idf of those that only the passages beside it hold."""
    held = 0.0
    for term in terms:
        if key in term.holders:
            held += term.idf
        elif not term.holders.isdisjoint(beside):
            held += term.idf / 2
    return held
