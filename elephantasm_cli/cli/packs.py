"""``elephantasm packs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elephantasm_cli.cli.app import NounGroup, new_app
from elephantasm_cli.cli.call import Call, IdArgument, JsonOption, LimitOption, command
from elephantasm_cli.cli.output import minute, print_bytes, print_document, print_lines, print_rows, print_text, short
from elephantasm_cli.errors import NotFoundError

if TYPE_CHECKING:
    from elephantasm_cli.agent import Agent

app = new_app("List, show and compare saved packs.", cls=NounGroup)
ID_LISTS = ("event_ids", "memory_ids", "lesson_ids", "knowledge_ids")


@command(app, "list")
def list_packs(call: Call, limit: LimitOption = None, json: JsonOption = False) -> None:
    """List saved packs, newest first."""
    with call.reader() as agent:
        rows = agent.packs(limit)
    if json:
        print_rows(rows)
    else:
        lines = (
            (
                short(r["id"]),
                minute(r["created_at"]),
                f"{r['token_count']} tokens",
                r["options"].get("preset") or "-",
                r["options"]["format"],
                r["query"] or "(no query)",
            )
            for r in rows
        )
        print_lines(lines, (12, 16, 12, 7, 8))


@command(app, "show")
def show_pack(call: Call, pack: IdArgument, json: JsonOption = False) -> None:
    """Print a saved pack as it was compiled."""
    with call.reader() as agent:
        row = get_pack(agent, pack)
    if json:
        print_document(row)
    elif row["text"]:
        print_bytes(row["text"])


@command(app, "diff")
def diff_packs(call: Call, old: IdArgument, new: IdArgument, json: JsonOption = False) -> None:
    """Compare two saved packs: what goes into a prompt as `diff -u` shows it, or with --json the items."""
    with call.reader() as agent:
        before, after = get_pack(agent, old), get_pack(agent, new)
    if json:
        shown_before, shown_after = item_ids(before), item_ids(after)
        print_document(
            {
                "old": before["id"],
                "new": after["id"],
                "added": [item for item in shown_after if item not in shown_before],
                "removed": [item for item in shown_before if item not in shown_after],
                "tokens": after["token_count"] - before["token_count"],
            }
        )
        return
    from difflib import unified_diff

    lines = unified_diff(prompt_lines(before), prompt_lines(after), before["id"], after["id"], lineterm="")
    for line in lines:
        print_text(line)


def get_pack(agent: Agent, pack: str) -> dict[str, Any]:
    """The saved pack with this id. Raises NotFoundError."""
    full = agent.resolve(pack)
    if not full.startswith("pck_"):
        raise NotFoundError(f"{full} is not a pack: `elephantasm packs` lists them, `elephantasm show {full}` shows it")
    return agent.show(full)


def prompt_lines(pack: dict[str, Any]) -> list[str]:
    """The lines that a saved pack puts into a prompt, whatever its format."""
    from elephantasm_cli.pack.since import saved_parts

    return [line for _, text in saved_parts(pack) for line in text.rstrip("\n").split("\n")]


def item_ids(pack: dict[str, Any]) -> list[str]:
    """Every item a pack shows, identity included where it is known."""
    identity = [shown["id"] for shown in pack["metadata"].get("shown", []) if shown["layer"] == "identity"]
    return [*dict.fromkeys(identity), *(item for name in ID_LISTS for item in pack[name])]
