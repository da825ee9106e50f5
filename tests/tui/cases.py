"""How keys are tried: one case for each action of the table, registered by the modules beside this one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from walk import Walk

Case = Callable[[Walk, str], Awaitable[None]]
CASES: dict[tuple[str, str], Case] = {}


def case(action: str, place: str = "app") -> Callable[[Case], Case]:
    """This is how the key of ``action`` is tried."""

    def register(function: Case) -> Case:
        CASES[place, action] = function
        return function

    return register
