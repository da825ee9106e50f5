"""What code can tell of two statements before a model is asked whether the later one contradicts the earlier. Pure.

A small model takes nearly everything that announces a change for a contradiction. So what speaks of other people,
places, times or things is told apart here first, and so is what says the same again.
"""

from __future__ import annotations

import re

from elephantasm_cli.dream import claims
from elephantasm_cli.services.answers import Relation
from elephantasm_cli.text.periods import WEEKDAYS
from elephantasm_cli.text.words import STOPWORDS, has_cjk, words

SAME_SHARE = 0.5
"""The share of the shorter statement's telling stems that two statements of the same fact have in common, and more than
one where there is more than one."""

_CONTRASTS = tuple(
    frozenset(group.split())
    for group in (
        "winter summer spring autumn fall",
        "weekday weekdays weekend weekends sunday sundays saturday saturdays",
        "staging production",
        "morning mornings afternoon afternoons evening evenings night nights",
        "frontend backend",
        "home office school",
    )
)
"""Words of which two statements about the same thing do not use different ones."""
_RELATIVES = claims.RELATIONS | frozenset(
    """dog cat frau mann schwester bruder sohn tochter mutter vater cousine femme mari sœur frère fils fille mère
    père""".split()  # noqa: SIM905
)
_ADDS = re.compile(r"\b(?:also|too|as\s+well|auch|aussi)\b|也", re.I)
_SUBJECT_NAME = re.compile(
    r"(?P<name>[A-ZÄÖÜÉ][a-zäöüéèß]+)\s+(?:is(?!\s+(?:my|our)\b)|has|was|does|doesn['’]t|will|can|no\s+longer|now|[a-z]{2,}s)\b"
)
_QUALIFIED = re.compile(r"\b(?:the|our|my)\s+(?P<which>[a-z][\w-]*)\s+(?P<what>[a-z][\w-]*)\b", re.I)
_PURPOSE = re.compile(r"\bfor\s+(?:the\s+|our\s+|my\s+)?(?P<what>[a-z][^,;.:!?]*)", re.I)
_DENIES = re.compile(
    rf"{claims.NEGATION.pattern}|\b(?:dropp(?:ed|ing)|removed|gave\s+up|instead\s+of|rather\s+than)\b|"
    r"\b(?:nie|ne|pas|plus|sans)\b|[不没]",
    re.I,
)
_CLAUSE_END = re.compile(r"[,;:.!?]|\b(?:and|but|because|so|any\s?more|at\s+all|now)\b", re.I)


def settled(earlier: str, later: str) -> Relation | None:
    """SAME or UNRELATED where the words alone show it, else None: only then is a model worth asking."""
    if are_apart(earlier, later) or _denies_something_else(earlier, later):
        return Relation.UNRELATED
    if _say_the_same(earlier, later):
        return Relation.SAME
    return Relation.UNRELATED if _ADDS.search(later) and not _DENIES.search(later) else None


def are_apart(earlier: str, later: str, *, names: bool = True) -> bool:
    """Whether they speak of different people, places, times, purposes or things of a kind.

    ``names``: also where each begins with another name.
    """
    here, there = set(words(earlier)), set(words(later))
    if any((here & group) and (there & group) and not here & there & group for group in _CONTRASTS):
        return True
    kin = {word for word in here if word in _RELATIVES}, {word for word in there if word in _RELATIVES}
    if all(kin) and (not kin[0] & kin[1] or _own_names(earlier, later)):
        return True
    first, second = _SUBJECT_NAME.match(earlier), _SUBJECT_NAME.match(later)
    if names and first and second and _is_somebody_else(first["name"], second["name"], there):
        return True
    for one in _QUALIFIED.finditer(earlier):
        for other in _QUALIFIED.finditer(later):
            if one["what"].casefold() == other["what"].casefold() and _is_somebody_else(
                one["which"], other["which"], there
            ):
                return True
    one_purpose, other_purpose = _PURPOSE.search(earlier), _PURPOSE.search(later)
    if one_purpose and other_purpose:
        return not set(claims.stems(one_purpose["what"])) & set(claims.stems(later))
    return False


def _is_somebody_else(name: str, other: str, said_later: set[str]) -> bool:
    return (
        name.casefold() != other.casefold()
        and name.casefold() not in said_later
        and name.casefold() not in STOPWORDS
        and other.casefold() not in STOPWORDS
    )


def _own_names(earlier: str, later: str) -> bool:
    """Whether each names somebody right after a relative's word, and not the same one."""
    named = [
        {found[1] for found in re.finditer(rf"\b(?:{'|'.join(sorted(_RELATIVES))})\s+([A-ZÄÖÜÉ][\w-]+)", text)}
        for text in (earlier, later)
    ]
    return bool(named[0] and named[1] and not named[0] & named[1])


def _denies_something_else(earlier: str, later: str) -> bool:
    """Whether what the later one denies or ends is nothing that the earlier one speaks of."""
    known = set(claims.stems(earlier))
    for found in _DENIES.finditer(later):
        end = _CLAUSE_END.search(later, found.end())
        said = later[found.end() : end.start() if end else len(later)]
        denied = set(claims.stems(_DENIES.sub(" ", said))) - {"longer"}
        if denied and not has_cjk(said) and not _DENIES.search(earlier) and denied - known:
            return True
    return False


def _say_the_same(earlier: str, later: str) -> bool:
    """Whether they share half of their telling words, deny equally, and name the same numbers, days and names."""
    one, other = set(claims.stems(earlier)), set(claims.stems(later))
    shared = len(one & other)
    if not shared or shared / min(len(one), len(other)) < SAME_SHARE or (shared == 1 < min(len(one), len(other))):
        return False
    first, second = _SUBJECT_NAME.match(earlier), _SUBJECT_NAME.match(later)
    if first and second and _is_somebody_else(first["name"], second["name"], set()):
        return False
    if (_DENIES.search(earlier) is None) != (_DENIES.search(later) is None):
        return False
    return _definite(later) <= _definite(earlier) | one


def _definite(text: str) -> set[str]:
    """Numbers, weekdays and names inside the sentence: what a change would change."""
    said = words(text)
    names = {claims.stem(word.casefold()) for word in re.findall(r"(?<=[\w,;] )[A-ZÄÖÜÉ][\w-]*\w", text)}
    return set(claims.numbers(text)) | {word for word in said if word in WEEKDAYS} | names
