"""What the prompts ask for, as types: enums, integers and short strings, because that is what small models can do."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

MAX_STATEMENT_CHARACTERS = 320
MAX_SUMMARY_CHARACTERS = 600


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class RewriteAnswer(_Answer):
    """``reflect_rewrite``: the statement, which is the whole answer under `statement_grammar`."""

    statement: str = Field(min_length=1, max_length=MAX_STATEMENT_CHARACTERS)


class Relation(StrEnum):
    SAME = "same"
    CONTRADICTS = "contradicts"
    UNRELATED = "unrelated"


class PairAnswer(_Answer):
    """``compare_pair``."""

    relation: Relation


class LessonAnswer(_Answer):
    """``lesson``: the numbers (from 1) of the memories it rests on, then the sentence.

    The order is the model's order of writing: it must choose the memories before it words what they share.
    """

    numbers: list[int] = Field(min_length=1, max_length=12)
    statement: str = Field(min_length=1, max_length=MAX_STATEMENT_CHARACTERS)


class DispositionAnswer(_Answer):
    """``disposition``: the summary, which is the whole answer under `disposition_grammar`."""

    summary: str = Field(min_length=1, max_length=MAX_SUMMARY_CHARACTERS)


def report_grammar(speaker: str, subject: str = "") -> str:
    """GBNF for "``speaker`` says that ``subject`` …": what somebody says of another keeps the other as its subject."""
    that = _literal(f"{speaker} says that {subject} " if subject else f"{speaker} says that ")
    return f"root ::= {that} sentence\n{_SENTENCE}"


def statement_grammar(speaker: str, wants: str = "") -> str:
    """GBNF for one sentence on one line that begins with ``speaker`` and ends with a full stop or exclamation mark.

    A full stop inside a word ("worker.toml", "3.11") does not end the sentence; one before a blank cannot occur.
    ``wants`` are the next words where an instruction is put in the third person ("wants the assistant to").
    """
    if wants:
        denied = '("never " | "not ")? ' if wants.endswith(" to") else ""
        return f"root ::= {_literal(f'{speaker} {wants} ')} {denied}sentence\n{_SENTENCE}"
    return f'root ::= {_literal(speaker)} ("\'s")? " " sentence\n{_SENTENCE}'


def disposition_grammar(whom: str) -> str:
    """GBNF for "This agent serves ``whom``, who ….", with or without " It keeps in mind that …."."""
    return (
        f'root ::= "This agent serves " {_literal(whom)} ", who " sentence (" It keeps in mind that " sentence)?\n'
        f"{_SENTENCE}"
    )


_SENTENCE = r"""sentence ::= word (" " word)* [.!]
word ::= plain+ ([.!?] plain+)*
plain ::= [^ .!?\x00-\x1F\x7F]
"""


def _literal(text: str) -> str:
    blank = " " if text.endswith(" ") else ""
    escaped = (" ".join(text.split()) + blank).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
