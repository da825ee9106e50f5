"""Indirect speech by rule: "I love my dog", said by Dana, is "Dana loves their dog". Pure, and no model.

A rule that applies is right every time, which no small model is. So every rule here is one of grammar, for English
only, and what none of them covers has no answer: a noun after "and" that may be a verb, "put" that may be past,
"I" beside "they". Dana is called by name once and "they" after that; where others are "they" already, by name.
"""

from __future__ import annotations

import re
from functools import partial

from elephantasm_cli.dream import speech_grammar as grammar
from elephantasm_cli.dream import verbs
from elephantasm_cli.dream.speech import Speech

LONGEST = 300
"""In characters: what is longer is no single statement."""
_CODE = re.compile(r"`[^`\n]+`")


def reported(
    said: str,
    speaker: str,
    *,
    wants: str = "",
    imperative: re.Pattern[str] | None = None,
    to_agent: bool = False,
    listener: str = "",
    attributed: bool = False,
    beside: str = "",
) -> str | None:
    """What ``speaker`` said, as an English sentence about them that ends with a full stop; None where no rule is sure.

    ``said`` is a sentence or several of one turn, relative dates resolved. ``wants`` is "" for a statement, "wants" for
    a wish without a verb ("no emojis in commits"), and "wants the assistant to" for orders to an agent, each of which
    ``imperative`` matches at its start. ``to_agent``: whoever is called "you" is the assistant. ``listener`` is
    who else may be named in it. ``attributed``: it is told as what they say: "Dana says that they love their dog".
    ``beside`` is what will stand beside it, or stood: where others are spoken of there, "they" would be those.
    """
    if len(said) > LONGEST or "\ue000" in said:
        return None
    spans = _CODE.findall(said)
    turned = _reported(
        _CODE.sub("\ue000", said),
        speaker,
        wants,
        imperative,
        to_agent=to_agent,
        listener=listener,
        attributed=attributed,
        beside=beside,
    )
    if turned is None or turned.count("\ue000") != len(spans):
        return None
    for span in spans:
        turned = turned.replace("\ue000", span, 1)
    return turned


def _reported(
    said: str,
    speaker: str,
    wants: str,
    imperative: re.Pattern[str] | None,
    *,
    to_agent: bool,
    listener: str,
    attributed: bool,
    beside: str,
) -> str | None:
    text = grammar.DATED_LEAD.sub(r"\g<date>, ", grammar.plain(said))
    if to_agent:
        text = grammar.LETS.sub("I want to ", text)
        text = grammar.ASKED_OF_YOU.sub(lambda match: f"I want the assistant{' not' if match['not'] else ''} to", text)
        if wants.endswith(" to"):
            text = grammar.YOUR.sub(
                "its", grammar.YOU_DO.sub(lambda match: f"{match['when']} {verbs.gerund(match['verb'])}", text)
            )
    pieces = grammar.pieces_of(text)
    is_order = wants.endswith(" to") and imperative is not None and imperative.match(text) is not None
    if any(grammar.HERE.search(piece) and not grammar.POINTER.match(piece) for piece in pieces) and not to_agent:
        return None  # a place that nobody has named; in talk about work it is where the work is
    if not pieces or not grammar.is_reportable(pieces[0], is_order=is_order):
        return None
    pieces = [
        grammar.ELIDED_I.sub(_with_subject, piece, count=1) if grammar.ELIDED_I.match(piece) else piece
        for piece in pieces
    ]
    if not all(pieces):
        return None
    text = ". ".join(pieces)
    if verbs.ELIDED.match(pieces[0]) and (grammar.THIRD_PERSON.search(text) or grammar.WITH_THEM.search(text)):
        return None  # perhaps it was that one who did it
    others, several = grammar.OTHERS.search(text) is not None, grammar.PLURAL.search(text) is not None
    if others and several:
        return None  # two groups that would both be "they"
    by_name = others or _speaks_of_others(beside) or (several and grammar.SINGULAR.search(text) is not None)
    speech = partial(Speech, speaker, group="" if to_agent else _group_in(pieces), attributed=attributed)
    if not wants and _is_of_another(pieces[0]):  # and "they" would be that one
        among = several and (others or grammar.is_about_others(text))
        of_another = speech(by_name=True, their=False, is_apart=among)
        if (named := of_another.turned(pieces, wants, imperative)) is not None or among:
            return named
    if not by_name and _is_beside_several(text):
        return speech(by_name=True, their=True).turned(pieces, wants, imperative)
    if by_name or not (grammar.is_about_others(text) or (listener and listener in text)):
        return speech(by_name=by_name, their=not by_name).turned(pieces, wants, imperative)
    own = grammar.GROUP.match(pieces[0]) is not None
    named = speech(by_name=True, their=own).turned(pieces, wants, imperative)
    if named is not None or not (own or wants or grammar.is_plural_start(pieces[0])):
        return named  # "they" after somebody else would be that one
    return speech(by_name=False, their=True).turned(pieces, wants, imperative)


def _speaks_of_others(beside: str) -> bool:
    return grammar.OTHERS.search(grammar.plain(beside)) is not None


def _is_of_another(text: str) -> bool:
    """Whether a sentence has another subject than its speaker."""
    return not (
        grammar.OWN_START.match(text)
        or grammar.PAIRED.match(text)
        or verbs.ELIDED.match(text)
        or grammar.BEEN.match(text)
        or grammar.PARTICIPLE.match(text)
        or grammar.SETTING.match(text)
        or grammar.SUBORDINATE.match(text)
        or grammar.GERUND_SUBJECT.match(text)
    )


def _group_in(pieces: list[str]) -> str:
    """From the first "we" of whom nothing has been said before it to the end of its sentence; empty without one."""
    for place, piece in enumerate(pieces):
        if (found := grammar.WE.search(piece)) is not None:
            before = ". ".join([*pieces[:place], piece[: found.start()]])
            return "" if grammar.COMPANIONS.search(before) else piece[found.start() :]
    return ""


def _is_beside_several(text: str) -> bool:
    """Whether "they", for the speaker of this, would stand behind several of something."""
    spoken = [match.start() for match in grammar.SPOKEN_OF.finditer(text)]
    things = grammar.SEVERAL_THINGS.search(text)
    return things is not None and bool(spoken) and max(spoken) > things.start() and spoken[-1] > 0


def _with_subject(elided: re.Match[str]) -> str:
    """ "Wish it" with its subject: "I wish it"."""
    return f"I {elided[0].lower()}"
