"""Random keys, thousands of them: whatever is pressed, there is never a traceback.

The quick form presses a few hundred; ``ELEPHANTASM_LONG=1`` presses 2,000 on each memory.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from walk import Walk, browsing, told

from elephantasm_cli.agent import open_agent
from elephantasm_cli.tui.data import Data
from elephantasm_cli.tui.keys import KEYS

PRESSED = 2000 if os.environ.get("ELEPHANTASM_LONG") else 150
TYPED = (*"abcxyz0 :_", "enter", "escape", "escape", "escape", "tab", "shift+tab", "backspace", "delete", "ctrl+s")
NAMED = tuple(name for key in KEYS for name in key.keys if name not in ("q", "ctrl+q"))


@pytest.mark.timeout(600, method="thread")
@pytest.mark.parametrize("memory", ["lived", "empty", "none"])
@told
async def test_random_keys_end_in_no_traceback(
    lived: Path, home: Path, memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a memory that has lived, on an empty one, and where there is none."""
    if memory == "lived":
        shutil.copytree(lived, home)
    elif memory == "empty":
        with open_agent("default") as agent:
            agent.store.agent.get()
    chosen = random.Random(f"{memory} 11")

    async def no_dream(_: Data) -> tuple[int, str]:
        return 0, "default: completed"

    monkeypatch.setattr(Data, "dream_now", no_dream)
    async with browsing(size=(100, 30), poll=0.2) as walk:
        for number in range(PRESSED):
            key = chosen.choice(NAMED if chosen.random() < 0.75 else TYPED)
            walk.app.simulate_key(key)
            await walk.pilot.pause(0.001)
            if number % 40 == 39:
                await walk.pilot.resize_terminal(chosen.randrange(20, 160), chosen.randrange(6, 50))
            assert walk.app._exception is None, f"key {number}: {key}"
        await settled(walk)
    assert walk.app._exception is None


async def settled(walk: Walk) -> None:
    """Out of all dialogs, and everything at rest."""
    while len(walk.app.screen_stack) > 2:
        walk.app.pop_screen()
        await walk.pilot.pause()
    await walk.quiet()
