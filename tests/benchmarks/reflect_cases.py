"""The cases of the held-out test of reflection: drawn excerpts, our own ones, and their marks.

The drawn excerpts are runs of consecutive turns of conversations in membench's format. Their text is not ours, so only
the place of each is kept: (conversation id, session, id of its first turn). The marks are in
``tests/data/reflect_heldout.json``, those of the test before it, to tune on, in ``reflect_development.json``; see the
README beside them.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "data"
MARKS = DATA / "reflect_heldout.json"
DEVELOPMENT_MARKS = DATA / "reflect_development.json"
SEED = 20261128
"""The published seed of the held-out draw, which keeps off every earlier place."""
SOUGHT = 60
"""Excerpts that the held-out draw looks for: more than there is room for beside the earlier ones."""
DEV_SEED = 1
"""The seed of the unmarked excerpts to tune on, drawn beside the first test."""
DRAWN = 40
TURNS = 6
"""Consecutive turns of one session in a drawn excerpt."""
TURNS_PER_MARK = 3
CONVERSATIONS = "conversations"
DEVELOPMENT = "development"
"""The groups of drawn excerpts: held out, and to tune on."""

Place = tuple[str, str, str]
"""Conversation id, session, id of the excerpt's first turn."""
Keys = Sequence[Sequence[str]]
"""Groups of alternatives: a text holds them if it holds one alternative of each group."""

_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Mark:
    """A fact worth remembering: the turn that says it, whose fact it is, and the words by which it is known."""

    turn: str
    author: str
    keys: Keys


@dataclass(frozen=True)
class Case:
    """An excerpt as records to ingest, with its marks.

    ``group`` is `CONVERSATIONS`, `DEVELOPMENT` or the kind of our own.
    """

    id: str
    group: str
    turns: list[dict[str, Any]]
    marks: list[Mark]
    must_not: list[str]
    """What would be false or misattributed: hints for whoever judges."""

    @property
    def order(self) -> dict[str, int]:
        """Each turn's place in the excerpt."""
        return {turn["id"]: place for place, turn in enumerate(self.turns)}

    def around(self, turn: str) -> set[str]:
        """A turn and its neighbours."""
        order = self.order
        return {other for other in order if abs(order[other] - order[turn]) <= 1}

    def said_around(self, mark: Mark) -> str:
        """What is said in the turn of a mark; in excerpts of our own also beside it, where the question may stand."""
        places = {mark.turn} if self.group == CONVERSATIONS else self.around(mark.turn)
        return " ".join(turn["content"] for turn in self.turns if turn["id"] in places)


def draw(
    conversations: Sequence[Mapping[str, Any]],
    seed: int,
    *,
    count: int = DRAWN,
    taken: Collection[Place] = (),
    or_fewer: bool = False,
) -> list[Place]:
    """``count`` places, shared evenly between the conversations, whose excerpts overlap neither each other nor those
    that begin at ``taken``; the same on every call.

    A conversation without room for its share gives what it has if ``or_fewer``, else ValueError is raised.
    """
    chooser = random.Random(seed)
    used = {key for place in taken for key in _turns_at(conversations, place)}
    places: list[Place] = []
    for number, conversation in enumerate(conversations):
        share = count // len(conversations) + (number < count % len(conversations))
        windows = [
            (conversation["id"], session["id"], session["turns"][start]["id"])
            for session in conversation["sessions"]
            for start in range(len(session["turns"]) - TURNS + 1)
        ]
        chooser.shuffle(windows)
        chosen: list[Place] = []
        for place in windows:
            turns = _turns_at(conversations, place)
            if len(chosen) < share and used.isdisjoint(turns):
                used |= turns
                chosen.append(place)
        if len(chosen) < share and not or_fewer:
            raise ValueError(f"{conversation['id']} has no room for {share} excerpts")
        places += chosen
    return places


def _turns_at(conversations: Sequence[Mapping[str, Any]], place: Place) -> set[tuple[str, str, str]]:
    return {(place[0], place[1], turn["id"]) for turn in excerpt(conversations, place)}


