"""``models score``: what it prints, and what it says where it cannot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from elephantasm_cli.services import language_model, model_files
from elephantasm_cli.services.language_model import ChatMessage, Completion

CASES = """
[[case]]
id = "moved"
first = { date = 2025-10-14, said = "I live in Ghent." }
second = { date = 2025-11-14, said = "I moved to Porto." }
relation = "contradicts"

[[case]]
id = "pets"
first = { date = 2025-10-14, said = "We paid in francs." }
second = { date = 2025-11-14, said = "We pay by card now." }
relation = "unrelated"

[[case]]
id = "broken"
first = { date = 2025-10-14, said = "I like rain." }
second = { date = 2025-11-14, said = "I like snow now." }
relation = "unrelated"
"""


class Model:
    """Takes every pair for a contradiction, and answers nonsense where it snows."""

    model_id = "model@000000000000"

    def __init__(self) -> None:
        self.closed = False

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: Mapping[str, Any] | None = None,
        grammar: str | None = None,
        max_tokens: int,
        seed: int = 0,
        deadline_seconds: float | None = None,
    ) -> Completion:
        snows = any("like snow" in message.content for message in messages)
        return Completion("so so" if snows else '{"relation":"contradicts"}', 100, 10, 0.1)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "pair.toml").write_text(CASES, encoding="utf-8")
    return folder


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    """Any model that is named is this one."""
    fake = Model()
    monkeypatch.setattr(model_files, "resolve", lambda spec, models: spec)
    monkeypatch.setattr(language_model, "load_language_model", lambda file, *, engine, n_threads: fake)
    return fake


def test_a_line_a_task_with_shares_and_cost(run: Any, cases: Path, model: Model) -> None:
    """In a pipe its cells are separated by tabs; the model is freed."""
    done = run("models", "score", "some.gguf", "--cases", cases)
    assert done.code == 0
    line, last = done.out.splitlines()
    assert line.split("\t")[:5] == [
        "pair",
        "3 cases",
        "1 faithful 33% (6-79%)",
        "1 unfaithful 33% (6-79%)",
        "1 rejected 33% (6-79%)",
    ]
    assert line.split("\t")[5] == "440 tokens"
    assert line.endswith(" s an answer")
    assert last.startswith("model@000000000000")
    assert done.err == "pair: 3 of 3 (broken)\n"
    assert model.closed


def test_verbose_shows_the_answers_that_are_not_faithful(run: Any, cases: Path, model: Model) -> None:
    """With the reasons, and the answer itself."""
    done = run("models", "score", "some.gguf", "--cases", cases, "--verbose", "--quiet")
    lines = done.out.splitlines()
    assert lines[:3] == ["pair pets: unfaithful", "  accepted: contradicts", "    it is 'unrelated'"]
    assert lines[3:5] == ["pair broken: rejected", "  refused: so so"]
    assert lines[6] == "  refused: so so"
    assert "JSON" in lines[5]
    assert "moved" not in done.out
    assert done.err == ""


def test_json_is_one_document_with_every_answer(run: Any, cases: Path, model: Model) -> None:
    """And with the prompt that asked."""
    document = json.loads(run("models", "score", "some.gguf", "--cases", cases, "--task", "pair", "--json").out)
    (task,) = document["tasks"]
    assert document["model"] == model.model_id
    assert task["prompt"]["name"] == "compare_pair"
    assert [(answer["case"], answer["outcome"]) for answer in task["answers"]] == [
        ("moved", "faithful"),
        ("pets", "unfaithful"),
        ("broken", "rejected"),
    ]
    assert task["faithful"] == {"count": 1, "share": 0.3333, "low": 0.0615, "high": 0.7923}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["off"], 2, "no language model is in use"),
        ([], 1, "models pull"),
        (["--task", "reflex"], 2, "choose from reflect, pair, lesson, disposition"),
        (["--task", ","], 2, "choose from"),
        (["--cases", "nowhere"], 2, "has no cases"),
    ],
)
def test_what_cannot_be_scored_is_one_line(run: Any, arguments: list[str], code: int, said: str) -> None:
    """No model, one that is not here, a task or cases that are none."""
    done = run("models", "score", *arguments)
    assert done.code == code
    assert said in done.err
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
