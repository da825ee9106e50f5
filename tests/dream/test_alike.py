"""Clusters of memories: which of them speaks for all."""

from __future__ import annotations

import numpy as np

from elephantasm_cli.dream.alike import cluster_of


def memory(name: str, content: str, *, needs_context: bool = False) -> dict:
    return {
        "id": name,
        "content": content,
        "kind": "procedure",
        "metadata": {"speaker": "Dana", "needs_context": needs_context, "quote": content, "sessions": [name]},
    }


QUOTED = memory("mem_a", 'Dana, 1 May 2026: "small ones, one change each, as ever"')
SAID = memory("mem_b", "Dana said on 2 May 2026 that commits are small with one change.")
TOLD = memory("mem_c", "Dana wants the assistant to keep commits small (3 May 2026).")
ELSEWHERE = memory("mem_d", "Dana wants the assistant to squash on merging (4 May 2026).")


def voice(*memories: dict, angles: tuple[float, ...]) -> dict:
    """Who speaks for memories whose vectors stand at these angles, in degrees."""
    turned = np.radians(np.array(angles))
    vectors = np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)
    return cluster_of(memories, vectors, list(range(len(memories)))).voice


def test_a_statement_of_its_own_speaks_before_what_is_quoted_or_told_as_said():
    """Though another one is more central."""
    assert voice(SAID, QUOTED, TOLD, angles=(-10, 0, 20)) is TOLD
    assert voice(QUOTED, TOLD, ELSEWHERE, angles=(0, 10, 30)) is TOLD


def test_the_most_central_one_speaks_where_no_statement_is_near():
    """Or where there is none."""
    assert voice(SAID, QUOTED, ELSEWHERE, angles=(-10, 0, 60)) is QUOTED
    assert voice(SAID, QUOTED, angles=(10, 0)) is SAID
