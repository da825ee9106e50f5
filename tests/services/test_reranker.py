"""Loading a reranker, as far as it goes without the extra."""

from __future__ import annotations

import json
import sys

import pytest

from elephantasm_cli.errors import EngineError, ModelFileError
from elephantasm_cli.services.reranker import load_reranker


def config(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(text, encoding="utf-8")
    return str(folder)


def test_no_setting_is_no_reranker():
    """An empty name loads nothing."""
    assert load_reranker("") is None


def test_a_folder_that_is_not_there_is_one_line_of_error(tmp_path):
    """The message names the folder and the setting."""
    with pytest.raises(ModelFileError, match=r"nowhere has no config\.json.*pack\.reranker") as caught:
        load_reranker(str(tmp_path / "nowhere"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["{not json", "[]", '{"architectures": null}', "{}"])
def test_a_config_that_says_nothing_is_an_error(tmp_path, text):
    """Broken JSON, another shape, or no architecture."""
    with pytest.raises(ModelFileError, match="does not say what model it is"):
        load_reranker(config(tmp_path / "model", text))


def test_an_embedding_model_is_refused(tmp_path):
    """Its head for pairs would be made up of random numbers."""
    folder = config(tmp_path / "model", json.dumps({"architectures": ["BertModel"]}))
    with pytest.raises(ModelFileError, match="holds BertModel, which scores no pairs"):
        load_reranker(folder)


def test_without_the_extra_the_message_says_what_to_install(tmp_path, monkeypatch):
    """A folder that looks right needs the library."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    folder = config(tmp_path / "model", json.dumps({"architectures": ["BertForSequenceClassification"]}))
    with pytest.raises(EngineError, match=r"pip install 'elephantasm-cli\[sentence-transformers\]'"):
        load_reranker(folder)
