"""Elephantasm: long-term memory for AI agents, in one SQLite file per agent.

``open_agent`` is the one door for Python users; the command line goes through it too. Importing this package loads
nothing heavy: the name is resolved on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elephantasm_cli.agent import Agent, open_agent

__version__ = "0.1.0"
__all__ = ["Agent", "__version__", "open_agent"]


def __getattr__(name: str) -> Any:
    if name in {"Agent", "open_agent"}:
        from elephantasm_cli import agent

        return getattr(agent, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
