"""The main screens as they are drawn, compared with text files beside this one.

``ELEPHANTASM_SNAPSHOTS=write python -m pytest tests/tui/test_snapshots.py`` writes them anew; look at the difference
before it is committed. Ids and how long things took are masked, times are fixed by the memory they are taken of.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pages import PAGES
from walk import browsing, told

FOLDER = Path(__file__).parent / "snapshots"
TRIES, WAIT = 40, 0.1
"""How often, and after how many seconds each time, a screen is looked at until it is as it should be."""
SIZES = ((80, 24), (140, 40))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@told
async def test_screens_look_as_they_did(demo: Path, size: tuple[int, int]) -> None:
    """Each is drawn as the file says; all that differ are named at once."""
    different = []
    async with browsing(size=size) as walk:
        for name, pressed in PAGES.items():
            await walk.home()
            await walk.press(*pressed)
            path = FOLDER / f"{name}-{size[0]}x{size[1]}.txt"
            if os.environ.get("ELEPHANTASM_SNAPSHOTS") == "write":
                await walk.pilot.pause(TRIES * WAIT / 4)
                path.write_text(walk.masked(), encoding="utf-8")
            expected = path.read_text(encoding="utf-8") if path.exists() else ""
            for _ in range(TRIES):  # the footer is drawn when it likes
                if (drawn := walk.masked()) == expected:
                    break
                await walk.pilot.pause(WAIT)
            else:
                different.append(f"{path.name} is drawn otherwise:\n{drawn}")
            if name == "review" or walk.dialog in ("Confirm", "HelpScreen"):
                await walk.press("escape")
    assert not different, "\n".join(different)
