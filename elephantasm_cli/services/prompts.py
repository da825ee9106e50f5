"""Prompts are files: a name, a version, a fixed run of example turns, and one question at the end that varies.

A file is TOML front matter between ``+++`` lines, then sections under ``== system ==``, ``== example: user ==``,
``== example: assistant ==`` and, last, ``== question: user ==``. ``{placeholders}`` stand in the question alone, so
everything before it is the same in every call and stays in the engine's prefix cache. A placeholder that stands alone
on its line inside ``<tag>`` and ``</tag>`` is *fenced*: its text may have many lines and cannot close the fence. Any
other value is squeezed into one line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from elephantasm_cli.ids import sha256_text
from elephantasm_cli.services.engines.chat_templates import neutralise
from elephantasm_cli.services.language_model import ChatMessage, Role

PLAIN_VALUE_CHARACTERS = 120
"""How much of a value outside a fence (a speaker's name, a date) is shown."""

_SECTION = re.compile(r"^== (?P<kind>system|example: user|example: assistant|question: user) ==$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_FENCED = re.compile(r"^<([a-z]+)>\n\{([a-z][a-z0-9_]*)\}\n</\1>$", re.MULTILINE)
_WORD = re.compile(r"\w+(?:-\w+)*")
_OPENERS = frozenset(
    {"a", "an", "and", "but", "don", "he", "i", "in", "it", "my", "on", "our", "please", "she", "that", "the", "they"}
    | {"this", "we", "when", "you"}
)
_ROLES: dict[str, Role] = {
    "system": "system",
    "example: user": "user",
    "example: assistant": "assistant",
    "question: user": "user",
}


@dataclass(frozen=True)
class Prompt:
    """One prompt file. ``sha256`` is over its text, and travels with every answer it brings."""

    name: str
    version: int
    task: str
    max_tokens: int
    description: str
    fixed: tuple[ChatMessage, ...]
    question: str
    sha256: str

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """The names that `render` must be given."""
        return frozenset(_PLACEHOLDER.findall(self.question))

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """Names and numbers of the example turns, lower-case: in an answer they must come from its own sources.

        A name is a capitalised word that the prompt never writes in small letters and that is no common opener of a
        sentence. Labels ("Speaker:"), list numbers and lists of integers are left out.
        """
        text = "\n".join(_without_labels(turn.content) for turn in self.fixed if turn.role != "system")
        everything = set(_WORD.findall(" ".join(turn.content for turn in self.fixed)))
        names = {word.lower() for word in _WORD.findall(text) if word[0].isupper() and word.lower() not in everything}
        numbers = {word.lower() for word in _WORD.findall(text) if word[0].isdigit()}
        return frozenset(names - _OPENERS | numbers)

    def render(self, **values: str) -> list[ChatMessage]:
        """The chat turns for ``values``. Raises ValueError when a placeholder is missing or unknown."""
        if values.keys() != self.placeholders:
            raise ValueError(f"the prompt {self.name} takes {sorted(self.placeholders)}, not {sorted(values)}")
        fences = {name: tag for tag, name in _FENCED.findall(self.question)}

        def fill(match: re.Match[str]) -> str:
            name = match[1]
            return _fenced(values[name], fences[name]) if name in fences else _plain(values[name])

        return [*self.fixed, ChatMessage("user", _PLACEHOLDER.sub(fill, self.question))]


def load_prompt(name: str) -> Prompt:
    """The prompt file ``name``.md. Raises ValueError for a file that is not a prompt, FileNotFoundError for none."""
    return _load(name)


def prompt_names() -> list[str]:
    """The prompts there are, sorted."""
    return sorted(entry.name.removesuffix(".md") for entry in prompt_folder().iterdir() if entry.name.endswith(".md"))


def prompt_folder(package: Traversable | None = None) -> Traversable:
    """Inside the package when it was installed from a wheel, beside it in the repository."""
    return carried_folder("prompts", "prompts", package)


def carried_folder(inside: str, beside: str, package: Traversable | None = None) -> Traversable:
    """The folder ``inside`` the package of a wheel; in the repository the one that the wheel takes it from."""
    package = files("elephantasm_cli") if package is None else package
    carried = package.joinpath(inside)
    if carried.is_dir():
        return carried
    return Path(str(package)).parent / beside


@cache
def _load(name: str) -> Prompt:
    return parse_prompt(prompt_folder().joinpath(f"{name}.md").read_text(encoding="utf-8"))


def parse_prompt(text: str) -> Prompt:
    """The prompt written in ``text``. Raises ValueError that says what is wrong with it."""
    text = text.replace("\r\n", "\n")
    pieces = text.split("+++\n", 2)
    if len(pieces) != 3 or pieces[0].strip():
        raise ValueError("a prompt begins with TOML front matter between +++ lines")
    facts: dict[str, Any] = tomllib.loads(pieces[1])
    sections = list(_sections(pieces[2]))
    kinds = [kind for kind, _ in sections]
    if kinds.count("question: user") != 1 or kinds[-1] != "question: user":
        raise ValueError("a prompt ends with its one section '== question: user =='")
    if any(kind == "system" for kind in kinds[1:]):
        raise ValueError("a prompt's '== system ==' section comes first")
    return Prompt(
        name=str(facts["name"]),
        version=int(facts["version"]),
        task=str(facts["task"]),
        max_tokens=int(facts["max_tokens"]),
        description=str(facts["description"]),
        fixed=tuple(ChatMessage(_ROLES[kind], body) for kind, body in sections[:-1]),
        question=sections[-1][1],
        sha256=sha256_text(text),
    )


def _sections(body: str) -> Iterator[tuple[str, str]]:
    heads = list(_SECTION.finditer(body))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        yield head["kind"], body[head.end() : following.start() if following else len(body)].strip()


def _fenced(value: str, tag: str) -> str:
    """``value`` unable to close its fence or to speak in the chat format's control words."""
    inert = re.sub(rf"<(?=\s*/?\s*{tag}\b)", "< ", value.strip(), flags=re.IGNORECASE)
    return neutralise(inert)


def _plain(value: str) -> str:
    return neutralise(" ".join(value.split()))[:PLAIN_VALUE_CHARACTERS]


def _without_labels(content: str) -> str:
    """An example turn without what belongs to its form: labels, list numbers, integer lists of a JSON answer."""
    unlabelled = re.sub(r"^(?:[A-Z][a-z]+:|\d+\.) ", "", content, flags=re.MULTILINE)
    return re.sub(r"\[[\d, ]*\]", "", unlabelled)
