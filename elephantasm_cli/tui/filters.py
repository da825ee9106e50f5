"""The language of the filter line: words, and ``name:value`` for the rest."""

from __future__ import annotations

from elephantasm_cli.errors import UsageError
from elephantasm_cli.services.clock import parse_time, parse_time_inclusive
from elephantasm_cli.store.browse import Wanted
from elephantasm_cli.vocabulary import KINDS, EventType, State, Trust

NAMES = ("state", "kind", "author", "session", "trust", "since", "until")
HELP = "words, and " + ", ".join(f"{name}:" for name in NAMES)


def parse_filter(line: str) -> Wanted:
    """``state:active kind:fact author:Ada since:2026-05-01 fridays``; ``_`` in a value stands for a space.

    Several values of one name, separated by commas, are alternatives (of states and kinds). Raises UsageError.
    """
    given: dict[str, str] = {}
    words = []
    for part in line.split():
        name, colon, value = part.partition(":")
        if colon and name in NAMES:
            if not value:
                raise UsageError(f"{name}: needs a value")
            given[name] = value
        else:
            words.append(part)
    return Wanted(
        states=_known("state", given.get("state"), tuple(State)),
        kinds=_known("kind", given.get("kind"), (*KINDS, *EventType)),
        trust=next(iter(_known("trust", given.get("trust"), tuple(Trust))), None),
        session=given.get("session"),
        author=given["author"].replace("_", " ") if "author" in given else None,
        since=parse_time(given["since"]) if "since" in given else None,
        until=parse_time_inclusive(given["until"]) if "until" in given else None,
        words=" ".join(words) or None,
    )


def _known(name: str, value: str | None, among: tuple[str, ...]) -> tuple[str, ...]:
    if value is None:
        return ()
    chosen = tuple(value.split(","))
    if unknown := [word for word in chosen if word not in among]:
        raise UsageError(f"no {name} {unknown[0]!r}: one of {', '.join(dict.fromkeys(str(word) for word in among))}")
    return chosen
