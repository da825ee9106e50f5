"""Typed ids and the canonical form that every hash is taken over.

An id is a prefix that names the layer, then 20 characters of lower-case base32 over BLAKE2b (100 bits). It is derived
from what the row is born of, so making the same row twice makes it once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable
from typing import Any

from elephantasm_cli.vocabulary import Layer

ID_CHARACTERS = 20

EVENT = "evt_"
MEMORY = "mem_"
LESSON = "les_"
KNOWLEDGE = "kno_"
IDENTITY = "idn_"
PACK = "pck_"
DREAM = "drm_"
TRANSFORMATION = "tfm_"
AGENT = "agt_"
ACT = "act_"

LAYER_PREFIX: dict[Layer, str] = {
    Layer.EVENT: EVENT,
    Layer.MEMORY: MEMORY,
    Layer.LESSON: LESSON,
    Layer.KNOWLEDGE: KNOWLEDGE,
    Layer.IDENTITY: IDENTITY,
}
PREFIX_LAYER: dict[str, Layer] = {prefix: layer for layer, prefix in LAYER_PREFIX.items()}


def canonical_json(value: Any) -> str:
    """The one JSON text of ``value``: keys sorted, no spaces, UTF-8 unescaped.

    Part of the file format: changing it changes every hash. Raises ValueError for NaN and infinities.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_text(text: str) -> str:
    """Hex SHA-256 of ``text`` in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def derive_id(prefix: str, *parts: object) -> str:
    """``prefix`` + 20 base32 characters of BLAKE2b over the canonical JSON of ``parts``."""
    digest = hashlib.blake2b(canonical_json(list(parts)).encode("utf-8"), digest_size=13).digest()
    return prefix + base64.b32encode(digest).decode("ascii").lower()[:ID_CHARACTERS]


def random_id(prefix: str) -> str:
    """``prefix`` + 20 random base32 characters."""
    return derive_id(prefix, secrets.token_hex(16))


def event_id(agent_id: str, dedupe_key: str) -> str:
    return derive_id(EVENT, agent_id, dedupe_key)


def derived_id(layer: Layer, kind: str, source_ids: Iterable[str], content: str, *extra: object) -> str:
    """The id of a derived row, from its birth: kind, sorted source ids, content (identity adds its version)."""
    return derive_id(LAYER_PREFIX[layer], kind, sorted(set(source_ids)), content, *extra)


def layer_of(item_id: str) -> Layer | None:
    """The layer an id (or the beginning of one, prefix included) belongs to; None for packs, dreams and acts."""
    return PREFIX_LAYER.get(item_id[:4])
