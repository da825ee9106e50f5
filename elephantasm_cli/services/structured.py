"""From a prompt to a checked answer: grammar, then type, then the caller's own check; one second chance.

What comes out of `ask` has passed all three. What does not is raised with everything the model said, so that the log
can tell why the caller fell back to an extract.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from elephantasm_cli.errors import ModelOutputError
from elephantasm_cli.services.language_model import ChatMessage, Completion, Finish, LanguageModel
from elephantasm_cli.services.prompts import Prompt

ATTEMPTS = 2
"""A first answer and one more, which is told why the first was refused."""

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Rejection:
    """Why an answer is not good enough; ``reason`` is shown to the model and kept in the log."""

    reason: str


@dataclass(frozen=True)
class Attempt:
    """One raw answer, and why it was refused (None: it was accepted)."""

    raw: str
    refused_because: str | None


@dataclass(frozen=True)
class Usage:
    """What one `ask` cost, all attempts together; ``cached_tokens`` of the prompt tokens were not evaluated again."""

    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0

    def plus(self, completion: Completion) -> Usage:
        """This usage and one more call."""
        return Usage(
            self.calls + 1,
            self.prompt_tokens + completion.prompt_tokens,
            self.cached_tokens + completion.cached_tokens,
            self.completion_tokens + completion.completion_tokens,
            self.seconds + completion.seconds,
        )


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A checked answer, and what the log wants to know of it."""

    value: T
    attempts: tuple[Attempt, ...]
    usage: Usage
    model_id: str
    prompt_name: str
    prompt_sha256: str


class RefusedAnswerError(ModelOutputError):
    """Every attempt failed: ``attempts`` holds the raw answers and the reasons, ``usage`` what they cost."""

    def __init__(self, prompt: Prompt, model_id: str, attempts: tuple[Attempt, ...], usage: Usage) -> None:
        last = attempts[-1].refused_because if attempts else "no time was left to ask"
        super().__init__(f"the model's answer to {prompt.name} was refused ({last}): an extract is used instead")
        self.prompt_name = prompt.name
        self.prompt_sha256 = prompt.sha256
        self.model_id = model_id
        self.attempts = attempts
        self.usage = usage


def accept_all(_: BaseModel) -> Rejection | None:
    """The check that refuses nothing, for answers whose type says it all."""
    return None


def ask(
    model: LanguageModel,
    prompt: Prompt,
    values: Mapping[str, str],
    answer_type: type[T],
    check: Callable[[T], Rejection | None] = accept_all,
    *,
    grammar: str | None = None,
    second_grammar: str | None = None,
    max_tokens: int | None = None,
    deadline_seconds: float | None = None,
    seed: int = 0,
) -> Answer[T]:
    """Ask ``prompt`` with ``values`` and return an answer that passed its grammar, its type and ``check``.

    Without ``grammar`` the answer is JSON under the schema of ``answer_type``. With one, the whole text becomes the
    single field of ``answer_type``. An answer that is faulty in form is told why and asked for once more. One that
    ``check`` refuses is not: at temperature 0 a small model says the same again, or says the reason for the refusal
    (measured: 14 of 14 and 11 of 11); with ``second_grammar`` the question is asked afresh under that one instead.
    ``max_tokens`` None takes the prompt's own. ``deadline_seconds``
    covers both attempts. Raises RefusedAnswerError (a ModelOutputError) when the second attempt fails too or time runs
    out, and EngineError when the model cannot run at all.
    """
    started = time.monotonic()
    messages = prompt.render(**values)
    attempts: tuple[Attempt, ...] = ()
    usage = Usage()
    for attempt in range(ATTEMPTS):
        left = None if deadline_seconds is None else deadline_seconds - (time.monotonic() - started)
        if left is not None and left <= 0:
            break
        completion = model.complete(
            messages,
            schema=answer_type.model_json_schema() if grammar is None else None,
            grammar=grammar,
            max_tokens=prompt.max_tokens if max_tokens is None else max_tokens,
            seed=seed + attempt,
            deadline_seconds=left,
        )
        usage = usage.plus(completion)
        value, reason, sound = _judge(completion, answer_type, check, whole_text=grammar is not None)
        attempts = (*attempts, Attempt(completion.text, reason))
        if value is not None:
            return Answer(value, attempts, usage, model.model_id, prompt.name, prompt.sha256)
        if completion.finish is Finish.DEADLINE or (sound and second_grammar is None):
            break
        if second_grammar is None:
            messages = [*messages, *_second_chance(completion.text, reason or "")]
        else:
            grammar = second_grammar
    raise RefusedAnswerError(prompt, model.model_id, attempts, usage)


def _judge(
    completion: Completion, answer_type: type[T], check: Callable[[T], Rejection | None], *, whole_text: bool
) -> tuple[T | None, str | None, bool]:
    """The value, or None and the reason it was refused; and whether its form was sound."""
    if completion.finish is Finish.DEADLINE:
        return None, "the time was up", False
    if completion.finish is Finish.LENGTH:
        return None, "the answer was cut off: make it shorter", False
    try:
        value = _parse(completion.text, answer_type, whole_text=whole_text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return None, f"{where + ': ' if where else ''}{first['msg']}", False
    rejection = check(value)
    return (value, None, True) if rejection is None else (None, rejection.reason, True)


def _parse(text: str, answer_type: type[T], *, whole_text: bool) -> T:
    if not whole_text:
        return answer_type.model_validate_json(text)
    (field,) = answer_type.model_fields
    return answer_type.model_validate({field: text.strip()})


def _second_chance(raw: str, reason: str) -> tuple[ChatMessage, ChatMessage]:
    """The refused answer and what is wrong with it, as two more turns behind the same prefix."""
    return (
        ChatMessage("assistant", raw or "-"),
        ChatMessage("user", f"That answer is refused: {' '.join(reason.split())}. Answer again, in the same form."),
    )
