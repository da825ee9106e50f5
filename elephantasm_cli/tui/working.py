"""Work that goes on beside the screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.screen import Screen


def start(node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str, *, alone: bool = True) -> None:
    """Begin ``work`` for a widget; with ``alone`` what the group was doing before is given up.

    It takes the function, not the coroutine: work that is given up before it began leaves nothing behind. What comes
    to its end while the widget is being taken down finds no place for its result, and that is all right.
    """

    async def run() -> None:
        try:
            await work()
        except NoMatches:
            if _is_shown(node):
                raise

    node.run_worker(cast(Any, run), group=group, exclusive=alone)


def _is_shown(node: DOMNode) -> bool:
    """Whether a node is on one of the screens that are open; its children go before it does."""
    screen = node if isinstance(node, Screen) else next((up for up in node.ancestors if isinstance(up, Screen)), None)
    return node.app.is_running and (screen is None or screen in node.app.screen_stack)
