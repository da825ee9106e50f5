"""A year of one memory under `elephantasm dream --no-llm`, a dream a day; run by hand.

    python tests/benchmarks/year.py                                 # 365 days, 55 events a day; some minutes
    python tests/benchmarks/year.py --days 60 --events-per-day 20   # shorter
    python tests/benchmarks/year.py --write                         # puts the figures into docs/dreaming.md

The history comes from `year_history`: the same for the same seed. Each day is ingested and dreamed in one process
through the Python API; every day one pack is recorded, so that some memories are asked for and others never.

What is reported:

- the CPU time of a dream over the year (medians by month), the size of the file, rows per layer and state;
- how often each transition of a state happened, from the transformations in the log;
- every identity version with what changed;
- how many facts that changed are still shown as current by a pack that asks for them (derived lines only: what was
  said in March is evidence in December too, with its date);
- whether `verify` holds.

Each distinct text is embedded once in a run: the same sentence in two events has one vector anyway, and embedding
would take longer than everything that is measured here.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from year_history import Fact, History

from elephantasm_cli.agent import Agent, open_agent
from elephantasm_cli.vocabulary import Layer

NAME = "year"
DAYS_PER_MONTH = 30
DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- year: begin -->", "<!-- year: end -->"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--events-per-day", type=int, default=55)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="a folder to keep the agent in")
    parser.add_argument("--write", action="store_true", help="into docs/dreaming.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        year = live(args.keep or Path(folder), args.days, args.events_per_day, args.seed, progress=True)
    print("\n".join(details(year)))
    text = report(year)
    print(text)
    if args.write:
        page = (DOCS / "dreaming.md").read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        (DOCS / "dreaming.md").write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    return 0 if year.faults == [] and year.stale == [] else 1


@dataclass(slots=True)
class Month:
    """Thirty days, as they stood at their end. ``dreams`` are CPU seconds, ``rows`` counts by layer and state."""

    dreams: list[float] = field(default_factory=list)
    jobs: Counter[str] = field(default_factory=Counter)
    size: int = 0
    events: int = 0
    rows: dict[str, dict[str, int]] = field(default_factory=dict)

    def live(self, layer: Layer) -> int:
        counts = self.rows.get(layer.value, {})
        return counts.get("active", 0) + counts.get("decaying", 0)


@dataclass(slots=True)
class Year:
    """What a run has measured."""

    months: list[Month]
    seconds: float
    transitions: Counter[str]
    identities: list[tuple[str, int, str]]
    asked: int
    stale: list[str]
    unknown: list[str]
    faults: list[str]


class Remembering:
    """An embedder that embeds each text once."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._known: dict[str, Any] = {}
        self.name, self.sha256, self.dimension = inner.name, inner.sha256, inner.dimension

    def embed(self, texts: Sequence[str]) -> Any:
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._known.update(zip(missing, self._inner.embed(missing), strict=True))
        return np.stack([self._known[text] for text in texts])

    def embed_query(self, text: str) -> Any:
        return self.embed([text])[0]


@contextmanager
def at(moment: str) -> Iterator[None]:
    """The wall clock stands at ``moment``: rows are stamped as they would have been."""
    before = os.environ.get("ELEPHANTASM_NOW")
    os.environ["ELEPHANTASM_NOW"] = moment
    try:
        yield
    finally:
        if before is None:
            del os.environ["ELEPHANTASM_NOW"]
        else:
            os.environ["ELEPHANTASM_NOW"] = before


