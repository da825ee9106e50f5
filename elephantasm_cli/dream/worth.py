"""What the quote of a memory is worth as a whole: how much it says, beside what its best sentence shows. Pure.

`salience` scores sentences, one by one. Of what may become memories, with the sentences that go along, those are
remembered longest that say much, say when or how many, and say what is not so or always so; a quip of five words is
nothing anybody asks about later. The weights are those of a logistic regression on which quotes of the excerpts to tune
on hold a marked fact (docs/dreaming.md), rounded.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from elephantasm_cli.dream import cues as grammar
from elephantasm_cli.dream.salience import ANY_DAY, is_commonplace
from elephantasm_cli.dream.weights import OUTRIGHT
from elephantasm_cli.text.dates import resolve_dates
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import EventType

if TYPE_CHECKING:
    from elephantasm_cli.dream.picks import Pick


class WorthWeights(NamedTuple):
    """Log-odds of holding what is asked about later: for each unit of the sentence's ``score`` and of ln(1 + content
    words), and where the words limit, count, name a day, tell for good who somebody is, tell a turn of a life or of a
    relative, set a value, are not English, name something, or tell something of the one spoken to; and for the shares
    of their sentences that speak of anything but the speaker, or say what anybody may say."""

    score: float
    content: float
    limits: float
    number: float
    day: float
    lasting: float
    life: float
    kin: float
    slot: float
    foreign: float
    name: float
    addressed: float
    of_others: float
    commonplace: float
    least: float
    """What is worth less makes no memory."""
    outstanding: float
    """What is worth less takes no place that its episode has only begun."""


AMONG_PEOPLE: Final = WorthWeights(
    score=0.0,
    content=2.5,
    limits=0.8,
    number=0.9,
    day=1.1,
    lasting=1.5,
    life=3.2,
    kin=1.4,
    slot=0.2,
    foreign=-1.3,
    name=0.8,
    addressed=-1.0,
    of_others=-0.7,
    commonplace=-2.6,
    least=4.5,
    outstanding=7.0,
)
TO_AGENT: Final = WorthWeights(
    score=4.0,
    content=1.5,
    limits=1.0,
    number=0.0,
    day=0.0,
    lasting=1.5,
    life=0.0,
    kin=0.0,
    slot=1.0,
    foreign=-1.0,
    name=0.0,
    addressed=0.0,
    of_others=0.0,
    commonplace=0.0,
    least=3.3,
    outstanding=6.0,
)
DOUBTED: Final = 0.14
"""Probability of not being meant (`meant`) above which a pick is worth less."""
SUREST: Final = 0.99
"""No doubt counts for more."""
DOUBT_WEIGHT: Final = 1.5
"""Of those log-odds."""
HOLDS: Final = OUTRIGHT - {"problem", "plan"}
"""Cues of what an agent is told outright and is to hold."""
_LIMITS = re.compile(
    r"\b(?:no|not|never|nothing|nobody|none|without|only|always|ever|every|cannot|[cd]ant|dont|wont|isnt|doesnt|didnt|"
    r"nicht|kein\w*|nie(?:mals)?|nur|immer|jamais|toujours|seulement|nunca|siempre|solo|sempre|soltanto|não|só|mai)\b|n['’]t\b"
    r"|\bn[e']\s?\S+\s+(?:pas|plus|rien)\b|\bpas\s+(?:de|d['’])|[不没别只]",
    re.I,
)
"""What is not so, or is so without exception."""
_LIFE = re.compile(
    r"\b(?:I|we|my|our)\b(?:['’]\w+)?[^.!?;]*?\b(?:"
    r"pregnant|expecting\s+(?:a|our|my|twins)|had\s+(?:a\s+baby|twins|a\s+(?:little\s+|baby\s+)?(?:girl|boy|son|daughter))|(?:was|were)\s+born|engaged|(?:got|getting|are|is)\s+(?:getting\s+)?(?:married|divorced|divorcing|separated|separating)|"
    r"(?:broke|split|splitting|breaking)\s+up|died|passed\s+away|widow\w*|(?:quit|lost|left|leaving|quitting|got|start(?:ed|ing)?|have|new)\s+(?:my|the|a|our)\s+(?:new\s+)?job|new\s+job|handed\s+in|resign\w*|"
    r"retir(?:e|ed|ing)|fired|laid\s+off|redundant|promoted|mov(?:e|ed|ing)\s+(?:to|in|out|house|home|back)|sold\s+(?:the|my|our)|bought\s+(?:an?|the|our|my)|graduat\w+|diagnos\w+|surgery|operation|cancer|"
    r"adopted\s+an?|gave\s+up|giving\s+up|sober|stopped\s+(?:smoking|drinking))\b",
    re.I,
)
"""What turns a life: a birth, a death, a job, a home, an illness."""


def worth(pick: Pick, *, to_agent: bool) -> float:
    """What a pick with all it quotes is worth, about 2 to 12; ``to_agent`` as in `salience.salient_sentences`."""
    weights = TO_AGENT if to_agent else AMONG_PEOPLE
    text = pick.text
    sentences = [sentence.text for sentence in split_sentences(text)]
    return (
        weights.score * pick.salient.score
        + weights.content * math.log1p(len(content_words(text)))
        + weights.limits * (_LIMITS.search(text) is not None)
        + weights.number * (grammar.NUMBER.search(text) is not None)
        + weights.day * bool(resolve_dates(text, ANY_DAY))
        + weights.lasting * (grammar.LASTING.search(text) is not None)
        + weights.life * (_LIFE.search(text) is not None)
        + weights.kin * ("relationship" in pick.salient.cues)
        + weights.slot * ("slot" in pick.salient.cues)
        + weights.foreign * ("foreign" in pick.salient.cues)
        + weights.name * (grammar.NAME.search(text) is not None)
        + weights.addressed * (grammar.SECOND_PERSON.search(text) is not None)
        + weights.of_others * sum(grammar.FIRST_PERSON.search(each) is None for each in sentences) / len(sentences)
        + weights.commonplace * sum(is_commonplace(each) for each in sentences) / len(sentences)
    )


def less_by(doubt: float) -> float:
    """What a pick is worth less that is not meant with a probability of ``doubt``: `DOUBT_WEIGHT` times the log-odds
    that it has above those of `DOUBTED`."""
    if doubt <= DOUBTED:
        return 0.0
    doubt = min(doubt, SUREST)
    return DOUBT_WEIGHT * (math.log(doubt / (1 - doubt)) - math.log(DOUBTED / (1 - DOUBTED)))


def is_worth_a_memory(pick: Pick, doubt: float = 0.0, *, to_agent: bool) -> bool:
    """Whether a pick is worth being remembered for months.

    So is what sets a value that may change, or tells for good who somebody is, a note (whoever writes it wants it), and
    what shows one of `HOLDS` to an agent. ``doubt``: the probability that it is not meant.
    """
    if pick.event["event_type"] == EventType.NOTE or pick.is_lasting or "slot" in pick.salient.cues:
        return True
    if to_agent and not HOLDS.isdisjoint(pick.salient.cues):
        return True
    return worth(pick, to_agent=to_agent) - less_by(doubt) >= (TO_AGENT if to_agent else AMONG_PEOPLE).least


def is_outstanding(pick: Pick, doubt: float = 0.0, *, to_agent: bool) -> bool:
    """Whether a pick is worth the place that is only begun by its episode."""
    least = (TO_AGENT if to_agent else AMONG_PEOPLE).outstanding
    return pick.is_lasting or worth(pick, to_agent=to_agent) - less_by(doubt) >= least
