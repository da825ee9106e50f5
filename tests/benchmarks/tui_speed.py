"""How quick the browser is on a long history; run by hand.

    python tests/benchmarks/tui_speed.py --events 100000 --derived 20000 --write

Measures the time from process start until the newest event is on a real terminal (a pty), the time from a key to the
screen that answers it (median, and 95 of 100 under), and the memory of the process after all that. ``--write`` puts the
figures into docs/tui.md.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import platform
import pty
import random
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from synthetic import History
from textual.strip import Strip

from elephantasm_cli.agent import Agent, open_agent
from elephantasm_cli.cli.call import Call
from elephantasm_cli.ids import derived_id
from elephantasm_cli.store.changes import Change, Provenance, Source
from elephantasm_cli.tui.app import Browser
from elephantasm_cli.tui.data import Data
from elephantasm_cli.tui.widgets.virtual_list import VirtualList
from elephantasm_cli.vocabulary import Layer, TransformationType

NAME = "history"
SIZE = (120, 40)
BATCH = 500
BY = Provenance("reflect", "benchmark")
SHARES = {Layer.MEMORY: 16, Layer.LESSON: 1, Layer.KNOWLEDGE: 3}
DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--derived", type=int, default=20_000)
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--home", help="keep the file here, and use it if it is there")
    parser.add_argument("--write", action="store_true", help="into docs/tui.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = args.home or folder
        if not Path(home, "agents", f"{NAME}.db").exists():
            fill(home, args.events, args.derived)
        started = [first_paint(home) for _ in range(args.starts)]
        memory = memory_of(home)
        keys = asyncio.run(answers(home, args.keys))
    text = report(args, started, memory, keys)
    print(text)
    if args.write:
        page = (DOCS / "tui.md").read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        (DOCS / "tui.md").write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    return 0


def fill(home: str, events: int, derived: int) -> None:
    """A history of so many events, without vectors, and so many rows made of them."""
    history = History()
    with open_agent(NAME, home=home) as agent:
        while history.size < events:
            agent.ingest(list(history._turns(min(5000, events - history.size))))
        ids = [row["id"] for row in agent.events(limit=derived)]
        ids = (ids * (derived // len(ids) + 1))[:derived]
        made: dict[Layer, list[str]] = {layer: [] for layer in SHARES}
        whole = sum(SHARES.values())
        for layer, share in SHARES.items():
            remember(agent, layer, derived * share // whole, ids, made)
        agent.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def remember(agent: Agent, layer: Layer, count: int, events: list[str], made: dict[Layer, list[str]]) -> None:
    """So many rows of a layer, each resting on one below it."""
    for first in range(0, count, BATCH):
        with agent.store.transaction():
            for number in range(first, min(first + BATCH, count)):
                source = (
                    Source(events[number], Layer.EVENT, quote=(0, 5))
                    if layer is Layer.MEMORY
                    else Source(made[Layer.MEMORY][number], Layer.MEMORY)
                )
                words = f"Number {number} of what there is to know, in a sentence of the usual length."
                item = derived_id(layer, "fact", [source.id], f"{layer} {words}")
                change = Change(
                    TransformationType.REFLECTION, layer, item, values_of(layer, words, number), (source,), "said so"
                )
                agent.store.derived.create(change, BY)
                made[layer].append(item)


def values_of(layer: Layer, words: str, number: int) -> dict[str, Any]:
    time_ = f"2026-{1 + number % 12:02}-{1 + number % 28:02}T10:00:00.000000Z"
    shared = {"state": "active" if number % 7 else "superseded", "superseded_by": None, "trust": "user"}
    valid = {"valid_from": time_, "valid_to": None}
    if layer is Layer.MEMORY:
        scores = {"importance_score": number % 100 / 100, "confidence": 0.9}
        return {"content": words, "kind": "fact", "time_start": time_, "time_end": time_, **scores, **valid, **shared}
    if layer is Layer.KNOWLEDGE:
        return {"statement": words, "category": "fact", "certainty": number % 100 / 100, **valid, **shared}
    counts = {"support_count": 3, "session_count": 2, "archived_at": None, "confidence": 0.7}
    return {"title": "number", "content": words, "pattern_type": "behavioral", **counts, **shared}


@contextmanager
def terminal(home: str) -> Iterator[tuple[int, int]]:
    """The command on a pty of its own: its process and the descriptor to talk to it."""
    process, descriptor = pty.fork()
    if process == 0:  # pragma: no cover - the other process
        os.environ |= {"TERM": "xterm-256color", "COLUMNS": str(SIZE[0]), "LINES": str(SIZE[1])}
        command = [sys.executable, "-m", "elephantasm_cli", "tui", "--agent", NAME, "--home", home]
        os.execv(sys.executable, command)
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    try:
        yield process, descriptor
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(descriptor)


def read_until(descriptor: int, wanted: bytes, seconds: float = 30.0) -> bool:
    """Read what is painted until ``wanted`` is in it."""
    seen, until = b"", time.perf_counter() + seconds
    while time.perf_counter() < until:
        if select.select([descriptor], [], [], 0.01)[0]:
            try:
                seen += os.read(descriptor, 65536)
            except OSError:
                return False
            if wanted in seen:
                return True
    return False


def newest_words(home: str) -> bytes:
    """The first word of the newest event, as it is painted."""
    with open_agent(NAME, home=home, read_only=True) as agent:
        (row,) = agent.events(newest_first=True, limit=1)
    return str(row["content"]).split()[0].encode()


def first_paint(home: str) -> float:
    """Seconds from process start until the newest event can be read."""
    words = newest_words(home)
    begun = time.perf_counter()
    with terminal(home) as (_, descriptor):
        if not read_until(descriptor, words):
            raise SystemExit("the newest event never appeared")
        return time.perf_counter() - begun


def memory_of(home: str) -> float:
    """The most memory the process ever took, in MB, after looking through every list, a search and a pack."""
    with terminal(home) as (process, descriptor):
        read_until(descriptor, newest_words(home))
        typed = ["G", "g", "2", "G", "g", "4", "G", "6", "8", "1", "/number\r", "\x1b", "7", "/which number\r", "1"]
        for keys in typed:
            for key in keys:
                os.write(descriptor, key.encode())
                read_until(descriptor, b"\0", 0.05)
            read_until(descriptor, b"\0", 1.0)
        status = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1000


class Painted:
    """Notes when the line under the cursor was last drawn with its row read."""

    def __init__(self, rows: VirtualList) -> None:
        self._rows, self._draw = rows, rows.render_line
        self.at = 0.0
        rows.render_line = self  # type: ignore[method-assign, assignment]

    def __call__(self, y: int) -> Strip:
        strip = self._draw(y)
        if y + self._rows.scroll_offset.y == self._rows.cursor and self._rows.row is not None:
            self.at = time.perf_counter()
        return strip


async def answers(home: str, count: int) -> dict[str, list[float]]:
    """Milliseconds from a key to the drawn line that answers it, by kind of key, a tenth of a second apart."""
    call = Call(NAME, home)
    app = Browser(Data(call.opened, call.locations, NAME))
    times: dict[str, list[float]] = {}
    chosen = random.Random(3)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(1.5)
        rows = app.main.rows
        painted = Painted(rows)

        async def timed(name: str, key: str) -> None:
            before, begun = (app.main.mode, rows.cursor, rows.keys), time.perf_counter()
            app.simulate_key(key)
            while painted.at < begun or (app.main.mode, rows.cursor, rows.keys) == before:
                await asyncio.sleep(0)
                if time.perf_counter() - begun > 2:
                    return  # at an end of the list a key changes nothing
            times.setdefault(name, []).append(1000 * (painted.at - begun))
            await asyncio.sleep(0.1)

        for number in range(count):
            await timed("a row on or back", "j" if number % 3 else "k")
        for number in range(count):
            await timed("a page on or back", "pagedown" if number % 3 else "pageup")
        for number in range(count // 4):
            await timed("last or first of all", "g" if number % 2 else "G")
        for _ in range(count // 4):
            rows.to(chosen.randrange(len(rows.keys)))
            await asyncio.sleep(0.1)
            await timed("a page on, somewhere new", "pagedown")
        for number in range(count // 10):
            await timed("another list", "2413"[number % 4])
            await asyncio.sleep(0.3)
    return times


def report(args: argparse.Namespace, started: list[float], memory: float, keys: dict[str, list[float]]) -> str:
    """The measurements as Markdown."""
    lines = [
        f"{args.events:,} events, {args.derived:,} derived rows, {SIZE[0]}x{SIZE[1]}; Python "
        f"{platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}.",
        "",
        "| | median | 95 of 100 under |",
        "|---|---|---|",
        f"| from process start to the newest event on the screen | {statistics.median(started):.2f} s "
        f"| {max(started):.2f} s (the longest) |",
    ]
    for name, values in keys.items():
        slow = statistics.quantiles(values, n=20)[-1]
        lines.append(f"| {name} | {statistics.median(values):.1f} ms | {slow:.1f} ms |")
    return "\n".join([*lines, f"| memory at its highest | {memory:.0f} MB | |"])


if __name__ == "__main__":
    sys.exit(main())
