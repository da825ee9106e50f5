"""A program that dreams over a history in parts and is killed on the way: ``interrupted.py FOLDER MODEL KILLS SEED``.

It forks for every run, so that SIGKILL ends the one that works, and starts again on the same file until all is done.
On stdout: one JSON object a line, first the undisturbed run's figures, then each interrupted one's differences.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import shutil
import signal
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from elephantasm_cli.config import DreamSettings
from elephantasm_cli.demo.play import sessions
from elephantasm_cli.drafts import EventDraft
from elephantasm_cli.dream.run import DreamOptions, dream
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.services.clock import parse_time
from elephantasm_cli.services.language_model import Completion
from elephantasm_cli.store.changes import Change, Provenance
from elephantasm_cli.store.store import Store, open_store
from elephantasm_cli.vocabulary import EventType, Layer, TransformationType, Trust

_spec = importlib.util.spec_from_file_location("dream_conftest", Path(__file__).parents[1] / "dream" / "conftest.py")
shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shared)

SETTINGS = DreamSettings(cluster_distance=0.6, merge_cosine=0.9)
REPEATED = [
    "Always write the failing test first, then the fix.",
    "Please write the failing test first before any fix.",
    "Write the failing test first, then fix the code.",
    "I prefer plain SQL over an ORM for reports.",
    "We use {} for the job queue.",
    "The line length is {}.",
    "I had coffee with Robin in the park on Saturday.",
]
FORGETTABLE = "coffee"
VALUES = [("Redis", 88), ("Redis", 100), ("PostgreSQL", 100), ("RabbitMQ", 120)]
NOT_COMPARED = ("sqlite", "dreams", "dream_jobs", "checkpoints", "passages_fts", "passages_vec")
"""How the names of tables begin that tell of dreams, or that an extension keeps (`verify` checks those).

A checkpoint is a place in the log, and a dream that carries on begins where more is in the log.
"""
VOLATILE = {"created_at", "updated_at", "salt", "before_sha256", "after_sha256", "chain_sha256", "row_sha256"}
VOLATILE |= {"recorded_at", "at", "dream_id"}


class RuleModel:
    """Answers each question by a rule, some of them badly: the same question always gets the same answer."""

    model_id = "rule@000000000000"

    def complete(self, messages, *, schema=None, grammar=None, max_tokens, seed=0, deadline_seconds=None):
        text = self.answer(next(m.content for m in reversed(messages) if m.content.startswith(("Sp", "Se", "<"))))
        return Completion(text, prompt_tokens=100, completion_tokens=10, seconds=0.0)

    def answer(self, question: str) -> str:
        luck = zlib.crc32(question.encode()) % 3
        if question.startswith("Speaker: "):
            speaker, said = re.match(r"Speaker: (.*)\n<said>\n(.*)\n</said>", question, re.DOTALL).groups()
            third = re.sub(r"\b(?:I|we|We)\b", "they", re.sub(r"\b(?:my|our)\b", "their", said.rstrip(".!")))
            return f"{speaker} says that {third[:1].lower()}{third[1:]}{' for 12 days' if luck == 0 else ''}."
        if question.startswith("<first>"):
            return json.dumps({"relation": ("same", "contradicts", "contradicts")[luck]})
        if question.startswith("<memories>"):
            first = re.search(r"^1\. (.*)$", question, re.MULTILINE)[1]
            return json.dumps({"numbers": [1, 2, 9] if luck == 0 else [1, 2], "statement": first})
        return f"This agent serves {question.splitlines()[0].removeprefix('Serves: ')}, who prefers plain SQL."

    def close(self) -> None:
        """Nothing to free."""


def parts() -> list[list[EventDraft]]:
    """The demonstration's history in four parts, two sessions interleaved, with what is said again and changes."""
    played = sessions()
    found = []
    for number, (queue, length) in enumerate(VALUES):
        inside = [records for _, records in played[number * 2 : number * 2 + 2]]
        day = inside[0][0]["occurred_at"][:10]
        said = [
            {
                "id": f"again-{number}-{place}",
                "session": f"again-{number}",
                "role": "user",
                "author": "Marlene",
                "content": sentence.format(queue if "queue" in sentence else length),
                "occurred_at": f"{day}T07:{place:02}:00Z",
            }
            for place, sentence in enumerate(REPEATED)
        ]
        found.append([draft_of(record) for record in interleaved([*inside, said])])
    late = {"id": "late", "session": "late", "role": "user", "author": "Marlene", "occurred_at": "2026-09-20T10:00:00Z"}
    found.append([draft_of({**late, "content": "We moved the standup to nine."})])
    return found


