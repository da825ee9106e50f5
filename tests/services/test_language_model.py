"""Choosing an engine and a number of threads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from elephantasm_cli.errors import EngineError
from elephantasm_cli.services import language_model
from elephantasm_cli.services.language_model import Engine, choose_engine, idle_threads


@pytest.mark.parametrize(
    ("cores", "cpus", "load", "threads"),
    [(8, 16, 0.0, 7), (8, 8, 6.2, 2), (2, 2, 0.0, 1), (2, 2, 5.0, 1), (1, 1, 0.0, 1), (8, 4, 0.3, 3)],
)
def test_threads_are_the_idle_cores_less_one(
    monkeypatch: pytest.MonkeyPatch, cores: int, cpus: int, load: float, threads: int
) -> None:
    """Never more threads than are idle, one core left to others, at least one thread."""
    monkeypatch.setattr(language_model, "physical_cores", lambda: cores)
    monkeypatch.setattr(language_model, "usable_cpus", lambda: cpus)
    monkeypatch.setattr(language_model, "load_average", lambda: load)
    assert idle_threads() == threads


def test_the_native_engine_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was compiled for this CPU is used wherever it is installed."""
    monkeypatch.setattr(language_model, "find_spec", lambda name: object())
    assert choose_engine() is Engine.NATIVE
    assert choose_engine("xllamacpp") is Engine.PREBUILT


def test_an_engine_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setattr(language_model, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match="pip install xllamacpp"):
        choose_engine()
    with pytest.raises(EngineError, match="pip install llama-cpp-python"):
        choose_engine("llama-cpp-python")
    with pytest.raises(EngineError, match="choose one of"):
        choose_engine("vllm")


def test_importing_the_services_loads_no_engine() -> None:
    """The libraries cost half a second: only loading a model imports one."""
    code = (
        "import sys, elephantasm_cli.services.language_model, elephantasm_cli.services.model_files, "
        "elephantasm_cli.services.structured; "
        "print(sorted({'llama_cpp', 'xllamacpp', 'numpy', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
