"""Whether a later statement takes the place of an earlier one, by their words alone.

Three ways: both fill one slot with different values (`slots`); the later one names what no longer holds, and the earlier
one says it ("not 500", "X is gone", "we stopped doing Y"); or both say the same of the same thing but for a value, and the
later one announces a change. Nobody ends what another person said of themselves; what belongs to nobody in particular
("the deadline") anybody may correct who says that it changed.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from elephantasm_cli.dream.claims import stem
from elephantasm_cli.dream.frames import SELF, Frame, folded, frames_in
from elephantasm_cli.dream.pairs import are_apart
from elephantasm_cli.dream.slots import conflict, slots_in
from elephantasm_cli.text.words import denies


@dataclass(frozen=True, slots=True)
class Ended:
    """What a statement says holds no longer. ``kind``: "value" (another one has its place), "thing" (it is not used or
    there any more) or "doing" (what the subject did or was)."""

    kind: str
    text: str
    stems: frozenset[str]
    named: bool


_STOP = r"(?=\s*(?:[,.;:!()]|$)|\s+(?:and|but|because|since|so|for\s+good|any\s?more|at\s+all|now|from\s+now|with|by|to|is|are|instead|altogether|completely|already|then|these\s+days)\b)"
_HAVE = r"(?:have\s+|has\s+|just\s+|['’]ve\s+|finally\s+|now\s+)*"
_ENDINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(expression, re.I))
    for kind, expression in (
        (
            "value",
            r"(?:,\s*|\band\s+|\bbut\s+|\s)not\s+(?:at\s+|in\s+|on\s+|the\s+)?(?P<old>[^,;:.!?()]+?(?:[.:]\d+)*)(?=\s*(?:[,;:!()]|\.(?:\s|$)|$|\bany))",
        ),
        (
            "value",
            r"\b(?:instead\s+of|rather\s+than)\s+(?:at\s+|in\s+|on\s+)?(?P<old>[^,;:!?()]+?)(?=\s*(?:[,;:!()]|\.(?:\s|$)|$))",
        ),
        (
            "value",
            r"\b(?:it|that|which|this)\s+(?:used\s+to\s+be|was)\s+(?:called\s+)?(?P<old>[^,;:!?()]+?)(?=\s*(?:[,;:!()]|\.(?:\s|$)|$)|\s+before\b|\s+until\b)",
        ),
        (
            "value",
            r"\b(?:formerly|previously|(?:up|down)\s+from)\s+(?P<old>[^,;:!?()]+?)(?=\s*(?:[,;:!()]|\.(?:\s|$)|$))",
        ),
        (
            "value",
            r"\b(?:changed|raised|lowered|extended|moved|increased|reduced|postponed|renamed|shifted|goes|went|gone\s+\w+)\b[^,;:.!?]*?\bfrom\s+(?P<old>[^,;:!?()]+?)\s+to\b",
        ),
        (
            "thing",
            rf"\b(?:switch(?:ed|ing)|migrat(?:ed|ing)|mov(?:ed|ing))\s+(?:(?:the|our|my)\s+\w+(?:\s+\w+)?\s+)?(?:over\s+|away\s+)?from\s+(?P<old>[^,;:.!?()]+?){_STOP}",
        ),
        ("thing", rf"\b{_HAVE}replac(?:ed|es|ing)\s+(?P<old>[^,;:.!?()]+?){_STOP}"),
        (
            "thing",
            r"^(?P<old>[^,;:.!?()]{2,60}?)\s+(?:(?:is|are|was|were|has\s+been|have\s+been)\s+(?:now\s+)?(?:gone|dead|history|retired|discontinued|abolished|out|scrapped|replaced|switched\s+off|shut\s+down|decommissioned|cancelled|canceled)|is\s+no\s+more)\b(?!\s+(?:of\s+(?:milk|stock)|sick))",
        ),
        (
            "thing",
            rf"\b(?:scrap(?:ped)?|ditch(?:ed)?|retired|abandoned|abolished|got\s+rid\s+of|gotten\s+rid\s+of|did\s+away\s+with|done\s+with|threw\s+out)\s+(?P<old>[^,;:.!?()]+?){_STOP}",
        ),
        ("thing", rf"\b(?:no\s+longer|stop(?:ped)?|quit)\s+us(?:e|es|ed|ing)\s+(?P<old>[^;:.!?()]+?){_STOP}"),
        ("thing", r"\b(?:don['’]t|do\s+not|doesn['’]t|does\s+not)\s+use\s+(?P<old>[^,;:.!?()]+?)\s+any\s?more\b"),
        (
            "weak",
            rf"\b(?:we|i)(?:['’]re|['’]m|\s+are|\s+am)?\s+{_HAVE}(?:drop(?:ped|ping)|removed|killed|cancell?ed|forgot(?:ten)?|left)\s+(?P<old>[^,;:.!?()]+?){_STOP}",
        ),
        ("weak", rf"^(?:please\s+)?(?:drop|forget|remove)\s+(?P<old>[^,;:.!?()]+?){_STOP}"),
        (
            "doing",
            r"\b(?:no\s+longer)\s+(?P<old>(?!us(?:e|es|ing|ed)\b)[^,;:.!?()]+?)(?=\s*(?:[,.;:!()]|$)|\s+(?:and|but|because|since|so)\b)",
        ),
        (
            "doing",
            r"\b(?:don['’]t|do\s+not|doesn['’]t|does\s+not|(?:am|is|are)\s+not|['’](?:m|s|re)\s+not|isn['’]t|aren['’]t|can['’]t|cannot)\s+(?P<old>(?!use\b)[^,;:.!?()]+?)\s+(?:any\s?more|after\s+all)\b",
        ),
        (
            "doing",
            rf"\b(?:stopped|quit|gave\s+up|given\s+up)\s+(?P<old>(?!using\b)\w+ing\b[^,;:.!?()]*?|(?!using\b)[^,;:.!?()]+?){_STOP}",
        ),
    )
)
"""How people name what does not hold any more."""
_EVERY = re.compile(r"\b(?:every|each|all|any)\s+$", re.I)
_SOLE = re.compile(
    r"\b(?:(?:owns?|leads?|runs?|manages?|maintains?|handles?|approves?|chairs?|heads?|hosts?|looks?\s+after|is|am)\s+(?:our|the|my)|(?:is|am)\s+in\s+charge)\b",
    re.I,
)
"""What one person does at a time."""
_ADDING = re.compile(r"\b(?:also|too|as\s+well|another|additional(?:ly)?|besides|on\s+top)\b", re.I)
_STEADY = re.compile(r"\b(?:is|are|costs?)\b", re.I)
_LIKES = frozenset({"like", "hat", "dislik"})


@lru_cache(maxsize=50_000)
def ended_in(text: str) -> tuple[Ended, ...]:
    """What one sentence says holds no longer; nothing where it asks or only supposes."""
    found = []
    for kind, expression in _ENDINGS:
        for match in expression.finditer(text):
            old = re.sub(r"^(?:the|our|my|a|an|any|with)\s+", "", match["old"].strip(), flags=re.I)
            named = any(word[:1].isupper() or any(map(str.isdigit, word)) for word in old.split())
            said = folded(old)
            if said and (kind != "weak" or named or len(said) > 1):
                found.append(Ended("thing" if kind == "weak" else kind, old, said, named))
    return tuple(found)


def clash(earlier: tuple[str, str], later: tuple[str, str]) -> str:
    """Why the later of two (words, speaker) takes the place of the earlier one; empty where both may hold."""
    if reason := _by_slot(earlier, later):
        return reason
    if not may_correct(*later):
        return ""
    for new in frames_in(*later):
        for old in frames_in(*earlier):
            if not _may_correct(old, new, same_speaker=earlier[1].casefold() == later[1].casefold()):
                continue
            if reason := _by_ending(old, new) or _by_frame(old, new):
                return reason
    return ""


def _by_slot(earlier: tuple[str, str], later: tuple[str, str]) -> str:
    theirs, ours = slots_in(*earlier), slots_in(*later)
    said_by, author = earlier[1].casefold(), later[1].casefold()
    for old in theirs:
        if said_by != author and old.subject == said_by:
            continue
        for new in ours:
            told = old.attribute in ("lives", "employer") or not are_apart(earlier[0], later[0], names=False)
            if conflict(old, new) and told:
                return f"{new.subject} / {new.attribute}: {old.value!r}, then {new.value!r}"
    return ""


def _may_correct(old: Frame, new: Frame, *, same_speaker: bool) -> bool:
    """Whether the later one may speak of the same thing: nobody else's, at no other time or place, and no addition."""
    if old.over or _ADDING.search(new.text) or denies(old.main):
        return False
    if not same_speaker and (old.who or old.owner or new.who or new.owner or not new.announced):
        return False
    if old.owner and new.owner and old.owner != new.owner:
        return False
    return not are_apart(old.text, new.text, names=False)


