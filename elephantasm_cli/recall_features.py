"""What recalled items score: weighted sums of a few features, each in [-1, 1].

For the passages of events these are what the searches, the dates, the speakers and the surroundings say.

The weights were fitted listwise (softmax over a conversation's turns) on labelled conversations, then rounded;
docs/recall.md has the measurements. Everything here is pure, and works on candidates only.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from elephantasm_cli.store.search import EventPassage
from elephantasm_cli.text.dates import query_dates, query_months, resolve_dates
from elephantasm_cli.text.sentences import is_question
from elephantasm_cli.text.words import STOPWORDS, WORD, content_words, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Feature = NDArray[np.float64]
    """A value for each candidate, in the order of their ids."""

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
    import numpy as np

    ids = sorted(evidence.passages)
    passages = [evidence.passages[key] for key in ids]
    features: dict[str, Feature] = {
        "lexical": _share_of_best(_column(evidence.lexical, ids, 0.0)),
        "dense": _above_median(_column(evidence.cosine, ids, math.nan)),
        "date": _dates(question, now, passages),
        "time": _times(question, passages),
        "speaker": _speakers(question, passages),
        "length": np.array([_length(passage.text) for passage in passages], dtype=np.float64),
        "question": np.array([is_question(passage.text) for passage in passages], dtype=np.float64),
    }
    window = _above_median(_column(evidence.window, ids, math.nan))
    features |= _surroundings(ids, passages, features | {"window": window}, evidence)
    weights = dict(WEIGHTS)
    for silent, other in (("lexical", "dense"), ("dense", "lexical")):
        if not features[silent].any():  # no word matches, or no vector is there: the other one speaks for both
            weights[other] += WEIGHTS[silent]
    parts = {name: np.round(weight * features[name], 6) for name, weight in weights.items() if features[name].any()}
    total = np.round(sum(parts.values(), start=np.zeros(len(ids))), 6)
    best = np.flatnonzero(total >= np.partition(total, -RANKED)[-RANKED]) if len(ids) > RANKED else np.arange(len(ids))
    columns = [(name, values[best].tolist()) for name, values in parts.items()]
    ranked = sorted(
        (-score, passages[at].item_id, passages[at].ordinal, ids[at], row)
        for row, (at, score) in enumerate(zip(best.tolist(), total[best].tolist(), strict=True))
    )
    return {
        key: Scored(-negated, {name: values[row] for name, values in columns if values[row] != 0.0})
        for negated, _, _, key, row in ranked[:RANKED]
    }


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


def _column(values: Mapping[int, float], ids: Sequence[int], missing: float) -> Feature:
    import numpy as np

    return np.fromiter((values.get(key, missing) for key in ids), dtype=np.float64, count=len(ids))


def _share_of_best(raw: Feature) -> Feature:
    best = float(raw.max(initial=0.0))
    return raw / best if best > 0 else raw * 0.0


def _above_median(raw: Feature) -> Feature:
    """Cosines as shares of the way from their median to their maximum, 0 below: half of any set is just background.

    0 for what has none (NaN), too.
    """
    import numpy as np

    known = np.sort(raw[~np.isnan(raw)])
    if not len(known):
        return np.zeros(len(raw))
    # not np.median, which imports numpy.ma
    median, most = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2, known[-1]
    if most > median:
        shares: Feature = np.nan_to_num(np.maximum(0.0, raw - median) / (most - median))
        return shares
    return np.where(np.isnan(raw), 0.0, 1.0) if most > 0 and len(known) == 1 else np.zeros(len(raw))


def _dates(question: str, now: str, passages: Sequence[EventPassage]) -> Feature:
    """1 where a day that was asked for is the passage's own or one it speaks of, `SAME_MONTH` where the month is."""
    import numpy as np

    found = np.zeros(len(passages))
    spans = query_dates(question)
    months = [] if spans else query_months(question)
    spans += [
        (date.first_day, date.last_day)
        for date in resolve_dates(question, now)
        if date.is_relative and date.period.unit in ("day", "week", "weekend")
    ]
    if not spans and not months:
        return found
    for at, passage in enumerate(passages):
        day = passage.occurred_at[:10]
        told = [(day, day), *((date.first_day, date.last_day) for date in resolve_dates(passage.text, day))]
        if any(first <= end and start <= last for first, last in spans for start, end in told) or any(
            start[:7] == end[:7] and int(start[5:7]) in months for start, end in told
        ):
            found[at] = 1.0
        elif any(first[:7] == start[:7] == end[:7] for first, _ in spans for start, end in told):
            found[at] = SAME_MONTH
    return found


def _times(question: str, passages: Sequence[EventPassage]) -> Feature:
    import numpy as np

    if not asks_when(question):
        return np.zeros(len(passages))
    return np.array([_SAYS_WHEN.search(passage.text.casefold()) is not None for passage in passages], dtype=np.float64)


def _speakers(question: str, passages: Sequence[EventPassage]) -> Feature:
    import numpy as np

    named = named_authors(question, sorted({passage.author for passage in passages}))
    if len(named) != 1:
        return np.zeros(len(passages))
    return np.array([1.0 if passage.author == named[0] else -1.0 for passage in passages])


@lru_cache(maxsize=CACHED_TEXTS)
def _length(text: str) -> float:
    return _LENGTHS[min(FULL_LENGTH, len(set(content_words(text))))]


def _surroundings(
    ids: Sequence[int], passages: Sequence[EventPassage], features: Mapping[str, Feature], evidence: Evidence
) -> dict[str, Feature]:
    """The features that look at other passages, by way of their relevance alone."""
    import numpy as np

    relevance = _share_of_best(
        sum((weight * features[name] for name, weight in RELEVANCE.items()), start=np.zeros(len(ids)))
    )
    by_session: dict[str, list[float]] = defaultdict(list)
    for passage, value in zip(passages, relevance.tolist(), strict=True):
        by_session[passage.session_id].append(value)
    sums = {session: math.fsum(sorted(values, reverse=True)[:SESSION_TOP]) for session, values in by_session.items()}
    place = {key: at for at, key in enumerate(ids)}
    before, after = (
        np.array([place.get(beside.get(key, 0), -1) for key in ids], dtype=np.int64)
        for beside in (evidence.before, evidence.after)
    )
    of, asks = np.append(relevance, 0.0), np.append(features["question"], 0.0)  # what -1 is the place of
    return {
        "session": _share_of_best(np.array([sums[passage.session_id] for passage in passages])),
        "neighbour": np.maximum(of[before], of[after]),
        "answer": asks[before] * of[before],
    }
