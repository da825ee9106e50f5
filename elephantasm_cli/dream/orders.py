"""Orders to an agent as infinitives: "Never push to main" is "to never push to main"."""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re

from elephantasm_cli.dream import speech_grammar as grammar

ORDER_LEAD = re.compile(r"^(?:(?:please|and|but|so|then|now|just|again|also)\b,? )+", re.I)
ORDER_CONDITION = re.compile(
    r"(?P<when>(?:if|when|whenever|once|before|after) [^,;:]{4,80}), (?:please |then |also )*", re.I
)
ORDER_TIME = re.compile(r"^(?P<time>from now on|going forward|in future|in the future),? ", re.I)
ORDER_MANNER = re.compile(r"^(?P<manner>always|never|only|don't|do not)\b(?: ever)? ", re.I)
TOLD = re.compile(
    r"(?:tell|ask|remind|show|mention|remember|make sure|note|check)\b (?!\w+ (?:is|are|was|has)\b)", re.I
)
"""Orders with a sentence as their object: "tell Dario it's modern now"."""
FORBIDS = re.compile(r"(?:don't|do not) [a-z]", re.I)
ORDER_NEXT = re.compile(
    r"(?P<before>,|,? (?:and|but)) (?:please )?(?P<manner>always|never|don't|do not) (?!(?:the|an?|this|that|in|on|at|for|my|with)\b)(?=[a-z])",
    re.I,
)


def to_do(text: str, imperative: re.Pattern[str]) -> str | None:
    """An order as what follows "wants the assistant": "to never push to main", ", if a test is flaky, to skip it"."""
    text = ORDER_LEAD.sub("", text)
    condition = ORDER_CONDITION.match(text)
    text = text[condition.end() :] if condition else text
    if imperative.match(text) is None and FORBIDS.match(text) is None:
        return None
    time = ORDER_TIME.match(text)
    text = ORDER_LEAD.sub("", text[time.end() :] if time else text)
    manner = ORDER_MANNER.match(text)
    text = text[manner.end() :] if manner else text
    if not TOLD.match(text) and grammar.FINITE.search(
        grammar.SUBORDINATE.split(grammar.SEGMENT.split(text, maxsplit=1)[0], maxsplit=1)[0]
    ):
        return None  # "commit style has changed" is no order to commit
    text = ORDER_NEXT.sub(lambda match: f"{match['before']} {infinitive(match['manner'])}", text)
    before = f", {condition['when'][0].lower()}{condition['when'][1:]}, " if condition else " "
    since = f"{time['time'].casefold()} " if time else ""
    return f"{before}{since}{infinitive(manner['manner'] if manner else '')}{text[0].lower()}{text[1:]}"


def infinitive(manner: str) -> str:
    """ "to", with how it is to be done: "to never", "not to"."""
    manner = manner.casefold()
    return "not to " if manner in ("don't", "do not") else f"to {manner} ".replace("  ", " ")
