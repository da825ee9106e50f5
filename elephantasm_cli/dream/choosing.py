"""Choosing: which of the salient sentences of an episode become memories, and how far each quote reaches."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from elephantasm_cli.dream.picks import (
    Pick,
    Place,
    is_inside,
    joined_picks,
    with_hedge,
    with_neighbours,
    with_next_sentences,
    with_scene,
    with_sentence_before,
)
from elephantasm_cli.dream.salience import core_of, is_commonplace
from elephantasm_cli.dream.worth import is_outstanding, is_worth_a_memory, less_by, worth

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import DreamContext
    from elephantasm_cli.dream.meant import Doubts
    from elephantasm_cli.text.sentences import Sentence

SAID_AGAIN = 1.5
"""What it adds to the worth of a pick that it says again what is known."""
UNSURE = 0.2
"""Probability of not being meant from which on a sentence does not go along with another."""
SAME_EPISODE_COSINE = 0.55
"""Two sentences of one episode this close say much the same: repetition is evidence across episodes only."""


def choose(
    context: DreamContext,
    found: list[Pick],
    most: int,
    able: list[Pick],
    doubts: Doubts,
    changing: Set[Place] = frozenset(),
    repeating: Set[Place] = frozenset(),
    *,
    sure: int,
    to_agent: bool,
) -> list[Pick]:
    """At most ``most`` of the picks found that are ``able`` to be a memory: those whose quotes are worth most, each
    with something of its own, in order of time. What goes beyond ``sure`` must be outstanding.

    Those that are ``changing`` something have a place besides, whatever they score: they keep the others true. Those
    ``repeating`` what is known are worth more: that makes it surer. What tells for good who somebody is or what may
    harm them goes before what does not.

    One that is close to a better one gives up its place, or joins it where it is the next sentence ("Stop doing X. From
    now on do Y."); what places are left over go to the best of those that gave up.
    """
    values: dict[Place, float] = {}
    for pick in found:
        whole = whole_of(pick, doubts, to_agent=to_agent)
        values[pick.place] = worth(whole, to_agent=to_agent) - less_by(doubt_of(whole, doubts))
        values[pick.place] += SAID_AGAIN * (pick.place in repeating)
    ordered = sorted(
        found,
        key=lambda pick: (
            pick.place not in changing,
            not pick.is_lasting,
            -values[pick.place],
            pick.event["seq"],
            pick.salient.start,
        ),
    )
    places = {pick.place for pick in able} | changing
    ranked = [pick for pick in ordered if pick.place in places]
    most += len(changing)
    sure += len(changing)
    weak = [pick for pick in ordered if pick.place not in places and pick.salient.needs_context]
    if len(ranked) > most:
        vectors = context.vectors([pick.text for pick in ranked])
        cosines = vectors @ vectors.T
        kept: dict[int, Pick] = {}
        rest: list[Pick] = []
        for index, pick in enumerate(ranked):
            close = [
                other
                for other in kept
                if round(float(cosines[index, other]), 6) >= SAME_EPISODE_COSINE and pick.topics == kept[other].topics
            ]
            if not close:
                kept[index] = pick
            elif joined := next((both for other in close if (both := joined_picks(kept[other], pick))), None):
                kept[close[0]] = joined
            else:
                rest.append(pick)
        ranked = [*kept.values(), *rest]
    chosen, others = within(ranked, most)
    kept_whole: list[Pick] = []
    for pick in [*with_next_sentences(chosen, [*others, *weak]), *others]:
        if len(kept_whole) == most:
            break
        if not any(is_inside(pick, other) for other in kept_whole):
            whole = whole_of(pick, doubts, kept_whole, to_agent=to_agent)
            enough = is_worth_a_memory if len(kept_whole) < sure else is_outstanding
            doubt = doubt_of(whole, doubts)
            if pick.place in changing or pick.place in repeating or enough(whole, doubt, to_agent=to_agent):
                kept_whole = [*(other for other in kept_whole if not is_inside(other, whole)), whole]
    return sorted(kept_whole, key=lambda pick: (pick.event["seq"], pick.salient.start))


def doubt_of(pick: Pick, doubts: Doubts) -> float:
    """How likely a pick is not meant, in [0, 1]."""
    return doubts.of(pick.event, pick.salient.start, pick.salient.end)


def whole_of(pick: Pick, doubts: Doubts, apart: Sequence[Pick] = (), *, to_agent: bool) -> Pick:
    """A pick with the sentences of its turn that go with it, as far as none is one of those ``apart`` and all are
    likely meant, and among people none says what anybody may say."""

    def is_meant(of: Pick, sentence: Sentence) -> bool:
        if not to_agent and is_commonplace(core_of(sentence.text)[1]):
            return False
        return doubts.of(of.event, sentence.start, sentence.end) < UNSURE

    begun = with_sentence_before(pick) if to_agent else with_scene(with_sentence_before(pick), is_meant)
    return with_hedge(with_neighbours(begun, apart, to_agent=to_agent, is_meant=is_meant))


def within(ranked: list[Pick], most: int) -> tuple[list[Pick], list[Pick]]:
    """The first ``most`` of the ranked picks and the others; one that cannot be read without the sentence beside it,
    where that is chosen, takes no place of its own."""
    chosen: list[Pick] = []
    others: list[Pick] = []
    for pick in ranked:
        for place, other in enumerate(chosen):
            later = max(pick.salient, other.salient, key=lambda salient: salient.start)
            joined = joined_picks(other, pick) if later.needs_context else None
            if joined is not None:
                chosen[place] = joined
                break
        else:
            (chosen if len(chosen) < most else others).append(pick)
    return chosen, others
