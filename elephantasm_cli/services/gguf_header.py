"""The head of a GGUF file: the few metadata we decide by, read without a model library.

Layout (GGUF specification, versions 2 and 3, little-endian): magic, version, tensor count, metadata count, then
key/value pairs. Arrays (vocabularies) are stepped over.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from elephantasm_cli.errors import ModelFileError

MAGIC = b"GGUF"
MAX_STRING_BYTES = 4 * 1024 * 1024
MAX_ENTRIES = 100_000

_SCALARS: dict[int, str] = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d",
}  # fmt: skip
_STRING, _ARRAY = 8, 9

Value = str | int | float | bool


@dataclass(frozen=True)
class GgufHeader:
    """What a GGUF file says of itself."""

    version: int
    metadata: dict[str, Value]

    @property
    def architecture(self) -> str:
        return str(self.metadata.get("general.architecture", ""))

    @property
    def chat_template(self) -> str:
        """The template's source, which is looked at and never run; empty for a base model."""
        return str(self.metadata.get("tokenizer.chat_template", ""))


def read_header(path: Path) -> GgufHeader:
    """The header of the GGUF file at ``path``. Raises ModelFileError when it is missing, cut short or not GGUF."""
    try:
        with path.open("rb") as file:
            if file.read(4) != MAGIC:
                raise ModelFileError(
                    f"{path.name} is not a GGUF file: give a .gguf model, or 'elephantasm models list'"
                )
            version, _, count = struct.unpack("<IQQ", _take(file, 20))
            if version not in (2, 3) or count > MAX_ENTRIES:
                raise ModelFileError(f"{path.name} is GGUF version {version}, which is not known here: use 2 or 3")
            pairs = (_read_pair(file) for _ in range(count))
            return GgufHeader(version, {key: value for key, value in pairs if value is not None})
    except (EOFError, UnicodeDecodeError, KeyError) as error:
        raise ModelFileError(f"{path.name} is damaged or cut short: fetch it again") from error
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror}): check the path") from error


def _read_pair(file: BinaryIO) -> tuple[str, Value | None]:
    key = _string(file)
    return key, _read_value(file, _unsigned(file, 4))


def _read_value(file: BinaryIO, kind: int) -> Value | None:
    if kind == _STRING:
        return _string(file)
    if kind == _ARRAY:
        _skip_array(file)
        return None
    form = _SCALARS[kind]
    value: Value = struct.unpack(form, _take(file, struct.calcsize(form)))[0]
    return value


def _skip_array(file: BinaryIO) -> None:
    kind, count = _unsigned(file, 4), _unsigned(file, 8)
    if kind == _STRING:
        for _ in range(count):
            _take(file, _unsigned(file, 8))
    else:  # arrays of arrays are written by nobody and are refused with every unknown kind
        _take(file, count * struct.calcsize(_SCALARS[kind]))


def _string(file: BinaryIO) -> str:
    return _take(file, _unsigned(file, 8)).decode("utf-8")


def _unsigned(file: BinaryIO, width: int) -> int:
    return int.from_bytes(_take(file, width), "little")


def _take(file: BinaryIO, count: int) -> bytes:
    if count > MAX_STRING_BYTES:
        raise EOFError
    taken = file.read(count)
    if len(taken) < count:
        raise EOFError
    return taken
