"""Characters that no store should hold: NUL and lone surrogates, replaced by U+FFFD and noted."""

from __future__ import annotations

import math
import re
from typing import Any

NUL = "nul"
SURROGATE = "surrogate"
MAX_DEPTH = 64

_REPLACEMENT = "\ufffd"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` as valid Unicode without NUL, and what had to be replaced."""
    notes: tuple[str, ...] = ()
    if "\x00" in text:
        text = text.replace("\x00", _REPLACEMENT)
        notes = (NUL,)
    if not text.isascii() and _LONE_SURROGATE.search(text):
        text = _LONE_SURROGATE.sub(_REPLACEMENT, text)
        notes = (*notes, SURROGATE)
    return text, notes


def clean_value(value: Any, depth: int = 0) -> Any:
    """``value`` (JSON) with every text cleaned, NaN and infinities as text. Raises ValueError if nested too deeply."""
    if isinstance(value, str):
        return clean_text(value)[0]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if depth > MAX_DEPTH:
        raise ValueError(f"metadata is nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        return {clean_text(key)[0]: clean_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_value(item, depth + 1) for item in value]
    return value
