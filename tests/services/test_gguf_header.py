"""Reading what a model file says of itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.services.gguf_header import read_header
from elephantasm_cli.services.model_files import ModelFile


def test_metadata_are_read_and_arrays_stepped_over(tmp_path: Path, gguf_bytes: Callable[..., bytes]) -> None:
    """Values behind a vocabulary are found; the vocabulary itself is not kept."""
    file = tmp_path / "m.gguf"
    file.write_bytes(gguf_bytes("hello <|im_start|>"))
    header = read_header(file)
    assert header.architecture == "qwen2"
    assert header.metadata["qwen2.block_count"] == 28
    assert header.chat_template == "hello <|im_start|>"
    assert "tokenizer.ggml.tokens" not in header.metadata


def test_every_cut_is_noticed(tmp_path: Path, gguf_bytes: Callable[..., bytes]) -> None:
    """Wherever the header ends too early, the error is ours and names the file."""
    whole = gguf_bytes()
    file = tmp_path / "cut.gguf"
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(ModelFileError, match=r"cut\.gguf"):
            read_header(file)


def test_a_length_from_a_damaged_file_reserves_no_memory(tmp_path: Path) -> None:
    """A string that claims 2**60 bytes is damage, not a reason to allocate."""
    file = tmp_path / "huge.gguf"
    file.write_bytes(
        b"GGUF" + (3).to_bytes(4, "little") + bytes(8) + (1).to_bytes(8, "little") + (2**60).to_bytes(8, "little")
    )
    with pytest.raises(ModelFileError, match="damaged"):
        read_header(file)


def test_other_files_and_other_versions_are_refused(tmp_path: Path, gguf_bytes: Callable[..., bytes]) -> None:
    """Not GGUF, a version from before or after our time, no file at all."""
    file = tmp_path / "x.gguf"
    file.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(ModelFileError, match="not a GGUF file"):
        read_header(file)
    file.write_bytes(gguf_bytes(version=1))
    with pytest.raises(ModelFileError, match="version 1"):
        read_header(file)
    with pytest.raises(ModelFileError, match="cannot be read"):
        read_header(tmp_path / "none.gguf")


@pytest.mark.model
def test_a_real_model_is_read(small_model: ModelFile) -> None:
    """The header of a published file gives its architecture and its chat format."""
    header = read_header(small_model.path)
    assert header.architecture == "llama"
    assert "<|im_start|>" in header.chat_template
