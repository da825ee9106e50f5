"""Settings: one model, read from ``config.toml`` and the environment; every default stands beside its reason."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from elephantasm_cli.errors import UsageError
from elephantasm_cli.locations import Locations, checked_agent_name, ensure_private_folder

PROJECT_FILE = ".elephantasm.toml"
DEFAULT_AGENT = "default"
ENVIRONMENT = "ELEPHANTASM_"


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DreamSettings(Section):
    """When a dream is worth its time, and how careful it is."""

    per_hour: float = Field(default=1.0, ge=0, description="weight of the hours since the last dream in the gate")
    per_event: float = Field(default=0.5, ge=0, description="weight of a new event in the gate")
    per_token: float = Field(default=0.0003, ge=0, description="weight of a new token in the gate")
    threshold: float = Field(default=10.0, ge=0, description="the gate opens at this sum; zero events never pass")
    merge_cosine: float = Field(default=0.85, ge=0, le=1, description="memories this close are looked at as duplicates")
    cluster_distance: float = Field(
        default=0.35, ge=0, le=1, description="average cosine distance inside a lesson's cluster"
    )
    lesson_memories: int = Field(default=3, ge=2, description="memories a lesson needs")
    lesson_sessions: int = Field(default=2, ge=1, description="sessions a lesson's memories must come from")
    knowledge_confidence: float = Field(default=0.6, ge=0, le=1, description="a lesson this sure may become knowledge")
    knowledge_importance: float = Field(
        default=0.7, ge=0, le=1, description="a user's fact this important is knowledge at once"
    )


class PackSettings(Section):
    """How a pack's budget is shared; unused shares flow on."""

    budget: int = Field(default=1200, ge=0, description="tokens")
    identity_tokens: int = Field(default=150, ge=0, description="at most this many for identity")
    knowledge_share: float = Field(default=0.35, ge=0, le=1)
    memory_share: float = Field(default=0.35, ge=0, le=1)
    tokenizer: str = Field(
        default="bundled", description="'bundled' (an upper bound) or the path of a tokenizer.json (exact)"
    )
    reranker: str = Field(
        default="", description="folder of a cross-encoder that rescores the best 50 passages; empty: none"
    )


class Settings(Section):
    """Everything that can be set. ``ELEPHANTASM_<FIELD>`` overrides a top-level field of the file."""

    agent: str = Field(default=DEFAULT_AGENT, description="the agent where nothing else names one")
    embedding: str = Field(
        default="bundled", description="'bundled', or 'st:' + a sentence-transformers model id or folder"
    )
    llm: str = Field(default="qwen2.5-coder-1.5b", description="catalog name, PATH.gguf, hf:repo/file.gguf, or 'off'")
    engine: Literal["auto", "xllamacpp", "llama-cpp-python"] = Field(
        default="auto", description="auto prefers the compiled one"
    )
    threads: int | None = Field(
        default=None, ge=1, description="model threads; unset: physical cores - 1, never more than idle"
    )
    dream: DreamSettings = DreamSettings()
    pack: PackSettings = PackSettings()


def load_settings(locations: Locations) -> Settings:
    """The settings of a home. Raises UsageError that names the file and the field."""
    values = read_toml(locations.config_file)
    for field in Settings.model_fields:
        if (text := os.environ.get(ENVIRONMENT + field.upper())) and field not in ("dream", "pack"):
            values[field] = text
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"{locations.config_file}, {where}: {first['msg']}; `elephantasm config show` lists the fields"
        ) from error


def read_toml(path: Path) -> dict[str, Any]:
    """The table in ``path``; empty where there is no file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML ({error}): mend it, or move it away") from error


def set_value(locations: Locations, field: str, value: str) -> Settings:
    """Write one setting (``pack.budget``) into the file and return the settings. Raises UsageError, writing nothing."""
    values = read_toml(locations.config_file)
    *section, name = field.split(".")
    known: Any = Settings.model_fields
    if section:
        known = {"dream": DreamSettings, "pack": PackSettings}.get(section[0])
        known = known.model_fields if known and len(section) == 1 else {}
    if name not in known or (not section and name in ("dream", "pack")):
        raise UsageError(f"no setting {field!r}: `elephantasm config show` lists them")
    target = values.setdefault(section[0], {}) if section else values
    target[name] = value
    try:
        checked = Settings(**values)
    except ValidationError as error:
        raise UsageError(f"{field} cannot be {value!r}: {error.errors()[0]['msg']}") from error
    stored = getattr(getattr(checked, section[0]), name) if section else getattr(checked, name)
    target[name] = stored
    ensure_private_folder(locations.config)
    temporary = locations.config_file.with_suffix(".toml.new")
    temporary.write_text(to_toml(values), encoding="utf-8")
    temporary.replace(locations.config_file)
    return checked


def to_toml(values: dict[str, Any]) -> str:
    """Our settings as TOML: plain values first, then one table a section. JSON strings are TOML strings."""
    import json

    def line(name: str, value: Any) -> str:
        return f"{name} = {json.dumps(value)}"

    lines = [line(name, value) for name, value in values.items() if not isinstance(value, dict) and value is not None]
    for name, table in values.items():
        if isinstance(table, dict):
            lines += ["", f"[{name}]", *(line(key, value) for key, value in table.items() if value is not None)]
    return "\n".join(lines) + "\n"


def choose_agent(given: str | None, settings: Settings, folder: Path | None = None) -> str:
    """``given``, else ``ELEPHANTASM_AGENT``, the nearest ``.elephantasm.toml`` up from ``folder``, the setting."""
    if given:
        return checked_agent_name(given)
    if from_environment := os.environ.get(ENVIRONMENT + "AGENT"):
        return checked_agent_name(from_environment)
    start = folder or Path.cwd()
    for candidate in (start, *start.parents):
        project = candidate / PROJECT_FILE
        if project.is_file() and (name := read_toml(project).get("agent")):
            return checked_agent_name(str(name))
    return checked_agent_name(settings.agent)


def described_settings(locations: Locations, wanted: str | None = None) -> list[dict[str, Any]]:
    """Every setting (or ``wanted``: one of them, or a section) as name, value, source and description.

    ``source`` is ``environment``, ``file`` or ``default``. Raises UsageError for a name that is none.
    """
    settings, written = load_settings(locations), read_toml(locations.config_file)
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Section):
            table = written.get(name, {})
            for inner, inner_field in type(value).model_fields.items():
                source = "file" if inner in table else "default"
                rows.append((f"{name}.{inner}", getattr(value, inner), source, inner_field.description))
        else:
            source = (
                "environment"
                if os.environ.get(ENVIRONMENT + name.upper())
                else "file"
                if name in written
                else "default"
            )
            rows.append((name, value, source, field.description))
    keys = ("name", "value", "source", "description")
    found = [
        dict(zip(keys, row, strict=True)) for row in rows if wanted is None or wanted in (row[0], row[0].split(".")[0])
    ]
    if not found:
        raise UsageError(f"no setting {wanted!r}: `elephantasm config show` lists them")
    return [{**row, "description": row["description"] or ""} for row in found]
