"""How a memory says whose words it holds, and what they go on from: the forms that are written and read back. Pure.

Dana, 3 May 2026: "I moved to Ghent"                        quoted
Dana said on 3 May 2026: no milk for them                   retold
... (in answer to "Do you take milk?")                      behind either
... (after Dana showed "[photo: two cups]")                 the same, of a picture
... (later Dana said "Milk after all")                      behind all that
"""

from __future__ import annotations

import re

SAID, NOTED, SHOWED = "said", "noted", "showed"
"""What somebody did with words that are retold; of what stands in brackets for a picture, "showed"."""
ANSWERING, FOLLOWING, LATER = "in answer to", "after", "later"
"""What stands before the words that others go on from: "in answer to" a question, "after" somebody "said" something;
and before what somebody "later" said, which may have changed it."""
_DAY = r"\d{1,2} \w+ \d{4}"
_BEHIND = rf'(?P<behind>(?: \((?:{ANSWERING}|(?:{FOLLOWING}|{LATER}) [^"]+ (?:{SAID}|{SHOWED})) "[^"]*"\)){{1,4}})'
QUOTED = re.compile(rf'^(?P<speaker>[^,"]+), (?P<date>{_DAY}): "(?P<words>.*?)"{_BEHIND}?$', re.DOTALL)
RETOLD = re.compile(
    rf'^(?P<speaker>[^,:"]+) (?:{SAID}|{NOTED}) on (?P<date>{_DAY}): (?P<words>.+?)\.?{_BEHIND}?\.?$',
    re.DOTALL,
)
_FULL_DAY = re.compile(r"\b\d{1,2} (?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)\w* \d{4}\b")
_SAID_THAT = re.compile(rf"^(?P<speaker>[^,:\"]+) (?:{SAID}|{NOTED}) on {_DAY} that ")
_DAY_AT_END = re.compile(rf" \({_DAY}\)\.$")
_AT_END = re.compile(rf"{_BEHIND}(?=\.?$)")


def goes_on_from(content: str, words: str, said_by: str = "", *, is_later: bool = False, is_shown: bool = False) -> str:
    """``content`` with other ``words`` behind it: a question, or what ``said_by`` said or showed before, or later."""
    did = SHOWED if is_shown else SAID
    led = f"{LATER if is_later else FOLLOWING} {said_by} {did}" if said_by else ANSWERING
    stop = "." if content.endswith(".") else ""
    return f'{content.removesuffix(".")} ({led} "{words}"){stop}'


def own_words(content: str) -> str:
    """``content`` without what it goes on from."""
    return _AT_END.sub("", content)


def dated(statement: str, speaker: str, day: str, *, is_note: bool = False) -> str:
    """A ``statement`` of ``speaker`` with the ``day`` it was made, unless it tells of one: what is so may be over."""
    head = f"{speaker} says that "
    if statement.startswith(head):
        return f"{speaker} {NOTED if is_note else SAID} on {day} that {statement.removeprefix(head)}"
    if _FULL_DAY.search(statement):
        return statement
    return f"{statement.removesuffix('.')} ({day})."


def behind(content: str) -> str:
    """What stands behind ``content`` for what it goes on from, with the space before it; empty where nothing does."""
    found = _AT_END.search(content)
    return found[0] if found else ""


def undated(content: str) -> str:
    """``content`` as it was before `dated`."""
    return _DAY_AT_END.sub(".", _SAID_THAT.sub(r"\g<speaker> says that ", content))
