"""Whether a line says what another one says already. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from elephantasm_cli.text.words import content_words, denies

DENIED = "(denies)"
REPEATED = 0.9
"""A line whose content words are to this share inside another line says the same."""


def meaning(text: str) -> frozenset[str]:
    """What ``text`` says, for telling repeats: its content words, and a sign where it denies."""
    return frozenset(content_words(text)) | ({DENIED} if denies(text) else frozenset())


def covered(said: frozenset[str], other: frozenset[str]) -> bool:
    """Whether ``other`` says what ``said`` does; "never" is a small word, but no repeat of "always"."""
    return bool(said) and (DENIED in said) == (DENIED in other) and len(said & other) >= REPEATED * len(said)


def repeats(text: str, lines: Iterable[str]) -> bool:
    """Whether one of ``lines`` says what ``text`` says."""
    said = meaning(text)
    return any(covered(said, meaning(line)) for line in lines)
