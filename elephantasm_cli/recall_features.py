"""What recalled items score: weighted sums of a few features, each in [-1, 1].

For the passages of events these are what the searches, the dates, the speakers and the surroundings say.

The weights were fitted listwise (softmax over a conversation's turns) on labelled conversations, then rounded;
docs/recall.md has the measurements. Everything here is pure, and works on candidates only.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from elephantasm_cli.store.search import EventPassage
from elephantasm_cli.text.dates import query_dates, query_months, resolve_dates
from elephantasm_cli.text.words import STOPWORDS, WORD, content_words, words

WEIGHTS: dict[str, float] = {
    "lexical": 0.35,  # BM25 over speaker, date, text and (at half weight) the end of the previous turn
    "dense": 0.20,  # cosine of its words and the question's, names of speakers left out
    "date": 0.25,  # the question names a day, month or year on which it was said, or which it speaks of
    "time": 0.25,  # the question asks when, and this says when
    "speaker": 0.15,  # said by the one person named (+), or by the other one (-)
    "length": 0.20,  # content words, on a log scale: greetings and nods say nothing
    "session": 0.20,  # the three most relevant passages of its session, against the best session
    "neighbour": 0.20,  # the more relevant of the passages before and after it
    "answer": 0.05,  # the passage before it is a question, and a relevant one
    "question": -0.05,  # it is a question itself
}
RELEVANCE: dict[str, float] = {"lexical": 1.0, "window": 1.0, "date": 0.5}
"""What session, neighbour and answer look at in other passages. ``window`` is the cosine of a passage taken together
with half of each neighbour: an answer is often about what was asked before it, and says little by itself."""

CACHED_TEXTS = 20_000
RANKED = 400
"""No pack has room for more lines than this."""
FULL_LENGTH = 16
"""From this many content words on, ``length`` is 1: a long tool output gains nothing over a full sentence."""
_LENGTHS = [math.log1p(count) / math.log1p(FULL_LENGTH) for count in range(FULL_LENGTH + 1)]
SESSION_TOP = 3
SAME_MONTH = 0.7

MEMORY_WEIGHTS = {"importance": 0.25, "confidence": 0.15, "recency": 0.20, "retention": 0.15}
BELIEF_WEIGHTS = {"certainty": 1.0}
QUESTION_WEIGHTS = {"relevance": 0.6, "similarity": 0.2, "worth": 0.2}
"""To a question, what a derived row is worth by itself (the weights above) counts least: it must answer."""
RECENCY_HALF_LIFE_DAYS = 7.0
DECAY_HALF_LIFE_DAYS = 30.0
DECAY_GROWTH = 1.5
LONGEST_HALF_LIFE_DAYS = 365.0

ROLE_NAMES = frozenset({"user", "assistant", "system", "operator"})
"""Authors of records that name none."""

_ASKS_WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|time|week|season)\b|\bhow (?:long|recently)\b|\bsince when\b"
)
_SAYS_WHEN = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|recently|the other day|(?:last|this|next|past|coming) "
    r"(?:night|morning|evening|few|week|weekend|month|year|spring|summer|autumn|fall|winter|mon|tues?|wed|thu|fri|sat"
    r"|sun)\w*"
    r"|\w+ (?:minutes?|hours?|days?|weeks?|weekends?|months?|years?) (?:ago|later|earlier|before|from now)"
    r"|(?:for|since|in|until|by) (?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+) "
    r"(?:days?|weeks?|months?|years?)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october"
    r"|november|december|(?:in|on|since|by|until) may|may \d{1,2}|(?:19|20)\d\d)\b"
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate's score, rounded to 6 decimals, and the weighted part of each feature that is not 0."""

    score: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the searches found of the candidates, by passage id; all that ranking knows beside the passages."""

    passages: Mapping[int, EventPassage]
    lexical: Mapping[int, float]
    cosine: Mapping[int, float]
    window: Mapping[int, float]
    before: Mapping[int, int]
    after: Mapping[int, int]


def score_candidates(question: str, now: str, evidence: Evidence) -> dict[int, Scored]:
    """The best `RANKED` candidates for ``question``, scored; ``now`` (stored time) resolves its relative dates."""
    ids = sorted(evidence.passages)
    features: dict[str, dict[int, float]] = {
        "lexical": _share_of_best({key: evidence.lexical.get(key, 0.0) for key in ids}),
        "dense": _above_median({key: evidence.cosine[key] for key in ids if key in evidence.cosine}),
        "date": _dates(question, now, ids, evidence.passages),
        "time": _times(question, ids, evidence.passages),
        "speaker": _speakers(question, ids, evidence.passages),
        "length": {key: _length(evidence.passages[key].text) for key in ids},
        "question": {key: 1.0 for key in ids if is_question(evidence.passages[key].text)},
    }
    window = {"window": _above_median({key: evidence.window[key] for key in ids if key in evidence.window})}
    features |= _surroundings(ids, features | window, evidence)
    weights = dict(WEIGHTS)
    for silent, other in (("lexical", "dense"), ("dense", "lexical")):
        if not features[silent]:  # no word matches, or no vector is there: the other one speaks for both
            weights[other] += WEIGHTS[silent]
    telling = [(name, weight, features[name]) for name, weight in weights.items() if features[name]]
    rough = {key: round(sum([weight * found.get(key, 0.0) for _, weight, found in telling]), 6) for key in ids}
    ranked = sorted((-rough[key], evidence.passages[key].item_id, evidence.passages[key].ordinal, key) for key in ids)
    scored = {}
    for *_, key in ranked[:RANKED]:
        parts = {name: round(weight * found[key], 6) for name, weight, found in telling if found.get(key, 0.0) != 0.0}
        scored[key] = Scored(round(math.fsum(parts.values()), 6), parts)
    return scored


def memory_parts(
    *,
    importance: float,
    confidence: float,
    age_days: float,
    accesses: int,
    similarity: float | None,
    relevance: float | None = None,
) -> dict[str, float]:
    """The weighted parts of a memory's score, each in [0, its weight]: its worth, and how it answers a question.

    Recency halves every 7 days. Retention is 2^(-age / h), h = 30 days x 1.5^accesses, at most 365 (1 - decay).
    """
    half_life = min(DECAY_HALF_LIFE_DAYS * DECAY_GROWTH ** min(accesses, 50), LONGEST_HALF_LIFE_DAYS)
    values = {
        "importance": importance,
        "confidence": confidence,
        "recency": 2.0 ** (-age_days / RECENCY_HALF_LIFE_DAYS),
        "retention": 2.0 ** (-age_days / half_life),
    }
    return _asked(_weighted(MEMORY_WEIGHTS, values), similarity, relevance)


def belief_parts(*, certainty: float, similarity: float | None, relevance: float | None = None) -> dict[str, float]:
    """The weighted parts of a lesson's or a knowledge item's score."""
    return _asked(_weighted(BELIEF_WEIGHTS, {"certainty": certainty}), similarity, relevance)


def _asked(worth: Mapping[str, float], similarity: float | None, relevance: float | None) -> dict[str, float]:
    """The parts of a row's worth by itself, or (with a similarity) of its score for a question."""
    if similarity is None:
        return dict(worth)
    share = QUESTION_WEIGHTS["worth"]
    return {
        "relevance": round(QUESTION_WEIGHTS["relevance"] * (relevance or 0.0), 6),
        "similarity": round(QUESTION_WEIGHTS["similarity"] * similarity, 6),
        **{name: round(share * value, 6) for name, value in worth.items()},
    }


