"""Texts to vectors: the `Embedder` protocol and the model in the package (docs/embedding.md).

The bundled all-MiniLM-L6-v2 keeps its matrices as int8, computes in float32 and runs every text alone, so that a text's
vector is the same bytes whatever is embedded beside it, on however many threads: what a pack holds must not depend on
when its index was made. Any other sentence-transformers model is behind the same protocol, in
`sentence_transformers_embedder`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from elephantasm_cli.errors import EngineError, ModelFileError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Vectors = NDArray[np.float32]

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_DIMENSION = 384
ASSETS = Path(__file__).resolve().parents[1] / "assets" / BUNDLED_NAME
MODEL_SHA256 = "e602de87d07de2ef09877ef9764ddd6c4c7f027442dc6631fe060305e19cda5d"
MODEL_BYTES = 23_656_034
TOKENIZER_SHA256 = "e6dba69437c32349ba90921ac7522ad614d2fd8686a7a27e5a349cdffdec0a71"
TOKENIZER_BYTES = 466_269
QUERY_CACHE_SIZE = 64


class Embedder(Protocol):
    """Makes vectors that can be compared by their dot product."""

    @property
    def name(self) -> str:
        """What `load_embedder` takes to make this embedder again."""

    @property
    def sha256(self) -> str:
        """Checksum of the weights, lower-case hex: vectors of different checksums are never compared."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts``, one row each: float32 (len(texts), dimension), every row of L2 norm 1.

        A text's row does not depend on its neighbours: to the bit in the bundled model, within 1e-6 in a component in
        models that run padded batches. Use it for what is stored.
        """

    def embed_query(self, text: str) -> Vectors:
        """The read-only vector (dimension,) of a query: its row in `embed`, kept for the next identical call."""


def load_embedder(spec: str, threads: int | None = None) -> Embedder:
    """The embedder that ``spec`` names: ``bundled`` (or ``all-MiniLM-L6-v2``), or ``st:<hub id or folder>``.

    Args:
        spec: which model, as in `Embedder.name`.
        threads: CPU threads, >= 1; `default_threads` when None.

    Raises:
        UsageError: no such form of ``spec``.
        EngineError: a library is missing or cannot run the model.
        ModelFileError: the model's files are missing, or not the ones they should be.
    """
    if spec in ("bundled", BUNDLED_NAME):
        return BundledEmbedder(threads)
    kind, _, model = spec.partition(":")
    if kind == "st" and model:
        from elephantasm_cli.services.sentence_transformers_embedder import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(model, threads)
    raise UsageError(f"{spec!r} is no embedding model: write 'bundled', or 'st:' and a hub id or folder")


class BundledEmbedder:
    """The all-MiniLM-L6-v2 of the package, on the CPU. Safe to share between threads."""

    name = BUNDLED_NAME
    sha256 = MODEL_SHA256
    dimension = BUNDLED_DIMENSION

    def __init__(self, threads: int | None = None, assets: Path = ASSETS) -> None:
        """Loads the model (about 0.2 s, imports included), checking the size of its files.

        Args:
            threads: texts embedded at a time, each on a CPU thread, >= 1; `default_threads` when None.
            assets: the folder of ``model.onnx`` and ``tokenizer.json``.

        Raises:
            ModelFileError: a file is missing or has another size.
            EngineError: onnxruntime is missing or refuses the model.
        """
        self._assets = assets
        self._verified = False
        self._tokenizer = _read_tokenizer(assets)
        self._session = _open_session(assets)
        self._threads = default_threads() if threads is None else threads
        self._cached_query = lru_cache(maxsize=QUERY_CACHE_SIZE)(self._embed_query)

    def verify(self) -> None:
        """Reads both files and compares their sha256 (15-60 ms). Raises ModelFileError."""
        for name, expected in (("model.onnx", MODEL_SHA256), ("tokenizer.json", TOKENIZER_SHA256)):
            with _checked_file(self._assets, name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                    raise _altered(self._assets / name)
        self._verified = True

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`. The first call runs `verify`: no vector of an altered model is ever stored."""
        if not self._verified:
            self.verify()
        return self._embed(texts)

    def embed_query(self, text: str) -> Vectors:
        """See `Embedder.embed_query`. Goes without `verify`, as nothing of it is stored."""
        return self._cached_query(text)

    def _embed_query(self, text: str) -> Vectors:
        vector: Vectors = self._embed([text])[0]
        vector.flags.writeable = False
        return vector

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """One run a text: in a batch its neighbours decide the shape of the matrices, and so the order of sums."""
        import numpy as np

        encodings = self._tokenizer.encode_batch([encodable(text) for text in texts])
        vectors: Vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if self._threads == 1 or len(texts) == 1:
            for row, encoding in enumerate(encodings):
                vectors[row] = self._run(encoding.ids)
            return vectors
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(self._threads) as pool:  # onnxruntime lets go of the interpreter's lock while it runs
            for row, vector in enumerate(pool.map(self._run, [encoding.ids for encoding in encodings])):
                vectors[row] = vector
        return vectors

    def _run(self, ids: list[int]) -> Vectors:
        """The vector (dimension,) of one text's token ids."""
        import numpy as np

        tokens = np.array([ids], dtype=np.int64)
        inputs = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        vector: Vectors = self._session.run(["sentence_embedding"], inputs)[0][0]
        return vector


