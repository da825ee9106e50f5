"""``elephantasm agents``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_agents_are_created_listed_shown_and_renamed(run: Any, home: Path) -> None:
    """An agent keeps its id under another name."""
    assert run("agents", "create", "coder").out == f"{home / 'agents' / 'coder.db'}\n"
    assert run("agents", "create", "coder").code == 2
    first = json.loads(run("agents", "show", "coder", "--json").out)
    assert (first["name"], first["events"]) == ("coder", 0)
    assert "secret" not in first
    assert run("agents", "rename", "coder", "writer").code == 0
    assert [json.loads(line)["name"] for line in run("agents", "list", "--json").out.splitlines()] == ["writer"]
    assert json.loads(run("agents", "show", "writer", "--json").out)["id"] == first["id"]
    assert run("agents", "show", "--agent", "writer").out.startswith("id:")


def test_renaming_minds_who_is_there(run: Any, small: Any) -> None:
    """Nobody is overwritten, nobody is invented."""
    run("agents", "create", "other")
    assert run("agents", "rename", "other", "default").code == 2
    assert run("agents", "rename", "ghost", "spirit").code == 3
    assert run("agents", "rename", "other", "Not A Name").code == 2


def test_delete_asks_where_somebody_can_answer(run: Any, small: Any) -> None:
    """The question is on stderr; no means no."""
    result = run("agents", "delete", "default", stdin=b"n\n", typed=True)
    assert (result.code, result.out) == (1, "")
    assert "Delete 'default' (2 events) for good?" in result.err
    assert small.path.exists()
    assert run("agents", "delete", "default", stdin=b"y\n", typed=True).code == 0
    assert not small.path.exists()


def test_delete_needs_yes_where_nobody_can(run: Any, small: Any) -> None:
    """A script has to say it."""
    result = run("agents", "delete", "default")
    assert result.code == 2
    assert "--yes" in result.err
    assert small.path.exists()
    assert run("agents", "delete", "default", "--yes").out.startswith(f"{small.path}\n")
    assert not list(small.path.parent.iterdir())
    assert run("agents", "delete", "default", "--yes").code == 3
