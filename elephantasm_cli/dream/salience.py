"""Which sentences of an event are worth a memory: chosen by code, before any model sees them (Choi et al. 2021).

The score is a sum of what the sentence shows: its strongest cue (`weights.WEIGHTS`), a little for names, numbers,
identifiers and content, less for what cannot be read alone. An assistant's sentence is kept only as a finding or a
change, marked ``assistant`` and capped, so that its talk never becomes the user's fact.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elephantasm_cli.dream import cues as grammar
from elephantasm_cli.dream import unmeant
from elephantasm_cli.dream.corrections import ended_in
from elephantasm_cli.dream.slots import slots_in
from elephantasm_cli.dream.speech_grammar import has_subject_and_verb
from elephantasm_cli.dream.weights import (
    AMONG_PEOPLE,
    ASSISTANT_MOST,
    CONTENT_WEIGHT,
    DEFINITE_WEIGHT,
    EXTRA,
    NOTED,
    OUTRIGHT,
    PEOPLE_WEIGHTS,
    THRESHOLD,
    TO_AGENT,
    WEIGHTS,
)
from elephantasm_cli.dream.wording import IMPERATIVE, NO_THING, NO_TROUBLE
from elephantasm_cli.text.dates import resolve_dates
from elephantasm_cli.text.language import is_english, is_foreign
from elephantasm_cli.text.sentences import ASIDE, Sentence, is_question, split_sentences
from elephantasm_cli.text.words import content_words, has_cjk
from elephantasm_cli.vocabulary import EventType

_CONTEXT_LOSS = 0.6
_YOU_LOSS = 0.5
_MOMENT_LOSS = 0.6
_SHOWN_LOSS = 0.6
_HYPOTHETICAL_LOSS = 0.6
_COMMENT_LOSS = 0.6
_COMMONPLACE_LOSS = 0.5
_FEW_DEFINITE = 5
"""Words that are not warm only, of a sentence that may still be nothing but courage."""
_FULLY_DEFINITE = 4
_READ_OFF = 4
"""Content words of a sentence in which an assistant tells what it reads in the output of a tool."""
ANY_DAY = "2024-01-03"
"""Whether a sentence names a date does not depend on the day it was said."""
_LONGEST = 600  # what runs on longer is a paste, and a memory of one sentence could not hold it
_MARK_OF_INCH = re.compile(r"(?<=\d)\"")
_SPOKEN_TO = re.compile(r",\s+(?-i:[A-Z])\w+\s*[!.]*$")
"""The name of the one who is spoken to, at the end: what is said is not about them."""
_INTERRUPTS = re.compile(r"^(?:wait|hm+|ugh|argh|oh|no|hold\s+on)[,!.]+\s+", re.I)
_PLEASE = re.compile(r"\bplease\b", re.I)
_TO_YOU = re.compile(r"you\s", re.I)
_OPENS = re.compile(r"[\"“]\w")
_OF_ONESELF = re.compile(r"(?<!^)\b(?:I|I['’]\w+)\b|\b(?:me|my|mine|myself)\b")
_CLOSES_INSIDE = re.compile(r"[\"“][^\"“”]*[\"”]\W*\w")
""" "Les Quizerables" forever: who says it says something of it."""


@dataclass(frozen=True, slots=True)
class Salient:
    """A sentence to keep: ``text`` is the event's ``[start:end]``, ``score`` in [0, 1], ``cues`` the reasons by name.

    ``needs_context`` is True where it cannot be read alone (a bare "it", an answer without its question): such a
    sentence stays a quotation beside the turn before it.
    """

    start: int
    end: int
    text: str
    score: float
    cues: tuple[str, ...]
    needs_context: bool = False


def salient_sentences(
    text: str,
    *,
    author: str,
    role: str,
    event_type: EventType | str,
    previous_text: str = "",
    after_tool: bool = False,
    novelty: float | None = None,
    centrality: float | None = None,
    to_agent: bool = True,
    threshold: float | None = None,
) -> list[Salient]:
    """The sentences of one event that are worth a memory, in the order of the text.

    ``previous_text`` is the turn before, so that answers are known as answers; ``after_tool``: what a tool printed
    stands right before, and an assistant tells what it reads there. ``novelty`` (against what is known) and
    ``centrality`` (within the episode), both in [0, 1], scale every score by up to a half and a tenth:
    ``score x (0.5 + 0.5 novelty) x (0.9 + 0.1 centrality)``; None means not known. ``to_agent``
    is False in a chat between people, where nobody instructs an assistant, and decides the ``threshold`` (in [0, 1])
    where none is given. System messages, tool calls and
    tool results have none (`outcomes` reads those).
    """
    kind = EventType(event_type)
    if kind in (EventType.SYSTEM_MESSAGE, EventType.TOOL_CALL, EventType.TOOL_RESULT) or role in ("system", "tool"):
        return []
    speaks_for_agent = role == "assistant" or kind is EventType.ASSISTANT_MESSAGE
    factor = (1.0 if novelty is None else 0.5 + 0.5 * novelty) * (1.0 if centrality is None else 0.9 + 0.1 * centrality)
    asked = previous_text.rstrip().endswith("?")
    if threshold is None:
        threshold = least_score(to_agent)
    if speaks_for_agent and unmeant.DRAFT.search(text):
        return []
    found = []
    sentences = split_sentences(text)
    for position, sentence in enumerate(sentences):
        if position + 1 < len(sentences) and unmeant.TAKEN_BACK.match(sentences[position + 1].text):
            continue
        if sentence.is_code or len(sentence.text) > _LONGEST or ASIDE.fullmatch(sentence.text):
            continue
        if unmeant.IDEA.match(sentence.text) or is_cited(text, sentence):
            continue
        is_told = to_agent and not speaks_for_agent and kind is not EventType.NOTE
        if is_told and position and _holds_for_good(sentences[position - 1], sentence):
            continue
        judged = _judge(
            sentence,
            author=author,
            speaks_for_agent=speaks_for_agent,
            after_tool=after_tool,
            answers=asked and position < 2,
            kind=kind,
            to_agent=to_agent,
        )
        if is_told and position + 1 < len(sentences) and _holds_for_good(sentence, sentences[position + 1]):
            judged = _for_good(text, sentence, sentences[position + 1], judged)
        if judged is not None and (score := round(judged.score * factor, 4)) >= threshold:
            found.append(Salient(judged.start, judged.end, judged.text, score, judged.cues, judged.needs_context))
    return found


def _holds_for_good(sentence: Sentence, tail: Sentence) -> bool:
    """Whether ``tail`` makes an instruction of the sentence before it ("No essays. In general, not only today.").

    Not of a question, nor of what tells how things are: "The build fails. Every time."
    """
    core = _INTERRUPTS.sub("", core_of(sentence.text)[1])
    if not grammar.HOLDS_ON.match(tail.text) or is_question(core) or not content_words(core):
        return False
    asks = IMPERATIVE.match(core) or _TO_YOU.match(core) or _PLEASE.search(core)
    return asks is not None or not has_subject_and_verb(core)


def _for_good(text: str, sentence: Sentence, tail: Sentence, judged: Salient | None) -> Salient:
    """The sentence with its ``tail``, as an instruction."""
    start = sentence.start + core_of(sentence.text)[0]
    cues = tuple(dict.fromkeys(("instruction", *(judged.cues if judged is not None else ()))))
    return Salient(start, tail.end, text[start : tail.end], WEIGHTS["instruction"], cues)


def is_cited(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is read out: it stands in quotation marks that reach beyond it or hold it altogether."""
    before = _MARK_OF_INCH.sub("", text[: sentence.start])
    if before.count("“") > before.count("”") or before.count('"') % 2:
        return True
    return _OPENS.match(sentence.text) is not None and not _CLOSES_INSIDE.match(sentence.text)


