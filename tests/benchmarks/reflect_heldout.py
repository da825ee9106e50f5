"""What a dream remembers of excerpts that nobody tuned on.

    python tests/benchmarks/reflect_heldout.py --data conversations.json --llm qwen2.5-coder-1.5b --json run.json
    python tests/benchmarks/reflect_heldout.py --data conversations.json --llm off
    python tests/benchmarks/reflect_heldout.py --data conversations.json --development      # marked, to tune on
    python tests/benchmarks/reflect_heldout.py --data conversations.json --dev --show       # unmarked, to tune on
    python tests/benchmarks/reflect_heldout.py --run run.json --judged verdicts.json

``--data`` names conversations in membench's format: a list of ``{id, sessions: [{id, date, turns: [{id, speaker,
text}]}]}``; without it only our own twenty excerpts are run. Every excerpt goes into a fresh agent in a throw-away
home, which dreams the jobs ``index`` and ``reflect``, its model on one thread. Whoever changes how the dreamer reflects
looks at ``--development`` and ``--dev`` only.

A mark (``tests/data/reflect_heldout.json``, or ``reflect_development.json``) is *recalled* if a memory holds its key
words and cites its turn or one beside it; *in its author's words* are those where that memory is the author's own
words. Whether what came out is true is for a person to say, from ``--show`` or ``--json``: ``--judged`` reads a list of
``{case, memory, verdict}``, where ``memory`` is the number of a memory in its case (or ``statement`` gives it in full)
and ``verdict`` a word such as "right", "false" or "misattributed", and prints how often each was given, with Wilson's
95% interval.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest.mock import patch

from reflect_cases import (
    CONVERSATIONS,
    DEVELOPMENT,
    DEVELOPMENT_MARKS,
    MARKS,
    TURNS_PER_MARK,
    Case,
    Mark,
    dev_cases,
    drawn_cases,
    holds,
    is_recalled,
    own_cases,
)
from scoring import table

from elephantasm_cli import open_agent
from elephantasm_cli.agent import Agent
from elephantasm_cli.dream.run import DreamOptions, dream
from elephantasm_cli.locations import find_locations
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.services.language_model import LanguageModel, load_language_model
from elephantasm_cli.services.model_files import resolve
from elephantasm_cli.vocabulary import Job

JOBS = (Job.INDEX.value, Job.REFLECT.value)
THREADS = 1
Z = 1.959964
"""Standard deviations that hold 95% of a normal distribution."""


def load_model(spec: str) -> LanguageModel | None:
    """The model ``spec`` names, from the models' own folder; None for "off"."""
    if spec.lower() == "off":
        return None
    return load_language_model(resolve(spec, find_locations().models), n_threads=THREADS)


def run(case: Case, model: LanguageModel | None) -> dict[str, Any]:
    """Dream on one excerpt; everything there is to say of it, as plain values."""
    now = max([utc_now(), *(turn["occurred_at"] for turn in case.turns)])  # some excerpts are of days to come
    with (
        patch.dict(os.environ, ELEPHANTASM_NOW=now),
        tempfile.TemporaryDirectory() as home,
        open_agent("heldout", home=home) as agent,
    ):
        agent.ingest(case.turns, session=case.id)
        started = time.perf_counter()
        report = dream(
            agent.store,
            DreamOptions(settings=agent.settings.dream, force=True, jobs=JOBS),
            embedder=agent.checked_embedder,
            language_model=lambda: model,
            lock=None,
        )
        seconds = time.perf_counter() - started
        memories = memories_of(agent, case)
    refused = [output for job in report.jobs for output in job.rejected_outputs]
    return {
        "case": case.id,
        "group": case.group,
        "turns": len(case.turns),
        "must_not": case.must_not,
        "marks": [asdict(mark) | found(mark, case, memories) for mark in case.marks],
        "memories": memories,
        "refused": refused,
        "tokens": report.tokens,
        "seconds": round(seconds, 3),
    }


