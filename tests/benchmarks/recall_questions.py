"""Recall over our own questions: a coding assistant's history, a Claude Code transcript and a notes file.

    python tests/benchmarks/recall_questions.py
    python tests/benchmarks/recall_questions.py --json figures.json --missed

Each source of ``tests/data/recall_questions.json`` goes into an agent of its own in a throw-away home, through the
public Python API, without a dream. Each question is asked as of its date at three budgets.

A pack holds a gold piece if it has it word for word, or 60% of its content words in one line (in 80 words of it). The
piece is the event's text; of a tool output of several lines, which packs clip, it is the part that the question quotes;
of a notes file, which is one event, the paragraph or list item that begins on the line. *Answer* is the share of the
answer's content words that occur in the pack. BM25 alone gets every event (of the notes, every paragraph) as one line
with its date and speaker, and the same budget by the same counter.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from scoring import PackText, PlainBm25, mean, table

from elephantasm_cli import open_agent
from elephantasm_cli.agent import Agent
from elephantasm_cli.ingest.pipeline import IngestOptions
from elephantasm_cli.ingest.sources import FileSource
from elephantasm_cli.services.clock import human_date, to_datetime

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "tests" / "data" / "recall_questions.json"
BUDGETS = (256, 512, 1024)
SYSTEMS = ("elephantasm", "bm25")


@dataclass(frozen=True)
class Loaded:
    """A source inside an agent: its gold pieces by the id that the source gives them, and all as lines."""

    pieces: dict[str, str]
    lines: list[str]


def paragraphs(text: str) -> dict[str, str]:
    """The paragraphs and list items of a markdown file by the line on which they begin ("L9")."""
    found: dict[str, str] = {}
    current = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            current = ""
        elif not current or line.startswith("- "):
            current = f"L{number}"
            found[current] = line.removeprefix("- ")
        else:
            found[current] += " " + line.strip()
    return found


def source_ids(file: Path) -> dict[str, str]:
    """The record's own id by its line in ``file`` ("…:12")."""
    ids = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        record = json.loads(line)
        ids[str(number)] = record.get("id") or record.get("uuid")
    return ids


def load(agent: Agent, file: Path, day: str, folder: Path) -> Loaded:
    """Ingest ``file`` and make its vectors. A note takes its time from its file, so a copy is dated ``day``."""
    copy = Path(shutil.copy(file, folder))
    written = to_datetime(f"{day}T00:00:00+00:00").timestamp()
    os.utime(copy, (written, written))
    agent.ingest_sources([FileSource(copy)], IngestOptions())
    agent.reindex()
    if file.suffix == ".md":
        pieces = paragraphs(file.read_text(encoding="utf-8"))
        return Loaded(pieces, list(pieces.values()))
    ids = source_ids(file)
    events = {ids[event["source"].rsplit(":", 1)[1]]: event for event in agent.events()}
    return Loaded(
        {key: event["content"] for key, event in events.items()},
        [f"[{human_date(e['occurred_at'])}] {e['author'] or e['role']}: {e['content']}" for e in events.values()],
    )


def ask(name: str, source: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a question, budget and system: which gold pieces and how much of the answer the pack holds."""
    questions, rows = source["questions"], []
    with tempfile.TemporaryDirectory() as home, open_agent(name, home=home) as agent:
        loaded = load(agent, ROOT / source["file"], max(question["date"] for question in questions), Path(home))
        words_alone = PlainBm25(loaded.lines)
        for question in questions:
            wanted = {gold: question.get("quotes", {}).get(gold, loaded.pieces[gold]) for gold in question["gold"]}
            for budget in BUDGETS:
                started = time.perf_counter()
                pack = agent.pack(question["q"], budget=budget, as_of=question["date"])
                milliseconds = 1000 * (time.perf_counter() - started)
                for system, text in (("elephantasm", pack.text), ("bm25", words_alone.pack(question["q"], budget))):
                    held = PackText(text)
                    found = [gold for gold, piece in wanted.items() if held.holds(piece)]
                    rows.append(
                        {
                            "source": name,
                            "kind": question["kind"],
                            "q": question["q"],
                            "budget": budget,
                            "system": system,
                            "evidence": len(found) / len(wanted),
                            "answer": held.answer_share(question["answer"]),
                            "empty": not text,
                            "missed": [gold for gold in wanted if gold not in found],
                            "ms": milliseconds,
                        }
                    )
        words_alone.close()
    return rows


def figures(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Evidence and answer share by group (all, a source, a kind) and budget, for both systems."""
    groups: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        for group in ("all", f"source {row['source']}", f"kind {row['kind']}"):
            groups[group, row["budget"]].append(row)
    made = []
    for (group, budget), members in groups.items():
        entry: dict[str, Any] = {"group": group, "budget": budget, "n": len(members) // len(SYSTEMS)}
        for system in SYSTEMS:
            for measure in ("evidence", "answer"):
                entry[f"{system} {measure}"] = mean([row[measure] for row in members if row["system"] == system])
        made.append(entry)
    return sorted(made, key=lambda entry: (entry["group"] != "all", entry["group"].startswith("kind"), entry["group"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="also write every figure and every row here")
    parser.add_argument("--missed", action="store_true", help="list what the largest pack did not hold")
    options = parser.parse_args()
    sources = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    rows = [row for name, source in sources.items() for row in ask(name, source)]
    made = figures(rows)
    print(table(list(made[0]), [list(entry.values()) for entry in made]))
    ours = [row for row in rows if row["system"] == "elephantasm"]
    print(f"pack {median(row['ms'] for row in ours):.0f} ms (median), without a pack: {sum(r['empty'] for r in ours)}")
    if options.missed:
        for row in ours:
            if row["budget"] == BUDGETS[-1] and row["missed"]:
                why = "no pack at all" if row["empty"] else f"missed {', '.join(row['missed'])}"
                print(f"{row['source']} / {row['kind']}: {row['q']}  {why}")
    if options.json:
        options.json.write_text(json.dumps({"figures": made, "rows": rows}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
