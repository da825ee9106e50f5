"""Any sentence-transformers model as an `Embedder`, through the extra ``[sentence-transformers]``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import EngineError, ModelFileError
from elephantasm_cli.services.embedding import QUERY_CACHE_SIZE, default_threads, encodable

if TYPE_CHECKING:
    from elephantasm_cli.services.embedding import Vectors

CPU_BATCH_SIZE = 16
GPU_BATCH_SIZE = 128
OTHER_FORMATS = frozenset({"onnx", "openvino"})
"""Folders of a model repository that hold the same weights for other libraries."""


class SentenceTransformersEmbedder:
    """A sentence-transformers model, on a GPU when torch sees one. Loading takes seconds: torch is large."""

    def __init__(self, model: str, threads: int | None = None) -> None:
        """Loads ``model``, downloading it first when it is a hub id that is not in the cache.

        Args:
            model: a folder, or a hub id such as ``BAAI/bge-small-en-v1.5``.
            threads: torch's CPU threads, >= 1, for the whole process; `default_threads` when None.

        Raises:
            EngineError: sentence-transformers is not installed.
            ModelFileError: the model cannot be found or loaded, or has no weights of its own.
        """
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EngineError(
                "sentence-transformers is not installed: run pip install 'elephantasm-cli[sentence-transformers]'"
            ) from error
        folder = Path(model).expanduser()
        source = str(folder.resolve()) if folder.is_dir() else model
        torch.set_num_threads(default_threads() if threads is None else threads)
        try:
            self._model: Any = SentenceTransformer(source)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ModelFileError(
                f"{model} cannot be loaded ({reason}): check the hub id, or give the folder of a model"
            ) from error
        self._name = f"st:{source}"
        self._sha256 = weights_sha256(Path(source) if folder.is_dir() else _snapshot_folder(model))
        self._dimension = int(self._encode([""]).shape[1])
        self._cached_query = lru_cache(maxsize=QUERY_CACHE_SIZE)(self._embed_query)

    @property
    def name(self) -> str:
        """``st:`` and the hub id, or the absolute path of the folder."""
        return self._name

    @property
    def sha256(self) -> str:
        """See `weights_sha256`."""
        return self._sha256

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`. Sorted by length and batched by the library."""
        import numpy as np

        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        return self._encode(texts)

    def embed_query(self, text: str) -> Vectors:
        """See `Embedder.embed_query`."""
        return self._cached_query(text)

    def _embed_query(self, text: str) -> Vectors:
        vector: Vectors = self._encode([text])[0]
        vector.flags.writeable = False
        return vector

    def _encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        vectors = self._model.encode(
            [encodable(text) for text in texts],
            batch_size=CPU_BATCH_SIZE if self._model.device.type == "cpu" else GPU_BATCH_SIZE,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def weights_sha256(folder: Path) -> str:
    """Checksum of a model's weights: of the file when there is one, else of ``<sha256>  <path>`` lines of them all.

    Raises ModelFileError when ``folder`` has no weights that torch reads.
    """
    files = sorted(_weight_files(folder), key=lambda path: path.relative_to(folder).as_posix())
    if not files:
        raise ModelFileError(f"{folder} has no weights (*.safetensors or pytorch_model*.bin): give a model's folder")
    sums = []
    for path in files:
        with path.open("rb") as file:
            sums.append((hashlib.file_digest(file, "sha256").hexdigest(), path.relative_to(folder).as_posix()))
    if len(sums) == 1:
        return sums[0][0]
    return hashlib.sha256("".join(f"{digest}  {name}\n" for digest, name in sums).encode()).hexdigest()


def _weight_files(folder: Path) -> Iterator[Path]:
    """Safetensors files, or torch's own where a module's folder has no safetensors."""
    for place in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        if OTHER_FORMATS.isdisjoint(place.relative_to(folder).parts):
            yield from list(place.glob("*.safetensors")) or list(place.glob("pytorch_model*.bin"))


def _snapshot_folder(model: str) -> Path:
    """Where the hub's cache holds the model that was just loaded; bare names are sentence-transformers' own."""
    from huggingface_hub import try_to_load_from_cache

    for repository in (model, f"sentence-transformers/{model}"):
        if repository.count("/") == 1:
            for file in ("modules.json", "config.json"):
                cached = try_to_load_from_cache(repository, file)
                if isinstance(cached, str):
                    return Path(cached).parent
    raise ModelFileError(f"{model} is not in the hub's cache after loading: give the folder of the model")
