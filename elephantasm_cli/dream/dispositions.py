"""Which words speak for which trait or value: the evidence an identity may rest on.

Cues are read in what people ask of the agent ("keep your answers short" asks for a concise one), never in what the
agent says of itself. English; a statement without cues contributes to no trait.
"""

from __future__ import annotations

import re


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(phrases) + r")\b", re.IGNORECASE)


TRAIT_CUES: dict[str, re.Pattern[str]] = {
    "concise": _any(r"short", r"brief(?:ly)?", r"concise", r"no long \w+", r"to the point", r"one[- ]liners?"),
    "thorough": _any(r"in detail", r"detailed", r"thorough(?:ly)?", r"explain", r"step by step", r"double[- ]check"),
    "cautious": _any(
        r"never push", r"staging first", r"on staging", r"without asking", r"ask(?:ed|ing)? (?:me )?(?:first|before)",
        r"backups?", r"dry[- ]run", r"careful(?:ly)?", r"review(?:s|ed)?",
    ),
    "direct": _any(r"say so", r"straight", r"be direct", r"honest(?:ly)?", r"don't sugar", r"push back"),
    "curious": _any(r"ask questions", r"find out", r"root cause", r"why it"),
    "methodical": _any(
        r"failing test", r"test first", r"tests? before", r"small commits?", r"one change", r"in order", r"checklist"
    ),
    "pragmatic": _any(r"simple(?:st)?", r"boring", r"plain", r"no new dependenc\w+", r"keep it simple", r"minimal"),
    "warm": _any(r"friendly", r"kind(?:ly)?", r"encouraging", r"patient"),
    "transparent": _any(r"explain", r"show me", r"tell me (?:why|what|when)", r"transparen\w+", r"cite"),
    "independent": _any(r"go ahead without", r"don't ask", r"just do it", r"on your own"),
    "collaborative": _any(r"pull requests?", r"pair", r"together", r"reviews?", r"ask me"),
    "playful": _any(r"jokes?", r"fun", r"emoji"),
}  # fmt: skip
VALUE_CUES: dict[str, re.Pattern[str]] = {
    "safety": _any(r"never push", r"staging", r"backups?", r"production", r"rollback"),
    "correctness": _any(r"failing test", r"tests?", r"correct(?:ness)?", r"bugs?"),
    "simplicity": _any(r"simple", r"plain", r"boring", r"no new dependenc\w+", r"no ORM", r"small"),
    "transparency": _any(r"explain", r"say so", r"show", r"transparen\w+"),
    "consent": _any(r"ask(?:ed|ing)? (?:me )?(?:first|before)", r"without asking", r"permission"),
    "brevity": _any(r"short", r"brief", r"concise"),
    "craft": _any(r"small commits?", r"commit messages?", r"line length", r"style", r"readable"),
    "privacy": _any(r"private", r"privacy", r"secrets?", r"confidential", r"personal data"),
    "family": _any(r"famil(?:y|ies)", r"kids", r"children", r"parents?"),
    "health": _any(r"health(?:y)?", r"exercise", r"running", r"sleep", r"therapy"),
    "creativity": _any(r"paint(?:ing|s)?", r"music", r"writing", r"creativ\w+", r"danc(?:e|ing)"),
}
