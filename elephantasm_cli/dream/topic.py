"""What a talk is about: the sentence said a little before that a memory is best read after.

"60 runs on CI, 0 failures" says little to whoever does not know of which test. The sentence that says so is seldom the
one right before; it is the one that is near in meaning both to the turn and to all that was said so far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream import unmeant
from elephantasm_cli.dream.cues import DUMMY_IT, FIRST_PERSON, OWN_SUBJECT, PRONOUN_START, SECOND_PERSON, VAGUE, shows
from elephantasm_cli.dream.memories import TIMELESS, Preceding, Quote
from elephantasm_cli.dream.picks import Pick
from elephantasm_cli.dream.preceding import LEAST_TELLING, LONGEST
from elephantasm_cli.dream.retractions import is_retracted
from elephantasm_cli.dream.salience import core_of, salient_sentences
from elephantasm_cli.dream.slots import slots_in
from elephantasm_cli.dream.speech_grammar import VERB_FIRST
from elephantasm_cli.dream.verbs import PAST
from elephantasm_cli.text.sentences import ASIDE, Sentence, is_question, split_sentences
from elephantasm_cli.text.words import content_words
from elephantasm_cli.vocabulary import EventType

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import Asker

TURNS_BEFORE = 12
"""So far back a topic may have been named."""
SAYS_ENOUGH = 12
"""Content words of a sentence that is read alone."""
EVENT_ENOUGH = 4
"""The same of one that tells what somebody did on which day."""
OWN_TURNS_BEFORE = 6
"""So far back stands what the speaker told last."""
TELLING_WEIGHT = 2.0
"""What the salience of a sentence counts beside its two cosines, in what the speaker said before."""
OWN_NEAR_ENOUGH = 0.75
"""Sum of the two cosines, to the pick and to the turn between, from which on the speaker's last words go with a pick
that points to nothing."""
LONGEST_YEAH = 12
FIRST_WORDS = 40
"""In characters: what may stand before a sentence proper, and where an "it" has nothing before it that it may mean."""
LONGEST_OWN = 220
GAP = 3
"""In characters: how long a quotation of the speaker's own last words may be, and what lies between two sentences."""
SAME_TURN_WEIGHT = 0.5
"""What it counts besides that a sentence stands in the pick's own turn."""
NEAR_ENOUGH = 0.95
"""Sum of the two cosines, to the turn and to the talk, from which on a sentence is its topic."""
TALK = 1500
"""Characters of the talk so far that are looked at, the last ones."""
TURN = 200
"""The same of the turn itself and of the one before it."""
HOLDS_ALWAYS = frozenset(("instruction", "rule"))
"""An instruction is no topic: behind what was said of something else it would seem to explain it."""
STANDING = TIMELESS | HOLDS_ALWAYS
"""Cues of what holds whatever the talk was about."""
_POINTS = re.compile(
    r"(?:\S+\s+){0,5}?(?:it|them|(?:this|that|those|these)(?=\s*(?:[.,;!?]|$|['’]s|is\b|was\b|are\b|were\b)))\b"
    r"(?!['’]?s?\s+(?:is|was|will|be|been|has|would|really|just|so|too)?\s*(?:rain|snow|late|cold|hot|true|clear|time|my|our|a|an|the)\b)",
    re.I,
)
"""What is said of something that has no name in it: "I drew it for the show"."""
_THIS_ONE = re.compile(
    r"(?:\b(?:this|these|those)|(?:^|[.;,]\s+|\b(?:of|in|on|at|about|for|with|from|to|had|have|got|love|like)\s+)that)\s+(?!(?:is|was|were|are|has|have|week|weekend|month|year|morning|evening|afternoon|time|summer|"
    r"winter|spring|autumn|day|night|way|much|i|we|it|they|he|she|you|the|a|an|my|our|nobody|everybody|there)\b)[a-z]+",
    re.I,
)
""" "This hike", of which somebody has spoken before."""
_OF_THE = re.compile(
    r"^(?:the|both|all\s+(?:of\s+)?the)\s+[a-z]|\bthe\s+(?:painting|picture|photo|drawing|piece|book|movie|film|song|trip|accident|best\s+part|"
    r"event|show|game|class|course|meeting|project|place|studio|opening|party|concert|race|hike|plan|idea|design|recipe|dish)\b",
    re.I,
)
""" "The book got me thinking": which one was said before, mostly."""
_WE_DO = re.compile(
    r"we(?:['’]\w+)?\s(?!.*\b(?:(?:with|and)\s+(?:my|our|the|(?-i:[A-Z]))|(?:my|our)\s+\w+\s+(?:and|is|are)|I\s+and|and\s+I)\b)",
    re.I,
)
""" "We love painting together": who, was said before."""
_WITHOUT_SUBJECT = re.compile(
    rf"(?:(?:{'|'.join(sorted(PAST))}|(?!need|feed)[a-z]{{2,}}ed|been|can['’]?t\s+wait|gonna|going|even|almost|just)\s)"
    r"(?!(?:is|was|are|were)\b)",
    re.I,
)
_ASKS_ABOUT_IT = re.compile(r"\b(?:it|that|this|these|those|them|they|there)\b", re.I)
_LIKED_IT = re.compile(
    r"\b(?:loved|liked|enjoyed|hated|did|saw|made|tried|got)\s+(?:it|that)(?=\s*[.,;!]|\s+and\b|$)", re.I
)
""" "The kids loved it"."""
_REFERS = re.compile(
    r"\b(?:it(?!\s+was\b)|them|this|these|those|that(?=\s+(?:way|one|much)\b|\s*[.,!?]|$)|there|one)\b", re.I
)
_NUMBER_SET = re.compile(
    r"(?:\b(?:is|are|was|were|to|from|of|now)|['’]s|=|:)\s+(?:now |about |at |only )?[$€£]?\d", re.I
)


