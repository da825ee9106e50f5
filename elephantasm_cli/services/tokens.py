"""Counting tokens for a budget.

A budget is promised by the tokenizer it names. The bundled counter needs no vocabulary of the reader's model: it walks
the text in the pieces into which byte-pair tokenizers cut it first (words with the space before them, contractions,
digits by threes, runs of signs) and bounds each piece, words by the WordPiece vocabulary of the embedding model. It is
meant as an upper bound of cl100k_base and its successors. The path of any ``tokenizer.json`` counts exactly.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from elephantasm_cli.errors import ModelFileError
from elephantasm_cli.text.words import CJK_RANGES

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUNDLED = "bundled"
SAFETY = 1.03
"""WordPiece is now and then a token below byte-pair on a rare word; over a few lines this more than covers it."""
UNSPACED = 5
"""A word of this many letters that no space precedes (a name at a line's start) is often a token more."""
CACHED_LINES = 8192
CACHED_WORDS = 65536
LONGEST_WORD = 64
"""Longer runs of letters are not words: they are counted by humps of at most three letters."""


class TokenCounter(Protocol):
    """Counts the tokens of a text for one tokenizer."""

    @property
    def name(self) -> str:
        """What a pack says it was measured by."""

    def count(self, text: str) -> int:
        """Tokens of the whole text."""

    def weigh(self, line: str) -> float:
        """The tokens that ``line`` and the line break after it add to a text; their sum over lines bounds `count`."""


_PIECE = re.compile(
    r"(?P<contraction>'(?:[sdmt]|ll|ve|re)(?![^\W\d_]))"
    r"|(?P<lead>[^\r\n\w]|_)?(?P<word>[^\W\d_]+)"
    r"|(?P<digits>\d{1,3})"
    r"|(?P<signs> ?(?:[^\s\w]|_)+)(?P<ends>[\r\n]*)"
    r"|(?P<space>\s+)",
    re.IGNORECASE,
)
_HUMP = re.compile(r"[A-Z]{1,2}(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
_LONG_HUMP = re.compile(r"[A-Z]{1,2}(?![a-z])|[A-Z]?[a-z]{1,2}|[A-Z]")
_CASED = re.compile(r"[A-Z]?[a-z]+|[A-Z]")
_SAME_RUN = re.compile(r"(.)\1*", re.DOTALL)
_SINGLE = frozenset("’‘“”–—…•·→°×é")
"""Characters beyond ASCII that are one token wherever they stand."""
_CLUSTER_LIST = r"""
    <!-- --> -> => == != <= >= += -= || && // /* */ :: ... --- === *** ** ]( )) )( ), ). ); ): "], "}, }, ", ". ": ', '.
    ?! !! !) ?) .) .. ]] [[ {{ }} ${ () [] {} "" '' </ /> ++ -- __
"""
_CLUSTERS = frozenset(_CLUSTER_LIST.split())
"""Signs that byte-pair vocabularies keep together."""
_IDEOGRAPH = re.compile(f"[{CJK_RANGES}]")


class BundledCounter:
    """The upper bound described above; ``vocabulary`` counts the WordPiece tokens of one lower-case ASCII word."""

    name = BUNDLED

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._word = lru_cache(maxsize=CACHED_WORDS)(self._count_word)
        self.weigh = lru_cache(maxsize=CACHED_LINES)(self._weigh)

    def count(self, text: str) -> int:
        lines = text.split("\n")
        return math.ceil(round(math.fsum(map(self.weigh, lines[:-1])) + self._weigh(lines[-1], break_after=False), 6))

    def _weigh(self, line: str, break_after: bool = True) -> float:
        return SAFETY * sum(map(self._weigh_piece, _PIECE.finditer(line + "\n" if break_after else line)))

    def _weigh_piece(self, piece: re.Match[str]) -> int:
        kind = piece.lastgroup
        if kind == "word":
            lead = piece["lead"]
            cost = self._word(piece["word"])
            if lead is None:
                return cost + (1 if len(piece["word"]) >= UNSPACED else 0)
            return cost + (0 if lead == " " else _sign_cost(lead))
        if kind == "ends":
            signs = piece["signs"].removeprefix(" ")
            cost = 1 if signs in _CLUSTERS else sum(_run_cost(run.group()) for run in _SAME_RUN.finditer(signs))
            return cost + (1 if piece["ends"] and (len(signs) > 1 or not signs.isascii()) else 0)
        if kind == "space":
            return _space_cost(piece)
        return 1

    def _count_word(self, word: str) -> int:
        if not word.isascii():
            return _foreign_word(word)
        if len(word) > LONGEST_WORD:
            return sum(1 for _ in _LONG_HUMP.finditer(word))
        if _CASED.fullmatch(word):
            return self._vocabulary(word.lower())
        return sum(self._vocabulary(hump.lower()) for hump in _HUMP.findall(word))

    def _vocabulary(self, word: str) -> int:
        if self._tokenizer.token_to_id(word) is not None:
            return 1
        encoding = self._tokenizer.encode(word, add_special_tokens=False)
        return min(len(word), len(encoding.ids)) if "[UNK]" not in encoding.tokens else len(word)


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
        return _bundled()
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


@lru_cache(maxsize=1)
def _bundled() -> BundledCounter:
    from elephantasm_cli.services.embedding import load_tokenizer

    return BundledCounter(load_tokenizer())


def _foreign_word(word: str) -> int:
    """A word with letters beyond ASCII: a token a letter where common, else by UTF-8 bytes."""
    total = 0
    for char in word:
        if char.isascii():
            total += 1
        elif _IDEOGRAPH.match(char):
            total += 2 if "\u3041" <= char <= "\u30fa" else 3
        else:
            total += 1 if char < "\u0250" or "\u0391" <= char <= "\u045f" else len(char.encode())
    return total


def _run_cost(run: str) -> int:
    """The same sign, once or several times in a row."""
    if run[0].isascii():
        return 1 + (len(run) - 1) // 16
    return _sign_cost(run[0]) * len(run)


def _sign_cost(sign: str) -> int:
    """One sign: its UTF-8 bytes, at most three (the first two bytes of a four-byte sign are one token)."""
    if sign.isascii() or sign in _SINGLE:
        return 1
    return min(3, len(sign.encode()))


def _space_cost(piece: re.Match[str]) -> int:
    """A run of white space: its line breaks and what indents; the last space goes with the word that follows."""
    text = piece.group()
    following = piece.string[piece.end() : piece.end() + 1]
    breaks = text.count("\n") + text.count("\r") + text.count("\u2028")
    tail = len(text) - max(text.rfind("\n"), text.rfind("\r")) - 1
    spare = 1 if following and not following.isdigit() and text[-1] == " " else 0
    return breaks + (1 + (tail - spare - 1) // 16 if tail - spare > 0 else 0) + (len(text.encode()) - len(text))
