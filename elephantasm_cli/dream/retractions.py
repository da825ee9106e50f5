"""Whether somebody takes back, later in the same talk, what they said before. Pure.

"Wait, ours is flat 5", "changed my mind", "it's band rows, not rotations", "no I'm not": what was said before it is
never remembered. This asks for less than `corrections`, which ends what is known: both were said in one talk, by one
speaker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from elephantasm_cli.dream.claims import months, names, numbers, quotations, stem
from elephantasm_cli.dream.corrections import ended_in
from elephantasm_cli.dream.cues import VAGUE
from elephantasm_cli.text.language import is_foreign
from elephantasm_cli.text.sentences import is_question, split_sentences
from elephantasm_cli.text.words import content_words

LONGEST_DENIAL = 60
"""In characters: how long a turn may be that does nothing but take back the turn before."""
SHARED, SHARED_SHARE = 2, 0.2
"""Telling words, or the share of those said before, that a turn which announces a change has in common with them."""
FEW_SAID = 2
"""Telling words of an answer that is no more than a value."""
_ANNOUNCES = re.compile(
    r"(?:^|[.!?]\s+)(?:(?:oh|ah|hm+|ugh|ok(?:ay)?|no|ha),?\s+)*(?:wait\b|hold\s+on\b|correction\b|(?:scratch|scrap)\s+that|"
    r"actually\b(?!\s+that)|oops\b|my\s+(?:mistake|bad)\b|(?:sorry|i)[,:]?\s+(?:i\s+)?(?:meant|mean|misread|mistyped)\b|found\s+the\b)"
    r"|\bchanged?\s+(?:my|our)\s+minds?\b|\bchange\s+of\s+plans?\b|\b(?:i|we)\s+was\s+wrong\b|\bread\s+(?:the\s+\w+|it|that)\s+wrong\b"
    r"|\b(?:group|date|time|place|plan|room|day|slot)s?\s+(?:has\s+|have\s+)?(?:changed|moved)\b|\bmoved\s+(?:us|everything)\b|\bthey['’]?ve\s+moved\s+it\b"
    r"|[.!?]\s+sorry[.!]|^sorry\b(?!\s+(?:for|about|to|if|that|your?)\b)|\w\s+it\s+is\s*(?:[,.!]|then\b|$)"
    r"|\b(?:is|was|are|were)\s+too\s+\w+|\b(?:make\s+(?:it|that)|back\s+to)\s+\d"
    r"|(?:^|[.!?]\s+)(?:espera|perdona|attends|non,?\s+en\s+fait|warte|moment\s+mal|doch\s+nicht)\b",
    re.I,
)
"""How a turn shows that something said before is otherwise."""
_DENIES = re.compile(
    r"(?:ok\s+|haha\w*\s+|lol\s+)*(?:no+,?\s+)(?:i\s?['’]?m|i\s+am|we\s?['’]?re|it\s?['’]?s|that['’]?s)\s+not\b"
    r"|(?:no+,?\s+)(?:i|we)\s+(?:won['’]?t|don['’]?t|didn['’]?t)\b|(?:jk|kidding|just\s+kidding|as\s+if|not\s+really)\b"
    r"|(?:é\s+piada|es\s+broma|(?:das\s+)?war\s+(?:nur\s+)?ein\s+(?:scherz|witz)|c['’]est\s+une\s+blague|je\s+(?:rigole|plaisante)|开玩笑)",
    re.I,
)
"""A turn that denies what its speaker said right before, and says no more."""
_SETS_ANEW = re.compile(r"\b(?:make\s+(?:it|that)|back\s+to)\s+\d", re.I)
_STAYS = re.compile(
    r"\b(?:we|i)(?:['’]ll)?\s+(?:stay|stick|keep\s+going)\s+(?:on|with|at)\s+(?P<what>[\w'’-]+(?:\s+[\w'’-]+)?)", re.I
)
_LEAVES = re.compile(
    r"\b(?:rip(?:s|ping)?|replac(?:e|es|ing)|drop(?:s|ping)?|switch(?:es|ing)?|mov(?:e|es|ing)|migrat(?:e|es|ing)|leav(?:e|es|ing)|"
    r"ditch(?:es|ing)?|throw(?:s|ing)?|quit(?:s|ting)?)\b",
    re.I,
)
""" "I'm ripping Prisma out", and then "we stay on Prisma"."""
_HYPHENATED = re.compile(r"\b[A-Za-z]+(?:-\w+)*-\d+\b")
""" "eu-north-1"."""
_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:days?)?\b", re.I)


def is_retracted(words: str, author: str, later: Sequence[Mapping[str, Any]]) -> bool:
    """Whether ``author`` takes back the ``words`` in one of the events ``later`` in the talk, the next one first."""
    if is_question(words):
        return False
    own = [event["content"] for event in later if event["author"] == author]
    if own and _is_denied(own[0], later):
        return True
    said = telling_stems(words)
    return any(_replaces(content, words, said) for content in own)


def _is_denied(content: str, later: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the speaker's next turn, right behind or behind one answer, begins by denying the one before."""
    near = any(event["content"] == content for event in later[:2])
    return near and len(split_sentences(content)[0].text) <= LONGEST_DENIAL and _DENIES.match(content) is not None


def _replaces(content: str, words: str, said: frozenset[str]) -> bool:
    sentences = [sentence.text for sentence in split_sentences(content) if not is_question(sentence.text)]
    for text in sentences:
        telling = telling_stems(text)
        for ended in ended_in(text):
            rest = telling - ended.stems
            if ended.kind == "value" and ended.stems <= said and rest & (said - ended.stems):
                return True
        stays = _STAYS.search(text)
        if stays is not None and _LEAVES.search(words) is not None and telling_stems(stays["what"]) & said:
            return True
    if _ANNOUNCES.search(content) is None:
        return False
    new = " ".join(sentences)
    both = said & telling_stems(new)
    shared = len(both) + sum(any(map(str.isdigit, word)) for word in both)  # a number said again tells more
    about_it = shared >= SHARED or (shared > 0 and shared >= SHARED_SHARE * len(said))
    if is_foreign(words):  # whose small words are not known
        about_it = any(any(map(str.isdigit, word)) for word in both)
    alike = len(said) <= FEW_SAID and (bool(_shapes(words) & _shapes(new)) or _SETS_ANEW.search(new) is not None)
    return (about_it or alike) and _has_another_value(words, new)


def _shapes(text: str) -> set[str]:
    """The forms of the words with digits, as "0x99" of "0x76"."""
    found = re.findall(r"\b\w*[A-Za-z]\w*\d\w*\b|\b\d+[/x]\d+\w*\b", text)
    return {re.sub(r"\d", "9", word.casefold()) for word in found}


def telling_stems(text: str) -> frozenset[str]:
    """The stems of the words that name something, numbers among them."""
    return frozenset(stem(word) for word in content_words(text) if word not in VAGUE)


def _has_another_value(old: str, new: str) -> bool:
    """Whether both tell a value of one kind (a number, a day, a name), and the new one another."""
    return any(
        bool(before) and bool(after - before)
        for before, after in (
            (set(numbers(old)), set(numbers(new))),
            (_days_in(old), _days_in(new)),
            (months(old), months(new)),
            (set(_HYPHENATED.findall(old)), set(_HYPHENATED.findall(new))),
            ({*names(old), *quotations(old)}, {*names(new), *quotations(new)}),
        )
    )


def _days_in(text: str) -> set[str]:
    """The days of the week that are named, by their first three letters."""
    return {match[0].casefold()[:3] for match in _WEEKDAY.finditer(text)}
