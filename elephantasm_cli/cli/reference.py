"""Writes ``docs/cli.md`` from the commands themselves: ``python -m elephantasm_cli.cli.reference``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import typer

from elephantasm_cli.cli.app import COMMANDS, PROGRAM, app

COMMON = ("agent", "home", "quiet")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
INTRODUCTION = """\
<!-- Written by `python -m elephantasm_cli.cli.reference`; a test checks that it is current. -->

# Command line

## What holds for every command

**Whose memory.** `--agent NAME`, else `ELEPHANTASM_AGENT`, else the nearest `.elephantasm.toml` above the working
directory (`agent = "name"`), else the setting `agent`, else `default`. `--home DIR` or `ELEPHANTASM_HOME` moves data
and settings. `--agent`, `--home` and `--quiet` stand before or after the command.

**Output.** Results go to stdout; progress, hints and errors go to stderr, and `--quiet` leaves the first two out. (Of a
`dream` it leaves out all but errors, so that cron has nothing to mail.) On a terminal lists stand in columns, in colour
unless `NO_COLOR` is set, and are clipped to its width; in a pipe a list has one line a row, its cells parted by tabs.
Control characters and invisible characters of stored text are shown as escapes.

**JSON.** Every command that lists or shows has `--json`. `events`, `memories`, `lessons`, `knowledge`, `identity
--versions`, `log`, `search`, `dreams list`, `packs list`, `agents list`, `models list`, `config show`, `schedule show`
and `dream --all` print one object a line; the others print one document. Field names are those of the tables and of
the Python API, and stay.

**Ids.** Lists show the first 12 characters. Any beginning of an id that fits one item alone will do.

**Times.** ISO 8601: `2026-03-01` or `2026-03-01T14:30:00Z`. Without a zone it is UTC. Up to a date means to its end.

| exit code | meaning |
|---|---|
| 0 | done; also when another dream is running already |
| 1 | an error; one line on stderr says what to do next |
| 2 | wrong usage |
| 3 | nothing found: no such id, no such agent |
| 4 | `verify` found a fault |
| 5 | out of space, or read-only |
| 130 | interrupted |

**Shell completion.** `elephantasm --install-completion` sets it up: commands, options, agents, models and ids complete.
"""


def reference() -> str:
    """The page as Markdown."""
    group: Any = typer.main.get_command(app)
    context = group.make_context(PROGRAM, [], resilient_parsing=True)
    parts = [INTRODUCTION]
    for name in COMMANDS:
        command = group.get_command(context, name)
        parts += described(command, f"{PROGRAM} {name}", context, name)
    return "\n".join(parts)


def described(command: Any, path: str, parent: Any, name: str) -> Iterator[str]:
    """One command, and below a noun each of its verbs."""
    context = type(parent)(command, info_name=name, parent=parent)
    verbs = getattr(command, "commands", {})
    yield f"{'##' if path.count(' ') == 1 else '###'} {path}\n"
    yield f"{command.help}\n"
    if verbs:
        yield f"Without a verb: `{next(iter(verbs))}`.\n"
        for verb, below in verbs.items():
            yield from described(below, f"{path} {verb}", context, verb)
        return
    shown = [param for param in command.params if param.name not in COMMON]
    arguments = [param.metavar for param in shown if param.param_type_name == "argument"]
    yield f"```\n{' '.join([path, '[OPTIONS]', *arguments])}\n```\n"
    annotations = {one.name: one.annotation for one in inspect.signature(command.callback).parameters.values()}
    if shown:
        yield "| | |\n|---|---|"
        yield from (row(param, annotations[param.name]) for param in shown)
        yield ""


def row(param: Any, annotation: Any) -> str:
    """An argument's or option's name, what it takes, and its help; said without typer, whose wording changes."""
    takes = (
        "" if getattr(param, "is_flag", False) else "|".join(choices(annotation)) or param.metavar or param.name.upper()
    )
    names = "" if param.param_type_name == "argument" else ", ".join(sorted(param.opts, key=len))
    default = (
        f" (default: {param.default})" if isinstance(param.default, str | int) and param.default is not False else ""
    )
    left = f"{names} {takes}".strip().replace("|", "\\|")
    return f"| `{left}` | {param.help}{default} |"


def choices(annotation: Any) -> list[str]:
    """The words of the enum somewhere in ``annotation``; none where there is no enum."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [member.value for member in annotation]
    return [word for part in get_args(annotation) for word in choices(part)]


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
    print(PAGE)
