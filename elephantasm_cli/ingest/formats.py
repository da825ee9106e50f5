"""The formats ingest reads: one module with one reader each, listed here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from elephantasm_cli.errors import UnknownFormatError
from elephantasm_cli.ingest.claude_code import ClaudeCodeReader
from elephantasm_cli.ingest.feed import Feed, Head
from elephantasm_cli.ingest.jsonl import JsonlReader
from elephantasm_cli.ingest.messages import MessagesReader
from elephantasm_cli.ingest.plaintext import TextReader
from elephantasm_cli.ingest.records import Item


class Reader(Protocol):
    """One format. Made anew for each source, so it may keep state while it reads."""

    name: str

    def detect(self, head: Head) -> float:
        """How sure it is, in [0, 1], that a source beginning with ``head`` is of this format."""
        ...

    def parse(self, feed: Feed) -> Iterator[Item]:
        """The events, rejects and skips of a source; None wherever ``feed`` gives None. Raises nothing."""
        ...


READERS: dict[str, type[Reader]] = {
    JsonlReader.name: JsonlReader,
    MessagesReader.name: MessagesReader,
    ClaudeCodeReader.name: ClaudeCodeReader,
    TextReader.name: TextReader,
}
"""By name, in order of preference when two are equally sure."""

ALIASES: dict[str, str] = {
    "markdown": TextReader.name,
    "openai": MessagesReader.name,
    "anthropic": MessagesReader.name,
    "langchain": MessagesReader.name,
}


def get_reader(name: str) -> Reader:
    """A new reader for the format called ``name``. Raises UnknownFormatError, which lists the known ones."""
    key = name.strip().lower().replace("_", "-")
    reader = READERS.get(ALIASES.get(key, key))
    if reader is None:
        raise UnknownFormatError(f"no format is called {name!r}: use one of {', '.join([*READERS, *ALIASES])}")
    return reader()


def detect_reader(head: Head) -> Reader:
    """A new reader of the format that is surest of ``head``."""
    candidates = [reader() for reader in READERS.values()]
    return max(candidates, key=lambda reader: reader.detect(head))
