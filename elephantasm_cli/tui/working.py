"""Work that goes on beside the screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.dom import DOMNode


def start(node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str, *, alone: bool = True) -> None:
    """Begin ``work`` for a widget; with ``alone`` what the group was doing before is given up.

    It takes the function, not the coroutine: work that is given up before it began leaves nothing behind.
    """
    node.run_worker(cast(Any, work), group=group, exclusive=alone)
