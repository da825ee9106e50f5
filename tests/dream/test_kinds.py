"""Kinds, importance and confidence."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.grounding import Grounding
from elephantasm_cli.dream.kinds import classify, confidence, importance
from elephantasm_cli.dream.salience import salient_sentences
from elephantasm_cli.vocabulary import MemoryKind, Trust


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I prefer tabs over spaces in Makefiles.", MemoryKind.PREFERENCE),
        ("I love camping in the mountains.", MemoryKind.PREFERENCE),
        ("Never push to main directly.", MemoryKind.PROCEDURE),
        ("From now on we use PostgreSQL for the queue, we decided.", MemoryKind.DECISION),
        ("We decided to use Postgres for the queue.", MemoryKind.DECISION),
        ("The nightly import crashed with a deadlock.", MemoryKind.PROBLEM),
        ("My sister Ana lives in Porto.", MemoryKind.RELATIONSHIP),
        ("I visited the old town museum in Porto.", MemoryKind.EVENT),
        ("I'm going to paint the kitchen in June.", MemoryKind.PLAN),
        ("I'm a nurse at the children's hospital.", MemoryKind.FACT),
    ],
)
def test_a_sentences_cues_give_its_kind(text: str, kind: MemoryKind) -> None:
    """From the sentence to its kind, as the dream does it."""
    (found,) = salient_sentences(text, author="Dana", role="user", event_type="user_message")
    assert classify(found.text, found.cues, "user") is kind


def test_an_assistant_has_findings_not_preferences() -> None:
    """Whatever cues its words show."""
    assert classify("x", ("assistant", "finding", "problem"), "assistant") is MemoryKind.PROBLEM
    assert classify("I prefer it", ("preference",), "assistant") is MemoryKind.FACT
    assert classify("`make` failed: error", ("outcome",), "tool") is MemoryKind.PROBLEM


def test_importance_follows_what_is_said() -> None:
    """Instructions and preferences before decisions, facts, events and chatter."""
    order = [importance((cue,)) for cue in ("instruction", "preference", "decision", "fact", "event", "first_person")]
    assert order == sorted(order, reverse=True)
    assert importance(()) == 0.2
    assert importance(("assistant", "problem")) < importance(("problem",))


def test_importance_grows_with_names_and_repetition_and_shrinks_with_familiarity() -> None:
    """And stays within [0, 1]."""
    assert importance(("fact", "name", "number")) == 0.68
    assert importance(("fact",), repetitions=2) == 0.66
    assert importance(("fact",), repetitions=100) == 0.72
    assert importance(("fact",), novelty=0.0) == 0.48
    assert importance(("instruction", "name", "number"), repetitions=9) == 1.0


def test_confidence_follows_grounding_trust_and_context() -> None:
    """A quotation is nearly certain, an ungrounded statement is not, a tool's word counts less."""
    grounded = Grounding(True, (), 0.8, 0.9, 0.15)
    assert confidence(grounded) == 0.835
    assert confidence(None) == 0.9
    assert confidence(Grounding(False, ("x",), 1.0, 1.0, 0.3)) == 0.2
    assert confidence(None, trust=Trust.TOOL) == 0.72
    assert confidence(None, needs_context=True) == 0.765
    assert confidence(Grounding(True, (), 0.8, None, 0.15)) == 0.82