def least_score(to_agent: bool, cues: Sequence[str] = ()) -> float:
    """The score from which on a sentence with these cues is worth a memory."""
    if "note" in cues and OUTRIGHT.isdisjoint(cues):
        return NOTED
    return THRESHOLD if to_agent else AMONG_PEOPLE


def _judge(
    sentence: Sentence,
    *,
    author: str,
    speaks_for_agent: bool,
    after_tool: bool,
    answers: bool,
    kind: EventType,
    to_agent: bool,
) -> Salient | None:
    """The sentence with its score, or None where it is a kind of sentence that is never kept."""
    offset, core = core_of(sentence.text)
    content = content_words(core)
    extras = _extras(core, author)
    if not content or is_question(core) or unmeant.ASKED.match(core):
        return None
    if unmeant.CODE_LINE.search(core) or unmeant.IRONIC.search(core):
        return None
    if len(content) < 2 and not (
        (extras and (answers or kind is EventType.NOTE))
        or has_cjk(core)
        or grammar.LASTING.search(core)
        or ended_in(core)
    ):
        return None
    shown = _shown(sentence.text, core)
    if not to_agent:
        shown = [cue for cue in shown if cue not in ("instruction", "request", "rule")]
        shown += ["wish"] if grammar.WISH.search(core) and kind is not EventType.NOTE else []
    if kind is EventType.NOTE:
        shown = ["note", *shown]
    elif speaks_for_agent:
        finds = grammar.FINDING.search(core) is not None
        if unmeant.OFFER.search(sentence.text):
            return None
        if not finds and not (after_tool and len(content) >= _READ_OFF and extras and has_subject_and_verb(core)):
            return None
        shown = [
            "assistant",
            "finding" if finds else "reading",
            *(cue for cue in shown if cue in ("problem", "decision", "correction")),
        ]
    else:
        if unmeant.GREETING.match(core) and "instruction" not in shown:
            return None
        if to_agent and NO_THING.match(core) and not NO_TROUBLE.match(core):
            shown = [*shown, "wish"]
        if _is_about_you(core, shown):
            return None
        shown = shown or _weakly_shown(core, answers=answers, to_agent=to_agent, content=len(content))
    if not shown:
        return None
    pronoun = grammar.PRONOUN_START.match(core) is not None and grammar.DUMMY_IT.match(core) is None
    alone = shown != ["answer"] or grammar.OWN_SUBJECT.match(core) or has_subject_and_verb(core)
    elliptical = grammar.ELLIPTICAL.match(core) is not None
    needs_context = pronoun or elliptical or not alone or grammar.DEICTIC.search(core) is not None
    definite = len({word for word in content if word not in grammar.VAGUE}) + len(extras)
    if to_agent or speaks_for_agent or kind is EventType.NOTE:
        score = _score(shown, extras, definite, TO_AGENT if to_agent else {})
        if pronoun and not answers and kind is not EventType.NOTE:
            score *= _CONTEXT_LOSS
    else:
        own = ["first_person"] if grammar.FIRST_PERSON.search(core) else []
        told = ["answer"] if answers else []
        felt = ["feeling"] if unmeant.FEELING.search(core) else []
        bound = ["needs_context"] if needs_context else []
        score = _among_people({*shown, *extras, *own, *told, *felt, *bound}, definite, len(content))
    if not speaks_for_agent and "instruction" not in shown and grammar.ABOUT_YOU.search(core):
        score *= _YOU_LOSS
    if unmeant.MOMENTARY.search(core):
        score *= _MOMENT_LOSS
    if unmeant.HYPOTHETICAL.search(core):
        score *= _HYPOTHETICAL_LOSS
    if unmeant.SHOWN.match(core):
        score *= _SHOWN_LOSS
    if not to_agent and not extras and not grammar.FIRST_PERSON.search(core) and unmeant.COMMENT.match(core):
        score *= _COMMENT_LOSS
    if not to_agent and not speaks_for_agent and is_commonplace(core, definite):
        score *= _COMMONPLACE_LOSS
    most = ASSISTANT_MOST if speaks_for_agent else 1.0
    start = sentence.start + offset
    return Salient(start, start + len(core), core, round(min(score, most), 4), (*shown, *extras), needs_context)


