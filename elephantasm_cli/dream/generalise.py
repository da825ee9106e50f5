"""Checking what a model says over several sources: a lesson over memories, a summary over knowledge.

The grounding of one statement in one quotation is checked in `grounding`; here it must hold over all sources together,
and enough of them must each support it.
"""

from __future__ import annotations

from collections.abc import Sequence

from elephantasm_cli.dream import claims, grounding

MIN_SUPPORT = 0.34
"""The least share of a statement's telling words that a source must hold to count as support."""
MIN_COSINE = 0.4
"""The least cosine between a statement and a source that supports it."""


def check_generalisation(
    statement: str,
    sources: Sequence[str],
    *,
    cosines: Sequence[float],
    stop_list: frozenset[str],
    needed: int = 2,
) -> list[str]:
    """Why ``statement`` may not be made of ``sources`` (their texts, with speaker and date); empty where it may.

    ``cosines`` are the statement's with each source. At least ``needed`` sources must support it, each in words and
    meaning, and none of those may deny what it affirms or affirm what it denies.
    """
    whole = grounding.check(statement, cited_text=" ".join(sources), speaker="", stop_list=stop_list)
    reasons = list(whole.reasons)
    supporting = [
        source
        for source, cosine in zip(sources, cosines, strict=True)
        if cosine >= MIN_COSINE and grounding.coverage(statement, source) >= MIN_SUPPORT
    ]
    if len(supporting) < needed:
        reasons.append(f"only {len(supporting)} of the sources it cites support it, {needed} are needed")
    denies = claims.NEGATION.search(statement) is not None
    if any((claims.NEGATION.search(source) is not None) != denies for source in supporting):
        reasons.append("its sources do not agree with it on what is denied")
    return reasons


def check_summary(
    summary: str, person: str, statements: Sequence[str], *, cosine: float, stop_list: frozenset[str]
) -> list[str]:
    """Why ``summary`` may not stand for ``statements`` as the disposition of an agent that serves ``person``."""
    cited = f"The agent serves {person} and keeps this in mind. " + " ".join(statements)
    said = summary.replace("This agent", "The agent", 1)
    return list(grounding.check(said, cited_text=cited, speaker="", stop_list=stop_list, cosine=cosine).reasons)
