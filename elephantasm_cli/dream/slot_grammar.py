"""The turns of phrase that set a slot, each with what it builds: who, which attribute, which value. Pure."""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from elephantasm_cli.dream.claims import stems


@dataclass(frozen=True, slots=True)
class Slot:
    """Casefolded and normalised; ``polarity`` False denies. ``subject`` is a person, or the author for their world.

    ``attribute`` begins with its kind: "use" and "do" hold many values at once, every other kind holds one.
    """

    subject: str
    attribute: str
    value: str
    polarity: bool = True

    @property
    def is_single(self) -> bool:
        """Whether only one value can hold at a time."""
        return not self.attribute.startswith(("use:", "do:"))


_WHO = r"(?P<who>(?-i:I|[A-Z][\w-]*)|we|the\s+(?:user|team)|(?-i:[A-Z][\w-]*)['’]s\s+team|our\s+team)"
_ADVERB = r"(?:(?:now|currently|still|always|usually|mostly|only|already|just|finally)\s+)*"
_END = r"(?=\s*(?:[,.;:!?()]|$)|\s+(?:because|since|so|and|but|now|instead|by\s+the\s+way|from\s+now|with|which|though|although|these\s+days|again|any\s?more)\b)"
_VALUE = r"(?P<value>[^,;:!?()]+?)"
_NOUNS = r"(?P<what>[\w./'’-]+(?:\s+(?:(?:with|of|for|in|to)\s+)?[\w./'’-]+){0,4}?)"
_DATE = r"(?P<value>(?:the\s+)?[^,;:!?()]*?(?:\d|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december)[^,;:!?()]*?)"
_SETTING = (
    r"line\s+length|indentation|pool\s+size|page\s+size|batch\s+size|timeout|port|retention\s+period|max_\w+|min_\w+|"
    r"\w+_(?:size|limit|timeout|years|days|count|port)"
)
_FUNCTIONAL = (
    r"name|deadline|birthday|age|email|address|phone\s+number|language|database|editor|framework|version|time\s?zone|city|"
    rf"job|title|employer|limit|default\s+\w+|branch|licen[cs]e|budget|{_SETTING}"
)


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.I | re.X)


def _subject(who: str, author: str) -> str:
    """The person a pronoun or name stands for; "we" and a person's team are that person's world."""
    plain = re.sub(r"['’]s(?:\s+team)?$", "", who.strip(), flags=re.I).casefold()
    return author.casefold() if plain in ("i", "we", "my", "our", "the user", "the team", "our team") else plain


def _norm(text: str) -> str:
    """The telling stems of a value in order; signs such as flags keep their form."""
    tokens = [token if token.startswith("-") else " ".join(stems(token)) for token in text.split()]
    return " ".join(token for token in tokens if token)


def _is_name(who: str, author: str) -> bool:
    """Whether a capitalised subject is plausibly a person: the author, or no word that merely begins the sentence."""
    return (
        who.casefold() in ("i", "we", "the user", "the team", "our team")
        or bool(stems(who))
        or who.casefold() == author.casefold()
    )


def _personal(attribute: str) -> Callable[[re.Match[str], str], Iterator[Slot]]:
    """Slots of a person: where they live, whom they work for."""

    def build(match: re.Match[str], author: str) -> Iterator[Slot]:
        value = _norm(match["value"])
        if value and _is_name(match["who"], author):
            yield Slot(_subject(match["who"], author), attribute, value)

    return build


def _used(match: re.Match[str], author: str) -> Iterator[Slot]:
    """ "We use X [for Y]": X is in use, and for Y it is X."""
    if not _is_name(match["who"], author):
        return
    subject, value = _subject(match["who"], author), _norm(match["value"])
    denied = bool(match["no"])
    if not value:
        return
    yield Slot(subject, f"use:{value}", value, not denied)
    purpose = _norm(match["purpose"] or "")
    if purpose and not denied:
        yield Slot(subject, f"for:{purpose}", value)