def excerpt(conversations: Sequence[Mapping[str, Any]], place: Place) -> list[dict[str, Any]]:
    """The turns at ``place`` as records: every speaker a user under their own name, dated as their session is."""
    conversation_id, session_id, first = place
    conversation = next(each for each in conversations if each["id"] == conversation_id)
    session = next(each for each in conversation["sessions"] if each["id"] == session_id)
    start = [turn["id"] for turn in session["turns"]].index(first)
    return [
        {"id": turn["id"], "role": "user", "author": turn["speaker"], "content": turn["text"]}
        | {"occurred_at": session["date"]}
        for turn in session["turns"][start : start + TURNS]
    ]


def load_marks(path: Path = MARKS) -> dict[str, Any]:
    """A data file: ``drawn`` places with marks and ``own`` excerpts with marks; beside the held-out ones also the
    places ``used`` by the first test."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def place_of(row: Mapping[str, Any]) -> Place:
    return row["conversation"], row["session"], row["first"]


def drawn_cases(conversations: Sequence[Mapping[str, Any]], path: Path = MARKS) -> Iterator[Case]:
    """The excerpts of ``conversations`` that are marked in the file at ``path``."""
    for row in load_marks(path)["drawn"]:
        yield _case("/".join(place_of(row)), CONVERSATIONS, excerpt(conversations, place_of(row)), row)


def own_cases(path: Path = MARKS) -> Iterator[Case]:
    """The excerpts that we wrote, marked, in the file at ``path``; a journal is made of notes, as ``ingest`` has it."""
    for row in load_marks(path)["own"]:
        turns = [{"type": "note", **turn} for turn in row["turns"]] if row["kind"] == "notes" else row["turns"]
        yield _case(row["id"], row["kind"], turns, row)


def dev_places(conversations: Sequence[Mapping[str, Any]]) -> list[Place]:
    """Forty others, for tuning on: older than the marked ones, which keep off them."""
    return draw(conversations, DEV_SEED, taken=[place_of(row) for row in load_marks()["used"]])


def held_out_places(conversations: Sequence[Mapping[str, Any]]) -> list[Place]:
    """How the held-out places were drawn: as many as each conversation has room for beside all the earlier ones, at
    most a third of `SOUGHT` where there are three."""
    earlier = [*load_marks()["used"], *load_marks(DEVELOPMENT_MARKS)["drawn"]]
    taken = [*map(place_of, earlier), *dev_places(conversations)]
    return draw(conversations, SEED, count=SOUGHT, taken=taken, or_fewer=True)


def dev_cases(conversations: Sequence[Mapping[str, Any]]) -> Iterator[Case]:
    """The excerpts at `dev_places`, unmarked."""
    for place in dev_places(conversations):
        yield _case("/".join(place), DEVELOPMENT, excerpt(conversations, place), {"marks": [], "must_not": []})


def _case(case_id: str, group: str, turns: list[dict[str, Any]], row: Mapping[str, Any]) -> Case:
    marks = [Mark(mark["turn"], mark["author"], mark["keys"]) for mark in row["marks"]]
    return Case(case_id, group, turns, marks, row["must_not"])


def holds(text: str, keys: Keys) -> bool:
    """Whether ``text`` holds one alternative of each group, letters' case and kinds of space aside.

    An alternative is found at the beginning of a word ("hik" in "hiking"; in Chinese anywhere), one that is written
    with "=" in front only as a whole word or number.
    """
    said = " ".join(text.casefold().replace("’", "'").split())
    return all(any(_found(alternative.casefold(), said) for alternative in group) for group in keys)


def _found(alternative: str, said: str) -> bool:
    stem = alternative.removeprefix("=")
    if _CJK.search(stem):
        return stem in said
    end = r"(?!\w)" if alternative.startswith("=") else ""
    return re.search(rf"(?<![^\W_]){re.escape(stem)}{end}", said) is not None


def is_recalled(mark: Mark, case: Case, memory: Mapping[str, Any]) -> bool:
    """Whether a memory (``statement``, cited ``turns``) holds the mark and rests on its turn or one beside it."""
    return not case.around(mark.turn).isdisjoint(memory["turns"]) and holds(memory["statement"], mark.keys)
