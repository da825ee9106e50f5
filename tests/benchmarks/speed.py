"""How long a pack takes as the memory grows, beside BM25 alone and a plain float scan; run by hand.

    python tests/benchmarks/speed.py --sizes 1000,10000,100000,300000 --write

Every size is measured on the same file, which grows; the three methods take turns on every question, so that whatever
else the machine does falls on all alike. ``--write`` puts table and plot into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from plot import plot
from sentences import docstring_sentences
from synthetic import History

import elephantasm_cli
from elephantasm_cli.agent import Agent, open_agent
from elephantasm_cli.store.connection import connect, load_vector_extension
from elephantasm_cli.store.full_text import FullTextSearch
from elephantasm_cli.text.fts import match_expression, query_terms

NAME = "history"
BUDGET = 1024
NEAREST = 20
WARMING = 3
DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
COLUMNS = {
    "start": "from process start",
    "warm": "warm",
    "slow": "warm, 9 of 10 under",
    "as_of": "warm, as of the middle",
    "embed": "the question's vector",
    "words": "words",
    "near": "nearest vectors",
    "bm25": "BM25 alone",
    "floats": "vec0 float scan",
}
"""The columns of the table: what was measured, in milliseconds."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000,300000", help="events, ascending")
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--starts", type=int, default=9, help="processes started for each size")
    parser.add_argument("--sentences", type=int, default=5_000, help="real sentences to measure recall@20 on")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md and docs/performance.svg")
    args = parser.parse_args()
    sizes = [int(size) for size in args.sizes.split(",")]
    rows: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        history = History()
        for size in sizes:
            with open_agent(NAME, home=folder) as agent:
                history.grow(agent, size)
            with (
                FloatScan(Path(folder) / "floats.db") as floats,
                open_agent(NAME, home=folder, read_only=True) as agent,
            ):
                floats.fill(agent)
                rows[size] = measure(agent, floats, history, args.questions)
            rows[size]["start"] = from_start(folder, history.questions(args.starts))
            print(size, {name: round(value, 1) for name, value in rows[size].items()}, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        recalled = recall_at_20(folder, args.sentences, max(1, args.sentences // 50))
    text = report(rows, recalled, args.sentences)
    print(text)
    if args.write:
        page = (DOCS / "performance.md").read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        (DOCS / "performance.md").write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
        (DOCS / "performance.svg").write_text(drawing(rows), encoding="utf-8")
    return 0


class FloatScan:
    """The plain way: float vectors in a ``vec0`` table of their own file, all compared for every question."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, create=True)
        load_vector_extension(self._connection)
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS floats USING vec0 (passage_id INTEGER PRIMARY KEY, v FLOAT[384])"
        )

    def __enter__(self) -> FloatScan:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def fill(self, agent: Agent) -> None:
        """Copy the vectors that are not there yet."""
        have = self._connection.execute("SELECT count(*) FROM floats").fetchone()[0]
        rows = agent.store.connection.execute(
            "SELECT passage_id, vector FROM embeddings ORDER BY passage_id LIMIT -1 OFFSET ?", (have,)
        )
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO floats VALUES (?, ?)", (tuple(row) for row in rows))
        self._connection.execute("COMMIT")

    def nearest(self, vector: Any) -> list[Any]:
        found: list[Any] = self._connection.execute(
            "SELECT passage_id FROM floats WHERE v MATCH ? AND k = ?", (vector.tobytes(), NEAREST)
        ).fetchall()
        return found


def measure(agent: Agent, floats: FloatScan, history: History, count: int) -> dict[str, float]:
    """Medians in milliseconds of one warm process; each question is asked once, after a few to warm up."""
    store, middle, model = agent.store, history.middle(), agent.embedder
    times: dict[str, list[float]] = {}

    def timed(name: str, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        started = time.perf_counter()
        result = call(*arguments, **options)
        times.setdefault(name, []).append(1000 * (time.perf_counter() - started))
        return result

    for number, question in enumerate(history.questions(count + WARMING)):
        if number == WARMING:
            times.clear()
        terms = query_terms(question)
        timed("warm", agent.pack, query=question, budget=BUDGET)
        # other wording, same words: the vectors of questions are kept, and each of these is to make its own
        timed("as_of", agent.pack, query=f"And {question}", budget=BUDGET, as_of=middle)
        vector = timed("embed", model.embed_query, f"So {question}")
        timed("words", lambda words: FullTextSearch(store.connection, words).ranked(), terms)
        timed("near", store.vectors.nearest, vector, "event", model.sha256)
        timed("bm25", bm25, agent, terms)
        timed("floats", floats.nearest, vector)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return medians | {"slow": statistics.quantiles(times["warm"], n=10)[-1]}


def bm25(agent: Agent, terms: list[str]) -> list[Any]:
    """What FTS5 ranks itself."""
    rows: list[Any] = agent.store.connection.execute(
        "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rank LIMIT ?",
        (match_expression(terms), NEAREST),
    ).fetchall()
    return rows


def from_start(folder: str, questions: list[str]) -> float:
    """The median time of the command, process start and Python included, in milliseconds."""
    root = str(Path(elephantasm_cli.__file__).parents[1])
    times = []
    for question in questions:
        command = [sys.executable, "-m", "elephantasm_cli", "pack", "--agent", NAME, "--home", folder]
        started = time.perf_counter()
        subprocess.run(
            [*command, "--budget", str(BUDGET), "--query", question],
            check=True,
            env=os.environ | {"PYTHONPATH": root},
            stdout=subprocess.DEVNULL,
        )
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def recall_at_20(folder: str, count: int, asked: int) -> float:
    """Which share of the exact 20 nearest of ``count`` real sentences the index finds, for other real sentences."""
    sentences = docstring_sentences(count + asked)
    step = len(sentences) // asked
    questions = sentences[::step][:asked]
    stored = sorted(set(sentences) - set(questions))
    with open_agent(NAME, home=folder) as agent:
        agent.ingest({"id": str(place), "role": "user", "content": text} for place, text in enumerate(stored))
        agent.reindex()
        rows = agent.store.connection.execute(
            "SELECT passage_id, vector FROM embeddings ORDER BY passage_id"
        ).fetchall()
        ids = np.array([row[0] for row in rows])
        vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(ids), -1)
        shares = []
        for question in questions:
            vector = agent.embedder.embed_query(question)
            exact = set(ids[np.argsort(-(vectors @ vector), kind="stable")[:NEAREST]].tolist())
            found = agent.store.vectors.nearest(vector, "event", agent.embedder.sha256)[:NEAREST]
            shares.append(len(exact & {key for key, _ in found}) / len(exact))
    return statistics.fmean(shares)


def report(rows: dict[int, dict[str, float]], recalled: float, sentences: int) -> str:
    """The measurements as Markdown."""
    lines = [
        f"Medians in milliseconds; Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}.",
        "",
        "| events | " + " | ".join(COLUMNS.values()) + " |",
        "|" + "---|" * (len(COLUMNS) + 1),
    ]
    lines += [
        f"| {size:,} | "
        + " | ".join(f"{row[name]:.0f}" if row[name] >= 10 else f"{row[name]:.1f}" for name in COLUMNS)
        + " |"
        for size, row in rows.items()
    ]
    return "\n".join([*lines, "", f"recall@{NEAREST} of the index on {sentences:,} real sentences: {recalled:.4f}"])


def drawing(rows: dict[int, dict[str, float]]) -> str:
    shown = ("start", "warm", "as_of", "bm25", "floats")
    return plot(
        {COLUMNS[name]: [(size, row[name]) for size, row in rows.items()] for name in shown}, "events", "milliseconds"
    )


if __name__ == "__main__":
    sys.exit(main())
