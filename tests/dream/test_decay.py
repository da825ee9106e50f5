"""Fading, recency and certainty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elephantasm_cli.dream.decay import beta_certainty, decay, half_life, next_state, recency
from elephantasm_cli.vocabulary import State


def test_half_is_gone_after_the_half_life() -> None:
    """30 days without an access, 45 with one, never more than a year."""
    assert decay(30, 0) == pytest.approx(0.5)
    assert decay(45, 1) == pytest.approx(0.5)
    assert half_life(7) == 365.0
    assert half_life(10**9) == 365.0
    assert decay(-3, 0) == 0.0


def test_recency_halves_every_week() -> None:
    """Now is 1; the future counts as now."""
    assert recency(0) == recency(-5) == 1.0
    assert recency(14) == pytest.approx(0.25)


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.integers(0, 50))
def test_decay_grows_with_age_and_shrinks_with_accesses(age: float, more: float, accesses: int) -> None:
    """And stays a share."""
    assert 0 <= decay(age, accesses) <= decay(age + more, accesses) <= 1
    assert decay(age, accesses + 1) <= decay(age, accesses)


@pytest.mark.parametrize(
    ("state", "faded", "importance", "expected"),
    [
        (State.ACTIVE, 0.71, 0.2, State.DECAYING),
        (State.ACTIVE, 0.7, 0.2, State.ACTIVE),
        (State.ACTIVE, 0.71, 0.4, State.ACTIVE),
        (State.ACTIVE, 0.83, 0.5, State.DECAYING),
        (State.ACTIVE, 0.999, 0.6, State.ACTIVE),
        (State.DECAYING, 0.95, 0.5, State.DECAYING),
        (State.DECAYING, 0.97, 0.5, State.ARCHIVED),
        (State.DECAYING, 0.91, 0.2, State.ARCHIVED),
        (State.DECAYING, 0.9, 0.2, State.DECAYING),
        (State.DECAYING, 0.5, 0.2, State.ACTIVE),
        (State.DECAYING, 0.8, 0.6, State.ACTIVE),
        (State.CANDIDATE, 0.99, 0.0, State.CANDIDATE),
        (State.ARCHIVED, 0.0, 1.0, State.ARCHIVED),
        (State.SUPERSEDED, 0.99, 0.0, State.SUPERSEDED),
    ],
)
def test_states_follow_decay_one_step_at_a_time(state: State, faded: float, importance: float, expected: State) -> None:
    """Nothing jumps from active to archived, and an access brings a fading memory back."""
    assert next_state(state, faded, importance) is expected


def test_certainty_is_the_mean_of_the_evidence() -> None:
    """More sessions for it raise it, one against lowers it; the prior is half and half."""
    assert beta_certainty(0, 0) == 0.5
    assert beta_certainty(1, 0) == 0.6667
    assert beta_certainty(4, 0) == 0.8333
    assert beta_certainty(4, 1) == 0.7143
    assert beta_certainty(0, 0, prior=(3, 1)) == 0.75


@pytest.mark.parametrize("bad", [(-1, 0, (1, 1)), (0, -1, (1, 1)), (0, 0, (0, 1))])
def test_impossible_evidence_is_refused(bad: tuple[int, int, tuple[float, float]]) -> None:
    """A negative count is a bug of the caller."""
    with pytest.raises(ValueError, match="negative"):
        beta_certainty(*bad)