def load_tokenizer() -> Tokenizer:
    """The bundled WordPiece tokenizer without truncation, for counting tokens (about 20 ms to load).

    ``encode(text, add_special_tokens=False)`` counts without [CLS] and [SEP]. Raises ModelFileError, EngineError.
    """
    tokenizer = _read_tokenizer(ASSETS)
    tokenizer.no_truncation()
    return tokenizer


def encodable(text: str) -> str:
    """``text`` with lone surrogates (from a shell's undecodable bytes) as ``?``: the tokenizers take no others."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def vector_to_blob(vector: Vectors) -> bytes:
    """A vector (dimension,) as little-endian float32: what the store keeps, and what sqlite-vec reads."""
    return vector.astype("<f4").tobytes()


def blob_to_vector(blob: bytes) -> Vectors:
    """The read-only vector of a blob made by `vector_to_blob`. Raises ValueError when the bytes are no whole floats."""
    import numpy as np

    return np.frombuffer(blob, dtype="<f4").astype(np.float32, copy=False)


def default_threads() -> int:
    """All physical cores this process may use but one, at least 1: the machine stays usable while a dream runs."""
    return max(1, _physical_cores() - 1)


def _physical_cores() -> int:
    """Distinct cores where Linux tells, else half of the logical ones (two threads a core is the common case)."""
    if not hasattr(os, "sched_getaffinity"):
        return max(1, (os.cpu_count() or 1) // 2)
    allowed = os.sched_getaffinity(0)
    cores = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        try:
            cores.add(siblings.read_text())
        except OSError:
            return len(allowed)
    return len(cores)


def _checked_file(assets: Path, name: str) -> Path:
    """The path of a bundled file that exists and has its size."""
    path = assets / name
    expected = {"model.onnx": MODEL_BYTES, "tokenizer.json": TOKENIZER_BYTES}[name]
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read: {_REINSTALL}") from error
    if size != expected:
        raise _altered(path)
    return path


def _altered(path: Path) -> ModelFileError:
    return ModelFileError(f"{path} is not the file that came with this version: {_REINSTALL}")


_REINSTALL = "run 'pip install --force-reinstall --no-deps elephantasm-cli'"


def _read_tokenizer(assets: Path) -> Tokenizer:
    path = _checked_file(assets, "tokenizer.json")
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise EngineError("tokenizers cannot be imported: run 'pip install tokenizers'") from error
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the Rust side raises a bare Exception
        raise _altered(path) from error
    tokenizer.no_padding()
    return tokenizer


def _open_session(assets: Path) -> Any:
    """An onnxruntime session. The graph comes fused, so only its weights are left to unpack to float32, once, here."""
    path = _checked_file(assets, "model.onnx")
    try:
        import onnxruntime as ort
    except ImportError as error:
        raise EngineError("onnxruntime cannot be imported: run 'pip install onnxruntime'") from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Without this, onnxruntime keeps or refuses the int8 weights as it sees fit, and computes less exactly with them.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions have no base of their own
        raise EngineError(f"onnxruntime cannot load {path} ({_first_line(error)}): {_REINSTALL}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
