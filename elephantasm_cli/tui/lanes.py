"""Threads that work on the file, each with an agent of its own: a connection is never used by two threads.

Looking has a lane for what must be quick and one for what may take its time; corrections have a third, and so has the
past, which is a whole copy in memory. Between two calls a lane holds no statement and no transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from elephantasm_cli.store.connection import translated

if TYPE_CHECKING:
    from elephantasm_cli.agent import Agent

T = TypeVar("T")


class Lane:
    """One thread and its agent, which ``open`` gives when it is first asked for, in that thread."""

    def __init__(self, name: str, open: Callable[[], Agent]) -> None:
        self._open = open
        self._agent: Agent | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"elephantasm-{name}")

    async def call(self, work: Callable[[Agent], T]) -> T:
        """Do ``work`` in the lane, after what was asked before it. Raises what ``work`` and opening raise, ours.

        Whoever stops waiting takes back work that has not begun.
        """
        return await asyncio.wrap_future(self._thread.submit(self._do, work))

    def _do(self, work: Callable[[Agent], T]) -> T:
        if self._agent is None:
            self._agent = self._open()
        with translated(self._agent.path):
            return work(self._agent)

    async def close(self) -> None:
        """Let what was asked come to its end, and close the agent in its own thread."""
        await asyncio.wrap_future(self._thread.submit(self._close))
        self._thread.shutdown()

    def _close(self) -> None:
        if self._agent is not None:
            self._agent.close()
            self._agent = None
