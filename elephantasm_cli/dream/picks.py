"""Picks: sentences worth remembering, and how far the quote of each reaches in its turn.

What says in the same breath of what a sentence speaks, or goes on about it, belongs to it; what may change by itself
does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from elephantasm_cli.dream import cues as grammar
from elephantasm_cli.dream import unmeant
from elephantasm_cli.dream.cues import LASTING
from elephantasm_cli.dream.salience import Salient, core_of, is_cited, least_score
from elephantasm_cli.dream.slots import slots_in
from elephantasm_cli.dream.wording import IMPERATIVE, wanted
from elephantasm_cli.text.sentences import ASIDE, Sentence, is_question, split_sentences
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import EventType

LONGEST_GAP = 80
LONGEST_JOINED = 400
"""In characters: what may stand between two sentences that become one memory, and how long both may be."""
LONGEST_HEDGE = 60
"""In characters: how long a sentence is that only hedges the one before it."""
LONGEST_TURN = 360
LONGEST_NEIGHBOUR = 160
"""In characters: how long a turn is that is kept whole, and a sentence that goes with the one beside it."""
SET_APART = frozenset(("instruction", "request", "rule"))
"""Cues of what an agent is told to do or to keep to: that stands by itself, and may change by itself."""
ORDERS = frozenset(("instruction", "request"))
"""Those of them that a sentence beside a picked one must not show."""
CORRECTED = re.compile(
    r"(?:no(?=[,:.!]|\s+(?:it|not|wait|i|sorry|that|he|she|they|we|you|make|actually)\b)|(?:oh|sorry|actually|wait|correction|"
    r"scratch that|i mean|rather)\b)[,:.!]?\s",
    re.I,
)
"""How a sentence begins that puts right the one before."""
_GOES_ON = re.compile(
    r"(?:unti?l|till?|since(?!\s+(?:then|when|we|i|you)\b)|(?:first|last|only)\s+time\s+(?:since|in)|except|unless|because|cos|which|or)\s(?![^.!?]*,\s)",
    re.I,
)
"""How a sentence begins that is only the end of one."""
_NAMED = re.compile(r"['\"“‘]\w")
""" "Here's 'Blue Mill'": what is shown is named."""
Place = tuple[str, int]
"""Event and offset."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence worth remembering, in the event that says it; ``before`` is what was said before that one."""

    event: dict[str, Any]
    salient: Salient
    before: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        return self.salient.text

    @property
    def place(self) -> Place:
        return self.event["id"], self.salient.start

    def is_worth_it(self, to_agent: bool) -> bool:
        """Whether it scores what a memory must; ``to_agent`` as in `salience.salient_sentences`."""
        return self.is_lasting or self.salient.score >= least_score(to_agent, self.salient.cues)

    @property
    def is_lasting(self) -> bool:
        """Whether it tells for good who somebody is, or what may harm them."""
        return LASTING.search(self.text) is not None

    @property
    def topics(self) -> frozenset[str]:
        """What its slots speak of: two sentences that set different things are not alike, however alike their words."""
        return frozenset(slot.attribute for slot in slots_in(self.text, self.event["author"]) if slot.is_single)


def _surely(pick: Pick, sentence: Sentence) -> bool:
    """What nobody doubts."""
    return True


def is_inside(pick: Pick, other: Pick) -> bool:
    """Whether ``other`` quotes all that ``pick`` does."""
    if pick.event["id"] != other.event["id"]:
        return False
    return other.salient.start <= pick.salient.start and pick.salient.end <= other.salient.end


_DENIES = re.compile(r"(?:no|nope|nah)\b,?\s+(?:i|we|he|she|it|they|you|that)\b.{0,20}", re.I)
_HERS = re.compile(r"\b(?:his|her)\s+[a-z]")
_TITLED = re.compile(r"\b(?:Ms|Mrs|Miss|Mr|Dr|Prof)\.?\s+[A-Z]")
""" "Starts in her class", behind a sentence about Ms Vermaak."""
_THAT_TIME = re.compile(r"\bthat\s+(?:same\s+)?(?:evening|day|night|morning|afternoon|week|weekend)\b", re.I)


