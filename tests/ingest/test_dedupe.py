"""The keys by which events are known again."""

from __future__ import annotations

import pytest

from elephantasm_cli.ingest.dedupe import DedupeKeys


def test_keys_are_part_of_the_file_format():
    """These very texts are in people's files: changing one would bring every old event in again."""
    keys = DedupeKeys("jsonl")
    assert keys.by_id("s1", "m1", 0) == "id:919552f4b41cb292fa5171125f55a2c7"
    assert (
        keys.by_content("s1", "user", "2024-05-01T10:00:00.000000Z", "héllo") == "text:d32b397ffedc47b3fab5e3f401afd92b"
    )
    assert (
        keys.by_content("s1", "user", "2024-05-01T10:00:00.000000Z", "héllo") == "text:e6322ca45a5e2c55aff79bb8d14fb2bc"
    )


@pytest.mark.parametrize("other", [("s", "m1", 0), ("s1", "m", 0), ("s1", "m1", 1), ("s1m", "1", 0), ("s12:m1", "", 0)])
def test_different_messages_have_different_keys(other):
    """No two lists of parts run together."""
    assert DedupeKeys("jsonl").by_id(*other) != DedupeKeys("jsonl").by_id("s1", "m1", 0)


def test_the_format_is_part_of_an_ids_key():
    """Ids are only unique within what made them."""
    assert DedupeKeys("jsonl").by_id("s", "m", 0) != DedupeKeys("claude-code").by_id("s", "m", 0)


def test_equals_are_counted_per_session():
    """The same words in another session start at one."""
    keys = DedupeKeys("text")
    first = keys.by_content("a", "user", None, "ok")
    assert keys.by_content("b", "user", None, "ok") != first
    assert keys.by_content("a", "user", None, "ok") != first
    assert DedupeKeys("text").by_content("a", "user", None, "ok") == first
