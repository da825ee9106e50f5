"""The bundled counter is an upper bound of cl100k_base, and a close one."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import elephantasm_cli
from elephantasm_cli.pack.render import date_line, frame, listed_line, said_line
from elephantasm_cli.services.byte_pairs import ASSETS
from elephantasm_cli.services.tokens import load_counter

CASES = 10_000 if os.environ.get("ELEPHANTASM_LONG") == "1" else 300
REPOSITORY = Path(elephantasm_cli.__file__).parents[1]

ENGLISH = [
    "I",
    "we've",
    "it's",
    "They'LL",
    "don't",
    "Yesterday",
    "togetherness",
    "LGBTQ",
    "congrats",
    "o'clock",
    "co-op",
]
NAMES = ["Evan", "Melanie", "Łukasz", "Þórdís", "Nguyễn", "佐藤", "Владислав", "Oğuz", "Ngozi", "d'Artagnan", "O’Brien"]
CODE = [
    "def __init__(self):",
    "x['a']=={}",
    "!== */ ////",
    "#include<stdio.h>",
    "return;}}",
    "f'{i:>3}'",
    "camelCase_ABC",
]
PATHS = ["/usr/lib/python3.11/site-packages", "C:\\Users\\ada\\x.txt", "https://example.org/a?b=c&d=%20", "./a-b_c.d"]
EMOJI = ["🎉", "👩‍👩‍👧‍👦", "🙏🏽", "❤️", "🏳️‍🌈", "🇫🇷", "\u200d", "\ufe0f", "☕", "…", "—"]
SCRIPTS = [
    "周末去爬山",
    "エレベーター",
    "저는",
    "Привет",
    "مرحبا",
    "नमस्ते",
    "สวัสดี",
    "ሰላም",
    "שלום",
    "Ⅷ",
    "½",
    "٣",
    "ſ",
    "ß",
    "İ",
]
BREAKS = ["\n", "\n\n", "\r\n", " ", "  ", "\t", "\u3000", "\u2028", "\u00a0", "\u0085", "\x1c", ""]
WORDS = st.one_of(
    *map(st.sampled_from, (ENGLISH, NAMES, CODE, PATHS, EMOJI, SCRIPTS)),
    st.integers(0, 10**12).map(str),
    st.binary(max_size=24).map(bytes.hex),
    st.binary(max_size=24).map(lambda raw: base64.b64encode(raw).decode()),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=14),
    st.text(max_size=8),
)
MIXED = st.lists(st.tuples(WORDS, st.sampled_from(BREAKS)), max_size=30).map(lambda parts: "".join(sum(parts, ())))
LINES = st.one_of(
    st.builds(said_line, st.sampled_from(NAMES), MIXED),
    st.builds(listed_line, MIXED),
    st.dates().map(lambda day: date_line(f"{day.day} May {day.year}")),
)
PACKS = st.lists(LINES, max_size=12).map(lambda lines: "\n".join([frame()[0], *lines, frame()[1]]) + "\n")


@pytest.fixture(scope="module")
def counter():
    return load_counter()


@settings(max_examples=CASES, deadline=None)
@given(st.one_of(st.text(max_size=120), MIXED, PACKS))
def test_no_text_has_more_tokens_than_are_counted(counter, cl100k, text):
    """Words of many scripts, code, paths, hashes, emoji joined and alone, white space of every kind."""
    assert counter.count(text) >= cl100k(text)


@settings(max_examples=CASES // 5, deadline=None)
@given(PACKS)
def test_the_lines_of_a_pack_weigh_no_less_than_the_whole(counter, text):
    """A ledger that adds up lines never spends more than it knows."""
    assert sum(map(counter.weigh, text.split("\n")[:-1])) >= counter.count(text)


@pytest.mark.parametrize("path", ["README.md", "docs/recall.md", "docs/architecture.md", "elephantasm_cli/agent.py"])
def test_real_text_is_counted_closely(counter, cl100k, path):
    """Markdown with tables and code come within a tenth."""
    text = (REPOSITORY / path).read_text(encoding="utf-8")
    assert cl100k(text) <= counter.count(text) <= 1.10 * cl100k(text)


def test_dialogue_about_code_is_counted_closely(counter, cl100k, history):
    """The bundled history, as it was said: technical, and full of names that no vocabulary holds."""
    records = map(json.loads, history.read_text(encoding="utf-8").splitlines())
    text = "\n".join(said_line(record.get("author", ""), record["content"]) for record in records)
    assert cl100k(text) <= counter.count(text) <= 1.07 * cl100k(text)


@pytest.mark.parametrize("seed", range(3))
def test_hashes_are_counted_closely(counter, cl100k, seed):
    """In hex within a tenth, in base64 within a fifth."""
    digest = hashlib.sha512(bytes([seed])).digest()
    spelt = base64.b64encode(random.Random(seed).randbytes(300)).decode()
    assert cl100k(digest.hex()) <= counter.count(digest.hex()) <= 1.1 * cl100k(digest.hex())
    assert cl100k(spelt) <= counter.count(spelt) <= 1.2 * cl100k(spelt)


def test_the_bundled_tables_are_made_from_the_vocabulary(cl100k_file, tmp_path):
    """Byte for byte, by the script beside the project."""
    script = REPOSITORY / ".ci" / "export_token_tables.py"
    subprocess.run([sys.executable, str(script), str(cl100k_file), str(tmp_path)], check=True)
    for name in ("merges.bin", "words.bin"):
        assert (tmp_path / name).read_bytes() == (ASSETS / name).read_bytes()