def _by_ending(old: Frame, new: Frame) -> str:
    """The later one names what holds no longer, and the earlier one says it."""
    over = [ended.stems for ended in ended_in(old.text)]
    for ended in ended_in(new.text):
        if any(ended.stems & stems for stems in over):
            continue  # it says so too
        if not ended.stems <= old.all or (ended.stems & new.words and ended.kind == "value" and not new.shifts):
            continue
        if ended.kind == "value":
            holds = (
                not new.over
                and _about_the_same(old, new)
                and old.all != ended.stems
                and ended.stems <= old.all - old.subject
            )
        elif ended.kind == "thing":
            holds = _is_in_use(old, new, ended)
        else:
            named_both = not old.who and old.all <= ended.stems | folded(new.main)
            holds = named_both or _same_doer(old, new)
        if holds:
            return f"{ended.text!r} holds no longer"
    return ""


def _about_the_same(old: Frame, new: Frame) -> bool:
    """Whether both have one subject, where one may say more of it."""
    if old.who == SELF or new.who == SELF:
        shared = (old.words - old.subject) & (new.words - new.subject)
        return bool(shared) and (old.who == new.who or (bool(old.subject) and old.subject <= new.all))
    return bool(old.subject and new.subject) and (old.subject <= new.subject or new.subject <= old.subject)


