"""Counting tokens for a budget.

A budget is promised by the tokenizer it names. The bundled counter (`byte_pairs`) needs no vocabulary of the reader's
model; the path of any ``tokenizer.json`` counts exactly.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from elephantasm_cli.errors import ModelFileError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUNDLED = "bundled"
CACHED_LINES = 8192


class TokenCounter(Protocol):
    """Counts the tokens of a text for one tokenizer."""

    @property
    def name(self) -> str:
        """What a pack says it was measured by."""

    def count(self, text: str) -> int:
        """Tokens of the whole text."""

    def weigh(self, line: str) -> float:
        """The tokens that ``line`` and the line break after it add to a text; summed over lines it bounds `count`."""


class FileCounter:
    """Counts exactly with a ``tokenizer.json``."""

    def __init__(self, tokenizer: Tokenizer, name: str) -> None:
        self._tokenizer = tokenizer
        self.name = name
        self.weigh = lru_cache(maxsize=CACHED_LINES)(self._weigh)

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _weigh(self, line: str) -> float:
        return float(self.count(line + "\n"))


def load_counter(tokenizer: str = BUNDLED) -> TokenCounter:
    """The counter that the setting ``pack.tokenizer`` names: ``bundled``, or the path of a ``tokenizer.json``.

    Raises ModelFileError where the file cannot be read as one.
    """
    if tokenizer == BUNDLED:
        from elephantasm_cli.services.byte_pairs import bundled_counter

        return bundled_counter()
    path = Path(tokenizer).expanduser()
    try:
        from tokenizers import Tokenizer

        loaded = Tokenizer.from_file(str(path))
    except Exception as error:  # the tokenizers library raises bare Exception
        raise ModelFileError(
            f"{path} is not a tokenizer.json: `elephantasm config set pack.tokenizer` takes one's path, or 'bundled'"
        ) from error
    loaded.no_truncation()
    loaded.no_padding()
    return FileCounter(loaded, path.name if path.name != "tokenizer.json" else f"{path.parent.name}/{path.name}")
