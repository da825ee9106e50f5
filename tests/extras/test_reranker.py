"""A real cross-encoder, tiny and untrained, made on the spot: it proves the path, not the quality."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.services.reranker import CrossEncoderReranker, load_reranker

pytestmark = [
    pytest.mark.extras,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the libraries below us
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
pytest.importorskip("sentence_transformers", reason="needs the extra [sentence-transformers]")

WORDS = (
    "the",
    "a",
    "boat",
    "is",
    "in",
    "harbour",
    "red",
    "green",
    "tea",
    "where",
    "who",
    "was",
    "sold",
    "ada",
    ":",
    ".",
)
TEXTS = [
    "Ada: the boat is in the harbour",
    "Ada: tea is green",
    "Ada: the boat was sold",
    "Ada: the boat is red . " * 9,
]


def made(folder: Path, labels: int = 1) -> str:
    """A BERT of two small layers with random weights from a fixed seed, and a WordPiece tokenizer of a few words."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(WORDS)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a tiny cross-encoder."""
    return made(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def reranker(folder: str) -> CrossEncoderReranker:
    """It, loaded."""
    return CrossEncoderReranker(folder, threads=1)


def test_it_is_named_by_its_folder_and_its_weights(folder: str, reranker: CrossEncoderReranker) -> None:
    """The name loads it again, the checksum is the weights file's."""
    import hashlib

    weights = (Path(folder) / "model.safetensors").read_bytes()
    assert (reranker.name, reranker.sha256) == (folder, hashlib.sha256(weights).hexdigest())
    assert load_reranker(folder) is load_reranker(folder)


def test_scores_are_the_same_twice_alone_and_together(folder: str, reranker: CrossEncoderReranker) -> None:
    """The same model loaded again, another order, and one text at a time give the same numbers."""
    scores = reranker.scores("where is the boat ?", TEXTS)
    assert len(set(scores)) == len(TEXTS), "an untrained model still tells texts apart"
    assert CrossEncoderReranker(folder, threads=1).scores("where is the boat ?", TEXTS) == scores
    assert reranker.scores("where is the boat ?", TEXTS[::-1]) == pytest.approx(scores[::-1], abs=2e-6)
    assert [reranker.scores("where is the boat ?", [text])[0] for text in TEXTS] == pytest.approx(scores, abs=2e-6)
    assert reranker.scores("where is the boat ?", []) == []


def test_text_of_any_length_and_any_characters_has_a_score(reranker: CrossEncoderReranker) -> None:
    """Longer than the model reads, empty, a lone surrogate."""
    assert len(reranker.scores("where?", ["boat " * 5000, "", "\ud83d"])) == 3


def test_a_pack_is_ordered_by_it_the_same_way_each_time(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting's path is all it takes: lines carry the part ``rerank``, and two packs are the same bytes."""
    monkeypatch.setenv("ELEPHANTASM_HOME", str(tmp_path / "home"))
    from elephantasm_cli.config import set_value
    from elephantasm_cli.locations import find_locations

    set_value(find_locations(None), "pack.reranker", folder)
    with open_agent("reranked") as agent:
        agent.ingest([{"role": "user", "author": "Ada", "content": text} for text in TEXTS], session="s1")
        agent.reindex()
        packs = [agent.pack("where is the boat?", format="json", explain=True) for _ in range(2)]
        found = agent.search("where is the boat?")
    assert packs[0].text == packs[1].text
    assert packs[0].lines
    assert all("rerank" in line.parts for line in packs[0].lines)
    assert '"rerank"' in packs[0].text
    assert all("rerank" in item.parts for item in found.items)


def test_a_model_with_several_outputs_is_refused(tmp_path: Path) -> None:
    """A classifier gives no order."""
    with pytest.raises(ModelFileError, match="gives 3 numbers for a pair"):
        CrossEncoderReranker(made(tmp_path / "three", labels=3), threads=1)


def test_a_folder_without_weights_is_one_line_of_error(tmp_path: Path) -> None:
    """A config alone is no model."""
    (tmp_path / "config.json").write_text(
        json.dumps({"model_type": "bert", "architectures": ["BertForSequenceClassification"]})
    )
    with pytest.raises(ModelFileError, match="has no weights") as caught:
        CrossEncoderReranker(str(tmp_path), threads=1)
    assert "\n" not in str(caught.value)
