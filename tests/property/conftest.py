"""cl100k_base itself, which the project does not carry: what the bundled counter is measured against."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "ELEPHANTASM_CL100K"
PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)


@pytest.fixture(scope="session")
def cl100k_file():
    """The vocabulary's file, named by an environment variable."""
    path = os.environ.get(VARIABLE)
    if not path:
        pytest.skip(f"set {VARIABLE} to the path of cl100k_base.tiktoken")
    return Path(path)


@pytest.fixture(scope="session")
def cl100k(cl100k_file):
    """The tokens of a text in cl100k_base, exactly."""
    tiktoken = pytest.importorskip("tiktoken", reason="needs tiktoken (pip install tiktoken)")
    from tiktoken.load import load_tiktoken_bpe

    encoding = tiktoken.Encoding(
        "cl100k_base",
        pat_str=PATTERN,
        mergeable_ranks=load_tiktoken_bpe(str(cl100k_file)),
        special_tokens={"<|endoftext|>": 100257},
    )
    return lambda text: len(encoding.encode_ordinary(text))