def interleaved(lists: list[list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Three of each in turn until all are used up."""
    while any(lists):
        for records in lists:
            yield from records[:3]
            del records[:3]


def draft_of(record: dict[str, Any]) -> EventDraft:
    kinds = {"user": EventType.USER_MESSAGE, "assistant": EventType.ASSISTANT_MESSAGE, "tool": EventType.TOOL_RESULT}
    trusts = {"user": Trust.USER, "assistant": Trust.AGENT, "tool": Trust.TOOL}
    return EventDraft(
        session_id=record["session"],
        event_type=EventType(record["type"]) if "type" in record else kinds[record["role"]],
        role=record["role"],
        author=record["author"],
        content=record["content"],
        occurred_at=parse_time(record["occurred_at"]),
        source="test",
        dedupe_key=record["id"],
        trust=trusts[record["role"]],
        metadata={},
    )


def work(path: Path, model: RuleModel | None, trace: Callable[[str], None] | None) -> None:
    """Ingest and dream part by part, carrying on from wherever the file is; ``trace`` sees every statement."""
    with open_store(path) as store:
        if trace is not None:
            store.connection.set_trace_callback(trace)
        for number, drafts in enumerate(parts(), 1):
            if len([d for d in store.dreams.listed() if d["status"] == "completed"]) >= number:
                continue
            if not store.dreams.unfinished():  # else it was played down before the dream that was killed
                play_down(store)
            with store.transaction():
                if store.events.add(drafts).added:
                    store.packs.record([row["id"] for row in store.derived.listed(Layer.MEMORY, limit=5)])
            options = DreamOptions(settings=SETTINGS, force=not store.dreams.unfinished())
            report = dream(store, options, embedder=shared.WordEmbedder, language_model=lambda: model, lock=None)
            assert report.status == "completed", report.reason


def play_down(store: Store) -> None:
    """Somebody says that what is forgettable matters little, so that it decays."""
    for row in list(store.derived.listed(Layer.MEMORY, states=["active"])):
        if FORGETTABLE in row["content"]:
            change = Change(TransformationType.EDIT, Layer.MEMORY, row["id"], {"importance_score": 0.2})
            with store.transaction():
                store.derived.change(change, Provenance("edit", "operator"))


def killed_at(statement: int) -> Callable[[str], None]:
    """A trace that ends the process at once, before its statement of this number."""
    seen = 0

    def trace(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    return trace


def in_child(path: Path, model: RuleModel | None, statement: int) -> int:
    """Work in a child process that is killed at ``statement``; returns its signal, 0 where it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(path, model, killed_at(statement))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def contents(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, but for times, salts, hashes over them, and what a dream is called."""
    found: dict[str, list[Any]] = {}
    acts: dict[str, int] = {}
    names = store.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    for table in (row[0] for row in names if not row[0].startswith(NOT_COMPARED)):
        found[table] = []
        for row in store.connection.execute(f"SELECT * FROM {table} ORDER BY rowid"):
            values = {name: value for name, value in dict(row).items() if name not in VOLATILE}
            if "act_id" in values:
                values["act_id"] = acts.setdefault(values["act_id"], len(acts))
            for name, value in values.items():
                if isinstance(value, bytes):
                    values[name] = value.hex()
                elif name in ("metadata", "before", "after", "parameters") and value is not None:
                    values[name] = without_volatile(json.loads(value))
            found[table].append(values)
    return found


def without_volatile(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_volatile(inner) for name, inner in value.items() if name not in VOLATILE | {"dream"}}
    return value


def differences(calm: dict[str, list[Any]], other: dict[str, list[Any]]) -> list[str]:
    """Where two files say something else, table by table, the first place of each."""
    found = []
    for table in calm:
        if calm[table] != other[table]:
            pairs = zip(calm[table], other[table], strict=False)
            place = next((n for n, (one, two) in enumerate(pairs) if one != two), "end")
            sizes = f"{len(calm[table])} and {len(other[table])} rows"
            rows = [rows[place] for rows in (calm[table], other[table])] if place != "end" else []
            found.append(f"{table}: {sizes}, row {place}: {rows}")
    return found


def main(folder: Path, model: RuleModel | None, kills: int, seed: int) -> None:
    empty, calm_path, path = folder / "empty.db", folder / "calm.db", folder / "killed.db"
    open_store(empty, create=True).close()
    shutil.copy(empty, calm_path)
    statements: list[str] = []
    work(calm_path, model, statements.append)
    commits = [number for number, text in enumerate(statements, 1) if text == "COMMIT"]
    with open_store(calm_path) as store:
        calm = contents(store)
        refused = sum(job["rejected"] for d in store.dreams.listed() for job in d["jobs"])
        kinds = sorted({row["transformation_type"] for row in calm["transformations"]})
    figures = {"statements": len(statements), "commits": len(commits), "kinds": kinds, "refused": refused}
    print(json.dumps({**figures, **{table: len(rows) for table, rows in calm.items()}}))
    chance = random.Random(seed)
    for number in range(kills):
        for file in folder.glob("killed.db*"):
            file.unlink()
        shutil.copy(empty, path)
        points = [chance.choice(commits) + chance.choice((0, 1))]
        points += [chance.randint(1, len(statements)) for _ in range(number % 3)]
        ended = [in_child(path, model, point) for point in points]
        if ended[-1]:
            ended.append(in_child(path, model, 0))
        with open_store(path) as store:
            differs = differences(calm, contents(store))
            statuses = sorted({d["status"] for d in store.dreams.listed()})
            verified = verify(store).ok
        print(
            json.dumps(
                {"points": points, "ended": ended, "differs": differs, "statuses": statuses, "verified": verified}
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), RuleModel() if sys.argv[2] == "model" else None, int(sys.argv[3]), int(sys.argv[4]))
