"""How people change what they said, give in, object, and say that something is well: the patterns of `revisions`."""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re

from elephantasm_cli.dream.claims import stem
from elephantasm_cli.text.words import words

_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2
    )
}
TIMES = {"once": "1", "twice": "2", "thrice": "3"}
COUNTED = re.compile(
    rf"(?:(?:er|um|no+|well|actually|try)[,.!]?\s+)*(?P<count>{'|'.join(TIMES)}|(?:one|{'|'.join(_NUMBER_WORDS)}|\d[\d.,:]*)(?:\s+\w+)?)\s*[.!]",
    re.I,
)
"""How a turn begins that sets a number right: "Twice. I have the photographs." """
STRESSED_NOT = re.compile(r"\b(?:is|are|was|were|am|do|does|did|['’](?:s|re|m))\s+NOT\b|\bI[NS]N['’]?T\b")
""" "We're NOT renting it"."""
_MONTH = r"(?:jan(?:uar\w*)?|feb(?:ruar\w*)?|m(?:arch|ärz)|april|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(
            rf"\b\d{{1,2}}(?:st|nd|rd|th)\b|\b\d{{1,2}}\.?(?=\s+(?:de\s+)?{_MONTH}\b)|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?![:.,]?\d)|(?:(?<=\bde[rnm]\s)|(?<=\b[el][le]\s))\d{{1,2}}\b|\d{{1,2}}(?=[号日])",
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
"""What takes another value when something changes, the narrowest kind first."""
_SMALL = frozenset(("the", "and", "for", "now", "but", "not", "all", "its"))
"""Words beside a number that tell nothing of what it counts."""
_UNIT = re.compile(r"\s?(?P<unit>[^\W\d_]+|[%€£$°])")
_CALLED = re.compile(r"(?P<unit>[^\W\d_]{3,})\s$")
"""What stands behind a number, and before it."""
CHOSEN = re.compile(r"(?P<name>[^\W\d_]+)\s+it\s+is\b(?!\s+(?:too|so|very|not|a|an|the)\b)", re.I)
""" "So Slovenia it is"."""
GONE = r"(?:not|never)\s+(?:on\s+|at\s+|the\s+)?{0}(?![\d.:,]*\d)|(?<![\d.:,]){0}(?:st|nd|rd|th)?\s+(?:is|was|are)\s+(?:gone|off|out|dead|taken|full)\b"
"""How a value is named that holds no longer."""
TURNS = re.compile(
    r"\b(?:wait|actually|instead|not|now|no|nor|changed?|changes|moved?|moves|postponed?|cancel\w*|swap\w*|shifted|pushed|later|earlier|after\s+all|only|rather|"
    r"correction|sorry|h[oa](?:ld|ng)\s+on|you['’]re\s+right|scrapped|turns\s+out|forget|from\s+now\s+on|gone|decided|checked|it\s+is\s+then|thought\s+again|make\s+(?:it|that)|back\s+to|yet|then(?=\s*(?:[,.;!]|$)|\s+it)|"
    r"doch|erst|nicht|statt|verschoben|ni|mejor|entonces|razón|cambi\w*|finalement|plutôt|en\s+fait|anzi|invece|spostat\w*|afinal|mudou|mudei)\b|n['’]t\b|[改换不]",
    re.I,
)
"""Words with which something is told that was otherwise."""
TAKES_UP = re.compile(
    r"(?:(?:oh|hm+|ok|ah|no|uy|uh|ugh|alright|right)[,.!]?\s+)*(?:wait|hold\s+on|hang\s+on|correction|scratch\s+that|not|espera|attends|warte?|wart\s+mal|doch|(?:then|so)\s+(?:it['’]?s|it\s+is))\b",
    re.I,
)
"""How a turn begins that comes back to what was said before."""
CORRECTS = re.compile(r"(?:\w+,?\s+)?(?:correction|changed|change\s+of\s+plans?)\b", re.I)
SAYS_SO = re.compile(
    r"\b(?:change\s+of\s+plans?|changed(?!\s+my\s+mind)|correction|postponed|moved\s+to|instead|scrap|new\s+plan|not\s+any\s?more)\b",
    re.I,
)
"""How something is announced that is otherwise now, whatever its value."""
FORGET_IT = re.compile(
    r"\b(?:forget\s+(?:it|that)|never\s?mind|cancel\s+that|scrap\s+that|leave\s+it(?:\s+at|$))\b", re.I
)
CALLED_OFF = re.compile(
    r"\b(?:cancell?ed|called\s+off|postponed|swapped|fell\s+through|backed\s+out|overruled|no\s+longer|not\s+any\s?more|(?:is|are|was|were|all)\s+off|changed\s+(?:my|his|her|their|our)\s+minds?|didn['’]?t\s+get)\b",
    re.I,
)
OBJECTS = re.compile(
    r"(?:(?:er|um|but|well|mate|lol|haha\w*|oh),?\s+)*(?:no+(?:pe)?|nah|don['’]?t|never|wrong|twice|you\s+(?:can['’]?t|will\s+not|won['’]?t|shouldn['’]?t)|(?:that|it)(?:['’]s|\s+is)\s+not|not\s+true)\b"
    r"(?!,?\s+(?:worries|problem|way|idea|need|doubt|kidding|one\b))",
    re.I,
)
GIVES_IN = re.compile(
    r"(?:(?:a+h+|o+h+|hm+|ugh|god|damn)[,.!]?\s+)*(?:a+h+|ok(?:ay)?|alright|all\s+right|fine|fair|true|right|you(?:['’]re|\s+are|\s+were)\s+right|good\s+(?:point|job|thing)|does\s+s?he|did\s+i|point\s+taken)\b",
    re.I,
)
CONCEDES = re.compile(r"\b(?:you\s+were\s+right|i\s+was\s+wrong|i\s+take\s+(?:it|that)\s+back|point\s+taken)\b", re.I)
DENIES = re.compile(r"\b(?:nicht|kein\w*|pas|não|non)\b|[不没]", re.I)
"""As `words.denies`, of other languages."""
_OPEN_ENDED: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:pay|pays|paying|owes?|owed|unpaid|deposit|refund|invoice|not\s+paid|n['’]t\s+(?:paid|given|sent))\b",
        r"\b(?:paid|refunded|money(?:['’]s|\s+is)?\s+(?:back|here|in|arrived|came))\b",
    ),
    (
        r"\b(?:(?:not|never|n['’]t)\s+(?:\w+\s+)?(?:told|tell)|have\s+to\s+tell|must\s+tell|nobody\s+knows|doesn['’]?t\s+know|tell\s+\w+\s+(?:tomorrow|tonight|on|soon))\b",
        r"\b(?:told\s+(?!no|any)\w+|(?:he|she|they)\s+(?:already\s+)?kn(?:ow|ew)s?)\b",
    ),
    (
        r"\b(?:lost|missing|disappeared|vanished|can['’]?t\s+find|gone|ran\s+(?:off|away)|escaped)\b",
        r"\b(?:found\s+(?:it|him|her|them|the|my)|turned\s+up|(?:is|['’]s)\s+back)\b",
    ),
    (
        r"\b(?:looked\s+at|looking\s+(?:at|for)|want\s+to\s+(?:book|buy|get)|thinking\s+(?:of|about)|going\s+to\s+(?:book|buy|order|apply|ask)|have\s+to\s+(?:book|buy|order|ring|call)|need\s+to\s+(?:book|buy|order|ring|call)|should\s+(?:book|buy))\b",
        r"\b(?:booked|bought|ordered|applied|rang|called|signed)\s+(?:it|them|him|her|the|a|an|one|two)\b",
    ),
)
OPEN_ENDED = tuple((re.compile(is_open, re.I), re.compile(done, re.I)) for is_open, done in _OPEN_ENDED)
"""What is still to come of something, and how it is told that it came: a debt, a secret, a loss, a purchase."""
DID = re.compile(
    r"(?:(?:i|done|both|all|yes|ok|right)[:,.]?\s+(?:['’]ve\s+|have\s+)?)?(?:now\s+)?(?:set|changed|moved|fixed|added|removed|replaced|switched|renamed|raised|lowered|pinned|dropped|reverted|rewrote|updated|put|turned|capped|limited)\b(?!\s+(?:of|up)\b)",
    re.I,
)
"""How an assistant tells what it changed."""
SETTLED = re.compile(
    r"^(?:\w+\W+){0,3}(?:works|working)\b|\b(?:works?\s+(?:now|again|on|with)|fixed|solved|sorted|green|pass(?:es|ed)|gone|stopped|stable|finished|paid|refunded|case\s+closed|succeed(?:s|ed)|back\s+up|up\s+again)\b"
    r"|\b(?:no|zero|0|none|without)\s+(?:more\s+)?(?:fail\w*|errors?|crash\w*|reboots?|restarts?|resets?|nans?|warnings?)\b",
    re.I,
)
"""How somebody says that something is well."""
TROUBLE = re.compile(
    r"\b(?:fail\w*|br[eo]ke\w*|crash\w*|errors?|dies?|died|dead|hangs?|hung|stuck|slow|wrong|red|flaky|flak\w*|reboots?|resets?|restarts?|oom\w*|garbage|missing|empty|zeros?|nan|"
    r"leak\w*|beep\w*|off\s+by|not\s+(?:work\w*|reach\w*|load\w*|found|start\w*)|hasn['’]?t|don['’]?t|doesn['’]?t|won['’]?t|can['’]?t|takes?\s+\d+|comes?\s+out|higher|twice|bug|trouble|problem)\b",
    re.I,
)
SET_ASIDE = re.compile(r"\bfrom\s+now\s+on\b|^[\"“'‘]", re.I)
"""What settles nothing that was: what is promised, and what is drafted in somebody's name."""
EXCEPTS = re.compile(r"\b(?:may|can|except|unless|exception|allowed|apart\s+from|only)\b", re.I)
""""Recipes may go over three sentences": what makes an exception of a rule."""


