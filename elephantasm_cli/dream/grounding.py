"""Grounding: whether a statement says only what the words it cites say, in the right mouth.

Rule 5 of the design, one check for every job. It is strict on purpose: a rejected statement costs a quotation
instead of a sentence, an accepted false one is believed for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from elephantasm_cli.dream import claims
from elephantasm_cli.dream.unmeant import FEELING
from elephantasm_cli.text.dates import query_dates
from elephantasm_cli.text.words import STOPWORDS, has_cjk, words

MIN_COVERAGE: Final = 0.65
"""The least share of a statement's telling words that occur in its source."""
MIN_COSINE: Final = 0.5
"""The least cosine between a statement and its source, both embedded with speaker and date in front."""
_MOST_WORDS = 70

_FIRST_PERSON = re.compile(
    r"\b(?:I|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|[Uu]s|[Oo]urs?|[Oo]urselves|i)(?!\w|\.\w)(?:['’](?:m|ve|ll|d|re))?"
)
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself|yourselves)\b", re.I)
_PRONOUN_SUBJECT = re.compile(
    r"[\"'“]?(?:he|she|it|they|this|that|these|those|there|here|his|her|their|its|one|someone)\b", re.I
)
_SUBJECT = re.compile(
    r"[\"'“]?(?:(?i:the|an?|my|our|his|her|their)\s+(?P<noun>[\w'’-]*\w)|(?P<name>[A-ZÄÖÜÉ][\w'’-]*\w)(?!\w|:))"
)
_GLUED = re.compile(r"[a-z][.!?](?:_[a-z]+|[A-Z][a-z]*),? [a-z]")
"""A sentence that ends without a blank, as a grammar of one sentence drives a model to write two."""
_FOREIGN_SUBJECT = frozenset("ich wir bitte mein meine unser unsere je nous mon ma mes notre nos".split())  # noqa: SIM905
_FROM_TO = re.compile(r"\bfrom\s+(?P<first>[\w./:-]*\w)\s+to\s+(?P<second>[\w./:-]*\w)", re.I)
_OBLIGED = re.compile(r"\b(?:should|shouldn['’]t|must|ought|supposed|(?:has|have|had|needs?)\s+to)\b", re.I)
_NEARLY = re.compile(
    r"\b(?:almost|nearly|(?:tried|trying|meant|supposed|about)\s+to|would\s+have|allegedly|apparently)\b", re.I
)
"""What did not quite happen, or only by hearsay."""
_CAUSE = re.compile(
    r"\b(?:because|since|as|so|therefore|thus|hence|due\s+to|thanks\s+to|why|that['’]s|weil|denn|car|parce)\b|['’]cause\b|因为|所以",
    re.I,
)
_REASON = re.compile(r"\b(?:because|therefore|due\s+to|thanks\s+to)\b", re.I)
"""A statement with this gives a reason; its source must have one, in any of the wider forms of `_CAUSE`."""
_CONDITION = re.compile(r"\b(?:if|unless|provided|as\s+long\s+as|in\s+case|until|wenn|falls|si)\b|如果", re.I)
_OPPOSITES = tuple(
    frozenset(pair.split())
    for pair in (
        "under over",
        "below above",
        "before after",
        "less more",
        "fewer more",
        "most least",
        "minimum maximum",
        "increase decrease",
        "raise lower",
        "first last",
    )
)
"""Pairs of which a statement may not have the one where its source has only the other."""
_ORDER = re.compile(
    r"(?:(?:please|and|but|so|then|also|always|never|only|don['’]t|do\s+not|from\s+now\s+on)[,:]?\s+)*(?P<verb>[A-Za-z][\w-]*)\b",
    re.I,
)
_ENDING = re.compile(r"[.!][\"'”’)]*$")
RELATIVE_DATE = re.compile(
    r"(?<![.\w])(?:yesterday|today|tomorrow|tonight|(?:last|next)\s+(?:week|month|year|weekend|night|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|"
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|few|several|couple(?:\s+of)?)\s+(?:days?|weeks?|months?|years?)\s+ago)\b",
    re.I,
)
_MALE = re.compile(
    r"\b(?:he|him|his|himself|husband|boyfriend|father|dad|brother|son|uncle|nephew|grandfather|grandpa|man|guy|boy|mr)\b",
    re.I,
)
_FEMALE = re.compile(
    r"\b(?:she|her|hers|herself|wife|girlfriend|mother|mom|mum|sister|daughter|aunt|niece|grandmother|grandma|woman|girl|ms|mrs)\b",
    re.I,
)
_OFFER = re.compile(
    r"\b(?:I\s+(?:could|can|would|might|may|suggest|recommend|propose)|I['’]d|shall\s+I|should\s+I|let\s+me|want\s+me\s+to|would\s+you\s+like|options?)\b",
    re.I,
)
_OFFERED = re.compile(r"\b(?:offer|suggest|propos|recommend|could|would|might|can)\w*\b", re.I)
_REPORTING = frozenset(
    {
        "say",
        "said",
        "mention",
        "state",
        "report",
        "note",
        "explain",
        "tell",
        "describ",
        "express",
        "believ",
        "user",
        "assistant",
    }
)
"""Stems of reporting words, which a rewriting may add: "Dana says that ..."."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """The verdict: ``reasons`` why not (empty where it passed), and the two measures in [0, 1] (cosine in [-1, 1]).

    ``margin`` is the smaller distance of the measures above their thresholds, negative where one is below; what
    starts as `active` rather than `candidate` needs a comfortable one.
    """

    passed: bool
    reasons: tuple[str, ...]
    coverage: float
    cosine: float | None
    margin: float


def check(
    statement: str,
    *,
    cited_text: str,
    speaker: str,
    other_names: Sequence[str] = (),
    date_label: str = "",
    stop_list: frozenset[str] = frozenset(),
    cosine: float | None = None,
    role: str = "user",
) -> Grounding:
    """Whether ``statement`` is grounded in ``cited_text`` as ``speaker`` said it.

    ``cited_text`` is the text as the prompt showed it, relative dates already resolved. ``speaker`` is the name the
    statement must begin with ("" where any subject will do: lessons and knowledge over several sources).
    ``other_names`` are the other people present. ``date_label`` is the rendered date ("8 May 2023"); it counts as part
    of the source unless the words name a date of their own.
    ``stop_list`` holds casefolded words of the prompt's own examples. ``role`` is the cited event's.
    """
    # Where the words name a date of their own, the day on which they were said must not take its place.
    source = f"{speaker}: {cited_text}" if query_dates(cited_text) else f"{speaker}, {date_label}: {cited_text}"
    reasons = [
        *_form(statement, speaker, other_names),
        *_persons(statement.replace(speaker, "Somebody") if speaker else statement, cited_text),
        *(_subject_kept(statement, cited_text, speaker) if speaker else ()),
        *(_order_kept(statement, cited_text, speaker) if speaker else ()),
        *(["a condition of the source is lost"] if speaker and _loses_condition(statement, cited_text) else ()),
        *_facts(statement, source, cited_text, speaker, other_names),
        *_polarity(_unnamed(statement, speaker), _unnamed(cited_text, speaker)),
        *_leaks(statement, source, stop_list),
    ]
    if role == "assistant" and _OFFER.search(cited_text) and not _OFFERED.search(statement):
        reasons.append("an offer or a guess of the assistant became a fact")
    covered = coverage(statement, source)
    if covered < MIN_COVERAGE:
        reasons.append(f"only {covered:.0%} of its words occur in the source")
    if cosine is not None and cosine < MIN_COSINE:
        reasons.append(f"its meaning is too far from the source (cosine {cosine:.2f})")
    margin = covered - MIN_COVERAGE if cosine is None else min(covered - MIN_COVERAGE, cosine - MIN_COSINE)
    return Grounding(not reasons, tuple(reasons), round(covered, 4), cosine, round(margin, 4))


def coverage(statement: str, source: str) -> float:
    """The share, in [0, 1], of the distinct telling stems of ``statement`` that occur in ``source``; 1 without any."""
    wanted = set(claims.stems(statement)) - _REPORTING
    return len(wanted & set(claims.stems(source))) / len(wanted) if wanted else 1.0


def _form(statement: str, speaker: str, other_names: Sequence[str]) -> Iterator[str]:
    """It is one sentence about the speaker."""
    stripped = statement.strip()
    if not _ENDING.search(stripped):
        yield "it does not end as a sentence"
    if "\n" in stripped or len(stripped.split()) > _MOST_WORDS:
        yield "it is longer than one statement"
    if _PRONOUN_SUBJECT.match(stripped):
        yield "it begins with a pronoun"
    elif speaker and not _begins_with(stripped, speaker):
        if any(_begins_with(stripped, name) for name in other_names):
            yield "it speaks about somebody else than the one who said it"
        else:
            yield "its subject is not the speaker"
    if _GLUED.search(stripped):
        yield "it is more than one sentence"
    if speaker and stripped.casefold().startswith(f"{speaker.casefold()}:"):
        yield "it is a transcript, not a statement"


def _subject_kept(statement: str, cited_text: str, speaker: str) -> Iterator[str]:
    """What the cited sentence is about is still in the statement: "Priya suggested it" is not "Dana suggests it"."""
    subject = _SUBJECT.match(cited_text)
    word = re.sub(r"['’]s$", "", subject["noun"] or subject["name"]) if subject else ""
    if (
        not word
        or word.casefold() in STOPWORDS | _FOREIGN_SUBJECT | {"btw", "fyi"}
        or word.casefold() == speaker.casefold()
    ):
        return
    if not claims.same_word(word.split("-")[0], _vocabulary(statement)):
        yield f"what the source speaks of, {word!r}, is lost"


def _order_kept(statement: str, cited_text: str, speaker: str) -> Iterator[str]:
    """What somebody is told to do is not what the speaker does: "Sign off with X" is not "Dana signs off with X"."""
    order = _ORDER.match(cited_text)
    does = re.match(rf"{re.escape(speaker)}\s+(?:never\s+|always\s+|only\s+)*(?P<verb>[\w-]+)", statement)
    if order is None or does is None:
        return
    verb = order["verb"].casefold()
    if does["verb"].casefold() in (f"{verb}s", f"{verb}es") and not _FIRST_PERSON.match(cited_text):
        yield f"an instruction to {verb} became what the speaker does"


def _loses_condition(statement: str, cited_text: str) -> bool:
    return _CONDITION.search(cited_text) is not None and _CONDITION.search(statement) is None


def _begins_with(statement: str, name: str) -> bool:
    """Whether a statement begins with a name, or with its first part, possessive or not."""
    first = name.split()[0] if name.split() else name
    return any(re.match(rf"{re.escape(start)}(?!\w)", statement, re.I) for start in (name, first) if start)


def _persons(statement: str, cited_text: str) -> Iterator[str]:
    """No first or second person is left, no gender or relation is made up."""
    own = claims.without_quotations(statement)
    if _FIRST_PERSON.search(own):
        yield "the first person is left standing"
    if _SECOND_PERSON.search(own):
        yield "the second person is left standing"
    for pattern in (_MALE, _FEMALE):
        if pattern.search(own) and not pattern.search(cited_text):
            yield "it gives somebody a gender that the source does not"
    there = cited_text.casefold()
    felt = {word for found in FEELING.findall(own) if (word := found.casefold()) not in there}
    for word in sorted(word for word in felt if not claims.same_word(word, _vocabulary(cited_text))):
        yield f"{word!r} is felt by nobody in the source"
    if has_cjk(own) and not has_cjk(cited_text):
        yield "it is written in another script"
    told = set(words(statement.replace("’", "'").replace("'s", ""))) & claims.RELATIONS
    missing = {word for word in told if not claims.same_word(word, _vocabulary(cited_text))}
    for word in sorted(missing):
        yield f"the relation {word!r} is not in the source"
    for word in sorted(told - missing):
        if _times(word, statement) > _times(word, cited_text):
            yield f"the relation {word!r} is there once too often"


def _times(word: str, text: str) -> int:
    """How often a word occurs, up to plural and possessive endings."""
    return sum(claims.stem(said.removesuffix("'s")) == claims.stem(word) for said in words(text.replace("’", "'")))


def _facts(statement: str, source: str, cited_text: str, speaker: str, other_names: Sequence[str]) -> Iterator[str]:
    """Every number, date, quotation, identifier and name is in the source."""
    known_numbers = set(claims.numbers(source))
    for number in dict.fromkeys(claims.numbers(statement)):
        if number not in known_numbers:
            yield f"the number {number} is not in the source"
    for month in sorted(claims.months(statement) - claims.months(source)):
        yield f"the month {month.capitalize()} is not in the source"
    there = query_dates(source)
    for first, last in query_dates(statement):
        if not any(first <= begin and end <= last for begin, end in there):
            yield f"the date {first} is not in the source"
    relative = RELATIVE_DATE.search(statement)
    if relative:
        yield f"the relative date {relative.group()!r} is left standing"
    flat = " ".join(source.split()).casefold()
    for quotation in claims.quotations(statement):
        if " ".join(quotation.split()).casefold().rstrip(".,") not in flat:
            yield f"the quotation {quotation!r} is not in the source"
    for identifier in claims.identifiers(statement):
        if identifier.casefold() not in flat:
            yield f"{identifier!r} is not in the source"
    known = _vocabulary(source)
    if _SECOND_PERSON.search(cited_text):
        known |= {word for name in other_names for word in words(name)}
    for name in dict.fromkeys(claims.names(statement)):
        if name.casefold() not in {month.casefold() for month in claims.months(source)} and not claims.same_word(
            name, known
        ):
            yield f"the name {name} is not in the source"


def _unnamed(text: str, speaker: str) -> str:
    """``text`` with "they" for the speaker, who stands in a statement where the words have "I": no word of theirs."""
    return re.sub(rf"\b{re.escape(speaker)}(?!\w)(?:'s?)?", "they", text) if speaker else text


def _vocabulary(text: str) -> set[str]:
    """The words of ``text`` and their stems."""
    found = {word.removesuffix("'s") for word in words(text)}
    return found | {claims.stem(word) for word in found}


def _polarity(statement: str, cited_text: str) -> Iterator[str]:
    """What is denied stays denied, what is intended stays intended, what is preferred stays preferred."""
    said, source = set(claims.stems(statement)), set(claims.stems(cited_text))
    denied_here, denied_there = claims.denied(statement), claims.denied(cited_text)
    negated_here = claims.NEGATION.search(statement) is not None
    negated_there = claims.NEGATION.search(cited_text) is not None
    if negated_there and not negated_here and (denied_there & said or _is_one_clause(cited_text)):
        yield "a negation of the source is lost"
    elif denied_there & said - denied_here and not claims.is_negative_verb(statement):
        yield "a negation of the source moved to something else"
    denies_more = bool(denied_here & source - denied_there) and not denied_here & denied_there
    if negated_here and (not negated_there or (denies_more and not claims.is_negative_verb(statement))):
        yield "it denies what the source does not deny"
    elif _repeats(said, source) and _count(claims.NEGATION, statement) != _count(claims.NEGATION, cited_text):
        yield "it denies more or less than the source"
    both = claims.affirmed_and_denied(statement) - claims.affirmed_and_denied(cited_text)
    for word in sorted(both - {"going"}):  # "it is going to rain and I am not going to mind"
        yield f"it both affirms and denies {word!r}"
    modal_here, modal_there = claims.MODAL.search(statement), claims.MODAL.search(cited_text)
    fewer = _count(claims.MODAL, statement) < _count(claims.MODAL, cited_text)
    if fewer and (_repeats(said, source) or (modal_here is None and claims.intended(cited_text) & said)):
        yield "what was only intended or possible became a fact"
    if _OBLIGED.search(statement) and not _OBLIGED.search(cited_text):
        yield "an order or a fact became an obligation"
    if modal_here and not modal_there:
        yield "a fact became an intention or a possibility"
    if _NEARLY.search(cited_text) and not (_NEARLY.search(statement) or negated_here or modal_here):
        yield "what nearly happened became a fact"
    if _REASON.search(statement) and not _CAUSE.search(cited_text):
        yield "it gives a reason that the source does not give"
    yield from _turned_round(statement, cited_text)
    if _is_swapped(statement, cited_text):
        yield "the preferred and the rejected side are swapped"


def _turned_round(statement: str, cited_text: str) -> Iterator[str]:
    """Opposites and directions: "under" is not "over", and "from 900 to 150" not "from 150 to 900"."""
    said, source = ({claims.stem(word) for word in words(text)} for text in (statement, cited_text))
    for pair in _OPPOSITES:
        stems = {claims.stem(word): word for word in pair}
        here, there = said & stems.keys(), source & stems.keys()
        if len(here) == len(there) == 1 and here != there:
            yield f"{stems[there.pop()]!r} became {stems[here.pop()]!r}"
    way = _FROM_TO.search(cited_text)
    if way:
        places = [statement.casefold().find(way[name].casefold()) for name in ("first", "second")]
        if min(places) >= 0 and places[0] > places[1] and _FROM_TO.search(statement):
            yield "the direction is turned round"


def _repeats(said: set[str], source: set[str]) -> bool:
    """Whether a statement says nearly all that its source says, so that both must deny and intend equally often."""
    return len(said & source) >= 0.85 * len(source)


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _is_one_clause(text: str) -> bool:
    """Whether a text is so short that its one negation must concern the statement."""
    return re.search(r"[,;:.!?]\s+\S|\b(?:and|but|because|so|which|that)\b", text.strip()) is None


def _is_swapped(statement: str, cited_text: str) -> bool:
    """Whether "X over Y" (rather than, instead of) of the source reads "Y over X" in the statement."""
    here, there = claims.PREFERS_BEFORE.search(statement), claims.PREFERS_BEFORE.search(cited_text)
    if here is None or there is None:
        return False
    rejected, chosen = _side(statement[here.end() :]), set(claims.stems(statement[: here.start()]))
    source_rejected, source_chosen = _side(cited_text[there.end() :]), set(claims.stems(cited_text[: there.start()]))
    beside = chosen & source_chosen  # "prefers" itself
    chosen, source_chosen = chosen - beside, source_chosen - beside
    kept = len(rejected & source_rejected) + len(chosen & source_chosen)
    return len(rejected & source_chosen) + len(chosen & source_rejected) > kept


def _side(text: str) -> set[str]:
    """The stems of what stands on the rejected side: what follows it ("in every file") belongs to both."""
    return set(
        claims.stems(re.split(r"[,;.]|\b(?:in|for|when|on|at|because|if|with|unless|as)\b", text, maxsplit=1)[0])
    )


def _leaks(statement: str, source: str, stop_list: frozenset[str]) -> Iterator[str]:
    """Nothing of the prompt's own examples has slipped in."""
    for word in sorted((set(words(statement)) & stop_list) - set(words(source))):
        yield f"{word!r} comes from the prompt's examples"
