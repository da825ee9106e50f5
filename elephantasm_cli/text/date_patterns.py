"""The one regular expression that finds date expressions, and the cheap test that spares most texts from it.

Each alternative of `EXPRESSION` is a named group; ``match.lastgroup`` tells which one matched.
"""

from __future__ import annotations

import re

from elephantasm_cli.text.periods import MONTHS, WEEKDAYS

_ABBREVIATIONS = {"sept": 9} | {name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)}
_FOREIGN = {
    "januar": 1, "februar": 2, "märz": 3, "mai": 5, "juni": 6, "juli": 7, "oktober": 10, "dezember": 12, "janvier": 1,
    "février": 2, "mars": 3, "avril": 4, "juin": 6, "juillet": 7, "août": 8, "septembre": 9, "octobre": 10,
    "novembre": 11, "décembre": 12,
}  # fmt: skip
MONTH_NUMBERS: dict[str, int] = (
    {name.casefold(): number for number, name in enumerate(MONTHS, 1)} | _ABBREVIATIONS | _FOREIGN
)
"""Month names and abbreviations, casefolded, without a dot."""

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "a couple": 2, "a couple of": 2,
    "couple": 2, "couple of": 2,
}  # fmt: skip
_VAGUE = {"few": 3, "a few": 3, "several": 4}

_N = (
    r"(?:a\ few|several|few|a\ couple(?:\ of)?|couple(?:\ of)?|an?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|fifteen|twenty|thirty|\d{1,3})"
)
_ADVERBS = ("about", "around", "almost", "nearly", "roughly", "just", "maybe", "like")
_UNIT = r"(?:days?|weeks?|wks?|months?|years?|weekends?|decades?)"
_FULL_MONTH = "|".join(name.casefold() for name in MONTHS)
_DOTTED = rf"(?:{'|'.join(_ABBREVIATIONS)})\b(?:\.(?=\ ?[\d,]))?"
_EN_MONTH = rf"(?:(?:{_FULL_MONTH})\b|{_DOTTED})"
_ANY_MONTH = rf"(?:(?:{_FULL_MONTH}|{'|'.join(_FOREIGN)})\b|{_DOTTED})"
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_SHORT_DAY = r"(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)"
_PART = r"(?:morning|afternoon|evening|night)"
_YEAR = r"(?:19|20)\d\d"
_PREPOSITION = r"(?:in|since|until|till|by|before|after|from|during|of|around|early|late|mid)"
_SPELLED = "|".join(word for word in _NUMBERS if len(word) > 2 and " " not in word)
_GUARD = "|".join(
    [r"\d", "yest", "tod", "tom", "ton", "this\\ ", "last\\ ", "next\\ ", "past\\ ", "day\\ ", r"the\ (?:d|w|m|y|\d)"]
    + ["vorg", "gest", "heut", "über", "morg", "avan", "hier", "aujo", "aprè", "dema", "few", "several", "couple"]
    + [r"an?\ (?:few|coup|d|w|m|y)", r"in\ (?:a|few|sev|coup)", _SPELLED, *(rf"in\ (?:{_SPELLED}|\d)",)]
    + [rf"{adverb}\ (?:a|few|sev|coup|{_SPELLED}|\d)" for adverb in _ADVERBS]
    + [name[:3] for name in MONTH_NUMBERS]
    + [name[:3] for name in WEEKDAYS]
    + ["spr", "sum", "fal", "aut", "win"]
    + [rf"{word}\ (?:[jfmasond]|19|20)" for word in _PREPOSITION[3:-1].split("|")]
)
"""How every expression begins: literals, of which the engine rules out most by their first letter."""

