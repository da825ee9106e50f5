"""The marks around every pack, by which ingest knows its own words when a transcript brings them back.

Text forms of a pack (markdown, XML, YAML as a comment, the content of a message) stand between ``PACK_SENTINEL_START``,
completed to an HTML comment by `start_sentinel`, and ``PACK_SENTINEL_END``. A JSON pack is an object whose first key is
``PACK_JSON_KEY``. Ingest drops all of these, a stray end mark included, so stored content never holds a mark and a pack
cannot be closed early by the text it quotes.
"""

from __future__ import annotations

PACK_SENTINEL_START = "<!-- elephantasm:pack"
"""How the opening mark begins; it may carry attributes and closes with ``-->``."""

PACK_SENTINEL_END = "<!-- /elephantasm:pack -->"

PACK_JSON_KEY = "elephantasm_pack"


def start_sentinel(label: str = "") -> str:
    """The opening mark, with ``label`` (a pack id, say) inside when given. ``label`` must not contain ``--``."""
    if "--" in label:
        raise ValueError("a sentinel label cannot contain '--': it would close the comment")
    return f"{PACK_SENTINEL_START} {label} -->" if label else f"{PACK_SENTINEL_START} -->"
