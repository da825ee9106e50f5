"""The bundled embedding model: its vectors, its files, and how it says what is wrong."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from elephantasm_cli.errors import EngineError, ModelFileError, UsageError
from elephantasm_cli.services import embedding
from elephantasm_cli.services.embedding import (
    ASSETS,
    BUNDLED_DIMENSION,
    MODEL_BYTES,
    MODEL_SHA256,
    TOKENIZER_SHA256,
    BundledEmbedder,
    blob_to_vector,
    default_threads,
    load_embedder,
    load_tokenizer,
    vector_to_blob,
)
from elephantasm_cli.services.sentence_transformers_embedder import weights_sha256

TEXTS = [
    "Nadia, 3 March 2026: the staging database moved to port 5433 last night.",
    "",
    "ok",
    "We agreed to ship the importer before the conference, even if the graph view has to wait another month.",
    "Der Schlüssel liegt unter der Matte.",
    "naïve café 🐘 — dashes, ümlauts and an elephant",
    "42",
    "The pottery course starts on Tuesday; bring an apron and a towel. " * 60,
]


@pytest.fixture(scope="module")
def embedder() -> BundledEmbedder:
    """The bundled model on one thread."""
    return BundledEmbedder(threads=1)


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """A folder with links to the bundled files, for a test to replace."""
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).symlink_to(ASSETS / name)
    return tmp_path


def replace(path: Path, content: bytes) -> None:
    """Writes ``content`` where a link was."""
    path.unlink()
    path.write_bytes(content)


def altered_model() -> bytes:
    """The bundled model with one weight changed, and nothing about its size or structure."""
    content = bytearray((ASSETS / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    return bytes(content)


def test_vectors_are_float32_rows_of_length_one(embedder: BundledEmbedder) -> None:
    """Rows can be compared by their dot product."""
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), BUNDLED_DIMENSION)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_beside_any_others(embedder: BundledEmbedder) -> None:
    """The same bytes, on any number of threads: cosines, and with them packs, do not depend on when a text came."""
    alone = np.vstack([embedder.embed([text]) for text in TEXTS])
    many = [*TEXTS * 5, *["a neighbour of another length"] * 7]
    for threads in (1, 2, 3):
        together = BundledEmbedder(threads).embed(many)
        assert np.array_equal(together[: 5 * len(TEXTS)], np.tile(alone, (5, 1))), threads


def test_rows_keep_the_order_of_the_texts(embedder: BundledEmbedder) -> None:
    """On several threads too, where the short ones are done first."""
    backwards = BundledEmbedder(3).embed(TEXTS[::-1])
    assert np.array_equal(backwards[::-1], embedder.embed(TEXTS))


def test_near_meanings_have_near_vectors(embedder: BundledEmbedder) -> None:
    """A paraphrase without a shared content word beats an unrelated sentence that shares one."""
    query, paraphrase, unrelated = embedder.embed(
        ["Where does the physician live?", "The doctor's home is in Lyon.", "Where does the train stop?"]
    )
    assert query @ paraphrase > query @ unrelated + 0.1


def test_known_sentence_keeps_its_vector(embedder: BundledEmbedder) -> None:
    """Pooling, normalisation and tokenisation stay those that made the vectors in people's files."""
    vector = embedder.embed(["Memory is the mother of all wisdom."])[0]
    assert vector[:6] == pytest.approx([0.07281, 0.04859, -0.04077, 0.09146, -0.00204, 0.10569], abs=1e-4)


def test_words_beyond_256_tokens_do_not_count(embedder: BundledEmbedder) -> None:
    """Truncation is the sentence-transformers model's own."""
    long = "word " * 254
    first, second = embedder.embed([long, long + "and an ending that is never read"])
    assert np.array_equal(first, second)
    assert not np.allclose(first, embedder.embed(["word " * 200 + "and an ending that is read"])[0], atol=1e-3)


def test_no_texts_make_no_rows(embedder: BundledEmbedder) -> None:
    """An empty job has a shape too."""
    assert embedder.embed([]).shape == (0, BUNDLED_DIMENSION)


def test_query_vector_is_its_row_and_kept(embedder: BundledEmbedder) -> None:
    """The second identical query costs nothing, and nobody can change the first one's answer."""
    vector = embedder.embed_query(TEXTS[0])
    assert np.array_equal(vector, embedder.embed(TEXTS)[0])
    assert embedder.embed_query(TEXTS[0]) is vector
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 1.0


def test_undecodable_bytes_from_a_shell_are_embedded_as_question_marks(embedder: BundledEmbedder) -> None:
    """A lone surrogate in an argument is no reason to fail."""
    assert np.array_equal(embedder.embed_query("caf\udce9 in Lyon"), embedder.embed_query("caf? in Lyon"))


def test_committed_files_are_those_the_code_names() -> None:
    """SHA256SUMS, the constants and the bytes agree."""
    sums = dict(reversed(line.split()) for line in (ASSETS / "SHA256SUMS").read_text().splitlines())
    assert sums == {"model.onnx": MODEL_SHA256, "tokenizer.json": TOKENIZER_SHA256}
    for name, expected in sums.items():
        assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == expected
    assert BundledEmbedder.sha256 == MODEL_SHA256


