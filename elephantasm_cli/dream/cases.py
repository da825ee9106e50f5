"""Cases with known answers, by which a model or a prompt is scored: TOML files, one a task, that a person can read.

What an answer must say is a list of *facts*, each a list of ways to say it; what it must not say is a list of the same
form. A way is a run of words as they stand in the answer, whatever their case and punctuation; ``deploy*`` is any word
that begins so, and ``re:…`` a regular expression.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from elephantasm_cli.errors import UsageError
from elephantasm_cli.services.answers import Relation
from elephantasm_cli.services.prompts import carried_folder
from elephantasm_cli.text.words import has_cjk, words

PATTERN = "re:"


class Task(StrEnum):
    """What a dream asks of a model, each with its file of cases."""

    REFLECT = "reflect"
    PAIR = "pair"
    LESSON = "lesson"
    DISPOSITION = "disposition"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Case(_Part):
    """What every case has. ``lang`` is the language of its words."""

    id: str = Field(min_length=1)
    lang: Literal["en", "de", "fr", "zh"] = "en"


class Known(Case):
    """A case whose answer is a sentence. ``good`` would be counted faithful, ``bad`` would not."""

    facts: tuple[tuple[str, ...], ...] = Field(min_length=1)
    never: tuple[str, ...] = ()
    good: str = ""
    bad: str = ""

    def faults(self, statement: str) -> list[str]:
        """Why ``statement`` is not the known answer; empty where it is."""
        missing = [ways[0] for ways in self.facts if not any(says(statement, way) for way in ways)]
        wrong = [way for way in self.never if says(statement, way)]
        return [f"it does not say {way!r}" for way in missing] + [f"it says {way!r}" for way in wrong]


class ReflectCase(Known):
    """One sentence of one speaker; ``names`` are the others present, ``to_agent`` whether it is said to an agent."""

    speaker: str
    said: str
    date: datetime.date
    to_agent: bool = True
    role: str = "user"
    names: tuple[str, ...] = ()


class Dated(_Part):
    """Words and the day they were said."""

    date: datetime.date
    said: str


class PairCase(Case):
    """Two statements, the earlier one first."""

    first: Dated
    second: Dated
    relation: Relation


class LessonCase(Known):
    """Memories of one speaker; ``related`` are the numbers (from 1) of those an answer may rest on."""

    speaker: str
    memories: tuple[str, ...] = Field(min_length=2)
    related: tuple[int, ...] = Field(min_length=2)


class DispositionCase(Known):
    """Statements of knowledge and whom the agent serves."""

    serves: str
    knowledge: tuple[str, ...] = Field(min_length=1)


CASE_OF_TASK: dict[Task, type[Case]] = {
    Task.REFLECT: ReflectCase,
    Task.PAIR: PairCase,
    Task.LESSON: LessonCase,
    Task.DISPOSITION: DispositionCase,
}


def case_folder(package: Traversable | None = None) -> Traversable:
    """The project's own cases: inside the package of a wheel, among the tests in the repository."""
    return carried_folder("prompt_cases", "tests/prompts", package)


def load_cases(folder: Traversable, tasks: Sequence[Task] | None = None) -> dict[Task, list[Case]]:
    """The cases of ``tasks`` (None: of every task that has a file) in ``folder``, as they stand in ``TASK.toml``.

    Raises UsageError that names the file and what is wrong with it.
    """
    there = [task for task in Task if folder.joinpath(f"{task}.toml").is_file()]
    wanted = there if tasks is None else list(tasks)
    if not wanted:
        raise UsageError(f"{folder} has no cases: a file is called {' or '.join(f'{task}.toml' for task in Task)}")
    for task in wanted:
        if task not in there:
            raise UsageError(f"{folder} has no cases for {task}: there is no {task}.toml")
    return {task: _read(folder.joinpath(f"{task}.toml"), CASE_OF_TASK[task]) for task in Task if task in wanted}


def _read(file: Traversable, form: type[Case]) -> list[Case]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("case")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}") from error
    if not isinstance(tables, list) or not tables:
        raise UsageError(f"{file} has no [[case]]")
    cases: list[Case] = []
    for number, table in enumerate(tables, 1):
        try:
            case = form.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UsageError(f"{file}, case {number}, {where}: {first['msg']}") from error
        for way in _ways(case):
            _check_way(way, f"{file}, case {number}")
        cases.append(case)
    if twice := sorted({case.id for case in cases if sum(other.id == case.id for other in cases) > 1}):
        raise UsageError(f"{file} has two cases called {twice[0]!r}")
    return cases


def _ways(case: Case) -> list[str]:
    return [*(way for ways in case.facts for way in ways), *case.never] if isinstance(case, Known) else []


def _check_way(way: str, where: str) -> None:
    """Raise UsageError for a way that can never be told from others: no words, or a pattern that is none."""
    if way.startswith(PATTERN):
        try:
            re.compile(way.removeprefix(PATTERN))
        except re.error as error:
            raise UsageError(f"{where}: {way!r} is no regular expression ({error})") from error
    elif not words(way):
        raise UsageError(f"{where}: {way!r} has no words")


def says(statement: str, way: str) -> bool:
    """Whether ``way`` stands in ``statement``; possessive endings do not matter, nor borders of words in Chinese."""
    if way.startswith(PATTERN):
        return re.search(way.removeprefix(PATTERN), statement, re.IGNORECASE) is not None
    if has_cjk(way):
        return way.casefold() in statement.casefold()
    there = words(statement)
    pieces = [(word, piece.endswith("*")) for piece in way.split() for word in words(piece)]
    return any(
        all(_fits(there[start + offset], word, open_end) for offset, (word, open_end) in enumerate(pieces))
        for start in range(len(there) - len(pieces) + 1)
    )


def _fits(found: str, word: str, open_end: bool) -> bool:
    return found.startswith(word) if open_end else word in (found, found.removesuffix("'s"))