def _weighted(weights: Mapping[str, float], values: Mapping[str, float]) -> dict[str, float]:
    total = math.fsum(weights[name] for name in values)
    return {name: round(weights[name] / total * value, 6) for name, value in values.items()}


def asks_when(question: str) -> bool:
    """Whether the question asks for a time."""
    return _ASKS_WHEN.search(question.casefold()) is not None


def is_question(text: str) -> bool:
    """Whether the text ends in a question mark (whatever closes after it)."""
    return text.rstrip(" \n\t\"'”’)*_").endswith(("?", "？"))


def named_authors(question: str, authors: Sequence[str]) -> list[str]:
    """The authors of whom a word of the name (no stopword) occurs in the question, sorted."""
    asked = {word.removesuffix("'s") for word in words(question)} - STOPWORDS
    return sorted({author for author in authors if asked.intersection(words(author))})


def name_words(question: str, authors: Sequence[str]) -> frozenset[str]:
    """The words of the question (`words` form, bare) that name one of ``authors``; a role's name is no name."""
    said = {word for author in named_authors(question, authors) for word in words(author)}
    return frozenset(said - STOPWORDS - ROLE_NAMES)


def without_names(question: str, names: frozenset[str]) -> str:
    """The question without these words and their possessive endings; whole where nothing else would be left."""
    if not names:
        return question
    kept = WORD.sub(lambda found: "" if _bare(found.group()) in names else found.group(), question)
    return " ".join(kept.split()) if words(kept) else question


