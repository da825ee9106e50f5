"""A raw search of files, in a process of its own: ``holding`` asks, and running this file answers.

Closing a file drops every POSIX lock that the process holds on it (https://sqlite.org/howtocorrupt.html, 2.2), SQLite's
too: another process would take an open database for one that nobody uses. So no process with an open agent may read
its files by itself. What is looked for goes through a pipe, never into arguments or files. Standard library only.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

Wanted = tuple[frozenset[bytes], tuple[bytes, ...]]
"""What is looked for, in lower case: whole words, and what counts inside of others too."""
BLOCK: Final = 1 << 24
OVERLAP: Final = 1 << 14
"""Bytes read at once, and how far two blocks overlap: longer than any line that is looked for."""
_TOKEN = re.compile(rb"[0-9A-Za-z_'\x80-\xff]+")
_CODEC: Final = "latin-1"  # any byte is a character of it, and JSON carries characters


def holding(paths: Sequence[Path], wanted: Wanted) -> list[Path]:
    """Those of ``paths`` whose raw bytes hold any of ``wanted``, whatever the case of ASCII letters.

    A file that has gone meanwhile holds nothing. Raises OSError or RuntimeError where the search itself failed.
    """
    whole, inside = ([word.decode(_CODEC) for word in sorted(words)] for words in wanted)
    question = json.dumps({"paths": [str(path) for path in paths], "whole": whole, "inside": inside})
    answer = subprocess.run([sys.executable, "-I", __file__], input=question, capture_output=True, text=True)
    if answer.returncode != 0:
        raise RuntimeError(f"the search of the files failed: {answer.stderr.strip().rpartition(chr(10))[2]}")
    return [paths[place] for place in json.loads(answer.stdout)]


def found_in(data: bytes, wanted: Wanted) -> bool:
    """Whether raw bytes hold any of ``wanted``, whatever the case of ASCII letters."""
    small = data.lower()
    whole, inside = wanted
    return not whole.isdisjoint(_TOKEN.findall(small)) or any(each in small for each in inside)


def _holds(path: Path, wanted: Wanted) -> bool:
    try:
        with path.open("rb") as file:
            end = b""
            while block := file.read(BLOCK):
                if found_in(end + block, wanted):
                    return True
                end = block[-OVERLAP:]
    except FileNotFoundError:
        return False
    return False


def main() -> None:
    """Read the question from standard input, write the places of the files that hold something."""
    question = json.load(sys.stdin)
    whole, inside = ([word.encode(_CODEC) for word in question[name]] for name in ("whole", "inside"))
    paths = map(Path, question["paths"])
    print(json.dumps([place for place, path in enumerate(paths) if _holds(path, (frozenset(whole), tuple(inside)))]))


if __name__ == "__main__":
    main()
