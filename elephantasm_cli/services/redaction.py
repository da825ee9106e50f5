"""What never reaches the store: text marked private, and our own packs coming back inside a transcript.

Runs on every text before the first write (raw events are never changed afterwards). Each kind of removal is one step;
a new kind is one more function in ``_STEPS``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from elephantasm_cli.text.sentinel import PACK_JSON_KEY, PACK_SENTINEL_END, PACK_SENTINEL_START

PRIVATE = "private"
PACK = "pack"

_PRIVATE_TAG = re.compile(r"<(/?)private(?:\s[^<>]*)?>", re.IGNORECASE)
_PACK_MARK = re.compile(f"(?:# )?(?:{re.escape(PACK_SENTINEL_END)}|{re.escape(PACK_SENTINEL_START)}(?=[\\s>-]))")
_SPACE = r"(?:\s|\\+[nrt])*"
_QUOTE = r'\\*"'
_EMPTIED = (
    rf"\{{{_SPACE}{_QUOTE}role{_QUOTE}:{_SPACE}{_QUOTE}(?:system|user){_QUOTE},"
    rf"{_SPACE}{_QUOTE}content{_QUOTE}:{_SPACE}{_QUOTE}{_SPACE}{_QUOTE}{_SPACE}\}}"
)
_EMPTIED_MESSAGES = re.compile(rf"\[{_SPACE}{_EMPTIED}(?:,{_SPACE}{_EMPTIED})*{_SPACE}\]")
"""What is left of a pack in the form of chat messages when the packs inside them are gone."""
_PACK_OBJECT = re.compile(r"\{(?:\s|\\+[nrt])*\\*" + f'"{PACK_JSON_KEY}' + r'\\*"\s*:')
_DECODER = json.JSONDecoder()


class Redacted(NamedTuple):
    """A text with what had to go taken out; ``notes`` names each kind of removal once (empty: nothing was removed)."""

    text: str
    notes: tuple[str, ...]


def redact(text: str) -> Redacted:
    """``text`` without its private parts and without packs of ours.

    ``<private>…</private>`` goes with its tags, any case, nested or not; an unclosed one takes the rest of the text,
    since saying too little is the safer mistake. (A tag between backticks is talked about, not used.) The same holds
    for an unclosed pack.
    """
    if "<" not in text and PACK_JSON_KEY not in text:
        return Redacted(text, ())
    notes: list[str] = []
    for note, step in _STEPS:
        shorter = step(text)
        if shorter != text:
            notes.append(note)
            text = shorter
    return Redacted(text, tuple(notes))


def redact_value(value: Any) -> Any:
    """``value`` (JSON: metadata) with every text inside it redacted, keys too."""
    if isinstance(value, str):
        return redact(value).text
    if isinstance(value, dict):
        return {redact(key).text: redact_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact_value(item) for item in value]
    return value


def _drop_private(text: str) -> str:
    kept: list[str] = []
    depth = 0
    position = 0
    for tag in _PRIVATE_TAG.finditer(text):
        closing = bool(tag.group(1))
        mentioned = text[tag.start() - 1 : tag.start()] == "`" == text[tag.end() : tag.end() + 1]
        if mentioned or (closing and depth == 0):
            continue
        if depth == 0:
            kept.append(text[position : tag.start()])
        depth += -1 if closing else 1
        position = tag.end()
    if depth == 0:
        kept.append(text[position:])
    return "".join(kept)


def _drop_marked_packs(text: str) -> str:
    kept: list[str] = []
    inside = False
    position = 0
    for mark in _PACK_MARK.finditer(text):
        if not inside:
            kept.append(text[position : mark.start()])
        inside = not mark.group().endswith(PACK_SENTINEL_END)
        position = mark.end()
    if not inside:
        kept.append(text[position:])
    return _EMPTIED_MESSAGES.sub("", "".join(kept)) if position else text


def _drop_json_packs(text: str) -> str:
    kept: list[str] = []
    position = 0
    while found := _PACK_OBJECT.search(text, position):
        kept.append(text[position : found.start()])
        try:
            _, position = _DECODER.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            # Truncated, or escaped inside another JSON string: where it ends cannot be known.
            return "".join(kept)
    kept.append(text[position:])
    return "".join(kept)


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (PACK, _drop_marked_packs),
    (PACK, _drop_json_packs),
    (PRIVATE, _drop_private),
)