EXPRESSION = re.compile(
    rf"""\b(?<![/\\.-])(?={_GUARD})(?:
    (?P<fixed>(?:the\ )?day\ (?:before\ yesterday|after\ tomorrow)
      |(?:yesterday|tomorrow)(?:\ (?P<part>{_PART}))?|today|tonight
      |this\ (?:morning|afternoon|evening)|last\ (?:night|evening)
      |vorgestern|gestern|heute|übermorgen|morgen|avant-hier|hier|aujourd['’]hui|après-demain|demain)\b
    |(?P<ago>(?:(?:{"|".join(_ADVERBS)})\ )?(?P<ago_n>{_N})\ (?P<ago_unit>{_UNIT})\ ago)\b
    |(?P<ahead>in\ (?:about\ )?(?P<in_n>{_N})\ (?P<in_unit>{_UNIT})(?:['’]?\ time)?(?!\ (?:of|later|ago|and|instead)\b)
      |(?P<from_now>(?P<now_n>{_N})\ (?P<now_unit>{_UNIT})\ from\ now))\b
    |(?P<before_last>(?:the\ )(?P<before_unit>week|weekend|month|year)\ before\ last)\b
    |(?P<named>(?P<which>this\ past|this\ coming|last|next|this|past)\ (?P<name>weekend|week|wk|month|year|yr
      |spring|summer|fall|autumn|winter|{_WEEKDAY}|{_SHORT_DAY}|{_EN_MONTH}))(?!\w|,?\ {_YEAR}|\ \d)
    |(?P<numeric>{_YEAR}-\d\d-\d\d|{_YEAR}/\d\d?/\d\d?|\d\d?[/.]\d\d?[/.]{_YEAR})(?![\d/-])
    |(?P<day_month>(?:{_WEEKDAY},?\ )?(?:the\ )?(?P<day_day_month>[0-3]?\d)(?:st|nd|rd|th|\.)?\ (?:of\ )?
      (?P<month_day_month>{_ANY_MONTH})(?:,?\ (?P<year_day_month>{_YEAR})(?!\d))?)(?!\w)
    |(?P<month_day>(?:{_WEEKDAY},?\ )?(?P<month_month_day>{_EN_MONTH})\ (?:the\ )?(?P<day_month_day>[0-3]?\d)
      (?:st|nd|rd|th)?(?:(?:\ ?[-–]\ ?|\ to\ )(?P<until_month_day>[0-3]?\d)(?:st|nd|rd|th)?)?
      (?:,?\ (?P<year_month_day>{_YEAR})(?!\d))?)
      (?![\d:.]\d|\w)
    |(?P<my>(?P<month_my>{_ANY_MONTH}),?\ (?:of\ )?(?P<year_my>{_YEAR}))(?!\w)
    |(?P<season>(?P<season_name>spring|summer|fall|autumn|winter)\ (?:of\ |in\ )?(?P<season_y>{_YEAR}))\b
    |(?P<of_month>{_PREPOSITION}\ (?P<month>{_EN_MONTH}))
      (?!\w|,?\ (?:of\ )?{_YEAR}|\ (?:the\ )?\d)
    |(?P<of_year>{_PREPOSITION}\ (?P<year>{_YEAR}))
      (?![\w/:-]|\.\d|\ (?!was\b|is\b|has\b|as\b|its\b|this\b|us\b)[a-z]+s\b)
    |(?P<weekday>(?P<weekday_name>{_WEEKDAY})(?:\ (?P<weekday_part>{_PART}))?)\b(?!\ {_PART}s\b)
    )""",
    re.VERBOSE,
)
"""Works on `lowered` text: matching without regard to case costs several times as much."""

_DIGIT = re.compile(r"\d")
_HINTS = (
    "ay", "ago", "week", "wk", "month", "year", " yr", "decade", "tonight", "last ", "next ", "this ", "tomorrow",
    "uary", "arch", "pril", "june", "july", "ugust", "ember", "tober", "estern", "heute", "orgen", "hier", "hui",
    "demain",
)  # fmt: skip


def may_name_a_date(text: str) -> bool:
    """A quick test without false negatives: whether `EXPRESSION` could match in ``text`` at all."""
    if _DIGIT.search(text):
        return True
    small = text.lower()
    return any(hint in small for hint in _HINTS)


def lowered(text: str) -> str:
    """``text`` in lower case with every character at its old offset."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(one if len(one := char.lower()) == 1 else char for char in text)


def amount(words: str) -> tuple[int, bool]:
    """The number that the lower-case ``words`` of an expression say, and whether it is only rough ("a few" is 3)."""
    if words.isdigit():
        return int(words), False
    if words in _VAGUE:
        return _VAGUE[words], True
    return _NUMBERS[words], False
