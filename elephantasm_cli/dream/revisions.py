"""What was said later in the same talk that may change what a sentence says, or tells what became of it. Pure.

`retractions` is for what is taken back beyond doubt: that is never remembered. Here it is enough that a later turn may
be about the same thing and says another value, calls something off, or gives in to an objection: whoever reads the
memory reads those words behind it, and judges for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from elephantasm_cli.dream import revision_grammar as grammar
from elephantasm_cli.dream.claims import names, stem
from elephantasm_cli.dream.cues import CHANGED
from elephantasm_cli.dream.memories import Preceding, Quote
from elephantasm_cli.dream.retractions import telling_stems
from elephantasm_cli.dream.wording import IMPERATIVE
from elephantasm_cli.text.sentences import Sentence, is_question, split_sentences
from elephantasm_cli.text.words import denies, words
from elephantasm_cli.vocabulary import EventType

LONGEST = 180
"""In characters: how much of a later turn is quoted."""
LEAST_SHARED = 2
"""Telling words that a later turn has in common with a rule that it makes an exception of, or with a note."""
LEAST_SAID = 2
"""Telling words of a turn of the speaker's that goes on about something else."""
DENIED_SHARE = 0.5
"""At least so much of what the next speaker denies was said right before."""
RECENT = 8
"""So many turns on "wait, ..." may take up what was said, without naming it."""
OBJECTIONS_WITHIN, ANSWERS_WITHIN = 6, 3
"""So many turns on somebody may still object to what was said, and somebody give in to that."""
STANDING = frozenset(("instruction", "preference", "decision", "rule", "introduction", "relationship", "wish"))
"""Cues of what nothing that is done settles."""
FIRST_TURNS = 2
"""Of an agent's session: what is told in them is what the session is about."""


