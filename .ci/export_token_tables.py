#!/usr/bin/env python3
"""Makes the tables of the bundled token counter from the ranks of cl100k_base.

python .ci/export_token_tables.py cl100k_base.tiktoken [FOLDER]

Needs the package installed, nothing else. ``merges.bin``: little-endian 16-bit numbers, first the 256 bytes in order of
rank, then for every later rank the two that it joins. ``words.bin``: one byte for each entry of the embedding model's
vocabulary, two bits for each form of the word (`byte_pairs.forms`): its tokens, 0 where they are not bundled.
"""

import base64
import sys
from array import array
from pathlib import Path

from elephantasm_cli.services.byte_pairs import ASSETS, MERGES, count_joined, counts_words, forms, word_vocabulary


def read_ranks(path: Path) -> dict[bytes, int]:
    """The ranks of a ``.tiktoken`` file: lines of a token in base64 and its rank."""
    return {base64.b64decode(token): int(rank) for token, rank in map(str.split, path.read_text().splitlines())}


def halves(token: bytes, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The two tokens that ``token`` was joined from: what the ranks below its own leave of it."""
    parts = [token[at : at + 1] for at in range(len(token))]
    while len(parts) > 2:
        _, at = min((ranks.get(parts[at] + parts[at + 1], len(ranks)), at) for at in range(len(parts) - 1))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts[0], parts[1]


def merges(ranks: dict[bytes, int]) -> bytes:
    """The bytes of ``merges.bin``."""
    tokens = sorted(ranks, key=ranks.__getitem__)[:MERGES]
    numbers = array("H", (token[0] for token in tokens[:256]))
    for token in tokens[256:]:
        numbers.extend(ranks[half] for half in halves(token, ranks))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def words(ranks: dict[bytes, int]) -> bytes:
    """The bytes of ``words.bin``."""
    packed = bytearray()
    vocabulary = word_vocabulary()
    for word in sorted(vocabulary, key=vocabulary.__getitem__):
        counts = [count_joined(form.encode(), ranks) if counts_words(word) else 0 for form in forms(word)]
        packed.append(sum(count << 2 * at for at, count in enumerate(counts) if count <= 3))
    return bytes(packed)


def main(source: str, folder: str = str(ASSETS)) -> None:
    ranks = read_ranks(Path(source))
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, content in (("merges.bin", merges(ranks)), ("words.bin", words(ranks))):
        (Path(folder) / name).write_bytes(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
