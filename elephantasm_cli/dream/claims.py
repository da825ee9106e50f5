"""What a text claims, taken apart for comparison: numbers, names, quotations, and what it denies or only intends.

Everything here is normalised so that a faithful rewriting compares equal: number words become digits, plurals,
possessives and verb endings fold, months come from any way to write a date.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from collections.abc import Iterable

from elephantasm_cli.dream.verbs import PAST
from elephantasm_cli.text.periods import MONTHS
from elephantasm_cli.text.words import STOPWORDS, fold_plural, words

_NUMBER_WORDS = {
    "zero": "0", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100", "thousand": "1000", "twice": "2",
    "couple": "2", "dozen": "12", "both": "2",
}  # fmt: skip
"""Without "one", which is a pronoun as often as a number."""

_IRREGULAR = {
    "went": "go", "gone": "go", "bought": "buy", "made": "make", "took": "take", "taken": "take", "saw": "see", "seen": "see",
    "came": "come", "got": "get", "gotten": "get", "found": "find", "told": "tell", "said": "say", "gave": "give",
    "given": "give", "felt": "feel", "began": "begin", "ran": "run", "wrote": "write", "written": "write", "won": "win",
    "lost": "lose", "sent": "send", "left": "leave", "built": "build", "broke": "break", "broken": "break", "ate": "eat",
    "drove": "drive", "flew": "fly", "spent": "spend", "thought": "think", "knew": "know", "known": "know", "held": "hold",
    "kept": "keep", "sold": "sell", "brought": "bring", "became": "become", "taught": "teach", "caught": "catch",
    "fell": "fall", "grew": "grow", "led": "lead", "met": "meet", "paid": "pay", "chose": "choose", "chosen": "choose",
    "has": "have", "had": "have", "does": "do", "did": "do", "done": "do", "children": "child", "people": "person",
}  # fmt: skip
_VERBS_KEPT = frozenset(
    [
        "like",
        "likes",
        "want",
        "wants",
        "make",
        "makes",
        "go",
        "goes",
        "going",
        "get",
        "gets",
        "see",
        "know",
        "think",
        "take",
        "come",
        "say",
        "need",
        "keep",
    ]
)
_FUNCTION = (STOPWORDS - _VERBS_KEPT - _IRREGULAR.keys()) | {
    "had",
    "has",
    "did",
    "does",
    "done",
    "have",
    "also",
    "that",
}

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_ISO_DATE = re.compile(r"\b(?:19|20)\d\d-(\d\d)-\d\d\b")
_QUOTED = re.compile(r"\"([^\"\n]+)\"|“([^”\n]+)”|`([^`\n]+)`|«([^»\n]+)»|(?<!\w)'([^'\n]+)'(?!\w)")
_IDENTIFIER = re.compile(
    r"(?<!\S)--?[A-Za-z][\w-]*|[\w~.-]*(?:/[\w.-]+)+|\b\w+(?:_\w+)+\b|\b\w+\.(?:[a-z]\w{0,4})\b(?!\.\s)|\b[a-z]+[A-Z]\w*|\b\w+\(\)|\b[\w-]+==[\w.]+"
)
_CAPITALISED = re.compile(r"(?<![\w`/.'’-])[^\W\d_a-z][\w]*(?:['’]\w+)?")
_MONTH_OF = {name[:3].casefold(): name.casefold() for name in MONTHS}

RELATIONS = frozenset(
    """wife husband partner girlfriend boyfriend fiance fiancee mother mom mum father dad parent sister brother son daughter
    kid child cousin aunt uncle niece nephew grandmother grandma grandfather grandpa friend roommate neighbor neighbour boss
    manager colleague coworker mentor teacher""".split()  # noqa: SIM905
)
"""What people are to each other, in English."""
NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|hardly|stop(?:s|ped|ping)?|quit(?:s|ting)?|avoid(?:s|ed|ing)?|"
    r"refuse[sd]?|dislike[sd]?|hate[sd]?|declin(?:e[sd]?|ing)|reject(?:s|ed|ing)?|forbid(?:s|den)?|unless|dont|cant|wont|doesnt|didnt|isnt|wasnt|"
    r"kein\w*|nicht|niemals|nichts|ohne|jamais|rien|aucune?)\b|\w+n['’]t\b|\bn['’](?=\w)",
    re.I,
)
_NEGATIVE_VERB = re.compile(r"(?:stop|quit|avoid|refuse|dislike|hate|declin|reject|forbid)", re.I)
MODAL = re.compile(
    r"\b(?:might|(?-i:may)|maybe|perhaps|possibly|probably|could|would|should|will|won['’]t|shall|plan(?:s|ned|ning)?|want(?:s|ed)?|wish(?:es)?|"
    r"hop(?:e|es|ed|ing)|intend(?:s|ed)?|consider(?:s|ed|ing)?|thinking\s+(?:of|about)|going\s+to|gonna|aim(?:s|ing)?|if|would\s+like|"
    r"about\s+to|let['’]s|try(?:ing)?\s+to|dream(?:s|ing)?\s+of|looking\s+(?:for|to|into|at))\b|['’](?:ll|d)\b",
    re.I,
)
_BEFORE_VERB = frozenset(["also", "just", "always", "still", "really", "now", "usually", "recently", "finally"])
_PRESENT = frozenset(["is", "are", "am", "has", "have", "will", "can", "must", "do", "does", "cannot"])
PREFERS_BEFORE = re.compile(r"\b(?:over|rather\s+than|instead\s+of|not)\b", re.I)


def stem(word: str) -> str:
    """A light lemma: plural and the endings -ing, -ed, -er, -ly off, irregular verbs by table, number words to digits."""
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    bare = fold_plural(_IRREGULAR.get(word, word))
    for ending in ("ing", "ed", "ly"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            bare = bare[: -len(ending)]
            if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "ls":
                bare = bare[:-1]
            break
    return bare[:-1] if bare.endswith("e") and len(bare) > 3 else bare


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order; verbs such as "like" count, unlike in `content_words`."""
    return [
        stem(bare)
        for word in words(text)
        if word not in _FUNCTION and (bare := word.removesuffix("'s")) not in _FUNCTION
    ]


