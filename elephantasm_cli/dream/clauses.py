"""Where a sentence says two things that stand alone: clauses with a subject and a verb of their own. Pure.

Verbs are known by their form and by what surrounds them, not by a list: after "I" or "we" stands a verb; after a noun with
its article, or a name, a word is one that agrees with it ("the office closes", "invoices go") and is followed by what
no noun is followed by ("every", "the", "out", a number). Where only a preposition follows ("the team meetings on Friday")
a comma before "and" must say that a clause begins. What is subordinate, reported, conditional or refers back is left
whole: where in doubt, nothing is split.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from typing import Protocol

from elephantasm_cli.dream.claims import RELATIONS, is_irregular_past
from elephantasm_cli.text.periods import MONTHS, WEEKDAYS
from elephantasm_cli.text.words import STOPWORDS, content_words, fold_plural

LEAST_WORDS = 2
"""Content words that a part has at least."""
_AUXILIARY = frozenset("am is are was were have has had do does did will can cannot must".split())  # noqa: SIM905
_ADVERBS = frozenset(
    """
    also now always never just really still usually often only recently finally mostly currently already no
    longer
    """.split()  # noqa: SIM905
)
_DETERMINERS = frozenset("the a an my our every each all some any no this".split())  # noqa: SIM905
_PREPOSITIONS = frozenset(
    """
    at by for from in into of on over through to under until with without within about after before during
    near off out up down per since against
    """.split()  # noqa: SIM905
)
_PARTICLES = frozenset("out up off down away back".split())  # noqa: SIM905
_VERBS_TOO = frozenset("go goes get gets come make makes take like went got came made".split())  # noqa: SIM905
"""Small words that are verbs all the same."""
_OBJECTS = frozenset("me us it not more less two three four five".split())  # noqa: SIM905
_JOINT = re.compile(r"\s*(?P<comma>,)?\s*\b(?:and|but)\s+|\s*(?P<mark>;)\s*(?:(?:and|but)\s+)?", re.IGNORECASE)
_ORDER = re.compile(r"(?:please\s+)?(?:always|never|don['’]t|do\s+not)\s+(?!ever\b|both\b)[a-z]+\s+\w", re.IGNORECASE)
_TIMES = rf"(?:\d|noon|midnight|lunch|dinner|the\s+\d|{'|'.join((*WEEKDAYS, *MONTHS))})"
_DEPENDENT = re.compile(
    rf"""\b(?:if|when|whenever|because|so|while|although|though|whether|that|which|who|whose|whom|where|why|how|what|unless|once|
    (?:since|until|till|after|before)(?!\s+{_TIMES})|as(?!\s+an?\b)|both|either|neither|not\s+only|respectively|each\s+other|together)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What makes a clause depend on another one: what stands after it may too."""
_REPORTED = re.compile(
    r"""\b(?:think|thought|believe|said|says?|heard|know|knew|hope|hoped|guess|told|tells?|asked|wonder|suppose|mean|remember|
    noticed|wish|imagine|pretend|would|could|should|might|(?-i:may)|maybe|perhaps|used\s+to|both|either|neither|respectively|
    each\s+other|not\s+only|so\s+that)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What only reports or supposes, or speaks of all parts at once."""
_REFERS_BACK = re.compile(
    r"\b(?:it|its|he|she|him|his|her|hers|they|them|their|this|that|those|these|there|then|one|ones|same|other|others|another|"
    r"too|either|do\s+so|did\s+so|instead|otherwise|again|therefore|thus|hence|so)\b",
    re.IGNORECASE,
)
"""What a later part would take from an earlier one."""
_PERSONAL = frozenset("he she him his her hers".split())  # noqa: SIM905
_PERSON = re.compile(rf"\b(?:my|our)\s+(?:\w+\s+)?(?:{'|'.join(sorted(RELATIONS))})\b|(?<=\s)[A-ZÄÖÜÉ][\w-]+")
_SEVERAL = re.compile(r"[.!:…]\s+\S|\n")
"""More than one sentence: the later one may need the one before it."""
_HIDDEN = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`|\([^()]*\)|(?<!\w)'[^']*'(?!\w)")
_WORD = re.compile(r"[\w'’./:%€$£-]+|,")


class Begins(Protocol):
    """Whether a text begins with something that can stand alone."""

    def __call__(self, text: str, /, *, sure: bool) -> bool: ...


def independent_parts(text: str) -> list[tuple[int, int]]:
    """The spans of the statements in ``text`` (one sentence), at least two; empty where it is one, or may be one."""
    shown = _HIDDEN.sub(lambda match: "x" * len(match.group()), text)
    if _SEVERAL.search(shown) or "?" in shown or _REPORTED.search(shown):
        return []
    for begins in (is_clause, _is_order):
        spans = _cut(shown, begins)
        if len(spans) < 2 or not all(_stands_alone(shown[start:end]) for start, end in spans):
            continue
        if not begins(shown[: spans[0][1]], sure=False):
            continue
        *first, last = [shown[start:end] for start, end in spans]
        if any(_DEPENDENT.search(part) for part in first) or _DEPENDENT.match(last):
            continue
        return [] if any(_refers_back(shown[start:end]) for start, end in spans[1:]) else spans
    return []


def _cut(text: str, begins: Begins) -> list[tuple[int, int]]:
    """The spans between the joints after which something of this kind begins, without white space and end marks.

    A comma marks a clause only where it is no comma of a list.
    """
    joints, last = [], 0
    for joint in _JOINT.finditer(text):
        marked = bool(joint["mark"]) or (bool(joint["comma"]) and "," not in text[last : joint.start()])
        if joint.start() and begins(text[joint.end() :], sure=not marked):
            joints.append(joint)
            last = joint.end()
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(text)]
    return [(start, start + len(text[start:end].rstrip(" ,;.!"))) for start, end in zip(starts, ends, strict=True)]


def _refers_back(part: str) -> bool:
    """Whether a later part takes something from an earlier one: a "he" may be somebody whom the part itself names."""
    return any(
        found.group().casefold() not in _PERSONAL or not _PERSON.search(part[: found.start()])
        for found in _REFERS_BACK.finditer(part)
    )


def _stands_alone(part: str) -> bool:
    return len(content_words(part)) >= LEAST_WORDS


def _is_order(text: str, *, sure: bool) -> bool:
    return _ORDER.match(text) is not None


def is_clause(text: str, *, sure: bool) -> bool:
    """Whether ``text`` begins with a subject of its own and a finite verb; ``sure``: beyond what a list could go on with."""
    found = [word for match in _WORD.finditer(text[:160]) if (word := match.group().rstrip(".:"))]
    if not found:
        return False
    first = found[0].replace("’", "'")
    if first.casefold() in ("i", "we"):
        rest = [word for word in found[1:] if word.casefold() not in _ADVERBS]
        return bool(rest) and rest[0][0].islower() and rest[0] not in ("and", "or", "both", "all", "too")
    if re.fullmatch(r"(?:i|we)'(?:m|re|ve|ll|d)", first, re.IGNORECASE):
        return True
    determined = first.casefold() in _DETERMINERS
    subject = found[1:] if determined else found
    return _has_verb(subject[:6], determined=determined, sure=sure)


def _has_verb(tokens: list[str], *, determined: bool, sure: bool) -> bool:
    """Whether a verb stands after the first nouns of ``tokens``, in agreement with the one right before it."""
    for place in range(1, len(tokens)):
        noun, word = tokens[place - 1], tokens[place].casefold()
        if word in (",", "i", "we", *_DETERMINERS) or (noun.casefold() in _PREPOSITIONS | _AUXILIARY):
            return False
        if word in _AUXILIARY or re.fullmatch(r"\w+n['’]t", word):
            return noun.casefold() not in STOPWORDS and (determined or noun[0].isupper() or _is_plural(noun))
        if word in _ADVERBS:
            continue
        if word in _PREPOSITIONS:
            return False
        if _may_be_verb(noun, word) and (determined or noun[0].isupper() or _is_plural(noun)):
            return _shows_verb(word, tokens[place + 1 : place + 2], sure=sure)
        if place >= 3 or not (determined or noun[0].isupper()):
            return False
    return False


def _is_plural(noun: str) -> bool:
    folded = noun.casefold()
    return fold_plural(folded) != folded or folded in ("people", "children", "men", "women")


def _may_be_verb(noun: str, word: str) -> bool:
    """Whether ``word`` has the form of a verb whose subject ends in ``noun``."""
    if not word.isalpha() or word in STOPWORDS - _VERBS_TOO:
        return False
    if is_irregular_past(word) or (word.endswith("ed") and len(word) > 4):
        return True
    third_person = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return not third_person if _is_plural(noun) else third_person


def _shows_verb(verb: str, following: list[str], *, sure: bool) -> bool:
    """Whether what follows a word of a verb's form shows that it is one."""
    if not following or following[0] == ",":
        return False
    word = following[0].casefold()
    if word in _DETERMINERS | _PARTICLES | _OBJECTS or word[0].isdigit():
        return True
    if following[0][0].isupper() and word not in WEEKDAYS:
        return True
    return not sure and (verb.endswith("s") or word in STOPWORDS)