def _bare(word: str) -> str:
    return word.casefold().replace("’", "'").removesuffix("'s")


def _share_of_best(raw: dict[int, float]) -> dict[int, float]:
    best = max(raw.values(), default=0.0)
    return {key: value / best for key, value in raw.items()} if best > 0 else {}


def _above_median(raw: dict[int, float]) -> dict[int, float]:
    """Cosines as shares of the way from their median to their maximum, 0 below: half of any set is just background."""
    if not raw:
        return {}
    ordered = sorted(raw.values())
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    span = ordered[-1] - median
    if span <= 0:
        return dict.fromkeys(raw, 1.0) if ordered[-1] > 0 and len(raw) == 1 else {}
    return {key: max(0.0, value - median) / span for key, value in raw.items()}


def _dates(question: str, now: str, ids: Sequence[int], passages: Mapping[int, EventPassage]) -> dict[int, float]:
    """1 where a day that was asked for is the passage's own or one it speaks of, `SAME_MONTH` where the month is."""
    spans = query_dates(question)
    months = [] if spans else query_months(question)
    spans += [
        (date.first_day, date.last_day)
        for date in resolve_dates(question, now)
        if date.is_relative and date.period.unit in ("day", "week", "weekend")
    ]
    if not spans and not months:
        return {}
    found = {}
    for key in ids:
        passage = passages[key]
        day = passage.occurred_at[:10]
        told = [(day, day), *((date.first_day, date.last_day) for date in resolve_dates(passage.text, day))]
        if any(first <= end and start <= last for first, last in spans for start, end in told) or any(
            start[:7] == end[:7] and int(start[5:7]) in months for start, end in told
        ):
            found[key] = 1.0
        elif any(first[:7] == start[:7] == end[:7] for first, _ in spans for start, end in told):
            found[key] = SAME_MONTH
    return found


def _times(question: str, ids: Sequence[int], passages: Mapping[int, EventPassage]) -> dict[int, float]:
    if not asks_when(question):
        return {}
    return {key: 1.0 for key in ids if _SAYS_WHEN.search(passages[key].text.casefold())}


def _speakers(question: str, ids: Sequence[int], passages: Mapping[int, EventPassage]) -> dict[int, float]:
    named = named_authors(question, sorted({passages[key].author for key in ids}))
    if len(named) != 1:
        return {}
    return {key: 1.0 if passages[key].author == named[0] else -1.0 for key in ids}


@lru_cache(maxsize=CACHED_TEXTS)
def _length(text: str) -> float:
    return _LENGTHS[min(FULL_LENGTH, len(set(content_words(text))))]


def _surroundings(
    ids: Sequence[int], features: Mapping[str, Mapping[int, float]], evidence: Evidence
) -> dict[str, dict[int, float]]:
    """The features that look at other passages, by way of their relevance alone."""
    raw = {key: math.fsum(w * features[name].get(key, 0.0) for name, w in RELEVANCE.items()) for key in ids}
    relevance = _share_of_best(raw)
    by_session: dict[str, list[float]] = defaultdict(list)
    for key in ids:
        by_session[evidence.passages[key].session_id].append(relevance.get(key, 0.0))
    sums = {session: math.fsum(sorted(values, reverse=True)[:SESSION_TOP]) for session, values in by_session.items()}
    best = max(sums.values(), default=0.0)
    of: Callable[[int | None], float] = lambda key: relevance.get(key, 0.0) if key is not None else 0.0  # noqa: E731
    return {
        "session": {key: sums[evidence.passages[key].session_id] / best for key in ids} if best > 0 else {},
        "neighbour": {key: max(of(evidence.before.get(key)), of(evidence.after.get(key))) for key in ids},
        "answer": {
            key: of(previous)
            for key in ids
            if (previous := evidence.before.get(key)) is not None and previous in features["question"]
        },
    }
