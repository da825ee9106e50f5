"""``elephantasm models``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from elephantasm_cli.cli.app import NounGroup, new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import print_document, print_fields, print_lines, print_rows, print_text
from elephantasm_cli.cli.progress import Download, JobProgress
from elephantasm_cli.errors import ModelFileError, UsageError
from elephantasm_cli.text.visible import one_line

if TYPE_CHECKING:
    from elephantasm_cli.dream.cases import Task
    from elephantasm_cli.dream.score import TaskScore
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.services.language_model import LanguageModel
    from elephantasm_cli.services.model_files import ModelListing

app = new_app("List, pull, choose, show and score models.", cls=NounGroup)


def complete_model(incomplete: str) -> list[str]:
    """Names from the catalog, for shell completion."""
    from elephantasm_cli.services.catalog import read_catalog

    return [entry.name for entry in read_catalog() if entry.name.startswith(incomplete)]


SpecArgument = Annotated[
    str | None,
    typer.Argument(
        help="A catalog name, a path to a .gguf file, or hf:repo/file.gguf.",
        metavar="MODEL",
        autocompletion=complete_model,
    ),
]


@command(app, "list")
def list_all(call: Call, json: JsonOption = False) -> None:
    """List language models: the catalog, then what was fetched from a hub; '*' marks the one in use."""
    from elephantasm_cli.services.model_files import list_models

    listings = [as_row(listing) for listing in [*own_model(call), *list_models(call.locations.models)]]
    if json:
        print_rows(listings)
        return
    print_lines(
        (
            (
                ("* " if row["spec"] == call.settings.llm else "  ") + row["spec"],
                size(row["size"]),
                "here" if row["path"] else "not pulled",
                row["licence"],
                row["description"],
            )
            for row in listings
        ),
        (22, 8, 10, 10),
    )


def own_model(call: Call) -> list[ModelListing]:
    """The model in use where it is a file of the user's own, which no catalog lists."""
    from elephantasm_cli.services import model_files

    spec = call.settings.llm
    if not spec.endswith(".gguf") or spec.startswith(model_files.HUB_PREFIX):
        return []
    try:
        return [model_files.show(spec, call.locations.models)]
    except ModelFileError as error:
        call.say(str(error))
        return []


@command(app, "pull")
def pull(call: Call, model: SpecArgument = None) -> None:
    """Fetch a language model and check it; without a name the one the settings name."""
    from elephantasm_cli.services import model_files
    from elephantasm_cli.services.catalog import default_entry

    chosen = model or (default_entry().name if call.settings.llm.lower() == "off" else call.settings.llm)
    with Download(call, chosen) as progress:
        print(model_files.pull(chosen, call.locations.models, progress=progress))


@command(app, "use")
def use(
    call: Call,
    model: Annotated[
        str,
        typer.Argument(
            help="A model as in `models list`, 'off', or an embedding model.",
            metavar="MODEL",
            autocompletion=complete_model,
        ),
    ],
    embedding: Annotated[
        bool, typer.Option("--embedding", help="It is an embedding model: 'bundled' or 'st:' and a model.")
    ] = False,
) -> None:
    """Choose the language model for dreams, or with --embedding the embedding model of new agents."""
    from elephantasm_cli.config import set_value
    from elephantasm_cli.services import model_files
    from elephantasm_cli.services.catalog import find_entry

    if embedding:
        if model != "bundled" and not model.startswith("st:"):
            raise UsageError(f"{model!r} is no embedding model: write 'bundled', or 'st:' and a model's id or folder")
        set_value(call.locations, "embedding", model)
        call.say("agents there are keep their embedding model until `elephantasm reindex --model`")
    else:
        if model.lower() != "off" and find_entry(model) is None:
            listing = model_files.show(model, call.locations.models)
            model = model if model.startswith(model_files.HUB_PREFIX) else str(listing.path)
        set_value(call.locations, "llm", model)
    print_fields({"embedding" if embedding else "llm": model})


@command(app, "show")
def show(call: Call, model: SpecArgument = None, json: JsonOption = False) -> None:
    """Show a language model: size, licence, checksum, where it is and where it can be had."""
    from elephantasm_cli.services import model_files

    row = as_row(model_files.show(model or call.settings.llm, call.locations.models))
    print_document(row) if json else print_fields({**row, "size": size(row["size"])})


