"""The demonstration: the sample history is ingested and dreamed on, session by session, and told in short lines.

`play` composes calls of an `Agent` and yields what there is to tell as plain values; printing is the caller's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from elephantasm_cli.services.clock import human_date
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import Layer, State, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.agent import Agent
    from elephantasm_cli.dream.run import Progress
    from elephantasm_cli.lineage.trace import Trace

QUERIES = ("How long do we keep invoices?", "What is the job queue built on?")
"""Both have an answer that changes on the way."""
PACK_TOKENS = 300
SHOWN = 4
"""Rows told of each kind; the rest is counted."""
STRENGTH = {Layer.MEMORY: "importance_score", Layer.LESSON: "confidence", Layer.KNOWLEDGE: "certainty"}
PLURAL = {Layer.MEMORY: "memories", Layer.LESSON: "lessons", Layer.KNOWLEDGE: "knowledge", Layer.IDENTITY: "identity"}


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A narrated line."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row: a mark (``+`` new, ``~`` changed, ``=`` standing), its id and its words; ``was`` is what it replaced."""

    mark: str
    layer: str
    id: str
    text: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Text as the program gives it, verbatim: a pack."""

    text: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """The tree of one belief."""

    trace: Trace


@dataclass(frozen=True, slots=True)
class Try:
    """A command to type, and what for."""

    command: str
    purpose: str


Beat = Heading | Remark | Item | Words | Lineage | Try


def sessions() -> list[tuple[str, list[dict[str, Any]]]]:
    """The sample history: sessions in order, each with its records."""
    text = files("elephantasm_cli.demo").joinpath("history.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in text.splitlines()]
    return [(name, list(group)) for name, group in groupby(records, key=lambda record: str(record["session"]))]


def play(agent: Agent, *, llm: bool = True, progress: Progress | None = None) -> Iterator[Beat]:
    """Play the history into ``agent``, which should be empty, and tell what happens.

    ``llm=False`` dreams extractively. Raises what `Agent.dream` and `Agent.pack` raise.
    """
    yield from introduction(agent, llm=llm)
    for number, (name, records) in enumerate(sessions(), start=1):
        yield from one_session(agent, number, name, records, llm=llm, progress=progress)
    yield from layers(agent)
    for query in QUERIES:
        yield Heading(f"elephantasm pack --query '{query}' --budget {PACK_TOKENS}")
        yield Words(agent.pack(query, budget=PACK_TOKENS).text)
    yield from lineage(agent)
    yield from verdict(agent)


def introduction(agent: Agent, *, llm: bool) -> Iterator[Beat]:
    """What is about to be shown, and by which means."""
    played = sessions()
    count = sum(len(records) for _, records in played)
    yield Heading("A memory in the making")
    yield Remark(
        f"Marlene and a coding assistant, {len(played)} sessions over eight weeks, {count} events. After each session "
        "the assistant dreams."
    )
    if not llm or agent.settings.llm.lower() == "off":
        yield Remark("The language model is off: memories are made by rules, and of quotations.")
    elif (size := missing_model_size(agent)) is not None:
        yield Remark(
            "No language model is on this machine: memories are made by rules, and of quotations. "
            f"`elephantasm models pull` fetches one ({size / 1e9:.1f} GB, once)."
        )
    else:
        yield Remark(f"The language model is {agent.settings.llm}; on a CPU alone a session takes it up to a minute.")


def missing_model_size(agent: Agent) -> int | None:
    """The size in bytes of the catalog model that the settings name, where it is not pulled yet."""
    from elephantasm_cli.services import model_files
    from elephantasm_cli.services.catalog import find_entry

    entry = find_entry(agent.settings.llm)
    if entry is None or model_files.show(entry.name, agent.locations.models).path is not None:
        return None
    return entry.size


def one_session(
    agent: Agent, number: int, name: str, records: list[dict[str, Any]], *, llm: bool, progress: Progress | None
) -> Iterator[Beat]:
    """Ingest one session, dream, and tell what that changed."""
    yield Heading(f"Session {number}, {human_date(records[0]['occurred_at'])}: {name[11:].replace('-', ' ')}")
    stored = agent.ingest(records, session=name)
    yield Remark(f"ingest: {stored.added} events stored")
    report = agent.dream(force=True, llm=llm, progress=progress)
    acts = agent.log(dream_id=report.dream_id)
    yield Remark(f"dream: {told_counts(acts)}")
    for layer in (Layer.MEMORY, Layer.LESSON, Layer.KNOWLEDGE):
        yield from created(agent, acts, layer)
    yield from replaced(agent, acts)
    versions = [act["after"]["version"] for act in acts if act["target_type"] == Layer.IDENTITY and act["after"]]
    if versions and (identity := agent.identity()):
        yield Item("+", "identity", identity["id"], f"version {versions[-1]}: {identity['disposition_summary']}")


def told_counts(acts: list[dict[str, Any]]) -> str:
    """How many rows were made and changed, in words."""
    made = {layer: sum(act["before"] is None and act["target_type"] == layer for act in acts) for layer in PLURAL}
    counts = [f"{count} new in {PLURAL[layer]}" for layer, count in made.items() if count]
    for kind, word in (
        (TransformationType.SUPERSEDE, "superseded"),
        (TransformationType.MERGE, "merged"),
        (TransformationType.ARCHIVE, "archived"),
    ):
        targets = {act["target_id"] for act in acts if act["transformation_type"] == kind and act["before"] is not None}
        counts += [f"{len(targets)} {word}"] if targets else []
    return ", ".join(counts) or "nothing new worth keeping"


def created(agent: Agent, acts: list[dict[str, Any]], layer: Layer) -> Iterator[Beat]:
    """The strongest rows of ``layer`` that these acts made and that still stand."""
    made = {act["target_id"] for act in acts if act["before"] is None and act["target_type"] == layer}
    rows = strongest(agent, layer, made)
    for row in rows[:SHOWN]:
        yield Item("+", layer.value, row["id"], words_of(layer, row))
    if len(rows) > SHOWN:
        yield Remark(f"  and {len(rows) - SHOWN} more")


def replaced(agent: Agent, acts: list[dict[str, Any]]) -> Iterator[Beat]:
    """What gave way to something newer: the old words and the new."""
    for act in acts:
        after = act["after"]
        replacing = act["transformation_type"] == TransformationType.SUPERSEDE and act["before"] and after
        if not replacing or not after["superseded_by"] or act["before"]["superseded_by"]:
            continue
        layer = Layer(act["target_type"])
        new = agent.show(after["superseded_by"])
        yield Item("~", layer.value, new["id"], words_of(layer, new), was=words_of(layer, after))


def words_of(layer: Layer, row: dict[str, Any]) -> str:
    """What a row says: its text without a title."""
    return str(row[TABLES[layer].text_columns[-1]])


def strongest(agent: Agent, layer: Layer, among: set[str] | None = None) -> list[dict[str, Any]]:
    """The active rows of ``layer``, most important (or most certain) first."""
    rows = [row for row in agent.items(layer, states=[State.ACTIVE.value]) if among is None or row["id"] in among]
    return sorted(rows, key=lambda row: (-row[STRENGTH[layer]], row["id"]))


def layers(agent: Agent) -> Iterator[Beat]:
    """The most telling rows of each layer, as they stand at the end."""
    yield Heading("What is remembered now")
    for layer in (Layer.MEMORY, Layer.LESSON, Layer.KNOWLEDGE):
        rows = strongest(agent, layer)
        if rows:
            yield Remark(f"{len(rows)} {PLURAL[layer]}, the strongest:")
        for row in rows[:SHOWN]:
            yield Item("=", layer.value, row["id"], words_of(layer, row))
    if identity := agent.identity():
        yield Remark(f"identity, version {identity['version']}:")
        yield Item("=", "identity", identity["id"], identity["disposition_summary"])


def lineage(agent: Agent) -> Iterator[Beat]:
    """Why one belief is held: the one with the longest way down to the words."""
    traces = [
        agent.why(row["id"])
        for layer in (Layer.KNOWLEDGE, Layer.LESSON, Layer.MEMORY)
        for row in strongest(agent, layer)[:20]
    ]
    if not traces:
        return
    deepest = max(traces, key=lambda trace: (max(node.depth for node in trace), -sum(1 for _ in trace), trace.root.id))
    yield Heading(f"elephantasm why {deepest.root.id}")
    yield Lineage(deepest)


def verdict(agent: Agent) -> Iterator[Beat]:
    """Whether the log and the tables agree."""
    report = agent.verify()
    yield Heading("elephantasm verify")
    counts = ", ".join(f"{count} {name}" for name, count in report.checked.items())
    yield Remark(f"checked: {counts}")
    yield Remark(
        "no faults: the log rebuilds every row, and every row reaches the words it came from" if report.ok else ""
    )
    for fault in report.faults:
        yield Remark(f"FAULT {fault.check} {fault.item}: {fault.message}")


def next_steps(home: str | None) -> Iterator[Beat]:
    """What to type next; with ``home`` where the demonstration is kept."""
    yield Heading("Your own agent")
    if home is not None:
        yield Try(f"elephantasm --home {home} --agent demo knowledge", "look around in what was just made")
    yield Try("elephantasm ingest ~/.claude/projects", "store what your coding agent has been through")
    yield Try("elephantasm dream", "reflect on it (`elephantasm schedule install` has it done by the clock)")
    yield Try("elephantasm pack --query 'what I am about to do'", "what to put into the next prompt")
    yield Try("elephantasm why ID", "walk a belief back to its words")
