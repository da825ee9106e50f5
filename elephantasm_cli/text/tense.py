"""Whether the clause around a word speaks of the past or of the future: which "Monday" is meant."""

from __future__ import annotations

import re
from enum import Enum


class Tense(Enum):
    """What a clause's verbs say about when."""

    PAST = "past"
    FUTURE = "future"
    NONE = "none"


_CUE = re.compile(
    r"""\b(?:
    (?P<future>will|won't|can|could|gonna|going\sto|shall|plan(?:s|ning)?\s(?:to|on|for)|hop(?:e|ing)\sto|can't\swait|looking\sforward
      |want(?:s)?\sto|wanna|about\sto|due|scheduled|upcoming|let's|should|need(?:s)?\sto|must|ha(?:ve|s)\sto|remind|deadline
      |(?:starts?|begins?|opens|closes|ends|finishes|leaves|arrives|retires|comes|flies|moves|turns|gets|runs|takes\splace)
      |see\s(?:you|ya)|(?:am|is|are)\s(?:not\s)?(?!having|being)\w+ing|might)
    |(?P<past>was|were|wasn't|weren't|had|did|didn't|would|went|(?<!have\s)(?<!has\s)(?<!['’]ve\s)got|made|saw|took|met|came|bought|found|told|said|gave|felt|began
      |ran|wrote|won|lost|sent|left(?!\s(?:till|until|over)\b)|built|broke|ate|drove|flew|spent|thought|knew|heard|held|kept|sold|brought|became|taught
      |caught|fell|grew|hid|led|paid|rode|rose|sang|sat|slept|spoke|stood|swam|threw|wore|woke|chose|drew|drank|fought|forgot
      |hung|lent|lit|meant|shot|stole|struck|have\sbeen|has\sbeen
      |(?<!'s\s)(?<!is\s)(?<!are\s)(?<!\ba\s)(?<!\ban\s)(?<!\bthe\s)(?<!\bmy\s)
        (?<!\bit\s)(?<!\bthem\s)(?<!\bget\s)(?<!gets\s)(?<!\bbe\s)(?<!being\s)(?<!getting\s)
        (?!need|feed|speed|indeed|seed|weed|exceed|proceed|succeed|excited|interested|tired|bored|scared|worried|married
        |bed|red|embed|hundred|naked|sacred|wicked|named|closed\s(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|$))[a-z]{2,}ed)
    )\b
    |['’](?P<soon>ll|(?:m|re|s)\s(?:not\s)?(?!having|being)\w+ing)\b
    |['’](?P<would>d\s(?!been\b|better\b|had\b|have\b|like\b|\w+ed\b)\w+)\b|['’](?P<perfect>ve(?!\s(?:got|an?|my|our|the|no|two|three)\b)|d\sbeen)\b
    """,
    re.VERBOSE,
)
_OPEN = frozenset(
    """got would changed
    postponed shifted switched booked reserved registered entered signed planned wanted asked suggested
    proposed preferred chose agreed invited swapped rescheduled cancelled canceled""".split()  # noqa: SIM905
)
"""Past forms behind which a day may be to come: "I changed the entry to the race in September"."""
_CLAUSE_START = re.compile(r"[.!?;\n](?:\s|$)")
_OTHER_VERB = re.compile(r"\b(?:which|who|whom|where)\s+(?:i|we|he|she|they|it)\b")
"""Behind it stands a verb of its own: "I passed everything but chemistry, which I resit on 19 August"."""
_OWN_SUBJECT = re.compile(r",\s(?:and\s|but\s|so\s)?(?:i|we|he|she|they|it)\b")
"""A clause behind a comma with a subject of its own has a verb of its own, known here or not."""
_STATE = re.compile(r"(?:\b(?:am|is|are|have|has)|['’](?:m|s|re|ve))\s(?!been\b|had\b|\w+(?:ed|ing)\b)")
_AND = re.compile(r"\s(?:and|but)\s")
"""Behind these stands what else is so, of what the present tells: "I'm her witness on Saturday and have been ill"."""
_ONCE = re.compile(r"\b(?:until|till|once|when|as\ssoon\sas|after)\s(?:i|we|he|she|they|you)$")
""" "Until I've spoken to her on Monday"."""
_APART = re.compile(r"[,:()–—]|\s-\s")
_REACH = 160


def tense_at(text: str, start: int, end: int) -> Tense:
    """The tense of the verb nearest before ``[start:end]`` in its sentence, else of the first one after it.

    A verb on the other side of a comma or colon gives way to one that is not, and tells of no past: what follows may be
    to come.
    """
    window = text[max(0, start - _REACH) : start].lower()
    stops = [stop.end() for stop in _CLAUSE_START.finditer(window)]
    window = window[stops[-1] :] if stops else window
    window = _OTHER_VERB.split(window)[-1]
    cues = list(_CUE.finditer(window))
    if cues and _OWN_SUBJECT.search(window, cues[-1].end()):
        cues = []
    before = cues[-1] if cues else None
    if before is not None and before.lastgroup == "perfect" and _ONCE.search(window, 0, before.start()):
        return Tense.FUTURE
    if before is not None and _APART.search(window, before.end()) is None:
        return _tense(before)
    tail = text[end : end + _REACH].lower()
    stop = _CLAUSE_START.search(tail)
    tail = tail[: stop.start()] if stop else tail
    after = _CUE.search(tail)
    if after is not None and _STATE.search(window) and _AND.search(tail, 0, after.start()):
        after = None
    if after is not None and _OWN_SUBJECT.search(tail, 0, after.start()):
        after = None
    if after is not None and _APART.search(tail, 0, after.start()) is None:
        return _tense(after)
    if before is not None and _tense(before) is Tense.FUTURE:
        return Tense.FUTURE
    return Tense.NONE


def _tense(cue: re.Match[str]) -> Tense:
    if cue[0] in _OPEN or cue.lastgroup == "would":
        return Tense.NONE
    return Tense.FUTURE if cue.lastgroup in ("future", "soon") else Tense.PAST
