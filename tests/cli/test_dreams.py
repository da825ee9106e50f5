"""``elephantasm dreams show``: what a person needs to see why an answer was refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from elephantasm_cli.agent import Agent
from elephantasm_cli.services.language_model import Completion


class Inventor:
    """A model that answers its first question badly twice, and the next one well."""

    model_id = "inventor@000000000000"
    good = "This agent serves Dana, who prefers plain SQL over an ORM for reports."

    def __init__(self) -> None:
        self.answers = iter(["Dana prefers Hibernate.", "Dana\nprefers \x1b[31mnothing."])

    def complete(self, messages: Any, **_: Any) -> Completion:
        return Completion(next(self.answers, self.good), prompt_tokens=100, completion_tokens=10, seconds=0.1)

    def close(self) -> None:
        """Nothing to free."""


@pytest.fixture
def refused(run: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A dream whose one question was answered badly twice; its id."""
    monkeypatch.setattr(Agent, "language_model", lambda self: Inventor())
    record = {"role": "user", "author": "Dana", "content": "I prefer plain SQL over an ORM for reports you write."}
    run("ingest", "-", "--format", "jsonl", stdin=json.dumps(record).encode())
    assert run("dream", "--force").code == 0
    return json.loads(run("dreams", "--json").out)["id"]


def test_refused_answers_stand_below_the_question_put(run: Any, refused: str) -> None:
    """The question once, each answer with its reason; nothing of it speaks to the terminal."""
    shown = run("dreams", "show", refused).out
    _, _, told = shown.partition("\nreflect, reflect_rewrite: refused\n")
    lines = told.splitlines()
    assert lines[:4] == [
        "  asked:   Speaker: Dana",
        "           <said>",
        "           I prefer plain SQL over an ORM for reports you write.",
        "           </said>",
    ]
    assert lines[4] == "  answer:  Dana prefers Hibernate."
    assert lines[5].startswith("  because: ")
    assert "hibernate" in lines[5].lower()
    assert lines[6:8] == ["  answer:  Dana", "           prefers \\x1b[31mnothing."]
    assert lines[8].startswith("  because: ")
    assert len(lines) == 9


def test_refused_answers_in_json_have_four_fields(run: Any, refused: str) -> None:
    """For a program that collects them."""
    jobs = json.loads(run("dreams", "show", refused, "--json").out)["jobs"]
    outputs = [output for job in jobs for output in job["metadata"]["rejected_outputs"]]
    assert [set(output) for output in outputs] == [{"prompt", "question", "answer", "reason"}] * 2