def is_read_alone(pick: Pick, *, to_agent: bool) -> bool:
    """Whether nothing has to be told before a sentence: a note, what holds always, what says enough and points to
    nothing outside."""
    if pick.event["event_type"] == EventType.NOTE.value:
        return True
    if not to_agent and (points(pick.text) or _OF_THE.search(pick.text)):
        return False
    if not STANDING.isdisjoint(pick.salient.cues):
        return True
    if _POINTS.match(pick.text):
        return False
    return len(content_words(pick.text)) >= SAYS_ENOUGH or _tells_what_happened(pick)


def _tells_what_happened(pick: Pick) -> bool:
    """Whether a sentence begins by telling what the speaker did on a day, and of what: "I handed in my notice at the
    pharmacy yesterday"."""
    if not {"event", "dated"} <= set(pick.salient.cues) or pick.salient.needs_context:
        return False
    first = split_sentences(pick.text)[0].text
    return (
        OWN_SUBJECT.match(first) is not None
        and len(content_words(first)) >= EVENT_ENOUGH
        and _REFERS.search(first) is None
    )


def topic_of(context: Asker, spoken: Sequence[dict[str, Any]], pick: Pick, *, to_agent: bool) -> Preceding | None:
    """The sentence, of the turns ``spoken`` in this talk before that of ``pick``, which tells what that speaks of.

    None where nothing is near enough. What sets a value is not quoted: it would still stand there when the value has
    changed.
    """
    place = next(number for number, event in enumerate(spoken) if event["id"] == pick.event["id"])
    found = [
        (event, sentence)
        for event in spoken[max(0, place - TURNS_BEFORE) : place]
        for sentence in split_sentences(event["content"])
        if _is_telling(sentence)
        and not ((event["role"] == "assistant" or not to_agent) and is_question(sentence.text))
        and (to_agent or not SECOND_PERSON.search(sentence.text))
        and not _sets_a_value(sentence.text, event["author"])
        and not _says_the_same(sentence.text, pick.text)
        and not is_retracted(sentence.text, event["author"], _after(spoken, event))
    ]
    if not found:
        return None
    before = spoken[place - 1]["content"][-TURN:]
    turn = f"{pick.text} {before} {pick.event['content'][:TURN]}"
    talk = " ".join(event["content"] for event in spoken[: place + 1])[-TALK:]
    vectors = context.vectors([turn, talk, *(sentence.text for _, sentence in found)])
    nearness = [round(float(value), 6) for value in vectors[2:] @ (vectors[0] + vectors[1])]
    best = max(range(len(found)), key=lambda number: (nearness[number], number))
    if nearness[best] < NEAR_ENOUGH:
        return None
    event, sentence = found[best]
    return Preceding(Quote.of(event, sentence.start, sentence.end), is_question=False)