def revision_of(text: str, event: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> Preceding | None:
    """What may change what ``event`` says in ``text``, of the spoken events ``later`` in the talk, the next one first.

    What its speaker says later counts first, then what they give in to, then what others say.
    """
    said = telling_stems(text)
    if is_question(text) and not said:
        return None
    own = [other for other in later if other["author"] == event["author"]] if event["role"] != "assistant" else []
    others = [other for other in later if other["author"] != event["author"] and other["role"] != "assistant"]
    answered = None
    if others and later[0] is others[0]:
        answered = None if event["role"] == "assistant" else _denied(text, said, later[0])
        answered = answered or _counted_anew(text, later[0])
    return (
        _last_changed(own, text, said, later, event["author"])
        or _given_in(text, event, later)
        or _last_changed(others, text, said, later, event["author"])
        or answered
        or _came_of(text, own)
    )


def settled_in(
    text: str, event: Mapping[str, Any], later: Sequence[Mapping[str, Any]], *, is_first: bool
) -> Preceding | None:
    """What became, in the session of an agent, of the trouble that ``event`` tells of in ``text``: the last sentence
    that says that all is well, or what the agent changed about it. ``is_first``: the session begins with it, and need
    not name it again.
    """
    if event["role"] == "assistant" or grammar.TROUBLE.search(text) is None:
        return None
    said = telling_stems(text)
    for other in reversed(later):
        shared = said & telling_stems(other["content"])
        sentences = [
            each
            for each in split_sentences(other["content"])
            if not (is_question(each.text) or each.is_code or grammar.SET_ASIDE.search(each.text))
            and (
                (grammar.SETTLED.search(each.text) and (is_first or shared))
                or (other["role"] == "assistant" and CHANGED.search(each.text) and said & telling_stems(each.text))
            )
        ]
        if sentences:
            return _quoted(other, sentences)
    return None


def done_about(text: str, event: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> Preceding | None:
    """What an assistant did about what it found (``event`` says so in ``text``): the last sentence of its own that
    tells a change of the same thing."""
    if event["role"] != "assistant":
        return None
    said = telling_stems(text)
    for other in reversed(later):
        if other["role"] != "assistant":
            continue
        sentences = [
            each
            for each in split_sentences(other["content"])
            if not (is_question(each.text) or each.is_code)
            and grammar.DID.match(each.text)
            and said & telling_stems(other["content"])
        ]
        if sentences:
            return _quoted(other, sentences)
    return None


def _last_changed(
    turns: Sequence[Mapping[str, Any]],
    text: str,
    said: frozenset[str],
    later: Sequence[Mapping[str, Any]],
    author: str,
) -> Preceding | None:
    """Of several turns that may change something one that tells another day or time, with most words in common with
    it, the last of these."""
    found = []
    for number, each in enumerate(turns):
        if (changed := _LaterTurn(each, text, said, later, author).changed()) is not None:
            is_of_time = _has_another(text, each["content"], loosely=True)
            found.append((is_of_time, len(said & telling_stems(each["content"])), number, changed))
    return max(found, key=lambda each: each[:3])[-1] if found else None


class _LaterTurn:
    """A turn ``other`` of the talk that goes on with ``later``, beside the ``text`` that ``author`` said before it."""

    def __init__(
        self,
        other: Mapping[str, Any],
        text: str,
        said: frozenset[str],
        later: Sequence[Mapping[str, Any]],
        author: str,
    ) -> None:
        self._other, self._text, self._said, self._later = other, text, said, later
        self._is_own = other["author"] == author
        self._content = str(other["content"])
        self._sentences = [
            each for each in split_sentences(self._content) if not is_question(each.text) and not each.is_code
        ]
        self._shared = len(said & telling_stems(self._content))
        self._least = LEAST_SHARED if other["event_type"] == EventType.NOTE.value else 1
        self._values, self._new = grammar.values(text), grammar.values(self._content)

    def changed(self) -> Preceding | None:
        """The sentences that tell another value of the same thing, call it off, or make an exception."""
        found = (
            self._called_off()
            or self._chosen()
            or self._announced()
            or self._dropped()
            or [each for each in self._sentences if _names_gone(self._values, each.text)]
            or self._valued_anew()
            or self._denied_loudly()
            or self._excepted()
        )
        return _quoted(self._other, found)

    def _called_off(self) -> list[Sentence]:
        if self._shared < self._least or grammar.CALLED_OFF.search(self._content) is None:
            return []
        return [
            each
            for each in self._sentences
            if grammar.CALLED_OFF.search(each.text) or _has_another(self._text, each.text, loosely=True)
        ]

    def _chosen(self) -> list[Sentence]:
        """ "So Slovenia it is", of whoever named another place."""
        chosen = grammar.CHOSEN.search(self._content) if self._is_own and names(self._text) else None
        about_it = self._shared > 0 or not self._values["month"].isdisjoint(self._new["month"])
        if chosen is None or not about_it or stem(chosen["name"].casefold()) in self._said:
            return []
        return _from_first(self._sentences, grammar.CHOSEN)

    def _announced(self) -> list[Sentence]:
        if not any(grammar.SAYS_SO.search(each.text) for each in self._sentences):
            return []
        least = 1 if grammar.CORRECTS.match(self._content) else LEAST_SHARED
        return _from_first(self._sentences, grammar.SAYS_SO) if self._shared >= least else []

    def _dropped(self) -> list[Sentence]:
        """An order that is taken back."""
        if IMPERATIVE.match(self._text) is None:
            return []
        return [each for each in self._sentences if grammar.FORGET_IT.search(each.text)]

    def _valued_anew(self) -> list[Sentence]:
        values, new = self._values, self._new
        asked = _asked_before(self._other, self._later)
        numbers = values["number"]
        answers = bool(numbers & grammar.values(asked)["number"] and new["number"] - numbers)
        taken_up = grammar.TAKES_UP.match(self._content) is not None and self._other in self._later[:RECENT]
        same_day = bool(values["month"] & new["month"] or values["day"] & new["day"])
        about_it = self._shared >= self._least or taken_up or same_day or answers or self._said & telling_stems(asked)
        other_month = bool(values["month"] and new["month"]) and values["month"].isdisjoint(new["month"])
        is_sure = self._shared >= LEAST_SHARED and self._is_own and not other_month
        if not about_it or not (is_sure or grammar.TURNS.search(self._content)):
            return []
        loosely = self._shared < LEAST_SHARED
        return [
            each
            for each in self._sentences
            if (answers and grammar.values(each.text)["number"] - numbers)
            or (
                _has_another(self._text, each.text, loosely=loosely)
                and (taken_up or same_day or self._is_about(each.text) or not (loosely or _POINTS.search(each.text)))
            )
        ]

    def _denied_loudly(self) -> list[Sentence]:
        if self._shared == 0 or denies(self._text):
            return []
        return [
            each
            for each in self._sentences
            if grammar.STRESSED_NOT.search(each.text) and not self._said.isdisjoint(telling_stems(each.text))
        ]

    def _is_about(self, text: str) -> bool:
        return grammar.TURNS.search(text) is not None or not self._said.isdisjoint(telling_stems(text))

    def _excepted(self) -> list[Sentence]:
        if self._shared < LEAST_SHARED or self._values["number"].isdisjoint(self._new["number"]):
            return []
        return [
            each
            for each in self._sentences
            if grammar.EXCEPTS.search(each.text) and not self._said.isdisjoint(telling_stems(each.text))
        ]


_POINTS = re.compile(r"\b(?:it|its|it['’]s|they|them|that)\b", re.I)
"""What is about something that stands elsewhere, in a sentence that shares no word with what it may change."""


def _names_gone(values: Mapping[str, frozenset[str]], text: str) -> bool:
    """Whether a sentence says of one of the ``values`` that it holds no longer: "not 7", "the 7th is gone"."""
    of_any = values["date"] | values["time"] | values["number"]
    return any(re.search(grammar.GONE.format(re.escape(value)), text, re.I) for value in of_any)


def _has_another(old: str, new: str, *, loosely: bool) -> bool:
    """Whether both tell values of one kind, and the new one another; where they are only ``loosely`` about the same
    thing, numbers of one unit, and no month."""
    before, after = grammar.values(old), grammar.values(new)
    kinds = ("date", "time", "day") if loosely else tuple(before)
    if any(before[kind] and after[kind] - before[kind] for kind in kinds):
        return True
    if not before["number"] or not after["number"] - before["number"]:
        return False
    return bool(grammar.units(old) & grammar.units(new))


def _given_in(text: str, event: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> Preceding | None:
    """Where somebody objects, and one of both gives in: what they say then, or the objection."""
    for place, objection in enumerate(later[:OBJECTIONS_WITHIN]):
        if objection["author"] == event["author"]:
            if place and grammar.CONCEDES.search(objection["content"]):
                return _quoted(objection, _from_first(split_sentences(objection["content"]), grammar.CONCEDES))
            if len(telling_stems(objection["content"])) > LEAST_SAID:
                return None  # what is objected to from here on is that
        elif objection["role"] != "assistant" and _objects(objection["content"]):
            for answer in later[place + 1 : place + 1 + ANSWERS_WITHIN]:
                if _gives_in(answer, event, text):
                    said_then = answer if telling_stems(answer["content"]) else objection
                    return _quoted(said_then, split_sentences(said_then["content"]))
    return None


def _objects(content: str) -> bool:
    return any(grammar.OBJECTS.match(each.text) for each in split_sentences(content))


def _gives_in(answer: Mapping[str, Any], event: Mapping[str, Any], text: str) -> bool:
    """Whether the speaker of ``text`` gives in, or the other one, to less or more of what it offers ("ok 500")."""
    if grammar.GIVES_IN.match(answer["content"]) is None:
        return False
    numbers = grammar.values(text)["number"], grammar.values(answer["content"])["number"]
    return bool(answer["author"] == event["author"] or (all(numbers) and numbers[0] != numbers[1]))


def _denied(text: str, said: frozenset[str], other: Mapping[str, Any]) -> Preceding | None:
    """Where the one who speaks next denies it, in its own words."""
    if denies(text):
        return None
    denying = [
        each
        for each in split_sentences(other["content"])
        if (denies(each.text) or grammar.DENIES.search(each.text)) and not is_question(each.text)
    ]
    return _quoted(other, [each for each in denying if _is_on(said, telling_stems(each.text))])


def _is_on(said: frozenset[str], denied: frozenset[str]) -> bool:
    """Whether what somebody denies is what was ``said``, and little is told besides: "I can't swim", not "on Mondays I
    have dialysis, so don't let him park here"."""
    return bool(denied) and len(said & denied) >= DENIED_SHARE * len(denied)


def _came_of(text: str, own: Sequence[Mapping[str, Any]]) -> Preceding | None:
    """What its speaker tells at last of what was open: that it is paid, told, found, bought."""
    for is_open, done in grammar.OPEN_ENDED:
        if is_open.search(text) is None or (done.search(text) and not denies(text)):
            continue
        for other in reversed(own):
            sentences = [
                each
                for each in split_sentences(other["content"])
                if done.search(each.text) and not is_question(each.text) and not denies(each.text)
            ]
            if sentences:
                return _quoted(other, sentences[:1])
    return None


def _counted_anew(text: str, other: Mapping[str, Any]) -> Preceding | None:
    """Where the one who speaks next begins with another number than the ``text`` has: "Once. The second was me." """
    counted = grammar.COUNTED.match(other["content"])
    if counted is None:
        return None
    before = _counts(text)
    if not before or before & _counts(counted["count"]):
        return None
    return _quoted(other, [each for each in split_sentences(other["content"]) if each.start <= counted.end()])


def _counts(text: str) -> frozenset[str]:
    """The numbers of a text, "twice" among them."""
    said = {grammar.TIMES[word] for word in words(text) if word in grammar.TIMES}
    return grammar.values(text)["number"] | said


def _asked_before(other: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> str:
    """The question that a turn answers, or an empty string."""
    place = next((number for number, each in enumerate(later) if each["id"] == other["id"]), 0)
    before = later[place - 1]["content"].rstrip() if place else ""
    return split_sentences(before)[-1].text if before.endswith("?") else ""


def _from_first(sentences: Sequence[Sentence], sign: re.Pattern[str]) -> list[Sentence]:
    """The first sentence that shows the sign, and what stands behind it."""
    first = next((number for number, each in enumerate(sentences) if sign.search(each.text)), 0)
    return list(sentences[first:])


def _quoted(other: Mapping[str, Any], sentences: Sequence[Sentence]) -> Preceding | None:
    """As many of the sentences, from the first on, as may be quoted; what says little goes with the next."""
    if not sentences:
        return None
    start, end = sentences[0].start, sentences[0].end
    following = sentences[1:]
    if len(telling_stems(other["content"][start:end])) < LEAST_SAID:
        following = [each for each in split_sentences(other["content"]) if each.start > start]
    for sentence in following:
        if sentence.end - start <= LONGEST:
            end = sentence.end
    if end - start > LONGEST or "\n" in other["content"][start:end]:
        return None
    return Preceding(Quote.of(dict(other), start, end), is_question=False, is_later=True)
