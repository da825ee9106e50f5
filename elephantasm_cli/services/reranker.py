"""Cross-encoders: models that read the question and a passage together (docs/models.md).

They answer better than two vectors can, and cost a run of the model for every passage; so they rescore the best few.
None is bundled: the setting ``pack.reranker`` names the folder of one, through the extra ``[sentence-transformers]``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from elephantasm_cli.errors import EngineError, ModelFileError

BATCH_SIZE = 16
PLACES = 6
"""Decimals that a score keeps: the last bits of a float depend on what shares its batch."""


class Reranker(Protocol):
    """Says how well a passage answers a question."""

    @property
    def name(self) -> str:
        """What `load_reranker` takes to make this reranker again."""

    @property
    def sha256(self) -> str:
        """Checksum of the weights, lower-case hex."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """One finite number a text, rounded to `PLACES`, more for a better answer; only differences mean anything."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder with one output, on a GPU when torch sees one. Loading takes seconds."""

    def __init__(self, folder: str, threads: int | None = None) -> None:
        """Loads the model in ``folder``; nothing is downloaded. ``threads`` are torch's, for the whole process.

        Raises:
            EngineError: sentence-transformers is not installed.
            ModelFileError: the folder holds no cross-encoder, or one that gives several numbers for a pair.
        """
        path = Path(folder).expanduser().resolve()
        _check_folder(path)
        try:
            import torch
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise EngineError(
                "pack.reranker needs sentence-transformers: run pip install 'elephantasm-cli[sentence-transformers]', "
                "or do without: `elephantasm config set pack.reranker ''`"
            ) from error
        from elephantasm_cli.services.embedding import default_threads
        from elephantasm_cli.services.sentence_transformers_embedder import weights_sha256

        self._sha256 = weights_sha256(path)
        torch.set_num_threads(default_threads() if threads is None else threads)
        try:
            self._model: Any = CrossEncoder(str(path), local_files_only=True)
            outputs = int(self._model.num_labels)
        except (OSError, ValueError, RuntimeError, KeyError, AttributeError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ModelFileError(f"{path} cannot be loaded as a cross-encoder ({reason}): {_ADVICE}") from error
        if outputs != 1:
            raise ModelFileError(f"{path} gives {outputs} numbers for a pair, and a reranker gives one: {_ADVICE}")
        self._name = str(path)

    @property
    def name(self) -> str:
        """The folder's absolute path."""
        return self._name

    @property
    def sha256(self) -> str:
        """See `weights_sha256`."""
        return self._sha256

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.scores`. Raises EngineError where the model answers with what is no number."""
        from elephantasm_cli.services.embedding import encodable

        if not texts:
            return []
        pairs = [(encodable(query), encodable(text)) for text in texts]
        found = self._model.predict(pairs, batch_size=BATCH_SIZE, show_progress_bar=False, convert_to_numpy=True)
        scores = [round(float(score), PLACES) for score in found]
        if not all(map(math.isfinite, scores)):
            raise EngineError(f"{self._name} answers with numbers that are none: {_ADVICE}")
        return scores


@lru_cache(maxsize=1)
def load_reranker(folder: str, threads: int | None = None) -> Reranker | None:
    """The reranker that the setting ``pack.reranker`` names, loaded once; None where it names none.

    Raises as `CrossEncoderReranker` does.
    """
    return CrossEncoderReranker(folder, threads) if folder else None


_ADVICE = "`elephantasm config set pack.reranker` takes a folder with a sentence-transformers cross-encoder, '' is none"


def _check_folder(path: Path) -> None:
    """A folder without a head for pairs would be given random weights by the libraries, with a warning at most."""
    try:
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
        heads = [str(name) for name in config["architectures"]]
    except FileNotFoundError as error:
        raise ModelFileError(f"{path} has no config.json, so it holds no model: {_ADVICE}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"{path / 'config.json'} does not say what model it is: {_ADVICE}") from error
    if not any(name.endswith("ForSequenceClassification") for name in heads):
        raise ModelFileError(f"{path} holds {', '.join(heads) or 'no model'}, which scores no pairs: {_ADVICE}")
