"""The two hash chains, and the columns beside them that never change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from elephantasm_cli.ids import canonical_json, layer_of, sha256_text
from elephantasm_cli.lineage.faults import Fault
from elephantasm_cli.store.events import CHAIN_START, DEFAULT_IMPORTANCE, link, row_hash
from elephantasm_cli.store.log import chained_hash, snapshot_hash, statement_hash
from elephantasm_cli.store.tips import tip
from elephantasm_cli.vocabulary import TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

INVALID = object()
"""What stands where JSON should."""
MISSING = "{0} {1} is missing before it: it is {0} {2}"
BROKEN = "the chain breaks here: {} before it was changed, added or removed"


def check_events(store: Store) -> Iterator[Fault | int]:
    """Every event's words, row hash and place in the chain, and that none is missing at the end."""
    chain, place = CHAIN_START, 0
    forgotten = store.erasure.forgotten()
    for row in store.events.chain_rows():
        place += 1
        if row["seq"] != place:
            yield Fault("events", row["id"], MISSING.format("event", place, row["seq"]))
            place = row["seq"]
        if not row["salt"]:
            if row["id"] not in forgotten or not _is_shell(row):
                yield Fault("events", row["id"], "its words are gone, and no act has forgotten it")
        elif sha256_text(row["content"]) != row["content_sha256"]:
            yield Fault("events", row["id"], "its content is not what was ingested")
        elif row_hash(row) != row["row_sha256"] or not _is_untouched(row):
            yield Fault("events", row["id"], "one of its columns is not what was ingested")
        chain = link(chain, row["row_sha256"])
        if chain != row["chain_sha256"]:
            yield Fault("events", row["id"], BROKEN.format("a row"))
            chain = row["chain_sha256"]
        yield 1
    yield from _check_tip(store, "events", place, chain)


def _is_untouched(row: Mapping[str, Any]) -> bool:
    """Whether the columns that no hash covers are as they were made."""
    return bool(
        row["recorded_at"] == row["created_at"] == row["updated_at"]
        and row["importance_score"] == DEFAULT_IMPORTANCE
        and row["is_deleted"] == 0
    )


def _is_shell(row: Mapping[str, Any]) -> bool:
    """Whether a forgotten event is what forgetting leaves of one."""
    blank = ("session_id", "role", "author", "content", "content_sha256", "source")
    return bool(
        all(row[column] == "" for column in blank)
        and row["recorded_at"] == row["occurred_at"] == row["created_at"] == row["updated_at"]
        and (row["event_type"], row["trust"], row["metadata"]) == ("observation", "import", "{}")
        and (row["importance_score"], row["token_count"]) == (DEFAULT_IMPORTANCE, 0)
        and row["dedupe_key"] == f"forgotten:{row['id']}"
        and row["is_deleted"] == 1
    )


def check_log(store: Store) -> Iterator[Fault | int]:
    """Every transformation's hashes and place in the chain, and that none is missing at the end."""
    chain, place = CHAIN_START, 0
    edges = store.log.raw_edges()
    forgetting = {row["act_id"] for row in store.log.raw() if row["transformation_type"] == TransformationType.FORGET}
    for row in store.log.raw():
        place += 1
        if row["seq"] != place:
            yield Fault("log", row["id"], MISSING.format("entry", place, row["seq"]))
            place = row["seq"]
        if row["updated_at"] != row["created_at"] or row["is_deleted"] != 0:
            yield Fault("log", row["id"], "it was changed after it was logged")
        if not row["salt"]:
            if not _is_blank(row, forgetting):
                yield Fault("log", row["id"], "its words are gone, and no act has forgotten it")
        elif not _says_what_was_logged(row, edges.get(row["id"], [])):
            yield Fault("log", row["id"], "what it says is not what was logged")
        chain = link(chain, chained_hash(row))
        if chain != row["chain_sha256"]:
            yield Fault("log", row["id"], BROKEN.format("an entry"))
            chain = row["chain_sha256"]
        yield 1
    yield from _check_tip(store, "log", place, chain)


def _says_what_was_logged(row: Mapping[str, Any], edges: list[list[Any]]) -> bool:
    before, after, parameters = (parsed(row[column]) for column in ("before", "after", "parameters"))
    if INVALID in (before, after) or not isinstance(parameters, dict) or row["metadata"] != "{}":
        return False
    said = statement_hash(row["salt"], after, row["reasoning"], parameters, edges)
    written = all(
        row[column] is None or row[column] == canonical_json(value)
        for column, value in (("before", before), ("after", after), ("parameters", parameters))
    )
    return written and snapshot_hash(row["salt"], before) == row["before_sha256"] and said == row["after_sha256"]


def _is_blank(row: Mapping[str, Any], forgetting: set[str]) -> bool:
    """Whether an entry is what forgetting leaves of one."""
    metadata = parsed(row["metadata"])
    return bool(
        (row["before"], row["after"], row["reasoning"], row["parameters"]) == (None, None, "", "{}")
        and isinstance(metadata, dict)
        and metadata.keys() == {"forgotten_by"}
        and metadata["forgotten_by"] in forgetting
    )


def edge_fits(edge: Mapping[str, Any], act: Mapping[str, Any]) -> bool:
    """Whether the columns of an edge that its act's hash does not cover are as the act made them."""
    layer = layer_of(edge["source_id"])
    return bool(
        (edge["target_id"], edge["target_type"]) == (act["target_id"], act["target_type"])
        and edge["created_at"] == edge["updated_at"] == act["created_at"]
        and layer is not None
        and edge["source_type"] == layer
        and edge["metadata"] == "{}"
        and edge["is_deleted"] in (0, 1)
    )


def _check_tip(store: Store, chain: str, seq: int, sha256: str) -> Iterator[Fault]:
    """Whether a chain ends where the file says it does."""
    end = tip(store.connection, chain) or (0, CHAIN_START)
    if end != (seq, sha256):
        yield Fault(chain, f"{chain} {end[0]}", f"the chain should end at {end[0]}, and ends at {seq}")


def parsed(text: str | None) -> Any:
    """A JSON column's value; None for none, `INVALID` for what is no JSON."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return INVALID
