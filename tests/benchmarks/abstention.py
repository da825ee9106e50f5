"""How often a pack says nothing, where it should and where it should not.

    python tests/benchmarks/abstention.py
    python tests/benchmarks/abstention.py --data conversations.json --dream --json figures.json

Asked of each source, at 1,024 tokens, one agent a source:

    foreign     the answerable questions of the other conversations, as of this one's last day
    swapped     the same with the names of their speakers replaced by those of this conversation's, first for first
    off-topic   fifty questions of general knowledge (tests/data/off_topic_questions.json)
    held out    fifty more that nothing was chosen with (tests/data/off_topic_heldout.json)
    category 5  its own questions that have no answer
    answerable  its own that have one: here every silence is an error

The sources are our own (those of ``tests/data/recall_questions.json``) and, with ``--data``, conversations in the
format of membench: a list of ``{id, sessions: [{id, date, turns: [{id, speaker, text}]}], questions: [{q, answer, gold,
cat, date}]}``. *Silent* is the share of packs without any line from an event, *bare* of those that hold identity at
most. *Evidence* of the answerable ones is measured with the floor and with every candidate let through.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import recall_questions
from scoring import PackText, mean, table

from elephantasm_cli import open_agent, recall
from elephantasm_cli.agent import Agent
from elephantasm_cli.vocabulary import Layer

OFF_TOPIC = {
    "off-topic": recall_questions.ROOT / "tests" / "data" / "off_topic_questions.json",
    "held out": recall_questions.ROOT / "tests" / "data" / "off_topic_heldout.json",
}
BUDGET = 1024
NO_ANSWER = 5
"""The category of questions that sound as if they had an answer here and have none."""
IMAGE_NOTE = " [shares image:"
"""What follows in a turn describes a picture; the words before it are the turn."""


@dataclass(frozen=True)
class Source:
    """An agent with its memories, and the questions that are its own."""

    name: str
    agent: Agent
    last: str
    answerable: list[tuple[str, str, list[str]]]
    """Question, day, and the pieces that hold its evidence."""
    unanswerable: list[tuple[str, str]]
    people: list[str]


def conversation(case: Mapping[str, Any], agent: Agent) -> Source:
    """``agent`` with a conversation in membench's format."""
    for session in case["sessions"]:
        agent.ingest(
            [
                {"id": t["id"], "author": t["speaker"], "content": t["text"], "occurred_at": session["date"]}
                | {"role": "user"}
                for t in session["turns"]
            ],
            session=session["id"],
        )
    agent.reindex()
    turns = [turn for session in case["sessions"] for turn in session["turns"]]
    said = {turn["id"]: turn["text"].split(IMAGE_NOTE)[0] or turn["text"] for turn in turns}
    questions = case["questions"]
    return Source(
        name=case["id"],
        agent=agent,
        last=max(session["date"] for session in case["sessions"]),
        answerable=[
            (q["q"], q["date"], [said[gold] for gold in q["gold"]])
            for q in questions
            if q["cat"] != NO_ANSWER and q["gold"]
        ],
        unanswerable=[(q["q"], q["date"]) for q in questions if q["cat"] == NO_ANSWER],
        people=list(dict.fromkeys(turn["speaker"] for turn in turns)),
    )


def our_own(name: str, source: Mapping[str, Any], agent: Agent, folder: Path) -> Source:
    """``agent`` with one of the sources that the recall questions ask about."""
    questions = source["questions"]
    last = max(question["date"] for question in questions)
    pieces = recall_questions.load(agent, recall_questions.ROOT / source["file"], last, folder).pieces
    return Source(
        name=name,
        agent=agent,
        last=last,
        answerable=[
            (q["q"], q["date"], [q.get("quotes", {}).get(gold, pieces[gold]) for gold in q["gold"]]) for q in questions
        ],
        unanswerable=[],
        people=[],
    )


def with_names_of(question: str, own: Sequence[str], others: Sequence[str]) -> str:
    """The question with the k-th of its ``own`` people become the k-th of ``others``; "Ada's" becomes "Bo's"."""
    names = {name.casefold(): other for name, other in zip(own, others, strict=False)}
    if not names:
        return question
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda found: names[found[0].casefold()], question)


