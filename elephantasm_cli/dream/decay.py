"""How memories fade, and how certainty grows: the formulas of the dream, as plain functions.

Nothing here is stored: decay and recency follow from age on the database's own clock and from counted accesses.
"""

from __future__ import annotations

from elephantasm_cli.vocabulary import State

HALF_LIFE_DAYS = 30.0
"""After so many days an item that nobody asked for has decayed by half."""
ACCESS_FACTOR = 1.5
"""Each counted access lengthens the half-life by this factor."""
MAX_HALF_LIFE_DAYS = 365.0
RECENCY_HALF_LIFE_DAYS = 7.0
FADING_AT = 0.7
"""Up to this decay an active item does not fade, however little it matters."""
FADING_BELOW = 0.09
"""Below this strength an item fades: one of importance 0.3 at decay 0.7 (52 days), one of 0.5 at 0.82 (74 days)."""
ARCHIVED_AT = 0.9
"""Up to this decay a fading item is not archived."""
ARCHIVED_BELOW = 0.02
"""Below this strength a fading item is archived: one of importance 0.2 at decay 0.9 (100 days), 0.5 at 0.96 (139)."""
LASTING_FROM = 0.6
"""From this importance on an item lasts until something else takes its place: what is so does not end by itself, as
what happened, was asked for or was planned does."""

PRIOR = (1.0, 1.0)
"""Beta(1, 1): before any evidence, for and against are equally likely."""


def half_life(accesses: int) -> float:
    """Days until half has decayed: ``min(30 x 1.5^accesses, 365)``."""
    # 1.5^7 already passes the maximum; a bound keeps huge counts from overflowing the power.
    return min(HALF_LIFE_DAYS * float(ACCESS_FACTOR ** min(max(accesses, 0), 20)), MAX_HALF_LIFE_DAYS)


def decay(age_days: float, accesses: int) -> float:
    """How far an item has faded, in [0, 1): ``1 - 2^(-age / half_life)``; an age below zero counts as none."""
    return 1.0 - float(2.0 ** (-max(age_days, 0.0) / half_life(accesses)))


def strength(faded: float, importance: float) -> float:
    """What is left of an item, in [0, 1]: its importance as far as it has not decayed."""
    return importance * (1.0 - faded)


def recency(age_days: float) -> float:
    """How fresh an item is, in (0, 1], with a half-life of 7 days; an age below zero counts as none."""
    return float(2.0 ** (-max(age_days, 0.0) / RECENCY_HALF_LIFE_DAYS))


def next_state(state: State, faded: float, importance: float) -> State:
    """The state that follows from decay ``faded`` and ``importance`` (both in [0, 1]); one step at a time.

    Active fades when its strength is low, fading is archived when little is left, and returns to active once an access
    has lifted it. Candidates and what is archived or superseded keep their state: those change for other reasons.
    """
    left = strength(faded, importance)
    fades = faded > FADING_AT and left < FADING_BELOW and importance < LASTING_FROM
    if state is State.ACTIVE and fades:
        return State.DECAYING
    if state is State.DECAYING:
        if not fades:
            return State.ACTIVE
        if faded > ARCHIVED_AT and left < ARCHIVED_BELOW:
            return State.ARCHIVED
    return state


def beta_certainty(sessions_for: int, sessions_against: int, prior: tuple[float, float] = PRIOR) -> float:
    """Certainty of a statement, in (0, 1): the mean of a Beta-Bernoulli model, rounded to 4 decimals.

    ``(a + for) / (a + b + for + against)`` with ``prior = (a, b)``. Evidence counts once per independent session,
    so that saying a thing ten times in one conversation is one observation. Raises ValueError for negative counts or
    a prior that is not positive.
    """
    if sessions_for < 0 or sessions_against < 0 or min(prior) <= 0:
        raise ValueError("counts must not be negative and the prior must be positive")
    weight_for, weight_against = prior
    total = weight_for + weight_against + sessions_for + sessions_against
    return round((weight_for + sessions_for) / total, 4)
