"""A memory whose ids and times are the same in every run, and where to look at it from."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest

from elephantasm_cli.tui.screens import main

sys.path.insert(0, str(Path(__file__).parent))
from memory import live


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose agent ``default`` has lived through the demo, a day a session, at fixed times and with fixed ids."""
    folder = tmp_path_factory.mktemp("lived")
    live(folder)
    return folder


@pytest.fixture(autouse=True)
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """UTC, one thread, no language model: what is drawn is the same everywhere; and no pauses for eyes and hands."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("ELEPHANTASM_LLM", "off")
    monkeypatch.setenv("ELEPHANTASM_THREADS", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(main, "PAUSE", 0.001)
    monkeypatch.setattr(main, "THINKING", 0.01)
    time.tzset()


@pytest.fixture
def demo(here: None, home: Path, lived: Path) -> Path:
    """A home of the test's own with that memory."""
    shutil.copytree(lived, home)
    return home
