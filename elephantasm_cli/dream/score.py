"""Scoring a model and the prompts: the dream's own questions, on cases whose answers are known.

An answer is *faithful* when the dream would accept it and it is the known one, *unfaithful* when the dream would accept
it though it is not (what a memory must never be), *rejected* when both tries fail the checks and the dream would fall
back to the words as they were said.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream import curate, identity, promote, rewrite
from elephantasm_cli.dream.cases import Case, DispositionCase, LessonCase, PairCase, ReflectCase, Task
from elephantasm_cli.dream.context import Asker, Budget, JobReport, Progress
from elephantasm_cli.dream.memories import Quote
from elephantasm_cli.dream.salience import salient_sentences
from elephantasm_cli.services.prompts import load_prompt
from elephantasm_cli.vocabulary import EventType, Job, Trust

if TYPE_CHECKING:
    import datetime

    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.services.language_model import LanguageModel

Z_95 = 1.959964
"""The two-sided 95% quantile of the normal distribution."""
PROMPT_OF_TASK = {
    Task.REFLECT: rewrite.PROMPT,
    Task.PAIR: curate.PAIR_PROMPT,
    Task.LESSON: promote.PROMPT,
    Task.DISPOSITION: identity.PROMPT,
}
JOB_OF_TASK = {
    Task.REFLECT: Job.REFLECT,
    Task.PAIR: Job.CURATE_MEMORIES,
    Task.LESSON: Job.PROMOTE_TO_LESSONS,
    Task.DISPOSITION: Job.UPDATE_IDENTITY,
}


class Outcome(StrEnum):
    """What became of an answer."""

    FAITHFUL = "faithful"
    UNFAITHFUL = "unfaithful"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Refused:
    """A try that failed the checks, as the model wrote it, and why."""

    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One case: the accepted answer (None where both tries were refused), how it differs from the known one, its cost.

    ``refused`` are the tries that failed, also those before an accepted one. Tokens and ``seconds`` are of all tries
    together, the seconds with embedding and checks.
    """

    case: str
    outcome: Outcome
    answer: str | None
    faults: tuple[str, ...]
    refused: tuple[Refused, ...]
    prompt_tokens: int
    completion_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TaskScore:
    """One task's answers and the prompt that asked for them."""

    task: Task
    answers: tuple[Judged, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(answer.outcome is outcome for answer in self.answers)

    def share(self, outcome: Outcome) -> tuple[float, float, float]:
        """The share of ``outcome`` and its 95% Wilson interval, all in [0, 1]."""
        return (self.count(outcome) / len(self.answers), *wilson(self.count(outcome), len(self.answers)))

    @property
    def tokens(self) -> int:
        return sum(answer.prompt_tokens + answer.completion_tokens for answer in self.answers)

    @property
    def seconds_per_answer(self) -> float:
        return sum(answer.seconds for answer in self.answers) / len(self.answers)

    def to_dict(self) -> dict[str, Any]:
        prompt = load_prompt(PROMPT_OF_TASK[self.task])
        return {
            "task": self.task.value,
            "prompt": {"name": prompt.name, "version": prompt.version, "sha256": prompt.sha256},
            "cases": len(self.answers),
            **{outcome.value: self._outcome_dict(outcome) for outcome in Outcome},
            "prompt_tokens": sum(answer.prompt_tokens for answer in self.answers),
            "completion_tokens": sum(answer.completion_tokens for answer in self.answers),
            "seconds_per_answer": round(self.seconds_per_answer, 3),
            "answers": [asdict(answer) for answer in self.answers],
        }

    def _outcome_dict(self, outcome: Outcome) -> dict[str, Any]:
        share, low, high = (round(value, 4) for value in self.share(outcome))
        return {"count": self.count(outcome), "share": share, "low": low, "high": high}


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95% score interval of a share, in [0, 1] (Wilson 1927); ``trials`` is at least 1."""
    share, spread = successes / trials, Z_95**2 / trials
    centre = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return max(0.0, centre - half), min(1.0, centre + half)


def score(
    cases: Mapping[Task, Sequence[Case]],
    *,
    model: LanguageModel,
    embedder: Callable[[], Embedder],
    progress: Progress | None = None,
) -> list[TaskScore]:
    """Put every case to ``model`` as a dream would and judge what comes of it, task by task."""
    scores = []
    asker = Asker(embedder=embedder, model=model, budget=Budget())
    for task, of_task in cases.items():
        judged = []
        for number, case in enumerate(of_task, 1):
            judged.append(judge(asker, task, case))
            if progress:
                progress(task.value, number, len(of_task), case.id)
        scores.append(TaskScore(task, tuple(judged)))
    return scores


def judge(asker: Asker, task: Task, case: Case) -> Judged:
    """The outcome of one case."""
    asker.report = report = JobReport(JOB_OF_TASK[task])
    started = time.perf_counter()
    found = _answer(asker, case)
    seconds = time.perf_counter() - started
    answer, faults = found or (None, [])
    accepted = Outcome.UNFAITHFUL if faults else Outcome.FAITHFUL
    return Judged(
        case.id,
        Outcome.REJECTED if answer is None else accepted,
        answer,
        tuple(faults),
        tuple(Refused(refused["answer"], refused["reason"]) for refused in report.rejected_outputs),
        report.prompt_tokens,
        report.completion_tokens,
        round(seconds, 3),
    )


def _answer(asker: Asker, case: Case) -> tuple[str, list[str]] | None:
    """The accepted answer and why it is not the known one; None where both tries were refused."""
    match case:
        case ReflectCase():
            return _reflect(asker, case)
        case PairCase():
            return _pair(asker, case)
        case LessonCase():
            return _lesson(asker, case)
        case DispositionCase():
            return _disposition(asker, case)
    raise TypeError(f"{type(case).__name__} is no case of a task")


def _reflect(asker: Asker, case: ReflectCase) -> tuple[str, list[str]] | None:
    """The whole sentence is quoted, whatever salience would cut from it; its cues are those that salience sees."""
    seen = salient_sentences(
        case.said,
        author=case.speaker,
        role=case.role,
        event_type=EventType.USER_MESSAGE,
        to_agent=case.to_agent,
        threshold=0.0,
    )
    quote = Quote(
        event_id=case.id,
        session_id=case.id,
        author=case.speaker,
        role=case.role,
        occurred_at=_time(case.date),
        trust=Trust.USER,
        start=0,
        end=len(case.said),
        text=case.said,
    )
    cues = [cue for sentence in seen for cue in sentence.cues]
    names = sorted({case.speaker, *case.names})
    found = rewrite.rewrite(asker, rewrite.Said(quote, names, cues, case.to_agent), by_rule=False)
    return None if found is None else (found.statement, case.faults(found.statement))


def _pair(asker: Asker, case: PairCase) -> tuple[str, list[str]] | None:
    first, second = ((_time(dated.date), dated.said) for dated in (case.first, case.second))
    found = curate.compare(asker, first, second)
    if found is None:
        return None
    relation = found.relation
    return relation.value, [] if relation is case.relation else [f"it is {case.relation.value!r}"]


def _lesson(asker: Asker, case: LessonCase) -> tuple[str, list[str]] | None:
    found = promote.word_lesson(asker, case.speaker, case.memories, case.memories)
    if found is None:
        return None
    strange = sorted(set(found.value.numbers) - set(case.related))
    faults = [f"it rests on memory {number}, which is about something else" for number in strange]
    return found.value.statement, [*faults, *case.faults(found.value.statement)]


def _disposition(asker: Asker, case: DispositionCase) -> tuple[str, list[str]] | None:
    found = identity.word_summary(asker, case.serves, case.knowledge)
    return None if found is None else (found.value.summary, case.faults(found.value.summary))


def _time(date: datetime.date) -> str:
    return f"{date.isoformat()}T10:00:00.000000Z"
