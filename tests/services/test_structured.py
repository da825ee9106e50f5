"""Asking and judging, with a model that says what the test wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from elephantasm_cli.errors import EngineError, ModelOutputError
from elephantasm_cli.services.answers import (
    LessonAnswer,
    PairAnswer,
    Relation,
    RewriteAnswer,
    report_grammar,
    statement_grammar,
)
from elephantasm_cli.services.language_model import ChatMessage, Completion, Finish, LanguageModel
from elephantasm_cli.services.prompts import load_prompt
from elephantasm_cli.services.structured import RefusedAnswerError, Rejection, Usage, ask

PAIR = {"first": "a", "second": "b"}


@dataclass
class ScriptedModel:
    """A `LanguageModel` that gives its answers in order and remembers what it was asked."""

    answers: list[str | Completion]
    model_id: str = "scripted@000000000000"
    calls: list[dict[str, Any]] = field(default_factory=list)

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
        self.calls.append(
            {"messages": list(messages), "schema": schema, "grammar": grammar, "max_tokens": max_tokens, "seed": seed}
            | {"deadline": deadline_seconds}
        )
        answer = self.answers.pop(0)
        return answer if isinstance(answer, Completion) else Completion(answer, 100, 7, 0.5, 90)

    def close(self) -> None:
        pass


def model_of(*answers: str | Completion) -> ScriptedModel:
    """The fake, proved to fit the protocol by the type checker."""
    model = ScriptedModel(list(answers))
    fits: LanguageModel = model
    assert fits is model
    return model


def test_a_good_answer_is_taken_at_once() -> None:
    """One call, under the type's schema and the prompt's own token limit, with all that the log wants."""
    model = model_of('{"relation":"same"}')
    prompt = load_prompt("compare_pair")
    answer = ask(model, prompt, PAIR, PairAnswer)
    assert answer.value.relation is Relation.SAME
    assert answer.usage == Usage(1, 100, 90, 7, 0.5)
    assert (answer.model_id, answer.prompt_name, answer.prompt_sha256) == (model.model_id, prompt.name, prompt.sha256)
    assert [attempt.refused_because for attempt in answer.attempts] == [None]
    assert model.calls[0]["max_tokens"] == prompt.max_tokens
    assert model.calls[0]["schema"] == PairAnswer.model_json_schema()


def test_an_answer_of_no_sound_form_gets_one_second_chance_that_names_the_reason() -> None:
    """The second call goes on from the first, so its prefix is cached, with another seed."""
    model = model_of('{"numbers":[],"statement":"x"}', '{"numbers":[1],"statement":"x"}')
    answer = ask(model, load_prompt("lesson"), {"memories": "1. a"}, LessonAnswer, seed=5)
    assert answer.value.numbers == [1]
    assert [attempt.refused_because is None for attempt in answer.attempts] == [False, True]
    assert answer.usage == Usage(2, 200, 180, 14, 1.0)
    first, second = model.calls
    assert second["messages"][: len(first["messages"])] == first["messages"]
    assert "numbers: List should have at least 1 item" in second["messages"][-1].content
    assert (first["seed"], second["seed"]) == (5, 6)


def test_an_answer_that_says_what_is_not_so_gets_no_second_chance() -> None:
    """A model that is told why says the same again, or says why."""
    model = model_of('{"numbers":[9],"statement":"x"}', '{"numbers":[1],"statement":"memory 9 was not given"}')

    def check(answer: LessonAnswer) -> Rejection | None:
        return Rejection("memory 9 was not given") if 9 in answer.numbers else None

    with pytest.raises(RefusedAnswerError, match="memory 9 was not given") as caught:
        ask(model, load_prompt("lesson"), {"memories": "1. a"}, LessonAnswer, check)
    assert len(model.calls) == len(caught.value.attempts) == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("not json", "Invalid JSON"),
        ('{"relation":"maybe"}', "relation: Input should be"),
        ('{"relation":"same","why":"x"}', "why: Extra inputs"),
        (Completion('{"relation":"sa', 100, 16, 0.5, 0, Finish.LENGTH), "cut off"),
    ],
)
def test_two_bad_answers_raise_with_everything_that_was_said(raw: str | Completion, why: str) -> None:
    """Nothing unchecked comes out, and the log can say what was refused and why."""
    with pytest.raises(ModelOutputError, match=r"compare_pair was refused \(.*extract") as caught:
        ask(model_of(raw, raw), load_prompt("compare_pair"), PAIR, PairAnswer)
    error = caught.value
    assert isinstance(error, RefusedAnswerError)
    assert len(error.attempts) == 2
    assert all(why in (attempt.refused_because or "") for attempt in error.attempts)
    assert error.usage.calls == 2
    assert error.prompt_sha256 == load_prompt("compare_pair").sha256


def test_under_a_grammar_the_whole_text_is_the_answer() -> None:
    """No JSON around a single sentence: the grammar is passed on and no schema."""
    model = model_of(" Ada likes tea. ")
    grammar = statement_grammar("Ada")
    answer = ask(
        model, load_prompt("reflect_rewrite"), {"speaker": "Ada", "said": "I like tea"}, RewriteAnswer, grammar=grammar
    )
    assert answer.value.statement == "Ada likes tea."
    assert (model.calls[0]["grammar"], model.calls[0]["schema"]) == (grammar, None)


def test_no_second_chance_when_the_time_is_up() -> None:
    """A deadline ends the asking; what was said until then is kept."""
    late = Completion('{"rel', 100, 2, 3.0, 0, Finish.DEADLINE)
    model = model_of(late, '{"relation":"same"}')
    with pytest.raises(RefusedAnswerError, match="time was up") as caught:
        ask(model, load_prompt("compare_pair"), PAIR, PairAnswer, deadline_seconds=3.0)
    assert len(model.calls) == 1
    assert 0 < model.calls[0]["deadline"] <= 3.0
    assert caught.value.attempts[0].raw == '{"rel'


def test_without_time_nothing_is_asked() -> None:
    """A dream at the end of its minutes falls back at once."""
    model = model_of()
    with pytest.raises(RefusedAnswerError, match="no time was left"):
        ask(model, load_prompt("compare_pair"), PAIR, PairAnswer, deadline_seconds=0.0)
    assert model.calls == []


def test_an_engine_that_fails_is_not_a_bad_answer() -> None:
    """The caller decides what a broken engine means; it is never retried as if the model had misspoken."""

    class Broken(ScriptedModel):
        def complete(self, messages: Sequence[ChatMessage], **_: Any) -> Completion:
            raise EngineError("llama.cpp failed")

    with pytest.raises(EngineError):
        ask(Broken([]), load_prompt("compare_pair"), PAIR, PairAnswer)


def test_second_grammar_asks_the_same_question_afresh() -> None:
    """The second try is another form of answer, not a quarrel about the first."""
    model = model_of("Kim likes it.", "Kim says that Robin likes it.")
    answer = ask(
        model,
        load_prompt("reflect_rewrite"),
        {"speaker": "Kim", "said": "Robin likes it"},
        RewriteAnswer,
        lambda answer: None if "Robin" in answer.statement else Rejection("Robin is lost"),
        grammar=statement_grammar("Kim"),
        second_grammar=report_grammar("Kim", "Robin"),
    )
    assert answer.value.statement == "Kim says that Robin likes it."
    assert model.calls[0]["messages"] == model.calls[1]["messages"]
    assert model.calls[1]["grammar"].startswith('root ::= "Kim says that Robin " sentence')
