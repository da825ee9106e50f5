"""Every path the program touches.

``ELEPHANTASM_HOME`` (or ``--home``) moves data and configuration together. Model files are large and the same for
everyone, so they live in the user's cache (``ELEPHANTASM_MODELS``), shared by all homes.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from elephantasm_cli.errors import InvalidNameError

APPLICATION = "elephantasm"
AGENT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Locations:
    """The folders of one home. Nothing is created by looking; writers create folders with mode 0700."""

    data: Path
    config: Path
    models: Path

    @property
    def agents(self) -> Path:
        return self.data / "agents"

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    def agent_file(self, name: str) -> Path:
        """The database of agent ``name``. Raises InvalidNameError for a name that is not a plain file name."""
        return self.agents / f"{checked_agent_name(name)}.db"

    def rejects_file(self, name: str) -> Path:
        """Where ingest writes the records it could not take, one JSON object a line."""
        return self.agents / f"{checked_agent_name(name)}.rejects.jsonl"

    def lock_file(self, name: str) -> Path:
        """The file whose OS lock a running dream holds."""
        return self.agents / f"{checked_agent_name(name)}.dream.lock"


def checked_agent_name(name: str) -> str:
    """``name`` itself, or InvalidNameError."""
    if not AGENT_NAME.fullmatch(name):
        raise InvalidNameError(
            f"{name!r} is not an agent name: use 1 to 64 of a-z, 0-9, '-' and '_', beginning with a letter or digit"
        )
    return name


def find_locations(home: str | os.PathLike[str] | None = None) -> Locations:
    """The locations for ``home``, else ``ELEPHANTASM_HOME``, else the platform's own folders."""
    chosen = os.fspath(home) if home is not None else os.environ.get("ELEPHANTASM_HOME") or None
    models = os.environ.get("ELEPHANTASM_MODELS") or None
    if chosen is not None and models is not None:
        root = Path(chosen).expanduser().absolute()
        return Locations(data=root, config=root, models=Path(models).expanduser().absolute())
    import platformdirs

    cache = (
        Path(models).expanduser().absolute() if models else Path(platformdirs.user_cache_dir(APPLICATION)) / "models"
    )
    if chosen is not None:
        root = Path(chosen).expanduser().absolute()
        return Locations(data=root, config=root, models=cache)
    return Locations(
        data=Path(platformdirs.user_data_dir(APPLICATION)),
        config=Path(platformdirs.user_config_dir(APPLICATION)),
        models=cache,
    )


def ensure_private_folder(folder: Path) -> None:
    """Create ``folder`` and its parents; the folder itself gets mode 0700."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
