"""Draws the pictures of docs/tui.md anew: ``python tests/tui/pictures.py``.

Every screen as SVG, drawn by Textual; with tmux on the machine also captures of the program in a real terminal: all of
them into docs/tui/terminal.md, a few into the page between its marks.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from memory import live, make_candidates
from pages import PAGES
from walk import browsing

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "tui"
PAGE = ROOT / "docs" / "tui.md"
TERMINAL = FOLDER / "terminal.md"
SIZE = (132, 27)
TRIES = 5
BEGIN, END = "<!-- tmux: begin -->", "<!-- tmux: end -->"
HEAD = """\
# The browser in a terminal of 80x24

Every screen of [the browser](../tui.md) on the demonstration's memory, captured with tmux by
`python tests/tui/pictures.py`; above each what was pressed since the start.
"""
CAPTURED = ("events", "lineage", "identity")
TMUX_NAMES = {"slash": "/", "question_mark": "?", "left_square_bracket": "[", "enter": "Enter"}
FONT_FACES = re.compile(r"\s*@font-face \{.*?\}\s*(?=\n)", re.DOTALL)


async def draw() -> None:
    """The SVGs."""
    for light in (False, True):
        async with browsing("demo", size=SIZE) as walk:
            if light:
                await walk.press("T")
            for name, pressed in PAGES.items() if not light else [("identity", PAGES["identity"])]:
                await walk.home()
                await walk.press(*pressed)
                svg = FONT_FACES.sub("", walk.app.export_screenshot(title="elephantasm tui", simplify=True))
                path = FOLDER / f"{name}{'-light' if light else ''}.svg"
                path.write_text(re.sub(r"[ \t]+\n", "\n", svg), encoding="utf-8")
                print(path.relative_to(ROOT), path.stat().st_size)
                if walk.dialog not in ("MainScreen", "LineageScreen"):
                    await walk.press("escape")


def capture(name: str) -> str:
    """A screen of the program in tmux, 80x24."""
    session = f"elephantasm-{os.getpid()}-{name}"
    command = f"{sys.executable} -m elephantasm_cli tui --agent demo"
    tmux = ["tmux", "-L", session, "-f", "/dev/null"]
    variables = [f"-e{name}={os.environ[name]}" for name in ("ELEPHANTASM_HOME", "ELEPHANTASM_LLM", "TZ", "LC_ALL")]
    begin = [*tmux, "new-session", "-d", "-x", "80", "-y", "24", *variables, command]
    for _ in range(TRIES):  # a server that begins while another one ends may end with it
        if subprocess.run(begin, check=False).returncode == 0:
            break
        time.sleep(1)
    try:
        time.sleep(3)
        for key in PAGES[name]:
            subprocess.run([*tmux, "send-keys", TMUX_NAMES.get(key, key)], check=True)
            time.sleep(0.7)
        time.sleep(1)
        shown = subprocess.run([*tmux, "capture-pane", "-p"], check=True, capture_output=True, text=True).stdout
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
    return "\n".join(line.rstrip() for line in shown.rstrip().splitlines())


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        here = {"ELEPHANTASM_HOME": folder, "ELEPHANTASM_LLM": "off", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        os.environ |= here | {"ELEPHANTASM_AGENT": "demo"}
        time.tzset()
        live(Path(folder), "demo")
        make_candidates()
        FOLDER.mkdir(exist_ok=True)
        asyncio.run(draw())
        if shutil.which("tmux") is None:
            print("no tmux here: the captures stay as they are")
            return 0
        captures = {
            name: f"`{' '.join(pressed)}`\n\n```text\n{capture(name)}\n```\n" for name, pressed in PAGES.items()
        }
        every = "\n".join(f"## {name.capitalize()}\n\n{drawn}" for name, drawn in captures.items())
        TERMINAL.write_text(f"{HEAD}\n{every}", encoding="utf-8")
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        few = "\n".join(captures[name] for name in CAPTURED)
        PAGE.write_text(f"{before}{BEGIN}\n{few}{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