def is_commonplace(core: str, definite: int = 0) -> bool:
    """Whether a sentence with so many ``definite`` words (0 where nobody has counted) says what anybody may say of
    life, or only takes courage."""
    if grammar.NUMBER.search(core) or (grammar.LASTING.search(core) is not None):
        return False
    if unmeant.RESOLVED_TO.search(core):
        return definite <= _FEW_DEFINITE
    return unmeant.COMMONPLACE.search(core) is not None and not _OF_ONESELF.search(core)


def core_of(whole: str) -> tuple[int, str]:
    """The statement inside a sentence, and where it begins: no "Oh, well", no last clause about the other person."""
    lead = None if is_foreign(whole) else grammar.LEAD_IN.match(whole)
    offset = lead.end() if lead and lead.end() < len(whole) else 0
    core = whole[offset:]
    if unmeant.GREETING.match(core) and (after := unmeant.AFTER_GREETING.search(core)):
        offset += after.end()
        core = whole[offset:]
    tail = grammar.TAIL_ABOUT_YOU.search(core)
    return offset, core[: tail.start()] if tail and len(content_words(core[: tail.start()])) >= 2 else core


def _score(shown: list[str], extras: list[str], definite: int, heavier: Mapping[str, float]) -> float:
    """Cues summed up: the strongest counts fully, each further one a tenth; scaled down where little is definite."""
    weights = sorted((heavier.get(cue, WEIGHTS.get(cue, 0.0)) for cue in shown), reverse=True)
    score = weights[0] + 0.1 * sum(weights[1:]) + sum(EXTRA[extra] for extra in extras)
    least = 0.6 if heavier else 0.45
    return score * min(1.0, least + (1.0 - least) * definite / _FULLY_DEFINITE)


