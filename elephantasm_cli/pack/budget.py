"""The budget of a pack: what may be spent on which section, and what has been. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from elephantasm_cli.services.tokens import TokenCounter

WITH_QUESTION = 0.15
"""A question is answered by words that were said: derived rows get this much of their shares, evidence the rest."""
IDENTITY_SHARE = 0.02
"""With a question, identity takes at most this share of the budget, headings included, before anything else."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How a budget is divided: a cap in tokens for identity, then shares of what is left; evidence has the rest."""

    identity_tokens: int = 150
    knowledge: float = 0.35
    memories: float = 0.35

    def for_question(self, budget: int) -> Shares:
        """The shares of a pack that answers a question."""
        return Shares(
            min(self.identity_tokens, int(budget * IDENTITY_SHARE)),
            self.knowledge * WITH_QUESTION,
            self.memories * WITH_QUESTION,
        )


class Ledger:
    """Tokens left, in the counter's unrounded weights; never goes below zero."""

    def __init__(self, budget: int, counter: TokenCounter) -> None:
        self.left = float(budget)
        self._counter = counter

    def cost(self, *lines: str) -> float:
        """What these lines would take."""
        return sum(self._counter.weigh(line) for line in lines)

    def spend(self, cost: float, cap: float | None = None) -> bool:
        """Take ``cost`` if it is left and (where given) inside ``cap``; whether it was."""
        if cost > self.left or (cap is not None and cost > cap):
            return False
        self.left -= cost
        return True