def _dropped(match: re.Match[str], author: str) -> Iterator[Slot]:
    """ "No longer use X", "dropped X", "switched from X to Y"."""
    groups = match.groupdict()
    subject = _subject(groups.get("who") or "I", author)
    old, new = _norm(groups.get("old") or ""), _norm(groups.get("value") or "")
    if old:
        yield Slot(subject, f"use:{old}", old, False)
    if new:
        yield Slot(subject, f"use:{new}", new, True)


def _attribute(match: re.Match[str], author: str) -> Iterator[Slot]:
    """ "My / our / Dana's / the A is V" for attributes that hold one value."""
    owner, value = match["owner"], _norm(match["value"])
    if value:
        subject = _subject(re.sub(r"^(?:the|a)\s*$", "I", (owner or "I").strip(), flags=re.I), author)
        yield Slot(subject, f"is:{_norm(match['what'])}", value)


def _dated(match: re.Match[str], author: str) -> Iterator[Slot]:
    """ "The pilot starts on 14 April", "the pilot has moved to 20 April"."""
    what, value = _norm(re.sub(r"^(?:the|our|my)\s+", "", match["what"], flags=re.I)), _norm(match["value"])
    if what and value:
        yield Slot(author.casefold(), f"date:{what}", value)


def _counted(match: re.Match[str], author: str) -> Iterator[Slot]:
    """ "Keep invoices for 10 years", "the pool has 10 connections"."""
    what = _norm(re.sub(r"^(?:the|our|my|all)\s+", "", match["what"], flags=re.I))
    unit = " ".join(stems(match["unit"]))
    if what:
        yield Slot(author.casefold(), f"count:{what} {unit}".strip(), match["value"].replace(",", ""))


def _flags(match: re.Match[str], author: str) -> Iterator[Slot]:
    """ "Run pytest with -x -q"."""
    tool = _norm(match["what"])
    if tool:
        yield Slot(author.casefold(), f"flags:{tool}", " ".join(sorted(match["value"].split())), not match["no"])


def _preferred(match: re.Match[str], author: str) -> Iterator[Slot]:
    """ "I prefer X over Y"."""
    chosen, rejected = _norm(match["value"]), _norm(match["other"])
    if chosen and rejected and _is_name(match["who"], author):
        yield Slot(_subject(match["who"], author), "prefer:" + " | ".join(sorted((chosen, rejected))), chosen)


_CHOOSER = re.compile(r"^(?!Please\b)(?P<who>[A-ZÄÖÜÉ][\w-]+)\s+(?:\w+\s+){0,2}$")


def _chosen(attribute: str, options: tuple[str, ...]) -> Callable[[re.Match[str], str], Iterator[Slot]]:
    """Slots of a choice of which only one can hold; the value is the option that matches."""

    def build(match: re.Match[str], author: str) -> Iterator[Slot]:
        chooser = _CHOOSER.search(match.string[: match.start()])
        if chooser and chooser["who"].casefold() != author.casefold() and stems(chooser["who"]):
            return
        value = next(option for option in options if re.fullmatch(option, match["value"], re.I))
        yield Slot(author.casefold(), f"is:{attribute}", re.sub(r"\W+.*", "", value), not match["no"])

    return build


def _done(match: re.Match[str], author: str) -> Iterator[Slot]:
    """ "Always V O", "never V O"."""
    action, who = _norm(match["value"]), match["who"]
    if len(action.split()) >= 2 and (who is None or _is_name(who, author)):
        yield Slot(author.casefold(), f"do:{action}", action, match["how"].casefold() == "always")


