"""The bundled token counter: an upper bound of cl100k_base, near it for English, with a third of its vocabulary.

A byte-pair tokenizer cuts a text into pieces (words with the space before them, contractions, digits by threes, runs of
signs, white space) and joins the bytes of each, always the pair of lowest rank first. Two things are bundled:

- the first `MERGES` of its 100,000 ranks. They are all done before any later one, and every later one makes the piece a
  token shorter, so what they leave is never less than the true count, whatever the bytes.
- the true count, where it is at most three, of every word of the embedding model's vocabulary in four forms: with and
  without a space before it, in lower case and with a capital. Ordinary English is therefore counted exactly.

Vocabularies that begin with the same merges are bounded in the same way; docs/recall.md has figures for others.
"""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from functools import lru_cache
from heapq import heapify, heappop, heappush
from pathlib import Path
from sys import byteorder

from elephantasm_cli.services.embedding import ASSETS as MODEL

ASSETS = Path(__file__).parents[1] / "assets" / "cl100k_base"
MERGES = 32_000
ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ly")
CACHED_PIECES = 65_536
CACHED_LINES = 8_192

LETTER, NUMBER, SPACE, SIGN = "\u00aa\u00b2\u00a0\u00a1"
"""What a character beyond ASCII is, for cutting; each is one of its own kind."""
_WHITE = f"[ \\t\\n\\v\\f\\r{SPACE}]"
_PIECE = re.compile(
    rf"'(?:[sdmtSDMT\u017f]|[lL][lL]|[vV][eE]|[rR][eE])"
    rf"|[^\r\nA-Za-z\u017f{LETTER}0-9{NUMBER}]?[A-Za-z\u017f{LETTER}]+"
    rf"|[0-9{NUMBER}]{{1,3}}"
    rf"| ?[^ \t\n\v\f\r{SPACE}A-Za-z\u017f{LETTER}0-9{NUMBER}]+[\r\n]*"
    rf"|{_WHITE}+\Z"
    rf"|{_WHITE}*[\r\n]"
    rf"|{_WHITE}+(?={_WHITE})"
    rf"|{_WHITE}"
)


class _Shape(dict[int, str]):
    """What `str.translate` makes of a text before it is cut: ASCII stays, everything else becomes its kind."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)[0]
        shape = {"L": LETTER, "N": NUMBER}.get(kind, SPACE if char == "\u0085" or kind == "Z" else SIGN)
        if code < 128 or char == "\u017f":  # the long s passes for an s in a contraction
            shape = char
        self[code] = shape
        return shape


_SHAPE = _Shape()


def pieces(text: str) -> list[str]:
    """``text`` as a byte-pair tokenizer cuts it before it joins any bytes."""
    if text.isascii():
        return _PIECE.findall(text)
    return [text[found.start() : found.end()] for found in _PIECE.finditer(text.translate(_SHAPE))]


class BundledCounter:
    """Counts by the bundled ranks and words. The weights of lines add up to the count of their text, or a bit more."""

    name = "bundled"

    def __init__(self, ranks: dict[bytes, int], vocabulary: dict[str, int], words: bytes) -> None:
        self._ranks = ranks
        self._vocabulary = vocabulary
        self._words = words
        self._piece = lru_cache(maxsize=CACHED_PIECES)(self._count_piece)
        self.weigh = lru_cache(maxsize=CACHED_LINES)(self._weigh)

    def count(self, text: str) -> int:
        return sum(map(self._piece, pieces(text)))

    def _weigh(self, line: str) -> float:
        return float(self.count(line + "\n"))

    def _count_piece(self, piece: str) -> int:
        return self._known(piece) or count_joined(piece.encode("utf-8", "surrogatepass"), self._ranks)

    def _known(self, piece: str) -> int:
        """The bundled count of a word, 0 for all else."""
        word = piece.removeprefix(" ").lower()
        at = self._vocabulary.get(word)
        if at is None or piece not in (shapes := forms(word)):
            return 0
        return self._words[at] >> 2 * shapes.index(piece) & 3


def count_joined(piece: bytes, ranks: dict[bytes, int]) -> int:
    """How many tokens are left of ``piece`` when every pair with a rank is joined, the lowest (then leftmost) first."""
    if piece in ranks:
        return 1
    size = len(piece)
    end_of = list(range(1, size + 1))  # where the token that starts here ends; 0 once it is part of another
    start_of = list(range(-1, size))  # where the token that ends here starts
    pairs = [(ranks[pair], at, at + 2) for at in range(size - 1) if (pair := piece[at : at + 2]) in ranks]
    heapify(pairs)
    left = size
    while pairs:
        _, start, end = heappop(pairs)
        middle = end_of[start]
        if not middle or middle >= size or end_of[middle] != end:
            continue  # one of the two has been joined to something else since
        end_of[start], end_of[middle], start_of[end] = end, 0, start
        left -= 1
        if end < size and (rank := ranks.get(piece[start : end_of[end]])) is not None:
            heappush(pairs, (rank, start, end_of[end]))
        if start and (rank := ranks.get(piece[start_of[start] : end])) is not None:
            heappush(pairs, (rank, start_of[start], end))
    return left


def forms(word: str) -> tuple[str, str, str, str]:
    """The forms of a word whose counts are bundled, in the order of their bits."""
    return (f" {word}", f" {word.capitalize()}", word, word.capitalize())


@lru_cache(maxsize=1)
def word_vocabulary() -> dict[str, int]:
    """The vocabulary of the embedding model with its ids, by which the counts of words are bundled."""
    vocabulary: dict[str, int] = json.loads((MODEL / "tokenizer.json").read_bytes())["model"]["vocab"]
    return vocabulary


def is_ordinary(word: str) -> bool:
    """Whether a word in lower case is ordinary English: in the vocabulary, or made of one there by an ending."""
    vocabulary = word_vocabulary()
    return word in vocabulary or any(word.endswith(end) and word.removesuffix(end) in vocabulary for end in ENDINGS)


def counts_words(word: str) -> bool:
    """Whether the counts of this entry of the vocabulary are bundled: whole words of ASCII letters."""
    return word.isascii() and word.isalpha()


@lru_cache(maxsize=1)
def bundled_counter() -> BundledCounter:
    """The counter over the bundled tables (about 20 ms to load, once)."""
    merges = array("H", (ASSETS / "merges.bin").read_bytes())
    if byteorder == "big":
        merges.byteswap()
    tokens = [bytes([byte]) for byte in merges[:256]]
    halves = iter(merges[256:])
    tokens.extend(tokens[left] + tokens[right] for left, right in zip(halves, halves, strict=True))
    ranks = {token: rank for rank, token in enumerate(tokens)}
    return BundledCounter(ranks, word_vocabulary(), (ASSETS / "words.bin").read_bytes())