def live(home: Path, days: int, events_per_day: int, seed: int, *, progress: bool = False) -> Year:
    """Live through ``days``, one dream each, and look at what is there at the end."""
    history = History(days, events_per_day, seed)
    months: list[Month] = []
    started = time.perf_counter()
    with open_agent(NAME, home=home) as agent:
        agent._embedder = Remembering(agent.embedder)
        for day in range(days):
            with at(history.evening(day)):
                agent.ingest(history.events(day))
                if not months or (day % DAYS_PER_MONTH == 0 and days - day >= DAYS_PER_MONTH // 2):
                    months.append(Month())
                before = time.process_time()
                dreamed = agent.dream(force=True, llm=False)
                months[-1].dreams.append(time.process_time() - before)
                months[-1].jobs.update({job.job.value: job.seconds for job in dreamed.jobs})
                agent.pack(history.question(day), record=True)
            if day % DAYS_PER_MONTH == DAYS_PER_MONTH - 1 or day == days - 1:
                stats = agent.stats()
                months[-1].size, months[-1].events = stats["bytes"], stats["events"]
                months[-1].rows = stats["layers"]
                if progress:
                    print(line(len(months), months[-1]), flush=True)
        seconds = time.perf_counter() - started
        stale, unknown, asked = outdated(agent, history, days)
        return Year(
            months=months,
            seconds=seconds,
            transitions=transitions(agent),
            identities=[
                (row["metadata"]["clock"][:10], row["version"], reason(agent, row)) for row in identities(agent)
            ],
            asked=asked,
            stale=stale,
            unknown=unknown,
            faults=[f"{fault.check} {fault.item}: {fault.message}" for fault in agent.verify().faults],
        )


def identities(agent: Agent) -> list[dict[str, Any]]:
    return agent.identity_versions()


def reason(agent: Agent, row: dict[str, Any]) -> str:
    return str(agent.history(row["id"])[0]["reasoning"])


def transitions(agent: Agent) -> Counter[str]:
    """``layer: transformation: state before -> state after`` with how often; "created" before the first state."""
    found: Counter[str] = Counter()
    for entry in agent.store.log.listed():
        before, after = entry["before"] or {}, entry["after"] or {}
        if "state" in after:
            states = f"{before.get('state', 'created')} -> {after['state']}"
            found[f"{entry['target_type']}: {entry['transformation_type']}: {states}"] += 1
        else:
            found[f"{entry['target_type']}: {entry['transformation_type']}"] += 1
    return found


def outdated(agent: Agent, history: History, days: int) -> tuple[list[str], list[str], int]:
    """(what a pack states of a value that has changed, changed facts no pack knows, packs asked).

    A derived line is stale if it holds a sentence that says an old value, word for word: memories are quotations here.
    """
    stale, unknown, asked = [], [], 0
    for fact in history.facts:
        old, current = history.values_of(fact, days - 1)
        if not old:
            continue
        asked += 1
        pack = agent.pack(fact.question, budget=2000)
        lines = [shown.line for shown in pack.shown if shown.layer is not Layer.EVENT]
        lines += [item["statement"] for item in agent.knowledge(states=["active", "decaying"])]
        lines += [item["content"] for item in agent.lessons(states=["active", "decaying"])]
        stale += [f"{fact.name}: {said}" for said in says(fact, old, lines)]
        if not says(fact, [current], [shown.line for shown in pack.shown]):
            unknown.append(f"{fact.name}: {current}")
    return stale, unknown, asked


def says(fact: Fact, values: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The lines that say one of ``values`` in one of the fact's wordings."""
    wordings = [saying.format(value).rstrip(".").casefold() for value in values for saying in fact.sayings]
    return [found for found in dict.fromkeys(lines) if any(wording in found.casefold() for wording in wordings)]


def line(number: int, month: Month) -> str:
    """One month on one line."""
    jobs = ", ".join(f"{job} {1000 * spent / len(month.dreams):.0f}" for job, spent in month.jobs.items())
    return (
        f"month {number}: dream {1000 * statistics.median(month.dreams):.0f} ms ({jobs}), "
        f"{month.size / 1e6:.1f} MB, {month.events} events, {month.rows}"
    )


def details(year: Year) -> list[str]:
    """What happened, in full."""
    lines = ["", "Transitions:"]
    lines += [f"  {count:6}  {name}" for name, count in sorted(year.transitions.items())]
    lines += ["", f"{len(year.identities)} identity versions:"]
    lines += [f"  {day} v{version}: {why}" for day, version, why in year.identities]
    lines += ["", *(f"STALE {text}" for text in year.stale), *(f"UNKNOWN {text}" for text in year.unknown)]
    return lines + [f"FAULT {text}" for text in year.faults]


def report(year: Year) -> str:
    """The figures as Markdown."""
    first, last = year.months[0], year.months[-1]
    lines = [
        f"{sum(len(month.dreams) for month in year.months)} dreams over {last.events:,} events "
        f"in {year.seconds:.0f} s: "
        f"a dream takes {1000 * statistics.median(first.dreams):.0f} ms in the first month and "
        f"{1000 * statistics.median(last.dreams):.0f} ms in the last (medians). "
        f"Facts that changed: {year.asked}, shown as current with an old value: {len(year.stale)}. "
        f"Identity versions: {len(year.identities)}. Faults that `verify` finds: {len(year.faults)}.",
        "",
        "| month | events | file, MB | dream, ms | memories: active | decaying | archived | superseded | lessons | "
        "knowledge |",
        "|" + "---|" * 10,
    ]
    for number, month in enumerate(year.months, 1):
        memories = month.rows.get("memory", {})
        states = " | ".join(f"{memories.get(state, 0):,}" for state in ("active", "decaying", "archived", "superseded"))
        lines.append(
            f"| {number} | {month.events:,} | {month.size / 1e6:.1f} | {1000 * statistics.median(month.dreams):.0f} | "
            f"{states} | {month.live(Layer.LESSON)} | {month.live(Layer.KNOWLEDGE)} |"
        )
    lines += ["", "| transition | times |", "|---|---|"]
    lines += [f"| {name} | {count:,} |" for name, count in sorted(year.transitions.items())]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
