"""What every job works with: the file, the models, the budget, and where its counts go."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from elephantasm_cli.store.changes import Provenance
from elephantasm_cli.vocabulary import DreamTrigger, Job

if TYPE_CHECKING:
    import numpy
    from pydantic import BaseModel

    from elephantasm_cli.config import DreamSettings
    from elephantasm_cli.dream.unwanted import Unwanted
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.services.language_model import LanguageModel
    from elephantasm_cli.services.prompts import Prompt
    from elephantasm_cli.services.structured import Answer, Attempt, Rejection, Usage
    from elephantasm_cli.store.changes import Change
    from elephantasm_cli.store.store import Store

    AnswerType = TypeVar("AnswerType", bound=BaseModel)

CREATED_BY = "dream"
SECONDS_PER_ANSWER = 60.0
"""How long one answer may take before it is given up."""


class Progress(Protocol):
    """Called as a job goes on: done of total (None where unknown), with a short note."""

    def __call__(self, job: str, done: int, total: int | None, note: str) -> None: ...


class BudgetSpent(Exception):
    """The time or tokens a dream was given are used up: it stops between two steps, and the next one carries on."""


@dataclass(frozen=True, slots=True)
class DreamOptions:
    """How a dream is to run. ``jobs`` limits it to those named, which still run in their fixed order."""

    settings: DreamSettings
    force: bool = False
    jobs: tuple[str, ...] | None = None
    max_minutes: float | None = None
    max_tokens: int | None = None
    trigger: DreamTrigger = DreamTrigger.MANUAL

    def to_dict(self) -> dict[str, Any]:
        return {
            "force": self.force,
            "jobs": list(self.jobs) if self.jobs else None,
            "max_minutes": self.max_minutes,
            "max_tokens": self.max_tokens,
        }


@dataclass(slots=True)
class JobReport:
    """One job's counts. ``kept_out`` is what an operator had rejected, corrected or forgotten, and was said again.

    ``rejected_outputs`` holds what the checks refused: the prompt's name, the question put (the part of the prompt that
    varies, as rendered), the answer and the reason.
    """

    job: Job
    status: str = "running"
    examined: int = 0
    changed: int = 0
    rejected: int = 0
    seconds: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    kept_out: int = 0
    rejected_outputs: list[dict[str, str]] = field(default_factory=list)

    def metadata(self) -> dict[str, Any]:
        return {
            "seconds": round(self.seconds, 3),
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "kept_out": self.kept_out,
            "rejected_outputs": self.rejected_outputs,
        }

    def to_dict(self) -> dict[str, Any]:
        return {
            "job": self.job.value,
            "status": self.status,
            "examined": self.examined,
            "changed": self.changed,
            "rejected": self.rejected,
            **self.metadata(),
        }


@dataclass(slots=True)
class Budget:
    """Wall-clock seconds and model tokens; None means no limit."""

    deadline: float | None = None
    max_tokens: int | None = None
    tokens: int = 0

    @classmethod
    def of(cls, options: DreamOptions) -> Budget:
        minutes = options.max_minutes
        return cls(None if minutes is None else time.monotonic() + minutes * 60.0, options.max_tokens)

    def check(self) -> None:
        """Raise BudgetSpent when nothing is left. Called between steps, never inside one."""
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise BudgetSpent("max_minutes")
        if self.max_tokens is not None and self.tokens >= self.max_tokens:
            raise BudgetSpent("max_tokens")


class Asker:
    """The models and what asking them costs: all that a question needs, whether a dream puts it or a score."""

    def __init__(self, *, embedder: Callable[[], Embedder], model: LanguageModel | None, budget: Budget) -> None:
        self.model = model
        self.budget = budget
        self.report = JobReport(Job.INDEX)
        self._load_embedder = embedder
        self._embedder: Embedder | None = None
        self._vectors: dict[str, numpy.ndarray] = {}

    @property
    def embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self._load_embedder()
        return self._embedder

    def vectors(self, texts: Sequence[str]) -> numpy.ndarray:
        """Unit vectors of ``texts``, shape (n, dimension); each text is embedded once."""
        import numpy

        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            self._vectors.update(zip(missing, self.embedder.embed(missing), strict=True))
        if not texts:
            return numpy.zeros((0, self.embedder.dimension), dtype=numpy.float32)
        return numpy.stack([self._vectors[text] for text in texts])

    def ask(
        self,
        prompt_name: str,
        values: Mapping[str, str],
        answer_type: type[AnswerType],
        check: Callable[[AnswerType], Rejection | None],
        *,
        grammar: str | None = None,
        second_grammar: str | None = None,
    ) -> Answer[AnswerType] | None:
        """A checked answer, or None where there is no model or both tries were refused (the report says why)."""
        if self.model is None:
            return None
        from elephantasm_cli.services.prompts import load_prompt
        from elephantasm_cli.services.structured import RefusedAnswerError, ask

        prompt = load_prompt(prompt_name)
        try:
            answer = ask(
                self.model,
                prompt,
                values,
                answer_type,
                check,
                grammar=grammar,
                second_grammar=second_grammar,
                deadline_seconds=SECONDS_PER_ANSWER,
            )
        except RefusedAnswerError as refused:
            self._used(prompt, values, refused.attempts, refused.usage)
            self.report.rejected += 1
            return None
        self._used(prompt, values, answer.attempts, answer.usage)
        return answer

    def _used(self, prompt: Prompt, values: Mapping[str, str], attempts: Sequence[Attempt], usage: Usage) -> None:
        self.report.prompt_tokens += usage.prompt_tokens
        self.report.completion_tokens += usage.completion_tokens
        self.budget.tokens += usage.prompt_tokens + usage.completion_tokens
        question = prompt.render(**values)[-1].content
        self.report.rejected_outputs += [
            {"prompt": prompt.name, "question": question, "answer": attempt.raw, "reason": attempt.refused_because}
            for attempt in attempts
            if attempt.refused_because
        ]


FROM_AGENT = frozenset(("assistant", "tool"))
"""Roles of an agent and its tools."""


class DreamContext(Asker):
    """Handed from job to job within one dream."""

    def __init__(
        self,
        store: Store,
        dream_id: str,
        options: DreamOptions,
        *,
        embedder: Callable[[], Embedder],
        model: LanguageModel | None,
        budget: Budget,
        progress: Progress | None,
    ) -> None:
        super().__init__(embedder=embedder, model=model, budget=budget)
        self.store = store
        self.dream_id = dream_id
        self.options = options
        self.settings = options.settings
        self._progress = progress

    @property
    def now(self) -> str:
        """The database's clock: the newest event's time."""
        return self.store.events.newest_time() or ""

    def item_vectors(self, words: Mapping[str, str]) -> numpy.ndarray:
        """Unit vectors of what items say (item id -> words), in the order given, shape (n, dimension).

        They are kept in the file: an item is embedded once in its life.
        """
        import numpy

        model = self.store.agent.get()
        known = self.store.core_vectors.read(list(words), model["embedding_sha256"])
        missing = [item_id for item_id in words if item_id not in known]
        if missing:
            made = dict(zip(missing, self.vectors([words[item_id] for item_id in missing]), strict=True))
            with self.store.transaction():
                self.store.core_vectors.add(made, model["embedding_sha256"])
            known |= made
        if not words:
            return numpy.zeros((0, model["embedding_dimension"]), dtype=numpy.float32)
        return numpy.stack([known[item_id] for item_id in words])

    def admits(self, change: Change) -> bool:
        """Whether a new row may be made: it was never there, and nobody has judged what it says.

        Asked before the transaction that would make it, since it may take the embedder.
        """
        if self.store.derived.exists(change.layer, change.target_id):
            return False
        if self.unwanted.reason(change) is None:
            return True
        self.report.kept_out += 1
        return False

    @cached_property
    def agent_is_heard(self) -> bool:
        """Whether an agent, or a tool of one, has ever spoken in this file: else nobody can want anything of it."""
        return bool(self.store.events.speakers().keys() & FROM_AGENT)

    @cached_property
    def unwanted(self) -> Unwanted:
        from elephantasm_cli.dream.unwanted import Unwanted

        return Unwanted(self)

    def progress(self, done: int, total: int | None, note: str = "") -> None:
        if self._progress:
            self._progress(self.report.job.value, done, total, note)

    def provenance(
        self, *, answer: Answer[Any] | None = None, act_id: str | None = None, **parameters: Any
    ) -> Provenance:
        """This job of this dream as the author of a change, with the model and prompt where an answer is used."""
        return Provenance(
            workflow_name=self.report.job.value,
            created_by=CREATED_BY,
            dream_id=self.dream_id,
            act_id=act_id,
            prompt_name=answer.prompt_name if answer else None,
            prompt_sha256=answer.prompt_sha256 if answer else None,
            model_id=answer.model_id if answer else None,
            parameters=parameters,
        )