def numbers(text: str) -> list[str]:
    """The numbers of ``text`` as digits: "1,100" 1100, "two" 2, "08" 8; versions and times stay as they are."""
    found = []
    for match in _DIGITS.findall(text):
        bare = match.replace(",", "") if _THOUSANDS.fullmatch(match) else match
        found.append(bare.lstrip("0") or "0" if bare.isdigit() else bare)
    return found + [_NUMBER_WORDS[word] for word in words(text) if word in _NUMBER_WORDS]


def months(text: str) -> set[str]:
    """The months named in ``text`` or written as ISO dates, by their English names, casefolded."""
    named = {name.casefold() for name in MONTHS if re.search(rf"\b{name}\b", text)}
    short = {
        _MONTH_OF[word[:3].casefold()]
        for word in re.findall(r"\b[A-Z][a-z]{2}\b", text)
        if word.casefold() in _MONTH_OF
    }
    return (
        named
        | short
        | {MONTHS[int(number) - 1].casefold() for number in _ISO_DATE.findall(text) if 1 <= int(number) <= 12}
    )


def quotations(text: str) -> list[str]:
    """What ``text`` puts in quotation marks or backticks."""
    return [next(group for group in match.groups() if group) for match in _QUOTED.finditer(text)]


def without_quotations(text: str) -> str:
    """``text`` with every quotation blanked: its words are somebody else's."""
    return _QUOTED.sub('""', text)


def identifiers(text: str) -> list[str]:
    """Paths, flags, file names, snake_case and camelCase words."""
    return [match.strip(".") for match in _IDENTIFIER.findall(text)]


def names(text: str) -> list[str]:
    """Capitalised words without possessive endings; function words that begin a sentence are left out."""
    found = []
    for match in _CAPITALISED.finditer(text):
        bare = re.sub(r"['’]\w+$", "", match.group())
        if "_" not in bare and bare.casefold() not in STOPWORDS and bare.casefold() not in _NUMBER_WORDS:
            found.append(bare)
    return found


def same_word(name: str, known: Iterable[str]) -> bool:
    """Whether ``name`` is one of ``known`` (casefolded words), up to plural and verb endings."""
    folded = name.casefold()
    return folded in known or fold_plural(folded) in known or stem(folded) in known


def denied(text: str) -> set[str]:
    """The stem that each negation of ``text`` bears on: the first one after it, or the negative verb's object."""
    return _heads(NEGATION, text)


def intended(text: str) -> set[str]:
    """The stem that each "might", "want to", "plan to", "will" bears on: what has not happened (yet)."""
    return _heads(MODAL, text)


def affirmed_and_denied(text: str) -> set[str]:
    """Stems that one sentence both affirms and denies ("likes beer but doesn't like it")."""
    heads = denied(text)
    if not heads:
        return set()
    before = [text[: match.start()] for match in NEGATION.finditer(text)]
    affirmed = set(stems(before[0])) if before else set()
    return {head for head in heads if head in affirmed}


def is_negative_verb(text: str) -> bool:
    """Whether ``text`` denies by a verb ("avoids", "stopped"), which stands for "does not"."""
    return _NEGATIVE_VERB.search(text) is not None


def _heads(pattern: re.Pattern[str], text: str) -> set[str]:
    """The first telling stem in the six words after each match, within its clause."""
    found = set()
    for match in pattern.finditer(text):
        clause = re.split(r"[.;!?\n]|,\s", text[match.end() :], maxsplit=1)[0]
        near = stems(" ".join(clause.split()[:6]))
        if near:
            found.add(near[0])
    return found


def is_past(text: str, *, own: bool) -> bool:
    """Whether a clause tells what happened rather than what is: its verb has a past form and no present auxiliary.

    ``own``: its subject is "I" or "we", so that the verb is the word after it.
    """
    said = words(text)
    if own:
        return _has_past_form(next((word for word in said[1:3] if word not in _BEFORE_VERB), ""))
    if _PRESENT.intersection(said):
        return False
    return any(_has_past_form(word) for word in text.split()[1:5])


def is_irregular_past(word: str) -> bool:
    """Whether ``word`` (casefolded) is a past form or a participle that does not end in -ed."""
    return word in PAST or (word in _IRREGULAR and word not in ("has", "does", "people", "children"))


def _has_past_form(word: str) -> bool:
    if is_irregular_past(word):
        return True
    return len(word) > 4 and word.endswith("ed") and word.islower() and word not in ("speed", "indeed")