def memories_of(agent: Agent, case: Case) -> list[dict[str, Any]]:
    """The memories in the order they were made: what they say, the words they rest on, and whose turns those are."""
    turns = [turn for turn in case.turns if turn["content"]]  # an output of nothing is no event
    events = {event["id"]: (turn["id"], event["content"]) for event, turn in zip(agent.events(), turns, strict=True)}
    listed = []
    for number, memory in enumerate(agent.memories()):
        sources = agent.history(memory["id"])[0]["sources"]
        cited = [(*events[source["source_id"]], source["quote_start"], source["quote_end"]) for source in sources]
        cited.sort(key=lambda each: case.order[each[0]])
        listed.append(
            {
                "memory": number,
                "statement": memory["content"],
                "quotes": [content[start:end] for _, content, start, end in cited],
                "turns": [turn for turn, *_ in cited],
                "kind": memory["kind"],
                "form": memory["metadata"]["form"],
                "speaker": memory["metadata"]["speaker"],
                "state": memory["state"],
                "importance": memory["importance_score"],
            }
        )
    return listed


def found(mark: Mark, case: Case, memories: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Whether any memory recalls the mark, and whether one does in its author's own words."""
    recalling = [memory for memory in memories if is_recalled(mark, case, memory)]
    return {"recalled": bool(recalling), "own": any(memory["speaker"] == mark.author for memory in recalling)}


def wilson(count: int, total: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share (E. B. Wilson 1927); 0 to 1 of nothing."""
    if not total:
        return 0.0, 1.0
    share, square = count / total, Z * Z
    middle = share + square / (2 * total)
    reach = Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    return max(0.0, (middle - reach) / (1 + square / total)), min(1.0, (middle + reach) / (1 + square / total))


def percent(count: int, total: int) -> str:
    """ "12/40 = 30% (18-45)", "-" of nothing."""
    if not total:
        return "-"
    low, high = wilson(count, total)
    return f"{count}/{total} = {count / total:.0%} ({100 * low:.0f}-{100 * high:.0f})"


def grouped(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The rows of each group, those that we wrote together, and all of them."""
    groups = {name: [row for row in rows if row["group"] == name] for name in dict.fromkeys(r["group"] for r in rows)}
    ours = [row for row in rows if row["group"] not in (CONVERSATIONS, DEVELOPMENT)]
    return [*groups.items(), *([("our own", ours)] if ours else []), ("all", list(rows))]


def summary(results: Sequence[Mapping[str, Any]]) -> str:
    """Two tables, one line a group: what came out and what it cost, and what of the marks is there."""
    head = [
        "",
        "cases",
        "turns",
        "memories",
        "rewrites",
        "quotations",
        "a turn",
        "over",
        "refused",
        "tokens",
        "seconds",
    ]
    made, marked = [], []
    for name, rows in grouped(results):
        memories = [memory for row in rows for memory in row["memories"]]
        forms = Counter(memory["form"] for memory in memories)
        turns = sum(row["turns"] for row in rows)
        over = sum(len(row["memories"]) > math.ceil(row["turns"] / TURNS_PER_MARK) for row in rows)
        costs = [sum(row["tokens"] for row in rows), f"{sum(row['seconds'] for row in rows):.0f}"]
        counts = [len(rows), turns, len(memories), forms["rewrite"], forms["quotation"], f"{len(memories) / turns:.2f}"]
        made.append([name, *counts, over, sum(len(row["refused"]) for row in rows), *costs])
        marks = [mark for row in rows for mark in row["marks"]]
        idle = [row for row in rows if not row["marks"]]
        shares = [percent(sum(mark[key] for mark in marks), len(marks)) for key in ("recalled", "own")]
        marked.append([name, *shares, f"{sum(len(row['memories']) for row in idle)} in {len(idle)}"])
    legend = f"over: cases with more than one memory for {TURNS_PER_MARK} turns; refused: answers the checks refused"
    tables = [table(head, made), legend]
    if any(row["marks"] for row in results):
        tables += ["", table(["", "recalled", "in its author's words", "memories where nothing is marked"], marked)]
    return "\n".join(tables)


def shown(result: Mapping[str, Any]) -> str:
    """One case for a person to judge: each memory beside its quote, the marks, and what must not come out."""
    lines = [f"\n{result['case']} ({result['group']}, {result['turns']} turns)"]
    for memory in result["memories"]:
        lines.append(f"  {memory['memory']} {memory['form']}, {memory['kind']}: {memory['statement']}")
        pairs = zip(memory["turns"], memory["quotes"], strict=True)
        lines += [f"      {turn}: {' '.join(quote.split())}" for turn, quote in pairs]
    for mark in result["marks"]:
        keys = " + ".join("|".join(group) for group in mark["keys"])
        lines.append(f"  {'recalled' if mark['recalled'] else 'MISSED'}: {mark['author']}, {mark['turn']}: {keys}")
    lines += [f"  must not: {hint}" for hint in result["must_not"]]
    return "\n".join(lines)


def judged(verdicts: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]) -> str:
    """How often each verdict was given, by form and by group. Raises ValueError for a memory that is not there or is
    judged twice."""
    memories = {(row["case"], memory["memory"]): (row, memory) for row in results for memory in row["memories"]}
    numbers = {(case, memory["statement"]): number for (case, number), (_, memory) in memories.items()}
    given: dict[tuple[str, int], str] = {}
    for verdict in verdicts:
        case, named = verdict["case"], verdict.get("memory", verdict.get("statement"))
        key = (case, numbers.get((case, named), named))
        if key not in memories:
            raise ValueError(f"{case} has no memory {named!r}")
        if key in given:
            raise ValueError(f"{case}, memory {named!r}: judged twice")
        given[key] = str(verdict["verdict"]).strip().casefold()
    names = sorted(set(given.values()))
    of: dict[str, list[str]] = {}
    for key, verdict in given.items():
        row, memory = memories[key]
        for name in (f"{memory['form']}s", row["group"], "all"):
            of.setdefault(name, []).append(verdict)
    rows = [[name, *(percent(said.count(verdict), len(said)) for verdict in names)] for name, said in of.items()]
    rows.sort(key=lambda row: str(row[0]) == "all")
    return f"{table(['', *names], rows)}\n{len(given)} of {len(memories)} memories are judged"


def chosen_cases(data: Path | None, marks: Path | None = MARKS) -> list[Case]:
    """The excerpts that the file ``marks`` marks; without it the unmarked ones. Raises ValueError where the
    conversations are not those that were marked."""
    conversations = json.loads(data.read_text(encoding="utf-8")) if data else []
    if marks is None:
        return list(dev_cases(conversations))
    cases = [*(drawn_cases(conversations, marks) if conversations else ()), *own_cases(marks)]
    for case in cases:
        for mark in case.marks:
            author = case.turns[case.order[mark.turn]]["author"]
            if author != mark.author or not holds(case.said_around(mark), mark.keys):
                raise ValueError(f"{case.id}: {mark.turn} is not what was marked: are these the marked conversations?")
    return cases


def run_all(cases: Iterable[Case], spec: str, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """Every case in turn with one loaded model; ``tell`` hears how far it is."""
    model = load_model(spec)
    try:
        results = []
        for number, case in enumerate(cases, 1):
            results.append(run(case, model))
            tell(f"{number} {case.id}: {len(results[-1]['memories'])} memories, {results[-1]['seconds']:.1f} s")
        return results
    finally:
        if model is not None:
            model.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="conversations in membench's format")
    parser.add_argument("--llm", default="off", metavar="SPEC", help="catalog name or file of a model; off (default)")
    others = parser.add_mutually_exclusive_group()
    others.add_argument("--development", action="store_true", help="the marked excerpts to tune on instead")
    others.add_argument("--dev", action="store_true", help="the unmarked excerpts to tune on instead")
    parser.add_argument("--show", action="store_true", help="print every memory beside its quote")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything here")
    parser.add_argument("--run", type=Path, metavar="FILE", help="read what --json wrote instead of dreaming")
    parser.add_argument("--judged", type=Path, metavar="FILE", help="verdicts on the memories of this run")
    options = parser.parse_args()
    if options.dev and options.data is None:
        parser.error("--dev draws from conversations: name them with --data")
    if options.run:
        results = json.loads(options.run.read_text(encoding="utf-8"))["results"]
    else:
        marks = None if options.dev else DEVELOPMENT_MARKS if options.development else MARKS
        cases = chosen_cases(options.data, marks)
        results = run_all(cases, options.llm, lambda text: print(text, file=sys.stderr, flush=True))
    if options.json:
        document = {"llm": options.llm, "dev": options.dev, "development": options.development, "results": results}
        options.json.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    if options.show:
        print("\n".join(map(shown, results)), end="\n\n")
    print(summary(results))
    if options.judged:
        print(f"\n{judged(json.loads(options.judged.read_text(encoding='utf-8')), results)}")


if __name__ == "__main__":
    main()
