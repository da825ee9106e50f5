"""What one statement says of which thing, with the values taken out: two that differ in nothing else give two values.

"The order limit is 500 euros" has the subject "order limit", the words "order limit euro" and the number 500. Words
that only announce a change ("now", "has moved to") belong to no frame. Read by code, without a list of verbs.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from elephantasm_cli.dream.claims import RELATIONS, is_past, numbers, stem, stems, without_quotations
from elephantasm_cli.dream.clauses import is_clause
from elephantasm_cli.dream.cues import LEAD_IN
from elephantasm_cli.text.periods import MONTHS, WEEKDAYS
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import STOPWORDS, fold_plural

LONGEST = 400
"""Characters of a sentence that is read; what runs on longer is no single statement."""
SELF = "self"
"""``who`` of a statement in the first person, or of an order."""

_STRONG = re.compile(
    r"\b(?:from\s+now\s+on|going\s+forward|actually|no\s+longer|any\s?more|instead\s+of|instead\b(?!\s+of)|(?:was|were)\s+wrong|correction|misremember\w*|"
    r"(?:has|have|had)\s+(?:now\s+|just\s+)?(?:been\s+)?(?:changed|moved|replaced|extended|postponed|raised|lowered)|changed\s+to|moved\s+to|switch(?:ed|ing)|"
    r"is\s+gone|are\s+gone|scrap(?:ped)?|replac(?:es|ed)|used\s+to\s+be|raised|lowered|renamed|as\s+of|starting\s+(?:from|on|in)|(?:from|since)\s+(?:\w+\s+){1,3}on(?:wards)?|"
    r"not\s+\d+|effective|since\s+(?:(?-i:[A-Z])\w+|\d{1,2}\s+\w+|last\s+\w+|today|yesterday)|after\s+all)\b|,\s+(?:and\s+)?not\s+\w",
    re.I,
)
_UNIQUE = frozenset("boss manager partner girlfriend boyfriend fiance fiancee mentor teacher roommate".split())  # noqa: SIM905
_NEW = rf"(?:my|our|the)\s+new\s+(?!(?:{'|'.join(sorted(RELATIONS - _UNIQUE))})s?\b)"
"""Before what one has one of at a time: of friends and sisters there may be more."""
_NOW = re.compile(rf"\b(?:now|these\s+days|currently|meanwhile)\b|^{_NEW}", re.I)
_NEW_THING = re.compile(r"^(my|our|the)\s+new\s+", re.I)
_OPENING = re.compile(
    r"^(?:(?:sorry|correction|update|change\s+of\s+plans?|change|news|(?:a\s+)?small\s+change|date\s+change|i\s+was\s+wrong|we\s+were\s+wrong|i\s+misremembered|"
    r"from\s+now\s+on|going\s+forward|in\s+future|these\s+days|now|actually|instead|please|"
    r"(?:as\s+of|starting(?:\s+(?:from|on|in))?|effective|since|from)\s+(?:now|today|tomorrow|\d{1,2}\s+\w+|(?:next|this|last)\s+\w+|(?-i:[A-Z])\w+(?:\s+\d{1,2})?)(?:\s+on(?:wards)?)?)\s*[,:;–-]*\s+)",
    re.I,
)
"""What stands before the statement and says only that, or since when, it is new."""
_SUPPOSED = re.compile(
    r"\b(?:might|(?-i:may)|maybe|perhaps|could|would|should|if|whether|unless|suppose|imagine|consider\w*|thinking\s+(?:of|about)|plan(?:s|ning)?\s+to|"
    r"want(?:s)?\s+to|hop(?:e|es|ing)\s+to|going\s+to|asked|sa(?:id|ys)|told|thought|suggest\w*|propos\w*|wish|wonder\w*)\b",
    re.I,
)
_MAIN_END = re.compile(
    r"[;:!]|\.(?=\s|$)|,(?!\d)|\s[–—-]\s|\s(?:instead\s+of|rather\s+than|because|since|so|which|but|until|although|though|while|as\s+of|starting|effective|"
    r"from\s+(?:now|next|this|tomorrow|today|(?-i:[A-Z])\w+\s+on|\d{1,2}\s+(?-i:[A-Z])))\s",
    re.I,
)
_OVER = re.compile(
    r"\b(?:was|were|had|did|ago|back\s+then|used\s+to(?!\s+be\s+\w+\W*$)|last\s+(?:week|month|year|summer|winter)|yesterday|in\s+(?:19|20)\d\d)\b",
    re.I,
)
_BEING = re.compile(r"\b(?:is|are|(?<=\bi\s)am|has|have|will|must|can|costs?)\b|['’](?:m|re|s|ve)\b", re.I)
_FIRST = re.compile(r"^(?:i|we)(?:['’]\w+)?\b", re.I)
_ORDER = re.compile(r"^(?:always|never|don['’]t|do\s+not|stop|scrap|drop|forget|ditch|use)\b", re.I)
_OWNER = re.compile(
    r"^(?:(?P<mine>my|our)|(?P<name>(?-i:[A-ZÄÖÜÉ])[\w-]*)['’]s|(?P<any>the|this|a|an|every|each|all|any))\s+", re.I
)
_KIN = re.compile(rf"^(?:my|our)\s+(?:\w+\s+){{0,2}}?(?P<kin>{'|'.join(sorted(RELATIONS))})s?\b", re.I)
_PRONOUN = re.compile(r"^(?:he|she|it|they|this|that|these|those|his|her|their|its|you|your|there)\b", re.I)
_NAMED = re.compile(
    r"^(?P<name>(?-i:[A-ZÄÖÜÉ])[\w-]*)\s+(?:is|has|was|will|can|now|no|does|doesn['’]t|also|still|[a-z]{2,}[^s\W]s)\b"
)
_SHIFTS = re.compile(
    r"\b(?:(?:has|have|was|were|is|are|got|gets)\s+)?(?:now\s+|just\s+)?(?:been\s+|being\s+)?(?:moved|changed|extended|postponed|shifted|pushed|bumped|migrated|raised|lowered|increased|reduced|renamed|set|"
    r"brought\s+forward|pushed\s+back|gone\s+(?:up|down)|went\s+(?:up|down)|moves|changes|goes\s+(?:up|down))\b(?:\s+from\s+(?P<old>[^,;:]+?))?\s+(?:to|until|till)\s+",
    re.I,
)
"""A verb that says that the value after it is a new one."""
_SHIFTED = re.compile(
    r"^(?:(?:i|we|they)\s+(?:have\s+|just\s+|now\s+)*|(?:i|we|they)['’]ve\s+(?:just\s+|now\s+)*|(?=\w+ed\b))"
    r"(?:raised?|lowered?|changed?|moved?|increased?|reduced?|extended?|shifted?|postponed?|renamed?|bumped|migrated?|switched|set|cut|put|pushed|brought)\s+"
    r"(?P<what>(?:(?:the|our|my)\s+)?(?!(?:it|them|this|that|from|over|on|in|to)\b)[^,;:]+?)\s+(?:up\s+|down\s+|back\s+|forward\s+)?(?:from\s+[^,;:]+?\s+)?to\s+",
    re.I,
)
"""The same with what is changed as its object; an order to do it now is none."""
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()  # noqa: SIM905
_COLOURS = frozenset("black white grey gray red green blue yellow orange purple pink brown".split())  # noqa: SIM905
_CALLED = re.compile(r"\b(?:called|named)\s+$", re.I)
_CALL = re.compile(r"\b[A-Za-z]+\d+\b|(?<!\babove)(?<!\bover)(?<!\bbelow)(?<!\bunder)(?<!\bto)(?<!\bof)\s\d+(?=\s*$)")
_COMMA = re.compile(r"(?:[,;:]|\s[–—-])\s+(?:(?:and|but|so)\s+)?", re.I)
_TOKEN = re.compile(r"[€$£]?[\w][\w.:/@'’%-]*[\w%]|[€$£]?\w")
_NUMBER = re.compile(r"[€$£]?\d[\d.,:/-]*(?:st|nd|rd|th|[a-z]{0,3})?%?", re.I)
_EMPTY = frozenset(
    "now actual current anymore instead longer from still really just already correct sorry wrong pleas always cost".split()  # noqa: SIM905
)
_LIKING = dict.fromkeys("lik prefer lov enjoy want favour favor ador rather".split(), "like")  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Frame:
    """One statement. ``who`` is `SELF`, a relative's word, a casefolded name, or empty for a thing; ``owner`` whose thing
    it is ("my": the speaker, "" nobody's in particular); ``subject`` the stems of what it is about.

    ``words`` are the telling stems without values, ``values`` (kind, value) pairs, ``all`` every stem. ``announced``: 2
    where it says that something changed, 1 where it says "now". ``shifts``: its verb itself is the change. ``over``: it
    tells what happened. ``called``: the values in its subject, which tell this thing from its like.
    """

    text: str
    main: str
    who: str
    owner: str
    subject: frozenset[str]
    first: str
    words: frozenset[str]
    values: frozenset[tuple[str, str]]
    all: frozenset[str]
    announced: int
    shifts: bool
    over: bool
    called: frozenset[str]

    def kinds(self) -> set[str]:
        return {kind for kind, _ in self.values}

    def of_kind(self, kind: str) -> set[str]:
        return {value for name, value in self.values if name == kind}


def folded(text: str) -> frozenset[str]:
    """The telling stems of ``text``; verbs of liking count as one, words that announce a change not at all."""
    return frozenset(_LIKING.get(word, word) for word in stems(text)) - _EMPTY


def announces(text: str) -> int:
    """2 where ``text`` says outright that something changed, 1 where it only says "now", else 0."""
    return 2 if _STRONG.search(text) else 1 if _NOW.search(text) else 0


@lru_cache(maxsize=50_000)
def frames_in(text: str, speaker: str) -> tuple[Frame, ...]:
    """The statements in ``text``; what is asked, supposed, or about "it" says nothing that can be compared."""
    sentences = [sentence.text for sentence in split_sentences(text) if len(sentence.text) <= LONGEST]
    clauses = [clause for sentence in sentences for clause in (sentence, *_further(sentence))]
    return tuple(frame for clause in clauses if (frame := _frame(clause, speaker)) is not None)


def _further(sentence: str) -> list[str]:
    """What follows a comma and is a clause of its own."""
    rest = [sentence[joint.end() :] for joint in _COMMA.finditer(sentence)]
    return [clause for clause in rest if is_clause(clause, sure=True)] if "?" not in sentence else []


def _frame(sentence: str, speaker: str) -> Frame | None:
    if "?" in sentence:
        return None
    body = statement_in(sentence)
    main = without_quotations(body)
    if end := _MAIN_END.search(main, 3):
        main = main[: end.start()]
    if _SUPPOSED.search(sentence[: len(sentence) - len(body)] + main) or _PRONOUN.match(main) or not main.strip():
        return None
    if shifted := _SHIFTED.match(main):
        main = f"{shifted['what']} changed to {main[shifted.end() :]}"
    shift = _SHIFTS.search(main)
    telling = main[: shift.start()] + " " + (main[shift.end() :] if shift else "") if shift else main
    about = _NEW_THING.sub(r"\g<1> ", telling[: shift.start()] if shift else _subject(telling))
    subject = folded(about)
    owner = _OWNER.match(main)
    words, values = _taken_apart(_NEW_THING.sub(r"\g<1> ", telling))
    own = bool(_FIRST.match(main) or _ORDER.match(main))
    kin, named = _KIN.match(main), _NAMED.match(main)
    whose = (owner["name"] or (speaker if owner["mine"] else "")) if owner else speaker if own else ""
    return Frame(
        text=body,
        main=main,
        who=SELF if own else kin["kin"].casefold() if kin else named["name"].casefold() if named else "",
        owner=whose.casefold(),
        subject=frozenset() if own else subject,
        first=stem(fold_plural(main.split()[0].casefold())),
        words=words,
        values=values,
        all=folded(body),
        announced=2 if shift else announces(sentence),
        shifts=shift is not None,
        called=frozenset()
        if own
        else frozenset(_CALL.findall(about)) | {name for kind, name in _taken_apart(about)[1] if kind == "name"},
        over=shift is None and (_OVER.search(main) is not None or is_past(main, own=own)),
    )


def statement_in(sentence: str) -> str:
    """The sentence without what leads up to its statement."""
    lead = LEAD_IN.match(sentence)
    body = sentence[lead.end() :] if lead and lead.end() < len(sentence) else sentence
    while opening := _OPENING.match(body):
        body = body[opening.end() :]
    return body


def _subject(main: str) -> str:
    """What stands before the verb: before "is" and its like, else before the first word that can be one."""
    if found := _BEING.search(main):
        return main[: found.start()]
    tokens = main.split()
    least = 2 if _OWNER.match(main) else 1
    ending = [place for place, token in enumerate(tokens) if token.endswith("s") and not token.endswith("ss")]
    small = [place for place, token in enumerate(tokens) if token.casefold() in STOPWORDS]
    for places in (ending, small):
        if place := next((place for place in places if place >= least), 0):
            return " ".join(tokens[:place])
    return " ".join(tokens[:2])


def _taken_apart(text: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """The telling stems that are no values, and the values: numbers, days, months and names."""
    words: set[str] = set()
    values: set[tuple[str, str]] = set()
    months = {name.casefold() for name in MONTHS}
    for place, match in enumerate(_TOKEN.finditer(text)):
        token = match.group().rstrip(".:'’-")
        plain = re.sub(r"['’]s$", "", token.casefold())
        if "@" in token or "//" in token:
            values.add(("address", plain))
        elif _NUMBER.fullmatch(token):
            values.add(("number", plain.replace(",", "")))
        elif plain in _ORDINALS:
            values.add(("number", str(_ORDINALS.index(plain) + 1)))
        elif plain in _COLOURS:
            values.add(("colour", plain))
        elif place and _CALLED.search(text[: match.start()]):
            values.add(("name", plain))
        elif plain not in STOPWORDS and numbers(plain):
            values.update(("number", number) for number in numbers(plain))
        elif fold_plural(plain) in WEEKDAYS:
            values.add(("day", fold_plural(plain)))
        elif plain in months and token[0].isupper():
            values.add(("month", plain))
        elif place and token[0].isupper() and plain not in STOPWORDS and not plain.startswith("i'"):
            values.add(("name", plain))
        else:
            words |= folded(plain)
    return frozenset(words), frozenset(values)