@command(app, "score")
def score_model(
    call: Call,
    model: SpecArgument = None,
    task: Annotated[
        str | None,
        typer.Option("--task", help="Only these: reflect, pair, lesson, disposition.", metavar="TASK,TASK"),
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Cases of your own, TASK.toml files.", metavar="FOLDER")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Also every answer that is unfaithful or rejected, and why.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Score a language model and the prompts on cases with known answers.

    It is asked what a dream asks, and its answers go through the checks of a dream. Faithful: accepted, and the known
    answer. Unfaithful: accepted, though it is not. Rejected: refused twice, so that a dream would keep the words as
    they were said.
    """
    from elephantasm_cli.dream.cases import case_folder, load_cases
    from elephantasm_cli.dream.score import score

    chosen = load_cases(cases or case_folder(), chosen_tasks(task))
    language_model = loaded(call, model or call.settings.llm)
    try:
        with JobProgress(call) as progress:
            scores = score(chosen, model=language_model, embedder=cache(lambda: embedder_of(call)), progress=progress)
    finally:
        language_model.close()
    if json:
        print_document({"model": language_model.model_id, "tasks": [task.to_dict() for task in scores]})
    else:
        print_scores(language_model.model_id, scores, verbose=verbose)


def chosen_tasks(names: str | None) -> list[Task] | None:
    """The tasks named, None for all. Raises UsageError for a name that is none."""
    from elephantasm_cli.dream.cases import Task

    if names is None:
        return None
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if not wanted or not set(wanted) <= set(Task):
        raise UsageError(f"--task {names!r} names no task: choose from {', '.join(Task)}")
    return [Task(name) for name in wanted]


def loaded(call: Call, spec: str) -> LanguageModel:
    """The language model that ``spec`` names. Raises UsageError for none, ModelFileError for a missing one."""
    from elephantasm_cli.services import model_files
    from elephantasm_cli.services.language_model import load_language_model

    if spec.lower() == "off":
        raise UsageError("no language model is in use: name one, or choose one with `elephantasm models use`")
    file = model_files.resolve(spec, call.locations.models)
    engine = None if call.settings.engine == "auto" else call.settings.engine
    return load_language_model(file, engine=engine, n_threads=call.settings.threads)


def embedder_of(call: Call) -> Embedder:
    """The embedding model of new agents: the checks compare meanings by it."""
    from elephantasm_cli.services.embedding import BUNDLED_NAME, load_embedder

    spec = call.settings.embedding
    return load_embedder(BUNDLED_NAME if spec == "bundled" else spec, threads=call.settings.threads)


def print_scores(model_id: str, scores: list[TaskScore], *, verbose: bool) -> None:
    """A line a task; with ``verbose`` the answers that are not faithful before it."""
    from elephantasm_cli.dream.score import Outcome

    if verbose:
        for task_score in scores:
            for judged in task_score.answers:
                if judged.outcome is Outcome.FAITHFUL:
                    continue
                print_text(f"{task_score.task} {judged.case}: {judged.outcome}")
                for refused in judged.refused:
                    print_text(f"  refused: {one_line(refused.answer)}\n    {one_line(refused.reason)}")
                if judged.answer is not None:
                    print_text(f"  accepted: {judged.answer}\n    {'; '.join(judged.faults)}")
    print_lines(
        (
            (
                task_score.task.value,
                f"{len(task_score.answers)} cases",
                *(shares(task_score, outcome) for outcome in Outcome),
                f"{task_score.tokens} tokens",
                f"{task_score.seconds_per_answer:.1f} s an answer",
            )
            for task_score in scores
        ),
        (12, 9, 27, 27, 27, 14),
    )
    print_text(f"{model_id}; in brackets the 95% interval of the share")


def shares(task_score: TaskScore, outcome: Any) -> str:
    """``52 faithful 87% (76-93%)``."""
    share, low, high = task_score.share(outcome)
    return f"{task_score.count(outcome)} {outcome} {share:.0%} ({low * 100:.0f}-{high:.0%})"


def as_row(listing: ModelListing) -> dict[str, Any]:
    """A listing as JSON has it."""
    from dataclasses import asdict

    row = asdict(listing)
    return {**row, "path": None if row["path"] is None else str(row["path"]), "sources": list(row["sources"])}


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