def with_sentence_before(pick: Pick) -> Pick:
    """A pick that begins with a pronoun, goes on with a sentence ("until the audit") or speaks of "that evening", with
    the sentence before it, where that says whom or what is meant; one behind a denial ("No, I was!") with that."""
    content = pick.event["content"]
    before = [piece for piece in split_sentences(content) if piece.end <= pick.salient.start]
    if not before or before[-1].is_code:
        return pick
    if len(before) == 1 and _DENIES.fullmatch(before[0].text) and "\n" not in content[: pick.salient.start]:
        return replace(
            pick, salient=replace(pick.salient, start=before[0].start, text=content[before[0].start : pick.salient.end])
        )
    is_bound = grammar.PRONOUN_START.match(pick.text) or _GOES_ON.match(pick.text) or _THAT_TIME.search(pick.text)
    is_bound = is_bound or (_HERS.search(pick.text) and _TITLED.search(before[-1].text))
    if not is_bound:
        return pick
    offset, core = core_of(before[-1].text)
    start = before[-1].start + offset
    text = content[start : pick.salient.end]
    if (
        pick.salient.start - before[-1].end > LONGEST_GAP
        or len(text) > LONGEST_JOINED
        or "\n" in text
        or not content_words(core)
        or core.rstrip().endswith("?")
        or any(sign.match(core) for sign in (unmeant.GREETING, grammar.PRONOUN_START, unmeant.SHOWN))
        or grammar.SECOND_PERSON.search(core)
    ):
        return pick
    return replace(pick, salient=replace(pick.salient, start=start, text=text, needs_context=False))


def with_neighbours(
    pick: Pick, apart: Sequence[Pick] = (), *, to_agent: bool, is_meant: Callable[[Pick, Sentence], bool] = _surely
) -> Pick:
    """A pick with the short sentences beside it in its turn that say what it speaks of, or go on: "About the van.
    They've decided it's a write-off. Take it or leave it."

    Not where it, or one of them, sets a value or tells an agent what to do: those change without the others; nor one
    that is not surely meant, as ``is_meant`` has it.
    """
    instructs = to_agent and pick.event["event_type"] != EventType.NOTE.value
    if pick.event["role"] == "assistant" or pick.topics or "introduction" in pick.salient.cues:
        return pick
    if instructs and not SET_APART.isdisjoint(pick.salient.cues):
        return pick
    content = pick.event["content"]
    taken = [(other.salient.start, other.salient.end) for other in apart if other.event["id"] == pick.event["id"]]
    sentences = split_sentences(content)
    inside = [
        number
        for number, each in enumerate(sentences)
        if each.start < pick.salient.end and each.end > pick.salient.start
    ]
    if not inside:
        return pick
    start, end = pick.salient.start, pick.salient.end
    for numbers in (range(inside[0] - 1, -1, -1), range(inside[-1] + 1, len(sentences))):
        for number in numbers:
            each = sentences[number]
            begin, until = (each.start, end) if each.start < start else (start, each.end)
            if (
                until - begin > LONGEST_TURN
                or "\n" in content[begin:until]
                or any(each.end > first and each.start < last for first, last in taken)
                or not _goes_with(pick, sentences, number, instructs=instructs)
                or not is_meant(pick, each)
            ):
                break
            start, end = begin + (core_of(each.text)[0] if begin < start else 0), until
    if (start, end) == (pick.salient.start, pick.salient.end):
        return pick
    bound = pick.salient.needs_context and start == pick.salient.start
    return replace(
        pick, salient=replace(pick.salient, start=start, end=end, text=content[start:end], needs_context=bound)
    )


def with_hedge(pick: Pick) -> Pick:
    """A pick with the short sentence behind it that takes half of it back: "Ask for a second pool. Maybe.", or
    asks about it in brackets: "(Two? See the plan.)" """
    content, end = pick.event["content"], pick.salient.end
    after = next((each for each in split_sentences(content) if each.start >= end), None)
    if after is None or len(after.text) > LONGEST_HEDGE:
        return pick
    aside = content[end:].lstrip().startswith("(") and "?" in content[after.start : after.end]
    if not aside and (unmeant.HEDGE.match(after.text) is None or is_question(after.text)):
        return pick
    if aside and (closed := content.find(")", after.start, after.start + LONGEST_HEDGE)) >= 0:
        after = replace(after, end=closed + 1)
    if "\n" in content[end : after.start]:
        return pick
    return replace(pick, salient=replace(pick.salient, end=after.end, text=content[pick.salient.start : after.end]))


def with_scene(pick: Pick, is_meant: Callable[[Pick, Sentence], bool] = _surely) -> Pick:
    """A pick of a talk between people with the sentences before it in its turn that tell what it goes on about:
    "I went to a fair for my studio yesterday. I got some leads."
    """
    if pick.event["event_type"] == EventType.NOTE.value or pick.event["role"] == "assistant" or pick.topics:
        return pick
    content, start = pick.event["content"], pick.salient.start
    sentences = split_sentences(content)
    first = next((number for number, each in enumerate(sentences) if each.end > start), 0)
    for number in range(first - 1, -1, -1):
        begin = sentences[number].start + core_of(sentences[number].text)[0]
        if pick.salient.end - begin > LONGEST_JOINED or "\n" in content[begin:start]:
            break
        if not _sets_scene(pick, sentences, number) or not is_meant(pick, sentences[number]):
            break
        if not grammar.PRONOUN_START.match(content[begin:]) and not grammar.ELLIPTICAL.match(content[begin:]):
            start = begin
    if start == pick.salient.start:
        return pick
    text = content[start : pick.salient.end]
    bound = grammar.PRONOUN_START.match(text) is not None
    return replace(pick, salient=replace(pick.salient, start=start, text=text, needs_context=bound))


