"""From arguments to an exit code: the one place where errors become a line on stderr."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from elephantasm_cli.cli.app import PROGRAM, app
from elephantasm_cli.errors import DreamLockedError, ElephantasmError

COMPLETION_VARIABLE = "_ELEPHANTASM_COMPLETE"
INTERRUPTED = 130
PIPE_CLOSED = 141
"""As a shell reports a program that SIGPIPE ended."""

ParserError: Any = typer.BadParameter.__mro__[2]
"""The base of typer's own usage errors, which has no public name in every version."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Errors that are not the user's to act on keep their traceback."""
    speak_utf8()
    group = typer.main.get_command(app)
    if COMPLETION_VARIABLE in os.environ:
        group.main(list(arguments), prog_name=PROGRAM)
    try:
        with group.make_context(PROGRAM, list(arguments) or ["--help"]) as context:
            group.invoke(context)
        sys.stdout.flush()
    except typer.Exit as leaving:
        return leaving.exit_code
    except (typer.Abort, KeyboardInterrupt):
        complain("interrupted: what was committed stays")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone. Python would complain about it once more when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except DreamLockedError as error:
        complain(str(error))
        return 0
    except ElephantasmError as error:
        complain(str(error))
        return error.exit_code
    except ParserError as error:
        complain(usage_message(error))
        return int(error.exit_code)
    return 0


def speak_utf8() -> None:
    """Make stdout and stderr UTF-8 whatever the locale says: what is remembered is in every script there is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() not in ("utf-8", "utf8"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def complain(message: str) -> None:
    """One line on stderr, whatever the message holds."""
    from elephantasm_cli.text.visible import one_line

    print(f"{PROGRAM}: {one_line(message)}", file=sys.stderr)


def usage_message(error: Any) -> str:
    """What the parser found wrong, and where the usage is explained."""
    text = str(error.format_message()).strip().rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else PROGRAM
    return f"{text[:1].lower()}{text[1:]}; `{command} --help` shows how"
