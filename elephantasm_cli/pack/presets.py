"""Packs for a purpose: the start of a session, a turn in it, or both in one. Pure.

What stands at the front of a ``session`` or ``full`` pack is chosen by itself, from identity, knowledge and lessons and
from nothing else, inside an allowance of its own: it stays the same to the byte until one of those changes, so that a
provider's prompt cache finds it again, whatever stands behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from elephantasm_cli.config import PackSettings
from elephantasm_cli.errors import UsageError
from elephantasm_cli.pack.arrange import arranged
from elephantasm_cli.pack.budget import Shares
from elephantasm_cli.pack.compile import compile_pack
from elephantasm_cli.pack.contents import Pack
from elephantasm_cli.pack.forms import Form
from elephantasm_cli.recalled import RecalledItem
from elephantasm_cli.services.tokens import TokenCounter
from elephantasm_cli.vocabulary import Layer, Preset

if TYPE_CHECKING:
    from elephantasm_cli.pack.build import PackOptions

BELIEFS = (Layer.KNOWLEDGE, Layer.LESSON)


def check_preset(options: PackOptions) -> None:
    """Raise UsageError where the options contradict each other."""
    preset, asked = options.preset, bool((options.query or "").strip())
    if preset is Preset.SESSION and asked:
        raise UsageError("a session pack takes no query: leave it out, or use --preset full (or turn) with it")
    if preset in (Preset.TURN, Preset.FULL) and not asked:
        raise UsageError(f"a {preset} pack answers a query: give --query, or use --preset session without one")
    if options.since is not None and preset not in (Preset.SESSION, Preset.TURN):
        raise UsageError("--since goes with --preset session (what changed since) or turn (what was not shown yet)")
    if options.since is not None and preset is Preset.SESSION and options.as_of is not None:
        raise UsageError("--since compares a session pack with what holds now: leave out --as-of")


def session_pack(
    items: Sequence[RecalledItem],
    identity: Mapping[str, Any] | None,
    *,
    budget: int,
    counter: TokenCounter,
    settings: PackSettings,
    form: Form,
    as_of: str | None = None,
) -> Pack:
    """Identity, knowledge and lessons, then the memories that are worth most.

    The front may take all but the share of memories; what it leaves, memories fill.
    """
    allowed = int(budget * (1 - settings.memory_share))
    front = front_pack(items, identity, budget=allowed, counter=counter, settings=settings, form=form)
    memories = [item for item in items if item.layer is Layer.MEMORY]
    return behind(front, memories, budget=budget, counter=counter, form=form, as_of=as_of)


def full_pack(
    standing: Sequence[RecalledItem],
    found: Sequence[RecalledItem],
    identity: Mapping[str, Any] | None,
    *,
    query: str,
    wanted: Sequence[str],
    budget: int,
    counter: TokenCounter,
    settings: PackSettings,
    form: Form,
    as_of: str | None = None,
) -> Pack:
    """Identity, knowledge and lessons in their share of the budget, then what answers the question, in the rest."""
    allowed = int(budget * settings.knowledge_share)
    front = front_pack(standing, identity, budget=allowed, counter=counter, settings=settings, form=form)
    shown = set(front.item_ids)
    return behind(
        front,
        [item for item in found if item.id not in shown],
        budget=budget,
        counter=counter,
        form=form,
        as_of=as_of,
        query=query,
        wanted=wanted,
        shares=Shares(0, settings.knowledge_share, settings.memory_share),
    )


def front_pack(
    items: Sequence[RecalledItem],
    identity: Mapping[str, Any] | None,
    *,
    budget: int,
    counter: TokenCounter,
    settings: PackSettings,
    form: Form,
) -> Pack:
    """What always holds, as a pack of its own: nothing else has a say in it. Identity has at most half of it."""
    beliefs = [item for item in items if item.layer in BELIEFS]
    shares = Shares(min(settings.identity_tokens, budget // 2), knowledge=1.0, memories=0.0)
    return compile_pack(beliefs, budget=budget, counter=counter, identity=identity, shares=shares, form=form)


def behind(
    front: Pack, items: Sequence[RecalledItem], *, budget: int, counter: TokenCounter, form: Form, **asked: Any
) -> Pack:
    """``front``, and behind it what ``items`` add to it in the rest of ``budget``; ``asked`` as in `compile_pack`."""
    around = sum(counter.weigh(line) for line in form.frame()) if front.sections else 0.0
    rest = compile_pack(
        items,
        budget=int(budget - front.token_count + around),  # one frame stands around both
        counter=counter,
        form=form,
        shown=[line.text for line in front.lines],
        **asked,
    )
    told = {*rest.item_ids, *(left.item_id for left in rest.left_out)}
    whole = replace(
        rest,
        budget=budget,
        left_out=(*rest.left_out, *(left for left in front.left_out if left.item_id not in told)),
        shares={"standing_tokens": front.budget, **rest.shares, "identity_tokens": front.shares["identity_tokens"]},
    )
    return arranged(rest.sections, whole, counter, form, front=front.sections)