def _month_of(date: re.Match[str]) -> str:
    """What is left of a date: its month, where it has one."""
    return f" {date[0].split()[0]} " if len(date[0].split()) > 1 else " "


def values(text: str) -> dict[str, frozenset[str]]:
    """The values of each kind; what is part of a date or a time is no number besides."""
    found: dict[str, frozenset[str]] = {}
    for kind, pattern in _KINDS:
        of_kind = [match[0].casefold().rstrip(".,:") for match in pattern.finditer(text)]
        if kind in ("day", "month"):
            of_kind = [value[:3] for value in of_kind]
        else:
            of_kind = [value.rstrip("sthndr").split()[-1] for value in of_kind]
            text = pattern.sub(_month_of if kind == "date" else " ", text)
        found[kind] = frozenset(of_kind)
    spelt = {_NUMBER_WORDS[word] for word in words(text) if word in _NUMBER_WORDS}
    return found | {"number": found["number"] | spelt}


def units(text: str) -> set[str]:
    """The stems of the words right beside the numbers."""
    found = [
        unit
        for match in _KINDS[-1][1].finditer(text)
        for unit in (_UNIT.match(text, match.end()), _CALLED.search(text, 0, match.start()))
    ]
    return {stem(unit["unit"].casefold()) for unit in found if unit is not None} - _SMALL
