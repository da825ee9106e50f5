"""A tool call as one readable line: ``Bash: pytest -x``, ``Grep: TODO (path=src)``."""

from __future__ import annotations

import json
from typing import Any

PRIMARY_ARGUMENTS = (
    "command",
    "file_path",
    "path",
    "notebook_path",
    "pattern",
    "query",
    "url",
    "code",
    "sql",
    "prompt",
    "description",
    "input",
)
"""The argument that says what a call is about: the first of these that is there."""

SHORT_CHARACTERS = 80


def describe_call(tool: str, arguments: object) -> tuple[str, list[str]]:
    """The line for a call of ``tool``, and the names of the arguments too long for it.

    The telling argument is given whole, other short ones in parentheses; what a call writes into a file is left out,
    since the line is to be remembered, not replayed. ``arguments`` may be an object, JSON text of one, or plain text.
    """
    values = _parsed(arguments)
    if not isinstance(values, dict):
        text = "" if values is None else values if isinstance(values, str) else json.dumps(values, ensure_ascii=False)
        return (f"{tool}: {text}" if text else tool), []
    primary = next((key for key in PRIMARY_ARGUMENTS if isinstance(values.get(key), str)), None)
    shown: list[str] = []
    omitted: list[str] = []
    for key, value in values.items():
        if key == primary or value is None:
            continue
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if len(text) <= SHORT_CHARACTERS and "\n" not in text:
            shown.append(f"{key}={text}")
        else:
            omitted.append(key)
    line = f"{tool}: {values[primary]}" if primary is not None else tool
    return (f"{line} ({', '.join(shown)})" if shown else line), omitted


def _parsed(arguments: object) -> Any:
    if not isinstance(arguments, str):
        return arguments
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