_CHOICES = (
    ("indentation", (r"tabs", r"spaces")),
    ("quotes", (r"single[\s-]quot\w+", r"double[\s-]quot\w+")),
    (
        "commit style",
        (
            r"conventional\s+commits?(?:\s+messages?)?",
            r"gitmoji",
            r"plain(?:\s+imperative)?\s+commit(?:s|\s+messages?)",
        ),
    ),
    ("spelling", (r"british\s+(?:english|spelling)", r"american\s+(?:english|spelling)")),
    ("units", (r"metric(?:\s+units)?", r"imperial\s+units")),
    ("theme", (r"dark\s+(?:mode|theme)", r"light\s+(?:mode|theme)")),
)
"""Standing choices that people make for their agents and tools, and the options that exclude each other."""
_CHOOSE = (
    r"\b(?P<no>(?:no\s+longer|not|don['’]t|doesn['’]t|never|stop|quit)\s+)?"
    r"(?:use|using|uses|write|writing|writes|prefer|prefers|want|wants|like|likes|(?:indent|indents|format|formats)\s+with|switched\s+to|go\s+with|stick\s+(?:to|with))"
    r"\s+(?:(?:only|always|just|the|all|\d|two|four|eight)\s+)*"
)

GRAMMAR: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Iterator[Slot]]], ...] = (
    (_pattern(rf"\b{_WHO}\s+{_ADVERB}(?:lives?|am\s+living|is\s+living|moved|(?<=\bI\s)have\s+(?:just\s+)?moved)\s+(?:in|to)\s+(?P<value>(?-i:[A-Z])[^,;:!?()]*?){_END}"), _personal("lives")),
    (_pattern(rf"\b{_WHO}\s+{_ADVERB}works?\s+(?:at|for)\s+(?P<value>(?-i:[A-Z])[^,;:!?()]*?){_END}"), _personal("employer")),
    (_pattern(r"\b(?P<who>my|(?-i:[A-Z][\w-]*)['’]s)\s+name\s+is\s+(?P<value>(?-i:[A-Z])[\w-]*)"), _personal("is:name")),
    (
        _pattern(
            rf"\b{_WHO}\s+{_ADVERB}(?P<no>(?:no\s+longer|don['’]t|do\s+not|doesn['’]t|does\s+not|never)\s+)?uses?\s+"
            rf"(?P<value>[^,;:!?()]+?)(?:\s+for\s+(?P<purpose>[^,;:!?()]+?))?{_END}"
        ),
        _used,
    ),
    (_pattern(rf"\b{_WHO}\s+(?:have\s+|has\s+|just\s+|['’]ve\s+)*stop(?:ped)?\s+using\s+(?P<old>[^,;:!?()]+?){_END}"), _dropped),
    (_pattern(rf"\b(?:we|I)(?:['’]re|['’]m|\s+are|\s+am)\s+dropping\s+(?P<old>[^,;:!?()]+?){_END}"), _dropped),
    (_pattern(rf"\b{_WHO}\s+(?:have\s+|has\s+|just\s+)*dropped\s+(?P<old>(?-i:[A-Z])[^,;:!?()]*?){_END}"), _dropped),
    (_pattern(rf"\b{_WHO}\s+(?:have\s+|has\s+|just\s+)*threw\s+(?P<old>[^,;:!?()]+?)\s+out\b"), _dropped),
    (
        _pattern(rf"\b{_WHO}\s+(?:have\s+|has\s+|just\s+)*(?:switched|migrated|changed)\s+(?:from\s+(?P<old>[^,;:!?()]+?)\s+)?to\s+(?P<value>[^,;:!?()]+?){_END}"),
        _dropped,
    ),
    (_pattern(rf"\b{_WHO}\s+(?:have\s+|has\s+|just\s+)*replaced\s+(?P<old>[^,;:!?()]+?)\s+(?:with|by)\s+(?P<value>[^,;:!?()]+?){_END}"), _dropped),
    (
        _pattern(
            rf"(?:^|\b(?P<owner>my|our|the|(?-i:[A-Z][\w-]*)['’]s)\s+)(?P<what>(?:favou?rite\s+\w+(?:\s\w+)?|{_FUNCTIONAL}))\s+"
            rf"(?:is|are|was\s+changed\s+to|becomes)\s+(?:now\s+)?(?!not\b|too\b|very\b|wrong\b|fine\b|set\b){_VALUE}{_END}"
        ),
        _attribute,
    ),
    (_pattern(rf"\b(?P<owner>)(?P<what>{_SETTING})\s+(?:of|at)\s+(?P<value>\d[\d.,]*)(?=\s*(?:[,.;:!?()]|$)|\s)"), _attribute),
    (
        _pattern(rf"\b(?:raise|raised|lower|lowered|set|increase|increased|change|changed)\s+(?:the\s+)?(?P<owner>)(?P<what>{_FUNCTIONAL})\s+(?:from\s+\S+\s+)?to\s+(?P<value>[\d.,]*\d)"),
        _attribute,
    ),
    (
        _pattern(rf"(?:^|\bthe\s+|\bour\s+|\bmy\s+){_NOUNS}\s+(?:starts|begins|(?:start|begin)(?=\s+(?:on|in)\b)|is\s+due|launches|opens|is\s+scheduled\s+for|goes\s+live|has\s+(?:been\s+)?moved)\s+(?:on|in|to)?\s*{_DATE}{_END}"),
        _dated,
    ),
    (_pattern(r"\b(?:keep|retain|store)s?\s+(?P<what>[\w-]+(?:\s+[\w-]+){0,2}?)\s+for\s+(?P<value>[\d,]+)\s+(?P<unit>years?|months?|weeks?|days?|hours?)\b"), _counted),
    (
        _pattern(r"(?P<what>[\w-]+(?:\s+[\w-]+){0,2}?)\s+(?:must|have\s+to|has\s+to|need\s+to|are\s+to)\s+be\s+(?:kept|retained|stored)\s+for\s+(?P<value>[\d,]+)\s+(?P<unit>years?|months?|weeks?|days?|hours?)\b"),
        _counted,
    ),
    (_pattern(r"\b(?:the|our|my)\s+(?P<what>[\w-]+(?:\s+[\w-]+)?)\s+(?:(?:in|of|at)\s+[\w./-]+\s+)?(?:now\s+)?(?:has|allows|holds)\s+(?:now\s+)?(?P<value>\d[\d,]*)\s+(?P<unit>[a-z]+)"), _counted),
    (_pattern(r"\b(?:raised?|lowered?|set|increased?|reduced?)\s+(?:the|our|my)\s+(?P<what>[\w-]+(?:\s+[\w-]+)?)\s+(?:from\s+\d+\s+)?to\s+(?P<value>\d[\d,]*)\s+(?P<unit>[a-z]+)"), _counted),
    (_pattern(r"(?P<no>\b(?:stop|don['’]t|do\s+not|never|no\s+longer)\s+)?\brun(?:s|ning)?\s+(?P<what>[\w./-]+)\s+with\s+(?P<value>--?[\w=-]+(?:\s+--?[\w=-]+)*)"), _flags),
    (
        _pattern(rf"\b{_WHO}\s+(?:really\s+|much\s+|always\s+|still\s+)*prefers?\s+(?P<value>[^,;:!?()]+?)\s+(?:over|to|rather\s+than|instead\s+of)\s+(?P<other>[^,;:!?()]+?){_END}"),
        _preferred,
    ),
    *((_pattern(rf"{_CHOOSE}(?P<value>{'|'.join(options)})\b"), _chosen(attribute, options)) for attribute, options in _CHOICES),
    (_pattern(rf"(?:^|\bplease\s+|\b{_WHO}\s+)(?P<how>always|never)\s+(?P<value>\w[^,;:!?()]*?)(?=\s*(?:[,.;:!?()]|$))"), _done),
)  # fmt: skip
"""Each pattern with what it builds."""
