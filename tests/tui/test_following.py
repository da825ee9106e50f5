"""Other processes write while the browser is open: it follows, and nobody waits for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from walk import browsing, told

from elephantasm_cli.agent import open_agent
from elephantasm_cli.store.connection import connect

EVENTS = 1000
PROGRAM = [sys.executable, "-m", "elephantasm_cli"]


def said(number: int) -> str:
    """A record; one in fifty is worth remembering."""
    told = f"I always want berth {number} painted blue." if number % 50 == 49 else f"ok, boat {number} is in"
    return json.dumps(
        {
            "id": f"new-{number}",
            "session": f"new-{number // 25}",
            "role": "user",
            "author": "Ines",
            "content": told,
            "occurred_at": f"2026-06-{1 + number // 50:02}T10:{number % 50:02}:00Z",
        }
    )


@told
async def test_it_follows_another_process_that_ingests_and_dreams(demo: Path) -> None:
    """1,000 events and a dream come in; the list grows, the job monitor shows the dream, and nothing is lost."""
    async with browsing(size=(132, 22), poll=0.1) as walk:
        await walk.press("G")
        oldest = walk.row.id
        ingest = subprocess.Popen([*PROGRAM, "ingest", "-"], stdin=subprocess.PIPE, text=True)
        assert ingest.stdin
        with ingest.stdin as lines:
            lines.writelines(said(number) + "\n" for number in range(EVENTS))
        await walk.until(lambda: len(walk.rows.keys) == 251 + EVENTS, "all events in the list")
        assert walk.row.id == oldest, "who looks at something keeps looking at it"
        assert ingest.wait(60) == 0
        await walk.press("g")
        assert walk.row.text == "I always want berth 999 painted blue."
        await walk.press("6")
        dream = subprocess.Popen([*PROGRAM, "dream", "--force", "--no-llm", "--quiet"])
        running = walk.main.query_one("#running")
        await walk.until(lambda: running.has_class("open"), "the dream in the job monitor")
        await walk.until(lambda: "▶ dreaming" in walk.text(), "its progress")
        while dream.poll() is None:
            await walk.pilot.pause(0.05)
        assert dream.returncode == 0
        await walk.until(lambda: not running.has_class("open"), "its end")
        await walk.until(lambda: len(walk.rows.keys) == 9, "the finished dream in the list")
        await walk.until(lambda: walk.row.state == "completed", "its state")
        await walk.quiet()
        with open_agent(read_only=True) as agent:
            memories = len(agent.memories())
        assert memories > 99
        await walk.press("2")
        assert len(walk.rows.keys) == memories
    with open_agent(read_only=True) as agent:
        assert agent.verify().ok
        assert sum(1 for _ in agent.events()) == 251 + EVENTS


@told
async def test_who_looks_at_the_top_sees_new_events_come(demo: Path) -> None:
    """The list moves on under a cursor that stands on its first row."""
    async with browsing(poll=0.05) as walk:
        with open_agent() as agent:
            agent.ingest([{"role": "user", "author": "Ines", "content": "Just now."}], session="now")
        await walk.until(lambda: walk.row is not None and walk.row.text == "Just now.", "the new event")
        assert walk.rows.cursor == 0


@told
async def test_nothing_is_held_while_nobody_presses_a_key(demo: Path) -> None:
    """After every screen has been looked at, a writer can empty the write-ahead log: no read transaction is open."""
    async with browsing() as walk:
        await walk.press(*"2345678", "2", "enter", "w", "escape", "slash", *"berth", "escape")
        writer = connect(walk.app.data.locations.agent_file("default"))
        writer.execute("UPDATE agent SET description = 'written beside the browser'")
        busy, left, moved = writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        writer.close()
        assert (busy, left, moved) == (0, 0, 0)


@told
async def test_an_agent_that_begins_to_exist_appears(home: Path) -> None:
    """Before the first ingest the screen names the next command; after it the events are there, with no key pressed."""
    async with browsing(poll=0.05) as walk:
        await walk.shows("There is no agent 'default' in this home yet.")
        await walk.shows("elephantasm ingest --agent default FILE")
        subprocess.run(
            [*PROGRAM, "ingest", "-"], input='{"role": "user", "content": "A beginning."}\n', text=True, check=True
        )
        await walk.shows("A beginning.")
