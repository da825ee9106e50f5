"""The agents of a home: which there are, and giving one another name or an end."""

from __future__ import annotations

from pathlib import Path

from elephantasm_cli.errors import AgentNotFoundError, UsageError
from elephantasm_cli.locations import Locations
from elephantasm_cli.store.store import open_store


def list_agents(locations: Locations) -> list[str]:
    """The names of the agents that have a file, sorted."""
    return sorted(path.stem for path in locations.agents.glob("*.db")) if locations.agents.is_dir() else []


def agent_files(locations: Locations, name: str) -> list[Path]:
    """Everything on disk that belongs to an agent, where it exists: database, WAL, rejects, lock."""
    database = locations.agent_file(name)
    beside = [database.with_name(database.name + suffix) for suffix in ("-wal", "-shm")]
    candidates = [database, *beside, locations.rejects_file(name), locations.lock_file(name)]
    return [path for path in candidates if path.exists()]


def rename_agent(locations: Locations, old: str, new: str) -> None:
    """Give an agent another name; its id and everything in it stay. Raises AgentNotFoundError, UsageError."""
    source, target = locations.agent_file(old), locations.agent_file(new)
    if not source.exists():
        raise AgentNotFoundError(f"no agent {old!r}: `elephantasm agents list` shows those there are")
    if target.exists():
        raise UsageError(f"there is an agent {new!r} already: choose another name, or delete it first")
    with open_store(source) as store:
        with store.transaction():
            store.agent.set(name=new)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in agent_files(locations, old):
        path.rename(path.with_name(new + path.name[len(old) :]))


def delete_agent(locations: Locations, name: str) -> list[Path]:
    """Delete an agent's files for good and return them. Raises AgentNotFoundError."""
    if not locations.agent_file(name).exists():
        raise AgentNotFoundError(f"no agent {name!r}: `elephantasm agents list` shows those there are")
    paths = agent_files(locations, name)
    for path in paths:
        path.unlink()
    return paths
