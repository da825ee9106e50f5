"""``elephantasm dream``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.log import print_log
from elephantasm_cli.cli.output import print_document, print_lines, print_rows, print_text
from elephantasm_cli.cli.progress import JobProgress
from elephantasm_cli.errors import DreamLockedError, ElephantasmError, UsageError
from elephantasm_cli.vocabulary import DreamTrigger, Job

if TYPE_CHECKING:
    from elephantasm_cli.dream.run import DreamReport

app = new_app()
NO_MODEL = (
    "no language model is on this machine, so the words were kept as they were said: "
    "`elephantasm models pull` fetches one for the next dream"
)


@command(app)
def dream(
    call: Call,
    every: Annotated[bool, typer.Option("--all", help="Every agent of the home, one after the other.")] = False,
    jobs: Annotated[str | None, typer.Option(help="Only these jobs, separated by commas.", metavar="JOB,JOB")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also where little is new.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Dream on a copy and show what would change.")] = False,
    max_minutes: Annotated[
        float | None, typer.Option(min=0, metavar="MINUTES", help="Stop after this time; the next dream carries on.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=0, metavar="TOKENS", help="Stop after this many tokens of the model.")
    ] = None,
    no_llm: Annotated[
        bool, typer.Option("--no-llm", help="Without a language model: by rules and quotations alone.")
    ] = False,
    trigger: Annotated[DreamTrigger, typer.Option(help="What started it, for the record.")] = DreamTrigger.MANUAL,
    json: JsonOption = False,
) -> None:
    """Reflect on what is new: events to memories, lessons, knowledge and identity.

    A dream is made to run from cron: where too little is new it says so and stops, where another one is running it
    leaves the work to that one, and when it is cut off the next one carries on. With --quiet only errors are printed.
    With --all every agent has its turn, and the exit code is the highest of theirs.
    """
    from elephantasm_cli.homes import list_agents

    given: dict[str, Any] = {
        "force": force,
        "jobs": chosen_jobs(jobs),
        "dry_run": dry_run,
        "max_minutes": max_minutes,
        "max_tokens": max_tokens,
        "llm": not no_llm,
        "trigger": trigger,
    }
    if not every:
        try:
            name, report = run(call, None, given)
        except DreamLockedError as locked:
            leave_to_the_other(call, str(locked))
            return
        print_document({"agent": name, **report.to_dict()}) if json else print_report(call, name, report, no_llm=no_llm)
        return
    code = 0
    for agent_name in list_agents(call.locations):
        try:
            name, report = run(call, agent_name, given)
        except DreamLockedError as locked:
            leave_to_the_other(call, f"{agent_name}: {locked}")
            continue
        except Exception as error:
            code = max(code, failed(agent_name, error))
            continue
        print_rows([{"agent": name, **report.to_dict()}]) if json else print_report(call, name, report, no_llm=no_llm)
    if code:
        raise typer.Exit(code)


def leave_to_the_other(call: Call, message: str) -> None:
    """Another dream is running: that is no error, and a quiet call has nothing to say."""
    from elephantasm_cli.cli.run import complain

    if not call.quiet:
        complain(message)


def failed(agent_name: str, error: Exception) -> int:
    """Say that one agent of several could not dream, and return the exit code; a bug keeps its traceback."""
    from elephantasm_cli.cli.run import complain

    if isinstance(error, ElephantasmError):
        complain(f"{agent_name}: {error}")
        return error.exit_code
    import traceback

    traceback.print_exception(error)
    complain(f"{agent_name}: an error that is not yours to mend; please report it with the lines above")
    return 1


def run(call: Call, agent_name: str | None, given: dict[str, Any]) -> tuple[str, DreamReport]:
    """One agent's dream, with progress."""
    opened = call.reader(agent_name) if given["dry_run"] else call.writer(agent_name)
    with opened as agent, JobProgress(call) as progress:
        return agent.name, agent.dream(progress=progress, **given)


def chosen_jobs(names: str | None) -> list[str] | None:
    """The jobs named; the dreamer knows which there are. Raises UsageError where the option is empty."""
    if names is None:
        return None
    wanted = [name.strip().replace("-", "_") for name in names.split(",") if name.strip()]
    if not wanted:
        raise UsageError(f"--jobs names none: choose from {', '.join(Job)}")
    return wanted


def print_report(call: Call, name: str, report: DreamReport, *, no_llm: bool) -> None:
    """What the dream did; in a dry run also each transformation it would have made. A quiet dream has done its work."""
    if call.quiet and not report.dry_run:
        return
    if report.status == "skipped":
        print_text(f"{name}: {report.reason}")
        return
    values = report.to_dict()
    counts = ("examined", "changed", "rejected")
    print_lines(
        (
            (job["job"], job["status"], *(f"{job[count]} {count}" for count in counts), f"{job['seconds']:.1f} s")
            for job in values["jobs"]
        ),
        (21, 11, 14, 13, 13),
    )
    if report.dry_run:
        print_log(report.transformations)
    changed = sum(job.changed for job in report.jobs if job.job is not Job.INDEX)
    by = f" by {report.model}" if report.model else ""
    reason = f" ({report.reason})" if report.reason else ""
    print_text(f"{name}: {report.status}{reason}, {changed} changes{' would be' if report.dry_run else ''} made{by}")
    if report.model is None and not no_llm and call.settings.llm.lower() != "off":
        call.say(NO_MODEL)
