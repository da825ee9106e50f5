"""Fixtures of the services: a small real model, GGUF heads, wheels and a hub made on the spot."""

from __future__ import annotations

import hashlib
import http.server
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from elephantasm_cli.errors import ElephantasmError
from elephantasm_cli.locations import find_locations
from elephantasm_cli.services.model_files import ModelFile, pull, resolve

TEST_MODEL = "smollm2-135m"


@pytest.fixture(scope="session")
def small_model() -> ModelFile:
    """The smallest model of the catalog, from this machine's cache or fetched into it."""
    models = find_locations().models
    try:
        pull(TEST_MODEL, models)
    except ElephantasmError as error:
        pytest.skip(f"{TEST_MODEL} is not in {models} and cannot be fetched: {error}")
    return resolve(TEST_MODEL, models)


def _gguf_string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


@pytest.fixture
def gguf_bytes() -> Callable[..., bytes]:
    """Builds the bytes of a GGUF file that has metadata and no tensors."""

    def build(template: str | None = "{{ '<|im_start|>' }}", *, version: int = 3, tail: bytes = b"") -> bytes:
        pairs = [
            _gguf_string("general.architecture") + struct.pack("<I", 8) + _gguf_string("qwen2"),
            _gguf_string("tokenizer.ggml.tokens")
            + struct.pack("<IIQ", 9, 8, 2)
            + _gguf_string("hello")
            + _gguf_string("world"),
            _gguf_string("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 3) + bytes(12),
            _gguf_string("qwen2.block_count") + struct.pack("<II", 4, 28),
        ]
        if template is not None:
            pairs.append(_gguf_string("tokenizer.chat_template") + struct.pack("<I", 8) + _gguf_string(template))
        return b"GGUF" + struct.pack("<IQQ", version, 0, len(pairs)) + b"".join(pairs) + tail

    return build


@pytest.fixture
def make_wheel(tmp_path: Path) -> Callable[..., Path]:
    """Builds an installable wheel that carries one file, in a folder that pip can be pointed at."""
    index = tmp_path / "index"
    index.mkdir()

    def build(name: str, version: str, member: str, content: bytes) -> Path:
        stem = name.replace("-", "_")
        wheel = index / f"{stem}-{version}-py3-none-any.whl"
        info = f"{stem}-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{stem}/{member}", content)
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", "")
        return wheel

    return build


@pytest.fixture
def offline_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip sees the wheels of `make_wheel` and nothing else."""
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))


@dataclass
class Hub:
    """A hub on loopback: files by address, what it was asked for, and how it misbehaves."""

    files: dict[str, bytes] = field(default_factory=dict)
    ranges: list[str | None] = field(default_factory=list)
    break_after: int | None = None
    says_sha256: bool = True
    url: str = ""

    def put(self, repository: str, name: str, content: bytes) -> None:
        self.files[f"/{repository}/resolve/main/{name}"] = content


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A running `Hub`, where the program looks for the real one. Files are answered through a redirect, as there."""
    state = Hub()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/storage"):
                self._send(state.files[self.path.removeprefix("/storage")])
            elif self.path in state.files:
                self.send_response(302)
                self.send_header("Location", f"/storage{self.path}")
                if state.says_sha256:
                    digest = hashlib.sha256(state.files[self.path]).hexdigest()
                    self.send_header("X-Linked-Etag", f'"{digest}"')
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.send_error(404)

        def _send(self, content: bytes) -> None:
            asked = self.headers.get("Range")
            state.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            if start >= len(content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if asked else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            cut = len(content) if state.break_after is None else start + state.break_after
            state.break_after = None
            self.wfile.write(content[start:cut])

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("HF_ENDPOINT", state.url)
    yield state
    server.shutdown()
    server.server_close()
    thread.join()