def _among_people(shown: set[str], definite: int, content: int) -> float:
    """What a sentence of a chat between people scores, 0 or more; `AMONG_PEOPLE` is worth a memory.

    The sum of the weights of what it shows, and `DEFINITE_WEIGHT` x ln(1 + definite words) + `CONTENT_WEIGHT` x ln(1 +
    content words).
    """
    score = sum(weight for name, weight in PEOPLE_WEIGHTS.items() if name in shown)
    return max(0.0, score + DEFINITE_WEIGHT * math.log1p(definite) + CONTENT_WEIGHT * math.log1p(content))


def _weakly_shown(core: str, *, answers: bool, to_agent: bool, content: int) -> list[str]:
    """What a sentence without any cue may still be: an answer, a word about oneself, a terse line about the work."""
    if answers:
        return ["answer"]
    if to_agent and content >= 3 and grammar.HABIT.match(core):
        return ["statement"]
    if grammar.LASTING.search(core):
        return ["fact"]
    if grammar.FIRST_PERSON.search(core):
        return ["first_person"]
    if not to_agent and not is_foreign(core) and _is_definite(core, content):
        return ["terse"]
    if content < 3:
        return []
    if has_subject_and_verb(core):
        return ["statement"]
    if not is_english(core):
        return (
            [] if grammar.FOREIGN_YOU.search(core) and not (to_agent or grammar.FOREIGN_I.search(core)) else ["foreign"]
        )
    return ["terse"] if to_agent else []


def _is_definite(core: str, content: int) -> bool:
    """Whether a fragment of so many ``content`` words ("23 August at the quay") tells a day, a number or a name."""
    if content >= 2 and resolve_dates(core, ANY_DAY):
        return True
    name = grammar.NAME.search(_SPOKEN_TO.sub("", core))
    return content >= 3 and (name or grammar.NUMBER.search(core)) is not None


def _shown(whole: str, core: str) -> list[str]:
    """The cues of a sentence; corrections show before the lead-in is cut off ("No, ...", "Actually, ...")."""
    if is_foreign(core):
        if grammar.FOREIGN_YOU.search(core) and not grammar.FOREIGN_I.search(core):
            return []
        return [name for name, pattern in grammar.FOREIGN_CUES if pattern.search(core)]
    return [name for name, pattern in grammar.CUES if pattern.search(whole if name == "correction" else core)]


def _extras(core: str, author: str) -> list[str]:
    """Names, numbers, identifiers and dates, and values that a later statement may change."""
    shown = {
        "name": grammar.NAME.search(_SPOKEN_TO.sub("", core)),
        "number": grammar.NUMBER.search(core),
        "identifier": grammar.IDENTIFIER.search(core),
        "dated": resolve_dates(core, ANY_DAY),
        "slot": [slot for slot in slots_in(core, author) if not slot.attribute.startswith("do:")],
    }
    return [name for name, found in shown.items() if found]


def _is_about_you(core: str, shown: list[str]) -> bool:
    """Whether a sentence is about the other person altogether, and no instruction."""
    if {"instruction", "rule", "wish"} & set(shown) or not grammar.SECOND_PERSON.search(core):
        return False
    if not grammar.FIRST_PERSON.search(core):
        return True
    return grammar.ABOUT_YOU.search(core) is not None and not {"preference", "decision", "event", "fact"} & set(shown)