def test_licence_and_origin_travel_with_the_model() -> None:
    """Apache-2.0 asks for its text and for a note of the changes."""
    assert "Apache License" in (ASSETS / "LICENSE").read_text()
    assert "sentence-transformers/all-MiniLM-L6-v2" in (ASSETS / "NOTICE").read_text()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_missing_file_is_named_with_the_repair(assets: Path, name: str) -> None:
    """Half an installation says which half is missing."""
    (assets / name).unlink()
    with pytest.raises(ModelFileError, match=rf"{name} cannot be read: run 'pip install --force-reinstall") as caught:
        BundledEmbedder(threads=1, assets=assets)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_truncated_file_is_refused_before_it_is_loaded(assets: Path, name: str) -> None:
    """The size is checked every time."""
    replace(assets / name, (ASSETS / name).read_bytes()[:-1])
    with pytest.raises(ModelFileError, match=f"{name} is not the file that came with this version"):
        BundledEmbedder(threads=1, assets=assets)


def test_altered_model_of_the_right_size_makes_no_stored_vector(assets: Path) -> None:
    """One changed weight is found before the first vector that could be stored."""
    replace(assets / "model.onnx", altered_model())
    altered = BundledEmbedder(threads=1, assets=assets)
    with pytest.raises(ModelFileError, match=r"model\.onnx is not the file"):
        altered.embed(["anything"])
    with pytest.raises(ModelFileError, match=r"model\.onnx is not the file"):
        altered.verify()


def test_bytes_that_are_no_model_are_one_line_of_error(assets: Path) -> None:
    """onnxruntime's own words, shortened to one line, and what to do."""
    replace(assets / "model.onnx", b"\xff" * MODEL_BYTES)
    with pytest.raises(EngineError, match=r"onnxruntime cannot load .*pip install --force-reinstall") as caught:
        BundledEmbedder(threads=1, assets=assets)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_tokenizer_are_refused(assets: Path) -> None:
    """The tokenizer's parser fails into our error."""
    replace(assets / "tokenizer.json", b"{" * (ASSETS / "tokenizer.json").stat().st_size)
    with pytest.raises(ModelFileError, match=r"tokenizer\.json is not the file"):
        BundledEmbedder(threads=1, assets=assets)


@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers"])
def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """A platform without a wheel gets a sentence, not a traceback."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(EngineError, match=f"{library} cannot be imported: run 'pip install {library}'"):
        BundledEmbedder(threads=1)


def test_blob_is_little_endian_float32_and_comes_back_equal() -> None:
    """The stored form is the same on every machine."""
    vector = np.array([1.0, -0.5, 3.25], dtype=np.float32)
    assert vector_to_blob(vector) == bytes.fromhex("0000803f000000bf00005040")
    assert np.array_equal(blob_to_vector(vector_to_blob(vector)), vector)
    assert blob_to_vector(vector_to_blob(vector)).dtype == np.float32


def test_blob_of_part_of_a_float_is_refused() -> None:
    """A damaged row does not become a shorter vector."""
    with pytest.raises(ValueError, match="multiple of element size"):
        blob_to_vector(b"\x00" * 6)


def test_tokenizer_counts_every_token() -> None:
    """For counting, nothing is cut off and nothing filled up."""
    tokenizer = load_tokenizer()
    assert len(tokenizer.encode("word " * 1000, add_special_tokens=False).ids) == 1000
    short, long = tokenizer.encode_batch(["one", "one two three"], add_special_tokens=False)
    assert (len(short.ids), len(long.ids)) == (1, 3)


@pytest.mark.parametrize("spec", ["bundled", "all-MiniLM-L6-v2"])
def test_bundled_model_is_loaded_by_either_name(spec: str) -> None:
    """The name in a file makes the same embedder again."""
    loaded = load_embedder(spec, threads=1)
    assert (loaded.name, loaded.sha256, loaded.dimension) == ("all-MiniLM-L6-v2", MODEL_SHA256, BUNDLED_DIMENSION)


@pytest.mark.parametrize("spec", ["", "st:", "word2vec", "openai:text-embedding-3-small"])
def test_unknown_model_is_a_usage_error(spec: str) -> None:
    """The message shows both forms."""
    with pytest.raises(UsageError, match="write 'bundled', or 'st:' and a hub id or folder"):
        load_embedder(spec)


def test_missing_extra_names_the_command_that_adds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without torch, asking for another model is answered with the install line."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EngineError, match=r"pip install 'elephantasm-cli\[sentence-transformers\]'"):
        load_embedder("st:somebody/some-model")


def test_one_core_is_left_to_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """All physical cores but one, and at least one."""
    assert default_threads() >= 1
    monkeypatch.setattr(embedding, "_physical_cores", lambda: 8)
    assert default_threads() == 7
    monkeypatch.setattr(embedding, "_physical_cores", lambda: 1)
    assert default_threads() == 1


def test_importing_the_module_loads_no_model_library() -> None:
    """Commands that embed nothing pay nothing."""
    code = (
        "import sys, elephantasm_cli.services.embedding, elephantasm_cli.services.sentence_transformers_embedder;"
        "print(sorted({'numpy', 'onnxruntime', 'tokenizers', 'torch', 'sentence_transformers'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_checksum_of_one_weights_file_is_the_files_own(tmp_path: Path) -> None:
    """It can be compared with what the hub shows; other formats and other files of the folder do not count."""
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "pytorch_model.bin").write_bytes(b"the same, pickled")
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.safetensors").write_bytes(b"another format")
    assert weights_sha256(tmp_path) == hashlib.sha256(b"weights").hexdigest()


def test_checksum_covers_every_module_with_weights(tmp_path: Path) -> None:
    """A dense layer with other weights is another model."""
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"dense")
    before = weights_sha256(tmp_path)
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"other")
    assert len(before) == 64
    assert weights_sha256(tmp_path) != before


def test_folder_without_weights_is_refused(tmp_path: Path) -> None:
    """A folder that is no model says so."""
    with pytest.raises(ModelFileError, match="has no weights"):
        weights_sha256(tmp_path)
