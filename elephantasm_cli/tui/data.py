"""What the screens ask and what they have done: the one place between them and the agent, without any widget.

Every call goes to a lane, a thread with an agent of its own, and gives back plain values.
"""

from __future__ import annotations

import asyncio
import sys
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from elephantasm_cli.errors import UsageError
from elephantasm_cli.store.browse import Order, Wanted
from elephantasm_cli.tui.lanes import Lane
from elephantasm_cli.tui.rows import Row
from elephantasm_cli.vocabulary import Layer, State

if TYPE_CHECKING:
    from elephantasm_cli.acts.undo import Undo
    from elephantasm_cli.agent import Agent
    from elephantasm_cli.lineage.trace import Trace
    from elephantasm_cli.locations import Locations
    from elephantasm_cli.pack.contents import Pack

T = TypeVar("T")
JUDGED_LAYERS = (Layer.MEMORY, Layer.LESSON, Layer.KNOWLEDGE)
FOUND = 60
"""Results of a search."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item with what belongs beside it: its acts, and the words it rests on (event id, author, time, quote)."""

    values: dict[str, Any]
    history: list[dict[str, Any]]
    words: list[tuple[str, str, str, str]] = field(default_factory=list)
    before: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the statistics screen shows: days per layer, states per layer, tallies of events."""

    days: dict[str, list[tuple[str, int]]]
    states: dict[str, dict[str, int]]
    tallies: dict[str, list[tuple[str, int]]]
    totals: dict[str, Any]


class Data:
    """The memory of one agent of a home, now or at a time in the past."""

    def __init__(self, open_agent: Callable[[str | None, bool], Agent], locations: Locations, name: str) -> None:
        self._open = open_agent
        self.locations = locations
        self.name = name
        self.past: str | None = None
        self._open_lanes()

    def _open_lanes(self) -> None:
        name = self.name
        self._file = self._inode()
        self._quick = Lane("quick", lambda: self._open(name, False))
        self._slow = Lane("slow", lambda: self._open(name, False))
        self._write = Lane("write", lambda: self._open(name, True))
        self._past: Lane | None = None

    async def close(self) -> None:
        """Close every file; what was asked before comes to its end."""
        lanes = [self._quick, self._slow, self._write, *([self._past] if self._past else [])]
        await asyncio.gather(*(lane.close() for lane in lanes))

    async def switch(self, name: str) -> None:
        """Go over to another agent of this home."""
        await self.close()
        self.name, self.past = name, None
        self._open_lanes()

    def _inode(self) -> int | None:
        try:
            return self.locations.agent_file(self.name).stat().st_ino
        except FileNotFoundError:
            return None

    async def reopen_if_replaced(self) -> None:
        """Open the file anew where another one has taken its place: a restored backup, an agent made again."""
        now = self._inode()
        if self._file is not None and now is not None and now != self._file:
            await self.switch(self.name)
        self._file = now if self._file is None else self._file

    @property
    def exists(self) -> bool:
        """Whether the agent has a file."""
        return self.locations.agent_file(self.name).exists()

    async def quick(self, work: Callable[[Agent], T]) -> T:
        """A read that takes a few milliseconds."""
        return await (self._past or self._quick).call(work)

    async def slow(self, work: Callable[[Agent], T]) -> T:
        """A read that may take longer."""
        return await (self._past or self._slow).call(work)

    async def write(self, work: Callable[[Agent], T]) -> T:
        """A correction. Raises UsageError in the past."""
        if self.past is not None:
            raise UsageError("the past is only looked at: esc comes back to now")
        return await self._write.call(work)

    # --- time --------------------------------------------------------------------------------------------------------

    async def travel(self, time: str | None) -> None:
        """See what was known at ``time`` (ISO; a date means its end), or with None what is known now.

        Raises UsageError for what is no time; then everything stays as it was.
        """
        if time is None:
            lane, self._past, self.past = self._past, None, None
        else:
            name = self.name

            def then() -> Agent:
                with self._open(name, False) as agent:
                    return agent.known_at(time, index=False)

            fresh = Lane("past", then)
            try:
                await fresh.call(lambda agent: agent.browse.version())
            except BaseException:
                await fresh.close()
                raise
            lane, self._past, self.past = self._past, fresh, time
        if lane is not None:
            await lane.close()

    async def last_time(self) -> str:
        """When something last came into the file."""
        entries = await self.quick(lambda agent: agent.log(newest_first=True, limit=1))
        events = await self.quick(lambda agent: list(agent.events(newest_first=True, limit=1)))
        return max([*(row["created_at"] for row in entries), *(row["recorded_at"] for row in events)], default="")

    async def dream_ends(self) -> list[str]:
        """When each dream ended, as known now, oldest first: the steps of time travel."""
        dreams = await self._slow.call(lambda agent: agent.dreams())
        return sorted(dream["finished_at"] for dream in dreams if dream["finished_at"])

    # --- lists -------------------------------------------------------------------------------------------------------

    async def version(self) -> int:
        """A number that changes when another connection has written."""
        return await self._quick.call(lambda agent: agent.browse.version())

    async def keys(
        self, layer: Layer, wanted: Wanted, order: Order = Order.NEWEST, limit: int | None = None
    ) -> array[int]:
        return await self.quick(lambda agent: agent.browse.keys(layer, wanted, order=order, limit=limit))

    async def new_events(self, after: int, wanted: Wanted) -> array[int]:
        return await self.quick(lambda agent: agent.browse.keys_after(after, wanted))

    async def rows(self, layer: Layer, keys: Sequence[int]) -> dict[int, Row]:
        found = await self.quick(lambda agent: agent.browse.rows(layer, keys))
        return {key: Row.of(values) for key, values in found.items()}

    async def counts(self) -> dict[str, Any]:
        """Rows of each layer, ``states`` of each layer, ``candidates`` for review."""

        def count(agent: Agent) -> dict[str, Any]:
            return {
                **agent.browse.counts(),
                "states": agent.store.derived.counts(),
                "candidates": agent.browse.candidates(),
                "log": agent.store.log.newest_seq(),
            }

        return await self.slow(count)

    async def log_seq(self) -> int:
        return await self.quick(lambda agent: agent.store.log.newest_seq())

    async def beginning(self, text: str) -> list[Row]:
        """What has words that begin like those typed, or an id that does: at once, newest first."""

        def find(agent: Agent) -> list[Row]:
            ids = agent.complete_id(text.strip()) if text.strip()[3:4] == "_" else []
            ids = ids or agent.browse.beginning_with(text.split(), limit=FOUND)
            rows = agent.browse.by_id(ids)
            return [Row.of(rows[item_id]) for item_id in ids if item_id in rows]

        return await self.quick(find)

    async def found(self, text: str) -> list[Row]:
        """What answers ``text`` best, of every layer and state, by words and by meaning."""

        def find(agent: Agent) -> list[Row]:
            if not text.strip() or not agent.browse.counts()["event"]:
                return []
            result = agent.search(text, limit=FOUND, states=())
            rows = agent.browse.by_id([item.id for item in result.items])
            return [Row.of(rows[item.id]) for item in result.items if item.id in rows]

        return await self.slow(find)

    async def candidates(self) -> list[Row]:
        """What waits for a review, oldest first."""

        def find(agent: Agent) -> list[Row]:
            wanted = Wanted(states=(State.CANDIDATE.value,))
            rows: list[Row] = []
            for layer in JUDGED_LAYERS:
                keys = agent.browse.keys(layer, wanted, order=Order.OLDEST)
                found = agent.browse.rows(layer, keys)
                rows += [Row.of(found[key]) for key in keys if key in found]
            return rows

        return await self.slow(find)

    # --- one thing ---------------------------------------------------------------------------------------------------

    async def item(self, item_id: str) -> Item:
        """An item with its acts and its words. Raises NotFoundError, UsageError for what has no layer."""

        def look(agent: Agent) -> Item:
            values = agent.show(item_id)
            if "layer" not in values:
                raise UsageError(f"{item_id} is no row of a layer: u undoes a dream")
            history = agent.history(item_id) if values["layer"] != Layer.EVENT else []
            before = None
            words: list[tuple[str, str, str, str]] = []
            if values["layer"] == Layer.IDENTITY:
                earlier = [row for row in agent.identity_versions() if row["version"] < values["version"]]
                before = earlier[-1] if earlier else None
            elif values["layer"] != Layer.EVENT:
                nodes = {node.id: node for node in agent.why(item_id) if node.layer == Layer.EVENT.value}
                words = [
                    (node.id, node.author or "someone", node.date, node.quote or node.text) for node in nodes.values()
                ]
            return Item(values, history, words, before)

        return await self.slow(look)

    async def lineage(self, item_id: str) -> tuple[Trace, Trace]:
        """What an item rests on, and what rests on it. Raises NotFoundError."""
        return await self.slow(lambda agent: (agent.why(item_id), agent.why(item_id, down=True)))

    async def transcript(self, event_id: str, around: int) -> list[dict[str, Any]]:
        """The event with so many neighbours on each side."""
        return await self.slow(lambda agent: agent.around(event_id, before=around, after=around))

    # --- dreams, packs, statistics -----------------------------------------------------------------------------------

    async def dreams(self) -> list[dict[str, Any]]:
        return await self.slow(lambda agent: agent.dreams(200))

    async def progress(self) -> dict[str, Any] | None:
        """How far the running dream is, whoever runs it."""
        return await self._quick.call(lambda agent: agent.dream_progress())

    async def dream_now(self) -> tuple[int, str]:
        """Dream in a process of its own, which goes on whatever becomes of this one; its exit code and last words."""
        code, out, err = await self._program("dream", "--force")
        lines = [line for line in (*err.splitlines(), *out.splitlines()) if line.strip()]
        return code, lines[-1] if lines else ""

    async def _program(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command on this agent in a process of its own: its exit code, what it printed, and what it said."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "elephantasm_cli", *arguments, "--agent", self.name),
            env=self._environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        out, err = await process.communicate()
        return process.returncode or 0, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")

    def _environment(self) -> dict[str, str]:
        """This process's environment with the home that is looked at."""
        import os

        environment = dict(os.environ)
        if self.locations.data == self.locations.config:  # a home of its own, not the platform's folders
            environment["ELEPHANTASM_HOME"] = str(self.locations.data)
            environment["ELEPHANTASM_MODELS"] = str(self.locations.models)
        return environment

    async def pack(self, query: str, budget: int, preset: str) -> Pack:
        """A pack with its reasons. Raises UsageError and EmbeddingMismatchError."""
        return await self.slow(
            lambda agent: agent.pack(query.strip() or None, budget=budget, preset=preset, explain=True)
        )

    async def statistics(self) -> Statistics:
        def count(agent: Agent) -> Statistics:
            return Statistics(
                days={layer.value: agent.browse.days(layer) for layer in Layer},
                states=agent.store.derived.counts(),
                tallies={name: agent.browse.tally(name) for name in ("source", "author", "event_type", "trust")},
                totals=agent.stats(),
            )

        return await self.slow(count)

    # --- corrections -------------------------------------------------------------------------------------------------

    async def act(self, verb: str, item_id: str, text: str = "") -> list[dict[str, Any]]:
        """Approve, reject, archive, restore or edit an item; the entries of the log that came of it."""

        def do(agent: Agent) -> list[dict[str, Any]]:
            if verb == "edit":
                return agent.edit(item_id, text).transformations
            if verb not in ("approve", "reject", "archive", "restore"):
                raise UsageError(f"no act {verb!r}")
            act = getattr(agent, verb)(item_id)
            return list(act.transformations)

        return await self.write(do)

    async def note(self, text: str) -> str:
        return await self.write(lambda agent: agent.note(text))

    async def last_act(self) -> dict[str, Any] | None:
        """The first entry of the operator's last act that can be taken back."""
        found = await self.slow(lambda agent: agent.undoable())
        return found[0] if found else None

    async def undo(self, act: str, *, dry_run: bool) -> Undo:
        """Take back an act or a dream, with what depends on it; ``dry_run`` only tells what that would be."""
        return await self.write(lambda agent: agent.undo(act, cascade=not dry_run, dry_run=dry_run))

    async def forgettable(self, item_id: str) -> list[dict[str, Any]]:
        return await self.slow(lambda agent: agent.forgettable(item_id))

    async def forget(self, item_id: str) -> dict[str, Any]:
        """Erase an item; the certificate. Raises UsageError in the past."""
        return await self.write(lambda agent: agent.forget(item_id).to_dict())
