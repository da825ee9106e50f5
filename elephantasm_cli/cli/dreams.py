"""``elephantasm dreams``."""

from __future__ import annotations

from typing import Any

from elephantasm_cli.cli.app import NounGroup, new_app
from elephantasm_cli.cli.call import Call, IdArgument, JsonOption, LimitOption, command
from elephantasm_cli.cli.output import minute, print_document, print_fields, print_lines, print_rows, print_text, short
from elephantasm_cli.errors import NotFoundError

app = new_app("List and show dreams: runs, jobs, counts.", cls=NounGroup)


@command(app, "list")
def list_dreams(call: Call, limit: LimitOption = None, json: JsonOption = False) -> None:
    """List dreams, newest first."""
    with call.reader() as agent:
        rows = agent.dreams(limit)
    if json:
        print_rows(rows)
    else:
        lines = ((short(r["id"]), minute(r["started_at"]), r["status"], r["trigger"], summary(r)) for r in rows)
        print_lines(lines, (12, 16, 11, 7))


@command(app, "show")
def show_dream(call: Call, dream: IdArgument, json: JsonOption = False) -> None:
    """Show one dream: its jobs, what each examined, changed and rejected, and why."""
    with call.reader() as agent:
        full = agent.resolve(dream)
        if not full.startswith("drm_"):
            raise NotFoundError(
                f"{full} is not a dream: `elephantasm dreams` lists them, `elephantasm show {full}` shows it"
            )
        row = agent.show(full)
    if json:
        print_document(row)
        return
    print_fields(
        {name: row[name] for name in ("id", "status", "trigger", "started_at", "finished_at", "models", "options")}
    )
    if row["error"]:
        print_fields({"error": row["error"]})
    print_text("\njobs")
    print_jobs(row["jobs"])
    for job in row["jobs"]:
        print_refused(job["job"], job["metadata"].get("rejected_outputs", []))


def print_jobs(jobs: list[dict[str, Any]]) -> None:
    """Jobs of a dream, a line each."""
    counts = ("examined", "changed", "rejected")
    lines = ((j["job"], j["status"], *(f"{j[name]} {name}" for name in counts), j.get("error") or "") for j in jobs)
    print_lines(lines, (21, 11, 14, 13, 13))


def print_refused(job: str, outputs: list[dict[str, str]]) -> None:
    """The answers the checks refused, with the question put and the reason; a question's second answer follows it."""
    asked = None
    for output in outputs:
        question = (output["prompt"], output.get("question", ""))
        if question != asked:
            print_text(f"\n{job}, {output['prompt']}: refused")
            print_labelled("asked", question[1])
        asked = question
        print_labelled("answer", output["answer"])
        print_labelled("because", output["reason"])


def print_labelled(label: str, text: str) -> None:
    """``text`` behind its label, further lines below its first."""
    first, *rest = text.splitlines() or [""]
    print_text("\n".join([f"  {label + ':':9}{first}".rstrip(), *(f"{'':11}{line}" for line in rest)]))


def summary(dream: dict[str, Any]) -> str:
    """What a dream came to, in one line."""
    if dream["error"]:
        return str(dream["error"])
    changed = [f"{job['job']} {job['changed']}" for job in dream["jobs"] if job["changed"]]
    return "changed: " + ", ".join(changed) if changed else "nothing changed"
