"""Decontextualisation: one quoted sentence as a statement that stands alone (Choi et al. 2021), checked against it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream import grounding
from elephantasm_cli.dream.grounding import Grounding
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.text.dates import replace_relative

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext
    from elephantasm_cli.dream.memories import Quote
    from elephantasm_cli.services.structured import Answer

PROMPT = "reflect_rewrite"
REWRITTEN_ROLES = ("user", "operator")
"""Whose words are rewritten. What an assistant or a tool says stays a quotation: it never becomes the user's fact."""
FIRST_PERSON_SUBJECT = re.compile(r"\b(?:I|we)\b(?!['’]?s\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A statement that passed grounding, with the answer it came in."""

    statement: str
    grounding: Grounding
    answer: Answer[Any]


def rewrite(context: DreamContext, quote: Quote, cues: Sequence[str], names: Sequence[str]) -> Rewritten | None:
    """The quote as one third-person statement; None without a model, or where both tries failed the check.

    ``cues`` are what made the sentence salient: an instruction becomes what the speaker wants.
    """
    if context.model is None or quote.role not in REWRITTEN_ROLES:
        return None
    from elephantasm_cli.services.answers import RewriteAnswer, statement_grammar
    from elephantasm_cli.services.prompts import load_prompt
    from elephantasm_cli.services.structured import Rejection

    words = replace_relative(quote.words, quote.occurred_at)
    date = human_date(quote.occurred_at)
    wants = is_instruction(words, cues)
    cited = f"{quote.author} wants: {words}" if wants else words
    stop_list = load_prompt(PROMPT).stop_words
    last: list[Grounding] = []

    def check(answer: RewriteAnswer) -> Rejection | None:
        vectors = context.vectors([answer.statement, words])
        found = grounding.check(
            answer.statement,
            cited_text=cited,
            speaker=quote.author,
            other_names=[name for name in names if name != quote.author],
            date_label=date,
            stop_list=stop_list,
            cosine=float(vectors[0] @ vectors[1]),
            role=quote.role,
        )
        last[:] = [found]
        return None if found.passed else Rejection("; ".join(found.reasons))

    answer = context.ask(
        PROMPT,
        {"speaker": quote.author, "said": words},
        RewriteAnswer,
        check,
        grammar=statement_grammar(quote.author, wants=wants),
    )
    return None if answer is None else Rewritten(answer.value.statement, last[0], answer)


def is_instruction(words: str, cues: Sequence[str]) -> bool:
    """Whether a sentence tells the agent what to do, rather than what somebody does: no "I" or "we" acts in it."""
    return bool({"instruction", "request"} & set(cues)) and not FIRST_PERSON_SUBJECT.search(words)
