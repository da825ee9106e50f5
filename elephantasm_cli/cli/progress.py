"""Progress on stderr: a bar where a person looks, one line a step in a pipe or in cron."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from rich.progress import Progress

    from elephantasm_cli.cli.call import Call


NOTE_WIDTH = 50


class _Shown:
    """A rich bar that appears with the first step, where stderr is a terminal and the call is not quiet."""

    def __init__(self, call: Call, *, bytes: bool = False) -> None:
        self._call = call
        self._bar: Progress | None = None
        self._tasks: dict[str, Any] = {}
        if not call.quiet and sys.stderr.isatty():
            from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
            from rich.progress import TimeElapsedColumn as Elapsed

            from elephantasm_cli.cli.output import console

            amount: Any = DownloadColumn() if bytes else MofNCompleteColumn()
            columns: list[Any] = [SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), amount]
            note = TextColumn("{task.fields[note]}", markup=False, style="dim")
            self._bar = Progress(*columns, Elapsed(), note, console=console(stderr=True), transient=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pause()

    def pause(self) -> None:
        """Take the bar off the screen, so that something can be printed; the next step brings it back."""
        if self._bar is not None:
            self._bar.stop()
            for task in self._bar.task_ids:
                self._bar.remove_task(task)
        self._tasks.clear()

    def _update(self, what: str, done: int, total: int | None, note: str) -> None:
        """Move the bar called ``what``, which appears with its first step."""
        from elephantasm_cli.text.visible import one_line

        assert self._bar is not None
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=total, note="")
            self._bar.start()
        self._bar.update(self._tasks[what], completed=done, total=total, note=one_line(note)[:NOTE_WIDTH])


class Bar(_Shown):
    """Progress of one thing: call it with (done, total)."""

    def __init__(self, call: Call, what: str) -> None:
        super().__init__(call)
        self._what = what

    def __call__(self, done: int, total: int | None) -> None:
        if self._bar is not None:
            self._update(self._what, done, total, "")


class JobProgress(_Shown):
    """Progress of a dream's jobs: call it with (job, done, total or None, note). In a pipe one line a job."""

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self._last: tuple[str, int, int | None, str] | None = None

    def __call__(self, job: str, done: int, total: int | None, note: str) -> None:
        if self._bar is not None:
            self._update(job.replace("_", " "), done, total, note)
            return
        if self._last is not None and self._last[0] != job:
            self._print_last()
        self._last = (job, done, total, note)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._print_last()

    def _print_last(self) -> None:
        if self._last is not None:
            job, done, total, note = self._last
            self._call.say(f"{job}: {done}{'' if total is None else f' of {total}'}{f' ({note})' if note else ''}")
            self._last = None


class Download(_Shown):
    """Progress of a fetch: call it with (bytes done, bytes in all or None, note). In a pipe a line per tenth."""

    def __init__(self, call: Call, what: str) -> None:
        super().__init__(call, bytes=True)
        self._what = what
        self._said: tuple[int, str] = (-1, "")

    def __call__(self, done: int, total: int | None, note: str) -> None:
        if self._bar is not None:
            self._update(self._what, done, total, note)
            return
        step = (done * 10 // total if total else done // 100_000_000, note)
        if step != self._said:
            self._said = step
            share = f"{done * 100 // total}%" if total else f"{done // 1_000_000} MB"
            self._call.say(f"{self._what}: {share} {note}".rstrip())
