"""How likely a sentence is not meant as it stands: a joke, irony, an exaggeration, what only might be.

No pattern tells them and no small model does, so this is a guess by a logistic regression on the sentence's embedding
and a few signs in and around it, fitted to sentences of our own excerpts that were marked by reading
(tests/benchmarks/reflect_labels.py; docs/dreaming.md has how well it does). It decides nothing by itself: what it
doubts is worth less to remember, and is quoted rather than told.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from elephantasm_cli.text.sentences import Sentence, is_question, split_sentences
from elephantasm_cli.text.words import content_words

if TYPE_CHECKING:
    import numpy

    from elephantasm_cli.dream.context import Asker

WEIGHTS: Final = Path(__file__).resolve().parents[1] / "assets" / "meant.json"
_LAUGHS = re.compile(
    r"\b(?:ha(?:ha)+\w*|lol\w*|lmao|rofl|hehe\w*|jaja\w*|mdr|jk|xd)\b|[😂🤣💀😭🙄😅😆😜😏🤪😎🙃]|哈哈", re.I
)
_LOFTY = re.compile(
    r"\b(?:like\s+an?|as\s+if|king|queen|god|pope|jesus|devil|hell|dead|die[ds]?|dying|kill\w*|murder\w*|ghost|haunt\w*|"
    r"curse\w*|witch|soul|religion|pray\w*|prison|jail|arrest\w*|war|army|statue|funeral|grave|legend|genius|hero|marry|"
    r"adopt|million|thousand|hundred|forever|never\s+speak|literally|dignity|"
    r"personality|emotional\w*|crime|criminal|scream\w*|cry\w*|sob\w*|world|universe|century|centuries|years\s+ago|moon|"
    r"planet|dragon|wizard|president|nobel|oscar|betray\w*|traitor|revenge|enem\w+|spite|ego)\b",
    re.I,
)
"""What wit likes to compare with."""
_CONDITION = re.compile(r"(?:if|when)\b", re.I)
_FIRST_PERSON = re.compile(r"\b(?:i|we)\b", re.I)
_TO_COME = re.compile(r"\b(?:will|['’]ll|gonna|going to)\b", re.I)
_NAME = re.compile(r"(?<!^)\b[A-Z][a-z]+")
_DAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{1,2}(?::\d\d)?\s?(?:am|pm)|\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\w*\b",
    re.I,
)
FICTION: Final = re.compile(
    r"\blet['’]?s\s+(?:do|play|write|tell|make\s+up)\s+(?:a|another|the)\s+(?:\w+\s+)?(?:story|scene|role[\s-]?play)\b|\brole[\s-]?play|"
    r"\b(?:pretend|imagine)\s+(?:that\s+)?(?:you|you['’]re|we|we['’]re|i|i['’]m)\b|\byou(?:['’]ll)?\s+(?:be|play|are)\s+(?:the|my|a)\s+\w+"
    r"(?=[^.!?]*\b(?:i['’]?m|i\s+am|i\s+play)\b)|\bi['’]?(?:m|ll\s+be|\s+am|\s+play)\s+(?:the|a|an)\b[^!?]*\byou\s+(?:be|play)\s+the\b|\bin\s+character\b",
    re.I,
)
"""How somebody says that what follows is played."""
DREAMT: Final = re.compile(
    r"\s*(?:(?:last night\s+)?i\s+(?:dreamt|dreamed|had\s+(?:a|this|the)\s+(?:\w+\s+)?dream)|dream(?:t|ed)?\s*[:–—-])",
    re.I,
)
"""How a turn begins that tells a dream."""
PLAYED: Final = 0.95
"""Probability of not being meant, in a turn behind either."""
FEWEST_WORDS = 2
"""Content words of a sentence that can be doubted."""
REACTION = 25
"""In characters: how soon the next one laughs who laughs about it."""


class Line(NamedTuple):
    """A sentence, what is said in the turn ``after`` its own, and whether people say it to each other."""

    text: str
    after: str
    among_people: bool


SIGNS: Final = (
    "laughs", "laughed_at", "number", "lofty", "condition", "first_person", "to_come", "exclaimed", "name", "day",
    "among_people",
)  # fmt: skip


def signs(line: Line) -> list[float]:
    """The values of `SIGNS`, each 0 or 1."""
    text = line.text
    return [
        float(value)
        for value in (
            _LAUGHS.search(text) is not None,
            _LAUGHS.search(line.after[:REACTION]) is not None,
            re.search(r"\d", text) is not None,
            _LOFTY.search(text) is not None,
            _CONDITION.match(text) is not None,
            _FIRST_PERSON.search(text) is not None,
            _TO_COME.search(text) is not None,
            text.endswith("!"),
            _NAME.search(text) is not None,
            _DAY.search(text) is not None,
            line.among_people,
        )
    ]


class Weights(NamedTuple):
    """Log-odds that a sentence is not meant, of the vectors of one embedding model."""

    embedding_sha256: str
    bias: float
    signs: Sequence[float]
    vector: Sequence[float]


@cache
def weights() -> Weights:
    """Those that come with the package."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(found["embedding_sha256"], found["bias"], [found["signs"][name] for name in SIGNS], found["vector"])