def _sets_scene(pick: Pick, sentences: Sequence[Sentence], number: int) -> bool:
    """Whether a sentence before a picked one tells something of its own, and is not taken back."""
    sentence, text = sentences[number], sentences[number].text
    _, core = core_of(text)
    after = sentences[number + 1].text
    return not (
        CORRECTED.match(after)
        or any(sign.match(after) for sign in (unmeant.TAKEN_BACK, unmeant.IDEA))
        or sentence.is_code
        or ASIDE.search(text)
        or is_question(core)
        or grammar.SECOND_PERSON.search(core)
        or any(sign.search(core) for sign in (unmeant.HYPOTHETICAL, unmeant.IRONIC))
        or any(sign.match(core) for sign in (unmeant.GREETING, unmeant.TAKEN_BACK, unmeant.IDEA))
        or (unmeant.COMMENT.match(core) and not grammar.FIRST_PERSON.search(core))
        or (unmeant.SHOWN.match(core) and _NAMED.search(core) is None)
        or not set(content_words(core)) - grammar.VAGUE
        or grammar.LEAD_IN.fullmatch(f"{text}.")
        or is_cited(pick.event["content"], sentence)
        or any(slot.is_single for slot in slots_in(core, pick.event["author"]))
    )


def _goes_with(pick: Pick, sentences: Sequence[Sentence], number: int, *, instructs: bool) -> bool:
    """Whether a sentence of the same turn may be told with the picked one: neither it nor the next takes anything
    back."""
    sentence, text = sentences[number], sentences[number].text
    after = sentences[number + 1].text if number + 1 < len(sentences) else ""
    _, core = core_of(text)
    return not (
        CORRECTED.match(text)
        or CORRECTED.match(after)
        or unmeant.TAKEN_BACK.match(after)
        or sentence.is_code
        or ASIDE.search(text)
        or len(text) > LONGEST_NEIGHBOUR
        or is_question(core)
        or grammar.SECOND_PERSON.search(core)
        or any(sign.search(core) for sign in (unmeant.HYPOTHETICAL, unmeant.IRONIC, unmeant.MOMENTARY, unmeant.FEELING))
        or any(sign.match(core) for sign in (unmeant.GREETING, unmeant.SHOWN, unmeant.TAKEN_BACK, unmeant.IDEA))
        or (instructs and (IMPERATIVE.search(core) or grammar.shows(core, ORDERS)))
        or not set(content_words(core)) - grammar.VAGUE
        or grammar.LEAD_IN.fullmatch(f"{text}.")
        or is_cited(pick.event["content"], sentence)
        or slots_in(core, pick.event["author"])
    )


def with_next_sentences(chosen: list[Pick], others: list[Pick]) -> list[Pick]:
    """The chosen picks, each with those of the others next to it: one turn mostly goes on about one thing."""
    found = list(chosen)
    for other in others:
        for place, pick in enumerate(found):
            if (joined := joined_picks(pick, other)) is not None:
                found[place] = joined
                break
    return found


def joined_picks(one: Pick, other: Pick) -> Pick | None:
    """Two sentences of one event as one pick, where at most a short one stands between them that is for nobody."""
    if one.event["id"] != other.event["id"]:
        return None
    first, second = sorted((one.salient, other.salient), key=lambda salient: salient.start)
    if wanted(first.text, first.cues) != wanted(second.text, second.cues):
        return None  # what the agent is to do, and what the speaker does
    if ("instruction" in first.cues) != ("instruction" in second.cues):
        return None  # what holds for good, and what is to be done now
    if one.topics != other.topics and one.topics and other.topics:
        return None  # either may change without the other
    if not 0 <= second.start - first.end <= LONGEST_GAP or second.end - first.start > LONGEST_JOINED:
        return None
    text = one.event["content"][first.start : second.end]
    between = one.event["content"][first.end : second.start]
    if "\n" in text or "?" in between or grammar.SECOND_PERSON.search(between):
        return None
    cues = tuple(dict.fromkeys((*first.cues, *second.cues)))
    return replace(
        one, salient=replace(first, end=second.end, text=text, score=max(first.score, second.score), cues=cues)
    )