def _same_doer(old: Frame, new: Frame) -> bool:
    if old.who or new.who:
        return old.who == new.who
    return bool(new.subject) and (new.subject <= old.subject or old.subject <= new.subject)


def _is_in_use(old: Frame, new: Frame, ended: Ended) -> bool:
    """Whether the earlier one is a thing's use: as its object, or its subject where it is called by name.

    What somebody else does, and what somebody thinks of it, stays.
    """
    if old.who not in ("", SELF, new.who) and not folded(old.who) <= ended.stems:
        return False
    if new.who != SELF and new.subject and not new.subject & (old.subject | ended.stems) and "replac" not in new.all:
        return False  # somebody or something else has done with it
    if _LIKES & old.words:
        return False
    head = re.search(rf"(?<!\w){re.escape(ended.text)}(?!\w)(?P<next>\s+\w+)?", old.text, re.I)
    if head is None:
        return ended.named or len(ended.stems) > 1
    if head["next"] and not ended.named and folded(head["next"]):
        return False  # only a part of another thing's name
    if _EVERY.search(old.text[: head.start()]):
        return False
    return ended.named or not ended.stems & old.subject


def _by_frame(old: Frame, new: Frame) -> str:
    """Both say the same of the same thing, but for a value of one kind."""
    if denies(new.main) or new.over:
        return ""
    if new.announced and old.who == new.who and old.values == new.values and _turned(old.words, new.words):
        return f"{' '.join(sorted(new.words))}: thought of otherwise before"
    if not _values_differ(old, new):
        return ""
    if new.shifts:
        subject = old.subject or old.words
        same = bool(new.words) and subject <= new.words <= old.words | subject and old.called == new.called
    else:
        same = old.words == new.words and new.kinds() <= old.kinds() and _is_announced(old, new)
        same = same and (old.who == new.who or {old.who, new.who} == {SELF, ""}) and old.called == new.called
        same = same and not (_elsewhere(old, new) and not _STEADY.search(new.main))
    if not same and new.announced and (_SOLE.search(new.main) or _SOLE.search(old.main)):
        same = bool(_post(old)) and _post(old) == _post(new)
    if not same:
        return ""
    was, now = (
        " ".join(sorted(value for _, value in values)) for values in (old.values - new.values, new.values - old.values)
    )
    return f"{' '.join(sorted(new.words))}: {was or old.first!r}, then {now or new.first!r}"


def _elsewhere(old: Frame, new: Frame) -> bool:
    """Whether not only the number is another one but the name as well: of what, rather than how much."""
    numbers, names = ((old.of_kind(kind), new.of_kind(kind)) for kind in ("number", "name"))
    return numbers[0] != numbers[1] and all(names) and names[0].isdisjoint(names[1])


def _turned(old: frozenset[str], new: frozenset[str]) -> bool:
    """Whether one likes what the other does not."""
    return old - _LIKES == new - _LIKES and ("like" in old) != ("like" in new) and bool(_LIKES & old and _LIKES & new)


def _post(frame: Frame) -> frozenset[str]:
    """What only one has, without who has it: "Robin runs the desk", "Robin is our contact", "our contact is Robin"."""
    if _is_holder(frame):
        return frame.words - {frame.first}
    return frame.words if frame.of_kind("name") and _STEADY.search(frame.main) else frozenset()


def _is_holder(frame: Frame) -> bool:
    return _SOLE.search(frame.main) is not None and frame.first == stem(frame.who)


def _holders(frame: Frame) -> set[str]:
    return {frame.first} if _is_holder(frame) else {stem(name) for name in frame.of_kind("name")}


def _values_differ(old: Frame, new: Frame) -> bool:
    if (old.who or new.who) and _post(old) and _post(new):
        return _holders(old).isdisjoint(_holders(new))
    return any(
        not (old.of_kind(kind) <= new.of_kind(kind) or new.of_kind(kind) <= old.of_kind(kind))
        for kind in old.kinds() & new.kinds()
    )


def _is_announced(old: Frame, new: Frame) -> bool:
    """Whether the words make the later value the only one. A number of a thing is one at a time; "now" is enough for
    numbers and for what a single thing has; else it must be said that something changed."""
    numbers = old.of_kind("number") != new.of_kind("number")
    if numbers and _STEADY.search(old.main) and _STEADY.search(new.main) and old.subject:
        return True
    return new.announced == 2 or (new.announced == 1 and (numbers or old.who != SELF))


@lru_cache(maxsize=50_000)
def keys_of(text: str, speaker: str) -> frozenset[str]:
    """The stems by which statements that clash without a slot find each other."""
    return frozenset[str]().union(*(frame.all for frame in frames_in(text, speaker)))


@lru_cache(maxsize=50_000)
def may_correct(text: str, speaker: str) -> bool:
    """Whether ``text`` may take the place of a statement, whatever that says: one of two that clash does."""
    return any(
        frame.announced
        or ended_in(frame.text)
        or (frame.of_kind("number") and frame.subject and _STEADY.search(frame.main))
        for frame in frames_in(text, speaker)
    )
