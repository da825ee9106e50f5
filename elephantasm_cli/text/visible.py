"""Text from outside, made safe to look at: what a terminal would obey is shown as an escape instead."""

from __future__ import annotations

import re

JOINERS = "\u200c\u200d\u00ad"
"""Format characters that scripts, emoji and hyphenation need, and that no terminal obeys."""
KEPT_LAYOUT = "\n\t"


def visible(text: str, *, keep_layout: bool = False) -> str:
    """``text`` with every control, bidirectional and other invisible character written as ``\\x1b`` or ``\\u202e``.

    With ``keep_layout`` line ends and tabs stay as they are. Letters, marks, emoji and spaces are never touched.
    """
    if text.isprintable():
        return text
    kept = JOINERS + KEPT_LAYOUT if keep_layout else JOINERS
    return "".join(character if character in kept or _shows(character) else _escape(character) for character in text)


def one_line(text: str) -> str:
    """``text`` on one line: runs of white space become one space, the rest is as in `visible`."""
    return visible(" ".join(text.split()))


def visible_json(document: str) -> str:
    """A JSON document with the same characters as JSON escapes: it parses to the same values and is safe to look at."""
    return document if document.isprintable() else UNSHOWN_IN_JSON.sub(_json_escape, document)


def _shows(character: str) -> bool:
    """Printable, a kind of space, private use or not assigned yet: nothing that Unicode calls control or format."""
    import unicodedata

    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


UNSHOWN_IN_JSON = re.compile(
    "[\x7f-\x9f\u061c\u070f\u08e2\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000110bd\U000110cd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
"""What `visible` escapes and ``json.dumps`` does not (which sees to the characters below U+0020)."""


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
