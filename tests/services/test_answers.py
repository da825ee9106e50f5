"""The answer types and the grammars that go with them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from elephantasm_cli.services.answers import (
    DispositionAnswer,
    LessonAnswer,
    PairAnswer,
    RewriteAnswer,
    disposition_grammar,
    statement_grammar,
)


def test_a_lesson_chooses_its_memories_before_it_words_them() -> None:
    """The schema's order is the order of writing: numbers first made the statements fit them."""
    assert list(LessonAnswer.model_json_schema()["properties"]) == ["numbers", "statement"]


@pytest.mark.parametrize(
    ("answer_type", "bad"),
    [
        (RewriteAnswer, {"statement": "   "}),
        (RewriteAnswer, {"statement": "x" * 321}),
        (PairAnswer, {"relation": "similar"}),
        (LessonAnswer, {"numbers": [], "statement": "x"}),
        (LessonAnswer, {"numbers": [1], "statement": "x", "confidence": 0.9}),
        (DispositionAnswer, {"summary": ""}),
    ],
)
def test_answers_outside_their_type_are_refused(answer_type: type[RewriteAnswer], bad: dict[str, object]) -> None:
    """Empty, too long, of another word or with a field nobody asked for."""
    with pytest.raises(ValidationError):
        answer_type.model_validate(bad)


def test_a_name_cannot_add_a_rule_to_its_grammar() -> None:
    """Quotes, backslashes and line ends in a speaker's name stay inside its literal."""
    evil = 'Ada" | "x\\\nroot ::= "y'
    for grammar in (statement_grammar(evil), disposition_grammar(evil)):
        rules = [line.split(" ::=")[0] for line in grammar.splitlines()]
        assert rules == ["root", "sentence", "word", "plain"]
        assert r"Ada\" | \"x\\ root" in grammar
