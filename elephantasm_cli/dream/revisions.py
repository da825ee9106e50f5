"""What was said later in the same talk that may change what a sentence says, or tells what became of it. Pure.

`retractions` is for what is taken back beyond doubt: that is never remembered. Here it is enough that a later turn may be
about the same thing and says another value, calls something off, or gives in to an objection: whoever reads the memory
reads those words behind it, and judges for themselves.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from elephantasm_cli.dream.claims import names, stem
from elephantasm_cli.dream.cues import CHANGED, VAGUE
from elephantasm_cli.dream.memories import Preceding, Quote
from elephantasm_cli.dream.wording import IMPERATIVE
from elephantasm_cli.text.sentences import Sentence, is_question, split_sentences
from elephantasm_cli.text.words import content_words, denies, words
from elephantasm_cli.vocabulary import EventType

LONGEST = 180
"""In characters: how much of a later turn is quoted."""
LEAST_SHARED = 2
"""Telling words that a later turn has in common with a rule that it makes an exception of, or with a note."""
LEAST_SAID = 2
"""Telling words of a turn of the speaker's that goes on about something else."""
RECENT = 8
"""So many turns on "wait, ..." may take up what was said, without naming it."""
OBJECTIONS_WITHIN, ANSWERS_WITHIN = 6, 3
"""So many turns on somebody may still object to what was said, and somebody give in to that."""
_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2
    )
}
_MONTH = r"(?:jan(?:uar\w*)?|feb(?:ruar\w*)?|m(?:arch|ärz)|april|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(
            rf"\b\d{{1,2}}(?:st|nd|rd|th)\b|\b\d{{1,2}}\.?(?=\s+(?:de\s+)?{_MONTH}\b)|(?:(?<=\bde[rnm]\s)|(?<=\b[el][le]\s))\d{{1,2}}\b|\d{{1,2}}(?=[号日])",
            re.I,
        ),
    ),
    ("time", re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2}(?=\s?(?:am|pm|o['’]clock|uhr|h)\b)", re.I)),
    (
        "day",
        re.compile(
            r"\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:days?)?\b|\b(?:to(?:day|morrow|night)|yesterday|easter|christmas)\b",
            re.I,
        ),
    ),
    ("month", re.compile(rf"\b{_MONTH}\b", re.I)),
    ("number", re.compile(r"\d+(?:[.:,]\d+)*")),
)
_SMALL = frozenset(("the", "and", "for", "now", "but", "not", "all", "its"))
_UNIT = re.compile(r"\s?(?P<unit>[^\W\d_]+|[%€£$°])")
_CALLED = re.compile(r"(?P<unit>[^\W\d_]{3,})\s$")
"""What stands behind a number, and before it."""
_CHOSEN = re.compile(r"(?P<name>[^\W\d_]+)\s+it\s+is\b(?!\s+(?:too|so|very|not|a|an|the)\b)", re.I)
""" "So Slovenia it is"."""
_GONE = r"(?:not|never)\s+(?:on\s+|at\s+|the\s+)?{0}(?![\d.:,]*\d)|(?<![\d.:,]){0}(?:st|nd|rd|th)?\s+(?:is|was|are)\s+(?:gone|off|out|dead|taken|full)\b"
"""How a value is named that holds no longer."""
"""What takes another value when something changes, the narrowest kind first."""
_TURNS = re.compile(
    r"\b(?:wait|actually|instead|not|now|no|nor|changed?|changes|moved?|moves|postponed?|cancel\w*|swap\w*|shifted|pushed|later|earlier|after\s+all|only|rather|"
    r"correction|sorry|h[oa](?:ld|ng)\s+on|you['’]re\s+right|scrapped|turns\s+out|forget|from\s+now\s+on|gone|decided|checked|it\s+is\s+then|thought\s+again|make\s+(?:it|that)|back\s+to|yet|then(?=\s*(?:[,.;!]|$)|\s+it)|"
    r"doch|erst|nicht|statt|verschoben|ni|mejor|entonces|razón|cambi\w*|finalement|plutôt|en\s+fait|anzi|invece|spostat\w*|afinal|mudou|mudei)\b|n['’]t\b|[改换不]",
    re.I,
)
"""Words with which something is told that was otherwise."""
_TAKES_UP = re.compile(
    r"(?:(?:oh|hm+|ok|ah|no|uy|uh|ugh|alright|right)[,.!]?\s+)*(?:wait|hold\s+on|hang\s+on|correction|scratch\s+that|not|espera|attends|warte?|wart\s+mal|doch|(?:then|so)\s+(?:it['’]?s|it\s+is))\b",
    re.I,
)
"""How a turn begins that comes back to what was said before."""
_CORRECTS = re.compile(r"(?:\w+,?\s+)?(?:correction|changed|change\s+of\s+plans?)\b", re.I)
_SAYS_SO = re.compile(
    r"\b(?:change\s+of\s+plans?|changed(?!\s+my\s+mind)|correction|postponed|moved\s+to|instead|scrap|new\s+plan|not\s+any\s?more)\b",
    re.I,
)
"""How something is announced that is otherwise now, whatever its value."""
_FORGET_IT = re.compile(
    r"\b(?:forget\s+(?:it|that)|never\s?mind|cancel\s+that|scrap\s+that|leave\s+it(?:\s+at|$))\b", re.I
)
_CALLED_OFF = re.compile(
    r"\b(?:cancell?ed|called\s+off|postponed|swapped|fell\s+through|backed\s+out|overruled|no\s+longer|not\s+any\s?more|(?:is|are|was|were|all)\s+off|changed\s+(?:my|his|her|their|our)\s+minds?|didn['’]?t\s+get)\b",
    re.I,
)
_OBJECTS = re.compile(
    r"(?:(?:er|um|but|well|mate|lol|haha\w*|oh),?\s+)*(?:no+(?:pe)?|nah|don['’]?t|never|wrong|twice|you\s+(?:can['’]?t|will\s+not|won['’]?t|shouldn['’]?t)|(?:that|it)(?:['’]s|\s+is)\s+not|not\s+true)\b"
    r"(?!,?\s+(?:worries|problem|way|idea|need|doubt|kidding|one\b))",
    re.I,
)
_GIVES_IN = re.compile(
    r"(?:(?:a+h+|o+h+|hm+|ugh|god|damn)[,.!]?\s+)*(?:a+h+|ok(?:ay)?|alright|all\s+right|fine|fair|true|right|you(?:['’]re|\s+are|\s+were)\s+right|good\s+(?:point|job|thing)|does\s+s?he|did\s+i|point\s+taken)\b",
    re.I,
)
_CONCEDES = re.compile(r"\b(?:you\s+were\s+right|i\s+was\s+wrong|i\s+take\s+(?:it|that)\s+back|point\s+taken)\b", re.I)
_DENIES = re.compile(r"\b(?:nicht|kein\w*|pas|não|non)\b|[不没]", re.I)
"""As `words.denies`, of other languages."""
_SETTLED = re.compile(
    r"^(?:\w+\W+){0,3}(?:works|working)\b|\b(?:works?\s+(?:now|again|on|with)|fixed|solved|sorted|green|pass(?:es|ed)|gone|stopped|stable|finished|succeed(?:s|ed)|back\s+up|up\s+again)\b"
    r"|\b(?:no|zero|0|none|without)\s+(?:more\s+)?(?:fail\w*|errors?|crash\w*|reboots?|restarts?|resets?|nans?|warnings?)\b",
    re.I,
)
"""How somebody says that something is well."""
_TROUBLE = re.compile(
    r"\b(?:fail\w*|br[eo]ke\w*|crash\w*|errors?|dies?|died|dead|hangs?|hung|stuck|slow|wrong|red|flaky|flak\w*|reboots?|resets?|restarts?|oom\w*|garbage|missing|empty|zeros?|nan|"
    r"leak\w*|beep\w*|off\s+by|not\s+(?:work\w*|reach\w*|load\w*|found|start\w*)|hasn['’]?t|don['’]?t|doesn['’]?t|won['’]?t|can['’]?t|takes?\s+\d+|comes?\s+out|higher|twice|bug|trouble|problem)\b",
    re.I,
)
_FROM_NOW_ON = re.compile(r"\bfrom\s+now\s+on\b", re.I)
STANDING = frozenset(("instruction", "preference", "decision", "rule", "introduction", "relationship", "wish"))
"""Cues of what nothing that is done settles."""
FIRST_TURNS = 2
"""Of an agent's session: what is told in them is what the session is about."""
_EXCEPTS = re.compile(r"\b(?:may|can|except|unless|exception|allowed|apart\s+from|only)\b", re.I)
""""Recipes may go over three sentences": what makes an exception of a rule."""


def revision_of(text: str, event: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> Preceding | None:
    """What may change what ``event`` says in ``text``, of the spoken events ``later`` in the talk, the next one first.

    What its speaker says later counts first, then what they give in to, then what others say.
    """
    said = _telling(text)
    if is_question(text) and not said:
        return None
    own = [other for other in later if other["author"] == event["author"]] if event["role"] != "assistant" else []
    others = [other for other in later if other["author"] != event["author"] and other["role"] != "assistant"]
    return (
        _last_changed(own, text, said, later, event["author"])
        or _given_in(text, event, later)
        or _last_changed(others, text, said, later, event["author"])
        or (_denied(text, said, others[0]) if others and later[0] is others[0] else None)
    )


def settled_in(
    text: str, event: Mapping[str, Any], later: Sequence[Mapping[str, Any]], *, is_first: bool
) -> Preceding | None:
    """What became, in the session of an agent, of the trouble that ``event`` tells of in ``text``: the last sentence that
    says that all is well, or what the agent changed about it. ``is_first``: the session begins with it, and need not
    name it again.
    """
    if event["role"] == "assistant" or _TROUBLE.search(text) is None:
        return None
    said = _telling(text)
    for other in reversed(later):
        shared = said & _telling(other["content"])
        sentences = [
            each
            for each in split_sentences(other["content"])
            if not (is_question(each.text) or each.is_code or _FROM_NOW_ON.search(each.text))
            and (
                (_SETTLED.search(each.text) and (is_first or shared))
                or (other["role"] == "assistant" and CHANGED.search(each.text) and said & _telling(each.text))
            )
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
    """Of several turns that may change something the one with most words in common with it, the last of these."""
    found = [(len(said & _telling(each["content"])), number, each) for number, each in enumerate(turns)]
    for _, _, other in sorted(found, key=lambda each: each[:2], reverse=True):
        if (changed := _changed_in(other, text, said, later, author)) is not None:
            return changed
    return None


def _changed_in(
    other: Mapping[str, Any],
    text: str,
    said: frozenset[str],
    later: Sequence[Mapping[str, Any]],
    author: str,
) -> Preceding | None:
    """The sentences of a later turn that tell another value of the same thing, call it off, or make an exception."""
    content = other["content"]
    sentences = [each for each in split_sentences(content) if not is_question(each.text) and not each.is_code]
    shared = said & _telling(content)
    least = LEAST_SHARED if other["event_type"] == EventType.NOTE.value else 1
    if len(shared) >= least and _CALLED_OFF.search(content):
        return _quoted(
            other,
            [
                each
                for each in sentences
                if _CALLED_OFF.search(each.text) or _has_another(text, each.text, loosely=True)
            ],
        )
    values, new = _values(text), _values(content)
    chosen = _CHOSEN.search(content) if names(text) and other["author"] == author else None
    about_chosen = bool(shared) or bool(values["month"] & new["month"])
    if chosen is not None and about_chosen and stem(chosen["name"].casefold()) not in said:
        return _quoted(other, _from_first(sentences, _CHOSEN))
    announcing = [each for each in sentences if _SAYS_SO.search(each.text)]
    opens = bool(announcing) and _CORRECTS.match(content) is not None
    if announcing and len(shared) >= (1 if opens else LEAST_SHARED):
        return _quoted(other, _from_first(sentences, _SAYS_SO))
    if IMPERATIVE.match(text) and (dropped := [each for each in sentences if _FORGET_IT.search(each.text)]):
        return _quoted(other, dropped)
    gone = [each for each in sentences if _names_gone(values, each.text)]
    if gone:
        return _quoted(other, gone)
    asked = _asked_before(other, later)
    answers_anew = bool(values["number"] & _values(asked)["number"]) and bool(new["number"] - values["number"])
    taken_up = _TAKES_UP.match(content) is not None and other in later[:RECENT]
    same_day = bool(values["month"] & new["month"]) or bool(values["day"] & new["day"])
    about_it = len(shared) >= least or taken_up or same_day or answers_anew or bool(said & _telling(asked))
    other_month = bool(values["month"] and new["month"]) and values["month"].isdisjoint(new["month"])
    is_own = len(shared) >= LEAST_SHARED and other["author"] == author and not other_month
    if about_it and (is_own or _TURNS.search(content)):
        loosely = len(shared) < LEAST_SHARED
        telling = [
            each
            for each in sentences
            if (answers_anew and _values(each.text)["number"] - values["number"])
            or (
                _has_another(text, each.text, loosely=loosely)
                and (not loosely or taken_up or same_day or _TURNS.search(each.text) or said & _telling(each.text))
            )
        ]
        if telling:
            return _quoted(other, telling)
    if len(shared) >= LEAST_SHARED and values["number"] & new["number"]:
        return _quoted(other, [each for each in sentences if _EXCEPTS.search(each.text) and said & _telling(each.text)])
    return None


def _names_gone(values: Mapping[str, frozenset[str]], text: str) -> bool:
    """Whether a sentence says of one of the ``values`` that it holds no longer: "not 7", "the 7th is gone"."""
    of_any = values["date"] | values["time"] | values["number"]
    return any(re.search(_GONE.format(re.escape(value)), text, re.I) for value in of_any)


def _has_another(old: str, new: str, *, loosely: bool) -> bool:
    """Whether both tell values of one kind, and the new one another; where they are only ``loosely`` about the same
    thing, numbers of one unit, and no month."""
    before, after = _values(old), _values(new)
    kinds = ("date", "time", "day") if loosely else tuple(before)
    if any(before[kind] and after[kind] - before[kind] for kind in kinds):
        return True
    if not before["number"] or not after["number"] - before["number"]:
        return False
    return bool(_units(old) & _units(new))


def _units(text: str) -> set[str]:
    found = [
        unit
        for match in _KINDS[-1][1].finditer(text)
        for unit in (_UNIT.match(text, match.end()), _CALLED.search(text, 0, match.start()))
    ]
    return {stem(unit["unit"].casefold()) for unit in found if unit is not None} - _SMALL


def _given_in(text: str, event: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> Preceding | None:
    """Where somebody objects, and one of both gives in: what they say then, or the objection."""
    for place, objection in enumerate(later[:OBJECTIONS_WITHIN]):
        if objection["author"] == event["author"]:
            if place and _CONCEDES.search(objection["content"]):
                return _quoted(objection, _from_first(split_sentences(objection["content"]), _CONCEDES))
            if len(_telling(objection["content"])) > LEAST_SAID:
                return None  # what is objected to from here on is that
        elif objection["role"] != "assistant" and _objects(objection["content"]):
            for answer in later[place + 1 : place + 1 + ANSWERS_WITHIN]:
                if _gives_in(answer, event, text):
                    said_then = answer if _telling(answer["content"]) else objection
                    return _quoted(said_then, split_sentences(said_then["content"]))
    return None


def _objects(content: str) -> bool:
    return any(_OBJECTS.match(each.text) for each in split_sentences(content))


def _gives_in(answer: Mapping[str, Any], event: Mapping[str, Any], text: str) -> bool:
    """Whether the speaker of ``text`` gives in, or the other one, to less or more of what it offers ("ok 500")."""
    if _GIVES_IN.match(answer["content"]) is None:
        return False
    numbers = _values(text)["number"], _values(answer["content"])["number"]
    return bool(answer["author"] == event["author"] or (all(numbers) and numbers[0] != numbers[1]))


def _denied(text: str, said: frozenset[str], other: Mapping[str, Any]) -> Preceding | None:
    """Where the one who speaks next denies it, in its own words."""
    if denies(text):
        return None
    return _quoted(
        other,
        [
            each
            for each in split_sentences(other["content"])
            if (denies(each.text) or _DENIES.search(each.text))
            and not is_question(each.text)
            and said & _telling(each.text)
        ],
    )


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
    """As many of the sentences, from the first on, as may be quoted; what says little goes with the next of its turn."""
    if not sentences:
        return None
    start, end = sentences[0].start, sentences[0].end
    following = sentences[1:]
    if len(_telling(other["content"][start:end])) < LEAST_SAID:
        following = [each for each in split_sentences(other["content"]) if each.start > start]
    for sentence in following:
        if sentence.end - start <= LONGEST:
            end = sentence.end
    if end - start > LONGEST or "\n" in other["content"][start:end]:
        return None
    return Preceding(Quote.of(dict(other), start, end), is_question=False, is_later=True)


def _values(text: str) -> dict[str, frozenset[str]]:
    """The values of each kind; what is part of a date or a time is no number besides."""
    found: dict[str, frozenset[str]] = {}
    for kind, pattern in _KINDS:
        of_kind = [match[0].casefold().rstrip(".,:") for match in pattern.finditer(text)]
        if kind in ("day", "month"):
            of_kind = [value[:3] for value in of_kind]
        else:
            of_kind = [value.rstrip("sthndr") for value in of_kind]
            text = pattern.sub(" ", text)
        found[kind] = frozenset(of_kind)
    spelt = {_NUMBER_WORDS[word] for word in words(text) if word in _NUMBER_WORDS}
    return found | {"number": found["number"] | spelt}


def _telling(text: str) -> frozenset[str]:
    """The stems of the words that name something, numbers among them."""
    return frozenset(stem(word) for word in content_words(text) if word not in VAGUE)