def doubts(lines: Sequence[Line], vectors: numpy.ndarray) -> list[float]:
    """The probability of each line that it is not meant as it stands; ``vectors`` are their unit vectors, shape
    (lines, dimension), of the model that `weights` are for."""
    import numpy

    found = weights()
    if not lines:
        return []
    odds = found.bias + numpy.array([signs(line) for line in lines]) @ numpy.array(found.signs)
    odds = odds + vectors @ numpy.array(found.vector)
    return [round(float(1 / (1 + math.exp(-value))), 6) for value in odds]


class Doubts:
    """How likely each of several quotes of a talk is not meant; every sentence is judged once."""

    def __init__(self, context: Asker, spoken: Sequence[Mapping[str, Any]], *, to_agent: bool) -> None:
        """``spoken`` are the events of the talk that somebody said, in order; ``to_agent``: it is talk with an agent,
        rather than of people with each other."""
        self._context = context
        turns = [event["content"] for event in spoken]
        self._after = dict(zip((event["id"] for event in spoken), [*turns[1:], ""], strict=False))
        self._to_agent = to_agent
        self._is_able = context.embedder.sha256 == weights().embedding_sha256
        self._played = _played(spoken)
        self._sentences: dict[str, list[Sentence]] = {}
        self._found: dict[tuple[str, int], float] = {}

    def of(self, event: Mapping[str, Any], start: int, end: int) -> float:
        """The mean of `doubts` of the sentences of ``event`` that a quote of ``[start:end]`` has, in [0, 1]; 0 where an
        assistant speaks, and with another embedding model than the one that the weights are for; `PLAYED` where a dream
        or what is played is told.

        Raises KeyError for an event that is none of those of the talk.
        """
        if event["role"] == "assistant":
            return 0.0
        if event["id"] in self._played:
            return PLAYED
        if not self._is_able:
            return 0.0
        if event["id"] not in self._sentences:
            self._sentences[event["id"]] = [each for each in split_sentences(event["content"]) if _is_judged(each)]
        found = [
            self._doubt(event["id"], each)
            for each in self._sentences[event["id"]]
            if each.start < end and each.end > start
        ]
        return sum(found) / len(found) if found else 0.0

    def _doubt(self, event_id: str, sentence: Sentence) -> float:
        place = event_id, sentence.start
        if place not in self._found:
            line = Line(sentence.text, self._after[event_id], among_people=not self._to_agent)
            self._found[place] = doubts([line], self._context.vectors([line.text]))[0]
        return self._found[place]


def _played(spoken: Sequence[Mapping[str, Any]]) -> set[str]:
    """The turns of a talk that are dreamt, or of what is played: those of who began it, from then on."""
    found: set[str] = set()
    players: set[str] = set()
    for event in spoken:
        if event["role"] != "assistant" and FICTION.search(event["content"]):
            players.add(event["author"])
        if event["author"] in players or DREAMT.match(event["content"]):
            found.add(event["id"])
    return found


def _is_judged(sentence: Sentence) -> bool:
    return not (sentence.is_code or is_question(sentence.text)) and len(content_words(sentence.text)) >= FEWEST_WORDS
