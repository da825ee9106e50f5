"""One run of the dreamer: the gate, the lock, the jobs in order, and the rows that say what happened."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.context import Budget, BudgetSpent, DreamContext, DreamOptions, JobReport, Progress
from elephantasm_cli.dream.index import index_new
from elephantasm_cli.errors import UsageError
from elephantasm_cli.services.clock import days_between, utc_now
from elephantasm_cli.services.lock import exclusive_lock
from elephantasm_cli.store.migrate import backup
from elephantasm_cli.store.store import Store, open_store
from elephantasm_cli.vocabulary import Job, RunStatus

if TYPE_CHECKING:
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.services.language_model import LanguageModel

__all__ = ["DreamOptions", "DreamReport", "Progress", "dream", "dream_dry"]


@dataclass(slots=True)
class DreamReport:
    """What a dream did. ``status`` is completed, skipped (the gate was shut) or interrupted (budget spent)."""

    status: str
    reason: str = ""
    dream_id: str | None = None
    model: str | None = None
    seconds: float = 0.0
    tokens: int = 0
    jobs: list[JobReport] = field(default_factory=list)
    transformations: list[dict[str, Any]] = field(default_factory=list)
    dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "reason": self.reason,
            "dream_id": self.dream_id,
            "model": self.model,
            "seconds": round(self.seconds, 3),
            "tokens": self.tokens,
            "dry_run": self.dry_run,
            "jobs": [job.to_dict() for job in self.jobs],
            "transformations": self.transformations,
        }


def job_functions() -> dict[Job, Callable[[DreamContext], None]]:
    """Every job with what runs it, in order."""
    from elephantasm_cli.dream.archive import archive_stale
    from elephantasm_cli.dream.consolidate import consolidate_knowledge
    from elephantasm_cli.dream.curate import curate_memories
    from elephantasm_cli.dream.identity import update_identity
    from elephantasm_cli.dream.index import index
    from elephantasm_cli.dream.promote import promote_to_lessons
    from elephantasm_cli.dream.reflect import reflect

    return {
        Job.INDEX: index,
        Job.REFLECT: reflect,
        Job.CURATE_MEMORIES: curate_memories,
        Job.PROMOTE_TO_LESSONS: promote_to_lessons,
        Job.CONSOLIDATE_KNOWLEDGE: consolidate_knowledge,
        Job.UPDATE_IDENTITY: update_identity,
        Job.ARCHIVE_STALE: archive_stale,
    }


def gate(store: Store, options: DreamOptions) -> str:
    """Why not to dream now, or an empty string. ``force`` opens the gate, as does a dream that was cut off or failed.

    Else ``hours since the last dream x per_hour + new events x per_event + new tokens x per_token`` must reach the
    threshold; without a new event the gate stays shut.
    """
    if options.force or store.dreams.unfinished():
        return ""
    checkpoint = store.dreams.checkpoint(Job.REFLECT)
    row = store.connection.execute(
        "SELECT count(*), ifnull(sum(token_count), 0), min(recorded_at) FROM events WHERE seq > ? AND is_deleted = 0",
        (checkpoint,),
    ).fetchone()
    new_events, new_tokens, first_recorded = int(row[0]), int(row[1]), row[2]
    if new_events == 0:
        return "nothing new since the last dream"
    last = store.dreams.last_completed()
    hours = days_between(last["started_at"] if last else first_recorded, utc_now()) * 24.0
    settings = options.settings
    pressure = hours * settings.per_hour + new_events * settings.per_event + new_tokens * settings.per_token
    if pressure < settings.threshold:
        return (
            f"{new_events} new events are not worth a dream yet (pressure {pressure:.1f} of {settings.threshold:g}); "
            "--force dreams anyway"
        )
    return ""


def dream(
    store: Store,
    options: DreamOptions,
    *,
    embedder: Callable[[], Embedder],
    language_model: Callable[[], LanguageModel | None],
    lock: Path | None,
    progress: Progress | None = None,
) -> DreamReport:
    """Run the jobs on ``store``. Raises DreamLockedError if another process holds ``lock``, UsageError for a wrong job.

    A job's error ends the dream as failed and goes on to the caller; what was committed before stays. The model is the
    caller's to close.
    """
    wanted = chosen_jobs(options)
    with exclusive_lock(lock) if lock else nullcontext():
        with store.transaction():
            store.dreams.close_dead()
        if reason := gate(store, options):
            return DreamReport("skipped", reason)
        started = time.monotonic()
        return _run(store, options, wanted, embedder, language_model(), progress, started)


def chosen_jobs(options: DreamOptions) -> list[Job]:
    known = [job.value for job in Job]
    for name in options.jobs or ():
        if name not in known:
            raise UsageError(f"no job {name!r}: the jobs are {', '.join(known)}")
    return [job for job in Job if not options.jobs or job.value in options.jobs]


def _run(
    store: Store,
    options: DreamOptions,
    wanted: list[Job],
    embedder: Callable[[], Embedder],
    model: LanguageModel | None,
    progress: Progress | None,
    started: float,
) -> DreamReport:
    models = {"language": model.model_id if model else None, "embedding": store.agent.get()["embedding_model"]}
    with store.transaction():
        dream_id = store.dreams.begin(options.trigger, options.to_dict(), models)
        store.dreams.count_accesses(dream_id)
    budget = Budget.of(options)
    context = DreamContext(store, dream_id, options, embedder=embedder, model=model, budget=budget, progress=progress)
    report = DreamReport("completed", dream_id=dream_id, model=models["language"])
    functions = job_functions()
    error: BaseException | None = None
    for job in wanted:
        context.report = JobReport(job)
        report.jobs.append(context.report)
        error = _run_job(context, functions[job])
        if error is not None:
            break
    else:
        error = _caught(lambda: index_new(context))
    report.seconds, report.tokens = time.monotonic() - started, budget.tokens
    if isinstance(error, BudgetSpent):
        report.status, report.reason = "interrupted", f"stopped at {error}; the next dream carries on"
    used = {"seconds": round(report.seconds, 3), "tokens": budget.tokens}
    with store.transaction():
        store.dreams.finish(dream_id, _status_of(error), used, str(error) or type(error).__name__ if error else None)
    if error is not None and not isinstance(error, BudgetSpent):
        raise error
    return report


def _run_job(context: DreamContext, function: Callable[[DreamContext], None]) -> BaseException | None:
    """Run one job and write its row; returns what ended it early."""
    store, report = context.store, context.report
    with store.transaction():
        store.dreams.begin_job(context.dream_id, report.job)
    started = time.monotonic()

    def work() -> None:
        context.budget.check()
        function(context)

    error = _caught(work)
    status = _status_of(error)
    report.seconds, report.status = time.monotonic() - started, status.value
    with store.transaction():
        store.dreams.update_job(
            context.dream_id,
            report.job,
            status=status,
            examined=report.examined,
            changed=report.changed,
            rejected=report.rejected,
            metadata=report.metadata(),
            error=None if error is None else str(error) or type(error).__name__,
        )
    return error


def _caught(work: Callable[[], None]) -> BaseException | None:
    """Do ``work`` and return what ended it early, for the record; what is no error of a dream goes through."""
    try:
        work()
    except (BudgetSpent, KeyboardInterrupt, Exception) as error:
        return error
    return None


def _status_of(error: BaseException | None) -> RunStatus:
    if error is None:
        return RunStatus.COMPLETED
    return RunStatus.INTERRUPTED if isinstance(error, BudgetSpent | KeyboardInterrupt) else RunStatus.FAILED


def dream_dry(
    store: Store,
    options: DreamOptions,
    *,
    embedder: Callable[[], Embedder],
    language_model: Callable[[], LanguageModel | None],
    lock: Path | None,
    progress: Progress | None = None,
) -> DreamReport:
    """Dream on a temporary copy of the file and return what it would change; the file is untouched."""
    folder = Path(tempfile.mkdtemp(prefix="elephantasm-dry-"))
    try:
        copy = folder / store.path.name
        backup(store.connection, copy)
        with open_store(copy) as twin:
            before = twin.log.newest_seq()
            report = dream(
                twin, options, embedder=embedder, language_model=language_model, lock=None, progress=progress
            )
            report.transformations = [entry for entry in twin.log.listed() if entry["seq"] > before]
            report.dry_run = True
            return report
    finally:
        shutil.rmtree(folder, ignore_errors=True)