def said_before(context: Asker, spoken: Sequence[dict[str, Any]], pick: Pick, question: str = "") -> Preceding | None:
    """What the speaker told last, of what is ``spoken``, that says best what the pick goes on about, with what stands
    beside it.

    Somebody who is asked about what they told ("How did it go?") calls it "it" from then on. Best is what is near in
    meaning to the pick and to the turn between, and tells much. Where neither the pick nor the ``question`` it answers
    points to something, only what is near enough.
    """
    place = next(number for number, event in enumerate(spoken) if event["id"] == pick.event["id"])
    author = pick.event["author"]
    found = [(pick.event, sentence) for sentence in _told_before(pick)]
    own = (event for event in reversed(spoken[max(0, place - OWN_TURNS_BEFORE) : place]) if event["author"] == author)
    told = (_told_in(event, pick, _after(spoken, event)) for event in own)
    found += next(filter(None, told), [])
    if not found:
        return None
    between = spoken[place - 1]["content"][-TURN:] if place else ""
    vectors = context.vectors([pick.text, between, *(sentence.text for _, sentence in found)])
    nearness = [round(float(value), 6) for value in vectors[2:] @ (vectors[0] + vectors[1])]
    worth = [
        near + TELLING_WEIGHT * _salience(event, sentence) + SAME_TURN_WEIGHT * (event is pick.event)
        for near, (event, sentence) in zip(nearness, found, strict=True)
    ]
    best = max(range(len(found)), key=lambda number: (worth[number], -number))
    if nearness[best] < OWN_NEAR_ENOUGH and not (points(pick.text) or _OF_THE.match(pick.text) or refers(question)):
        return None
    event, sentence = found[best]
    start, end = _with_beside(event, sentence, pick, _after(spoken, event))
    return Preceding(Quote.of(event, start, end), is_question=False)


def _with_beside(
    event: dict[str, Any], sentence: Sentence, pick: Pick, after: Sequence[dict[str, Any]]
) -> tuple[int, int]:
    """Where to begin and end a quotation of what somebody said before: the ``sentence`` with those beside it, so far as
    it stays short; what is shown ("[a photo of a red boat]") goes with it."""
    start, end = sentence.start, sentence.end
    sentences = split_sentences(event["content"])
    place = sentences.index(sentence)
    last = pick.salient.start if event["id"] == pick.event["id"] else len(event["content"])
    for each in (*sentences[place + 1 :], *reversed(sentences[:place])):
        begin, until = min(start, each.start), max(end, each.end)
        if until - begin > LONGEST_OWN or until > last:
            continue
        adjoins = (each.start - end <= GAP and each.end > end) or (start - each.end <= GAP and each.start < start)
        if not adjoins or is_retracted(each.text, event["author"], after):
            continue
        if ASIDE.fullmatch(each.text) or _may_stand_beside(each, event["author"]):
            start, end = begin, until
    return start, end


def _may_stand_beside(sentence: Sentence, author: str) -> bool:
    return (
        not sentence.is_code
        and "\n" not in sentence.text
        and not unmeant.GREETING.match(core_of(sentence.text)[1])
        and not shows(sentence.text, HOLDS_ALWAYS)
        and not is_question(sentence.text)
        and not SECOND_PERSON.search(sentence.text)
        and not _sets_a_value(sentence.text, author)
    )


def _salience(event: dict[str, Any], sentence: Sentence) -> float:
    """How much a sentence tells, as `salience` has it; 0 for what is never a memory."""
    return max(
        (
            salient.score
            for salient in salient_sentences(
                event["content"],
                author=event["author"],
                role=event["role"],
                event_type=event["event_type"],
                to_agent=False,
                threshold=0.0,
            )
            if sentence.start <= salient.start < sentence.end
        ),
        default=0.0,
    )


