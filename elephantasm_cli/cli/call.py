"""What every command shares: whose memory, in which home, how talkative, and how to open it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

if TYPE_CHECKING:
    from elephantasm_cli.agent import Agent
    from elephantasm_cli.config import Settings
    from elephantasm_cli.locations import Locations

P = ParamSpec("P")


def complete_agent(ctx: typer.Context) -> list[str]:
    """Names of agents, for shell completion."""
    from elephantasm_cli.homes import list_agents

    return list_agents(Call.of(ctx).locations)


def complete_id(ctx: typer.Context, incomplete: str) -> list[str]:
    """Ids that begin with what was typed, for shell completion; none where the memory cannot be read."""
    from elephantasm_cli.errors import ElephantasmError

    try:
        with Call.of(ctx).reader() as agent:
            return agent.complete_id(incomplete)
    except ElephantasmError:
        return []


AgentOption = Annotated[
    str | None, typer.Option("--agent", help="Whose memory.", metavar="NAME", autocompletion=complete_agent)
]
HomeOption = Annotated[str | None, typer.Option("--home", help="Folder of data and settings.", metavar="DIR")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Results and errors only.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON: one document, or for a list one object a line.")]
IdArgument = Annotated[str, typer.Argument(help="An id, or its beginning.", metavar="ID", autocompletion=complete_id)]
KnownAtOption = Annotated[
    str | None,
    typer.Option("--known-at", help="As it was known then: the log taken back to this time or date.", metavar="TIME"),
]
LimitOption = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="At most this many.", metavar="N")]
NewestOption = Annotated[bool, typer.Option("--newest", help="Newest first.")]


@dataclass(frozen=True)
class Call:
    """One call of the program."""

    agent: str | None = None
    home: str | None = None
    quiet: bool = False

    @classmethod
    def of(cls, context: typer.Context, **own: Any) -> Call:
        """What was given after the command, else before it."""
        outer = context.find_root().params
        given = {
            name: own.get(name) or context.params.get(name) or outer.get(name) for name in ("agent", "home", "quiet")
        }
        return cls(given["agent"], given["home"], bool(given["quiet"]))

    @cached_property
    def locations(self) -> Locations:
        from elephantasm_cli.locations import find_locations

        return find_locations(self.home)

    @cached_property
    def settings(self) -> Settings:
        from elephantasm_cli.config import load_settings

        return load_settings(self.locations)

    def reader(self, name: str | None = None) -> Agent:
        """The agent, to be looked at only. Raises AgentNotFoundError on first use where there is none."""
        return self._open(name, create=False, read_only=True)

    @contextmanager
    def reader_at(self, known_at: str | None, *, index: bool = False) -> Iterator[Agent]:
        """The agent, to be looked at as it was at a time, or with None as it is. ``index`` is for dense search."""
        with self.reader() as agent:
            if known_at is None:
                yield agent
            else:
                with agent.known_at(known_at, index=index) as past:
                    yield past

    def writer(self, name: str | None = None, *, create: bool = False) -> Agent:
        """The agent, to be written to; ``create`` makes it where there is none."""
        return self._open(name, create=create, read_only=False)

    def opened(self, name: str | None, writable: bool) -> Agent:
        """The agent ``name``, which is there: to be written to, or to be looked at only."""
        return self.writer(name) if writable else self.reader(name)

    def _open(self, name: str | None, *, create: bool, read_only: bool) -> Agent:
        from elephantasm_cli.agent import open_agent

        return open_agent(name or self.agent, home=self.home, create=create, read_only=read_only)

    def say(self, text: str) -> None:
        """One line of conversation on stderr, which ``--quiet`` leaves out."""
        if not self.quiet:
            from elephantasm_cli.text.visible import one_line

            print(one_line(text), file=sys.stderr)


def command(
    app: typer.Typer, name: str | None = None
) -> Callable[[Callable[Concatenate[Call, P], None]], Callable[..., None]]:
    """Register a command and give it ``--agent``, ``--home`` and ``--quiet``, which reach it as its first argument."""

    def register(function: Callable[Concatenate[Call, P], None]) -> Callable[..., None]:
        signature = inspect.signature(function, eval_str=True)
        own = list(signature.parameters.values())[1:]
        keyword = inspect.Parameter.KEYWORD_ONLY
        common = [
            inspect.Parameter("agent", keyword, default=None, annotation=AgentOption),
            inspect.Parameter("home", keyword, default=None, annotation=HomeOption),
            inspect.Parameter("quiet", keyword, default=False, annotation=QuietOption),
        ]
        context = inspect.Parameter("context", keyword, annotation=typer.Context)

        @wraps(function)
        def called(*, context: typer.Context, agent: str | None, home: str | None, quiet: bool, **given: Any) -> None:
            function(Call.of(context, agent=agent, home=home, quiet=quiet), **given)  # type: ignore[call-arg]

        parameters = [*(parameter.replace(kind=keyword) for parameter in own), *common, context]
        called.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        app.command(name)(called)
        return called

    return register
