"""The local language model as the program sees it: chat turns in, constrained text out.

Nothing else in the program knows a model library. Two engines stand behind the protocol, both llama.cpp:
``llama-cpp-python`` (compiled for this CPU, preferred where it is installed) and ``xllamacpp`` (always there).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from elephantasm_cli.errors import EngineError

if TYPE_CHECKING:
    from elephantasm_cli.services.model_files import ModelFile

CONTEXT_TOKENS = 4096
"""Prompt and answer together; about 115 MB of memory for a 1.5B model."""

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class ChatMessage:
    """One turn of a prompt."""

    role: Role
    content: str


class Finish(StrEnum):
    """Why the model stopped: it was done, it reached ``max_tokens``, or its time was up."""

    STOP = "stop"
    LENGTH = "length"
    DEADLINE = "deadline"


@dataclass(frozen=True)
class Completion:
    """An answer and what it cost. ``cached_tokens`` of the ``prompt_tokens`` were not evaluated again."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cached_tokens: int = 0
    finish: Finish = Finish.STOP


class LanguageModel(Protocol):
    """A loaded model. One thread uses it at a time."""

    @property
    def model_id(self) -> str:
        """Catalog name or file name, ``@``, first 12 hex digits of the file's sha256."""
        ...

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: Mapping[str, Any] | None = None,
        grammar: str | None = None,
        max_tokens: int,
        seed: int = 0,
        deadline_seconds: float | None = None,
    ) -> Completion:
        """The most likely answer (temperature 0), under a JSON schema or a GBNF grammar, not both.

        Of a schema the shape, the enums and the lengths are forced; ranges of numbers are not by every engine and stay
        the caller's to check.

        The longest prefix shared with the call before is not evaluated again. When ``deadline_seconds`` have passed
        the answer so far comes back with ``Finish.DEADLINE``. Raises EngineError when the prompt does not fit, the
        grammar does not parse, or llama.cpp fails.
        """
        ...

    def close(self) -> None:
        """Free the model's memory; a second call does nothing."""
        ...


class Engine(StrEnum):
    """The engines, in order of preference."""

    NATIVE = "llama-cpp-python"
    PREBUILT = "xllamacpp"


ENGINE_MODULES: dict[Engine, str] = {Engine.NATIVE: "llama_cpp", Engine.PREBUILT: "xllamacpp"}


def installed_engines() -> list[Engine]:
    """The engines whose library is installed, best first. Nothing heavy is imported."""
    return [engine for engine, module in ENGINE_MODULES.items() if find_spec(module) is not None]


def choose_engine(name: str | None = None) -> Engine:
    """The engine called ``name``, else the best one installed. Raises EngineError."""
    installed = installed_engines()
    if name is None:
        if not installed:
            raise EngineError("no language-model engine is installed: pip install xllamacpp, or run with --no-llm")
        return installed[0]
    known = {engine.value: engine for engine in Engine}
    if name not in known:
        raise EngineError(f"{name!r} is not an engine: choose one of {', '.join(known)}")
    if known[name] not in installed:
        raise EngineError(f"the engine {name} is not installed: pip install {name}")
    return known[name]


def load_language_model(
    file: ModelFile,
    *,
    engine: str | None = None,
    n_threads: int | None = None,
    context_tokens: int = CONTEXT_TOKENS,
) -> LanguageModel:
    """Load ``file`` (already verified by `model_files.resolve`).

    ``n_threads`` None takes `idle_threads`. Raises EngineError for the engine, ModelFileError for the file.
    """
    threads = idle_threads() if n_threads is None else max(1, n_threads)
    if choose_engine(engine) is Engine.NATIVE:
        from elephantasm_cli.services.engines.llama_cpp_python_engine import LlamaCppPythonModel

        return LlamaCppPythonModel(file, n_threads=threads, context_tokens=context_tokens)
    from elephantasm_cli.services.engines.xllamacpp_engine import XllamacppModel

    return XllamacppModel(file, n_threads=threads, context_tokens=context_tokens)


def idle_threads() -> int:
    """Threads worth using now: physical cores less one, never more than are idle, at least 1.

    llama.cpp's threads wait for each other in a spin: one thread too many on a busy machine costs far more than one
    too few.
    """
    cores = min(physical_cores(), usable_cpus())
    idle = usable_cpus() - load_average()
    return max(1, min(cores - 1, int(idle + 0.5)))


def usable_cpus() -> int:
    """Logical CPUs this process may run on: its affinity and its cgroup's quota."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return max(1, min(allowed, int(quota) // int(period)))
    except (OSError, ValueError):  # no cgroup v2 here, or no limit ("max")
        return allowed


def physical_cores() -> int:
    """Cores, hyper-threads counted once where the system tells (Linux); else logical CPUs."""
    siblings = set()
    for topology in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list"):
        try:
            siblings.add(topology.read_text(encoding="ascii").strip())
        except OSError:  # a CPU that is offline has no topology to read
            continue
    return len(siblings) or os.cpu_count() or 1


def load_average() -> float:
    """Runnable processes over the last minute; 0 where the system does not say (Windows)."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