@contextmanager
def without_floor() -> Iterator[None]:
    """Let every candidate through, whatever the floor says of it."""
    real = recall.decide
    recall.decide = lambda *args, **kwargs: replace(real(*args, **kwargs), passed=True)
    try:
        yield
    finally:
        recall.decide = real


def asked(source: Source, questions: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """How many packs have no line from an event, how many none but identity, and which questions got which."""
    packs = {question: source.agent.pack(question, budget=BUDGET, as_of=date) for question, date in questions}
    silent = [q for q, pack in packs.items() if all(line.layer is not Layer.EVENT for line in pack.lines)]
    bare = [q for q, pack in packs.items() if all(line.layer is Layer.IDENTITY for line in pack.lines)]
    return {
        "n": len(packs),
        "silent": len(silent) / len(packs),
        "bare": len(bare) / len(packs),
        "silent questions": silent,
        "answered questions": [question for question in packs if question not in silent],
    }


def evidence(source: Source) -> float:
    """The mean share of the gold pieces that the packs of the answerable questions hold."""
    shares = []
    for question, date, pieces in source.answerable:
        held = PackText(source.agent.pack(question, budget=BUDGET, as_of=date).text)
        shares.append(mean([float(held.holds(piece)) for piece in pieces]))
    return mean(shares)


def measured(
    source: Source, others: Sequence[Source], off_topic: Mapping[str, Sequence[str]], every: int
) -> dict[str, Any]:
    """Every group of questions that can be asked of ``source``; of the others' questions each ``every``-th."""
    foreign = [(question, other) for other in others for question, _, _ in other.answerable][::every]
    groups = {
        "foreign": [(question, source.last) for question, _ in foreign],
        "swapped": [(with_names_of(question, other.people, source.people), source.last) for question, other in foreign],
        **{name: [(question, source.last) for question in questions] for name, questions in off_topic.items()},
        "category 5": source.unanswerable,
        "answerable": [(question, date) for question, date, _ in source.answerable],
    }
    found: dict[str, Any] = {name: asked(source, questions) for name, questions in groups.items() if questions}
    found["evidence"] = {"with floor": evidence(source)}
    with without_floor():
        found["evidence"]["without floor"] = evidence(source)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="conversations in membench's format")
    parser.add_argument("--dream", action="store_true", help="dream first, without a language model")
    parser.add_argument("--every", type=int, default=1, help="ask only every N-th question of other conversations")
    parser.add_argument("--json", type=Path, help="also write every figure and which question got what here")
    options = parser.parse_args()
    off_topic = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in OFF_TOPIC.items()}
    figures = {}
    with ExitStack() as stack:

        def new_agent() -> tuple[Agent, Path]:
            home = stack.enter_context(tempfile.TemporaryDirectory())
            return stack.enter_context(open_agent("asked", home=home)), Path(home)

        own = json.loads(recall_questions.QUESTIONS.read_text(encoding="utf-8"))
        ours = [our_own(name, source, *new_agent()) for name, source in own.items()]
        cases = json.loads(options.data.read_text(encoding="utf-8")) if options.data else []
        conversations = [conversation(case, new_agent()[0]) for case in cases]
        for source in [*ours, *conversations]:
            if options.dream:
                source.agent.dream(force=True, llm=False)
            others = [other for other in conversations if other is not source and source in conversations]
            figures[source.name] = measured(source, others, off_topic, options.every)
    print(report(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def report(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """One line a source."""
    groups = ("foreign", "swapped", *OFF_TOPIC, "category 5", "answerable")
    rows = []
    for name, found in figures.items():
        cells: list[object] = [name]
        for group in groups:
            cells.append(f"{found[group]['silent']:.3f} (n={found[group]['n']})" if group in found else "-")
        cells.append(" ".join(f"{found[group]['bare']:.2f}" if group in found else "-" for group in groups))
        rows.append([*cells, found["evidence"]["with floor"], found["evidence"]["without floor"]])
    heads = [f"{group} silent" for group in groups]
    return table(["asked of", *heads, "bare (same order)", f"evidence@{BUDGET}", "without floor"], rows)


if __name__ == "__main__":
    main()
