"""``elephantasm config`` and ``elephantasm models``."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from elephantasm_cli.cli.call import Call
from elephantasm_cli.cli.progress import JobProgress
from elephantasm_cli.config import DreamSettings, PackSettings, Settings


def setting(run: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("config", "show", name, "--json").out)
    return found


def test_every_setting_is_shown_with_its_source(run: Any) -> None:
    """All of them, sections included; nothing is set in a new home."""
    shown = [json.loads(line) for line in run("config", "--json").out.splitlines()]
    expected = [name for name in Settings.model_fields if name not in ("dream", "pack")]
    expected += [f"dream.{name}" for name in DreamSettings.model_fields]
    expected += [f"pack.{name}" for name in PackSettings.model_fields]
    assert sorted(row["name"] for row in shown) == sorted(expected)
    assert {row["source"] for row in shown} == {"default"}


def test_a_setting_is_written_and_read(run: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file wins over the default, the environment over the file."""
    assert run("config", "set", "pack.budget", "800").out == "pack.budget: 800\n"
    assert run("config", "set", "agent", "coder").code == 0
    assert (setting(run, "pack.budget")["value"], setting(run, "pack.budget")["source"]) == (800, "file")
    assert setting(run, "agent")["source"] == "file"
    monkeypatch.setenv("ELEPHANTASM_THREADS", "2")
    assert (setting(run, "threads")["value"], setting(run, "threads")["source"]) == (2, "environment")
    assert len(run("config", "show", "pack").out.splitlines()) == len(PackSettings.model_fields)


def test_a_wrong_value_changes_nothing(run: Any, home: Path) -> None:
    """The file stays as it was."""
    run("config", "set", "pack.budget", "800")
    before = (home / "config.toml").read_bytes()
    result = run("config", "set", "pack.budget", "lots")
    assert (result.code, result.out) == (2, "")
    assert "pack.budget cannot be 'lots'" in result.err
    assert (home / "config.toml").read_bytes() == before


def test_models_are_listed_with_the_one_in_use(run: Any) -> None:
    """The catalog: size, licence, whether it is here."""
    listed = [json.loads(line) for line in run("models", "--json").out.splitlines()]
    assert [row["path"] for row in listed] == [None] * len(listed)
    assert [row["spec"] for row in listed if row["is_default"]] == ["qwen2.5-coder-1.5b"]
    line = run("models", "list").out.splitlines()[0].split("\t")
    assert line[:4] == ["* qwen2.5-coder-1.5b", "1.1 GB", "not pulled", "Apache-2.0"]


def test_a_model_is_chosen(run: Any, tmp_path: Path) -> None:
    """By name, off, or an embedding model; one that is not there is refused."""
    assert run("models", "use", "qwen2.5-coder-0.5b").out == "llm: qwen2.5-coder-0.5b\n"
    assert setting(run, "llm")["value"] == "qwen2.5-coder-0.5b"
    assert run("models", "list").out.splitlines()[1].startswith("* qwen2.5-coder-0.5b")
    assert run("models", "use", "off").code == 0
    assert run("models", "use", "--embedding", "st:all-mpnet-base-v2").code == 0
    assert setting(run, "embedding")["value"] == "st:all-mpnet-base-v2"
    for wrong in ("gpt-12", tmp_path / "none.gguf", "hf:nobody/nothing/model.gguf"):
        result = run("models", "use", wrong)
        assert (result.code, result.out) == (1, "")
    assert run("models", "use", "--embedding", "word2vec").code == 2
    assert setting(run, "llm")["value"] == "off"


def test_a_model_file_of_ones_own_that_went_away_does_not_stop_the_list(run: Any, tmp_path: Path) -> None:
    """The list is where one looks when a model is missing."""
    run("config", "set", "llm", tmp_path / "gone.gguf")
    result = run("models", "list")
    assert result.code == 0
    assert "gone.gguf does not exist" in result.err
    assert "qwen2.5-coder-1.5b" in result.out


def test_a_model_is_shown(run: Any) -> None:
    """What the catalog says of it; the one in use without a name."""
    shown = json.loads(run("models", "show", "--json").out)
    assert (shown["spec"], shown["licence"], len(shown["sha256"])) == ("qwen2.5-coder-1.5b", "Apache-2.0", 64)
    assert "size:" in run("models", "show", "smollm2-135m").out
    assert run("models", "show", "gpt-12").code == 1


def test_pull_prints_the_path_and_tells_its_progress(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The path is the result; in a pipe progress is a line per tenth, and none when quiet."""

    def pull(spec: str, models: Path, *, progress: Any) -> Path:
        for done in range(0, 1001, 5):
            progress(done, 1000, "downloading")
        return models / f"{spec}.gguf"

    monkeypatch.setattr("elephantasm_cli.services.model_files.pull", pull)
    result = run("models", "pull")
    assert result.out == f"{tmp_path / 'models' / 'qwen2.5-coder-1.5b.gguf'}\n"
    assert len(result.err.splitlines()) == 11
    assert result.err.endswith("qwen2.5-coder-1.5b: 100% downloading\n")
    assert run("models", "pull", "smollm2-135m", "--quiet").err == ""


class Screen(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """It appears with the first step, shows hostile notes as escapes, and leaves the screen when paused."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    with JobProgress(Call()) as progress:
        assert screen.getvalue() == ""
        progress("curate_memories", 1, 4, "note \x1b]0;title\x07")
        progress.pause()
        assert "curate memories" in screen.getvalue()
        assert "]0;title" not in screen.getvalue().replace("\\x1b]0;title", "")
        shown = len(screen.getvalue())
        progress("reflect", 2, None, "")
        progress.pause()
        assert "reflect" in screen.getvalue()[shown:]


def test_progress_is_a_line_a_job_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """Each job's last word, in order."""
    with JobProgress(Call()) as progress:
        for done in range(3):
            progress("reflect", done, 2, "episodes")
        progress("archive_stale", 5, None, "")
    assert capsys.readouterr().err == "reflect: 2 of 2 (episodes)\narchive_stale: 5\n"