def _told_before(pick: Pick) -> list[Sentence]:
    """The sentences of its own turn that a pick which points to something leaves out, questions among them: "Remember
    the festival? I had my performance"."""
    if not points(pick.text) and not _OF_THE.match(pick.text):
        return []
    return [
        sentence
        for sentence in split_sentences(pick.event["content"])
        if sentence.end <= pick.salient.start
        and (_is_telling(sentence) or (_may_be_quoted(sentence) and is_question(sentence.text)))
        and not _is_left_open(sentence.text)
        and not _says_the_same(sentence.text, pick.text)
    ]


def _after(spoken: Sequence[dict[str, Any]], event: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """What is spoken after an event, so far as its words may be taken back there."""
    place = next(number for number, each in enumerate(spoken) if each["id"] == event["id"])
    return spoken[place + 1 : place + 1 + TURNS_BEFORE]


def _told_in(
    event: dict[str, Any], pick: Pick, after: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any], Sentence]]:
    """The event with each sentence in which somebody tells something of their own, no thanks and no praise, and does
    not take it back in what comes ``after``."""
    return [
        (event, sentence)
        for sentence in split_sentences(event["content"])
        if _is_telling(sentence)
        and not is_question(sentence.text)
        and not SECOND_PERSON.search(sentence.text)
        and not _is_left_open(sentence.text)
        and (FIRST_PERSON.search(sentence.text) or not VERB_FIRST.match(core_of(sentence.text)[1]))
        and not _sets_a_value(sentence.text, event["author"])
        and not _says_the_same(sentence.text, pick.text)
        and not is_retracted(sentence.text, event["author"], after)
    ]


def points(text: str) -> bool:
    """Whether what is said points to something that it does not name: "It went well", "this hike", "Had a blast", "We
    went there"."""
    return (
        _leaves_out(text)
        or _THIS_ONE.search(text) is not None
        or _WE_DO.match(text) is not None
        or _LIKED_IT.search(text[:FIRST_WORDS]) is not None
    )


def _leaves_out(text: str) -> bool:
    """Whether a sentence begins without what it speaks of."""
    return (
        _POINTS.match(text) is not None
        or _WITHOUT_SUBJECT.match(text) is not None
        or (PRONOUN_START.match(text) is not None and DUMMY_IT.match(text) is None)
    )


def _is_left_open(text: str) -> bool:
    """Whether a sentence, but for a "Yeah," in front, does not tell what it speaks of."""
    offset, core = core_of(text)
    return offset <= LONGEST_YEAH and _leaves_out(core) and unmeant.SHOWN.match(core) is None


def refers(question: str) -> bool:
    """Whether a question asks about "it" or "there"."""
    return _ASKS_ABOUT_IT.search(question) is not None


def _is_telling(sentence: Sentence) -> bool:
    """Whether a sentence may be quoted behind another, and says something that is no kind word."""
    return _may_be_quoted(sentence) and not _is_kind_word(core_of(sentence.text)[1])


def _may_be_quoted(sentence: Sentence) -> bool:
    text = sentence.text
    return (
        not sentence.is_code
        and len(text) <= LONGEST
        and "\n" not in text
        and not ASIDE.fullmatch(text)
        and not shows(text, HOLDS_ALWAYS)
        and len(set(content_words(text)) - VAGUE) >= LEAST_TELLING
    )


def _is_kind_word(core: str) -> bool:
    """Whether a sentence greets, thanks, praises or takes courage."""
    if unmeant.GREETING.match(core) or unmeant.RESOLVED_TO.search(core):
        return True
    return unmeant.COMMENT.match(core) is not None and FIRST_PERSON.search(core) is None


def _sets_a_value(text: str, author: str) -> bool:
    return _NUMBER_SET.search(text) is not None or any(slot.is_single for slot in slots_in(text, author))


def _says_the_same(one: str, other: str) -> bool:
    """Whether neither has a word that the other has not, as where somebody says a thing again."""
    first, second = set(content_words(one)), set(content_words(other))
    return first <= second or second <= first
