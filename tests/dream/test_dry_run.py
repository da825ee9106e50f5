"""A dry run says what the run then does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from elephantasm_cli.config import DreamSettings
from elephantasm_cli.dream.run import DreamOptions, dream_dry
from elephantasm_cli.store.store import open_store

_spec = importlib.util.spec_from_file_location("interrupted", Path(__file__).parents[1] / "fault" / "interrupted.py")
history = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(history)
PASSING = {"created_at", "updated_at", "salt", "before_sha256", "after_sha256", "chain_sha256"}


def said(entries):
    """Log entries without times, and without the salt and what is hashed with it."""

    def kept(value):
        if isinstance(value, dict):
            return {name: kept(inner) for name, inner in value.items() if name not in PASSING}
        return value

    return [kept(entry) for entry in entries]


def dry(store, model, embedder, settings):
    return dream_dry(
        store,
        DreamOptions(settings=settings, force=True),
        embedder=lambda: embedder,
        language_model=lambda: model,
        lock=None,
    )


@pytest.mark.parametrize("model", [None, history.RuleModel()], ids=["no-llm", "model"])
def test_dry_run_prints_the_transformations_that_the_run_makes(store, dreaming, model):
    """Types, targets, rows, reasons, lineage and every id, dream by dream over a history; the file stays as it was."""
    for made, drafts in enumerate(history.parts()):
        with store.transaction():
            store.events.add(drafts)
        before = store.log.newest_seq()
        foretold = dry(store, model, history.shared.WordEmbedder(), history.SETTINGS)
        assert store.log.newest_seq() == before
        assert len(store.dreams.listed()) == made
        report = dreaming(model, settings=history.SETTINGS)
        happened = [entry for entry in store.log.listed() if entry["seq"] > before]
        assert happened
        assert said(foretold.transformations) == said(happened)
        assert foretold.dream_id == report.dream_id
        assert [job.rejected_outputs for job in foretold.jobs] == [job.rejected_outputs for job in report.jobs]
    types = {entry["transformation_type"] for entry in store.log.listed()}
    assert {"reflection", "merge", "supersede", "promotion", "consolidation", "aggregation"} <= types


def test_dry_run_on_a_read_only_file(path, store, say):
    """Nothing is written beside the copy."""
    say("I prefer plain SQL over an ORM for reports.")
    with open_store(path, read_only=True) as reader:
        report = dry(reader, None, history.shared.WordEmbedder(), DreamSettings())
    assert [entry["transformation_type"] for entry in report.transformations][:1] == ["reflection"]
    assert list(store.derived.counts()["memory"]) == []
