"""Waiting for native code in a way that Ctrl-C can end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def interruptible(work: Callable[[], T], cancel: Callable[[], None]) -> T:
    """The result of ``work``, which runs on a thread of its own.

    An interrupt that lands inside a callback of native code would be swallowed there. Here it lands in the caller:
    ``cancel`` asks the work to end, and KeyboardInterrupt goes on when it has.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="llama") as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            cancel()
            raise
