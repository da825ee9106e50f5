"""Finding what an id, or any unique beginning of one, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elephantasm_cli.errors import AmbiguousIdError, NotFoundError
from elephantasm_cli.ids import DREAM, LAYER_PREFIX, PACK, TRANSFORMATION
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

TABLE_OF_PREFIX: dict[str, str] = {
    LAYER_PREFIX[Layer.EVENT]: "events",
    **{LAYER_PREFIX[layer]: table.name for layer, table in TABLES.items()},
    PACK: "memory_packs",
    DREAM: "dreams",
    TRANSFORMATION: "transformations",
}
SHOWN = 5


def find_ids(store: Store, prefix: str, *, limit: int = 50, gone: bool = False) -> list[str]:
    """Live ids (with ``gone`` the withdrawn ones) that begin with ``prefix``, sorted.

    A prefix shorter than its kind's finds nothing.
    """
    table = TABLE_OF_PREFIX.get(prefix[:4])
    if table is None:
        return []
    return [
        str(row[0])
        for row in store.connection.execute(
            f"SELECT id FROM {table} WHERE id >= ? AND id < ? AND is_deleted = ? ORDER BY id LIMIT ?",
            (prefix, prefix + "\U0010ffff", int(gone), limit),
        )
    ]


def resolve_id(store: Store, prefix: str) -> str:
    """The one id that begins with ``prefix``, of a live item first. Raises NotFoundError or AmbiguousIdError."""
    prefix = prefix.strip()
    found = find_ids(store, prefix, limit=SHOWN + 1) or find_ids(store, prefix, limit=SHOWN + 1, gone=True)
    if not found:
        kinds = ", ".join(TABLE_OF_PREFIX)
        raise NotFoundError(
            f"nothing here has an id that begins with {prefix!r}: ids begin with one of {kinds} "
            "and are shown by the list commands"
        )
    if len(found) > 1 and prefix not in found:
        more = " …" if len(found) > SHOWN else ""
        raise AmbiguousIdError(f"{prefix!r} fits several ids: {', '.join(found[:SHOWN])}{more}; type more characters")
    return prefix if prefix in found else found[0]
