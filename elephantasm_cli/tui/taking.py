"""Taking something along: an id, words, or all that is seen as a file."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elephantasm_cli.errors import UsageError
from elephantasm_cli.store.connection import translated
from elephantasm_cli.text.visible import visible
from elephantasm_cli.tui.base import Base
from elephantasm_cli.tui.screens.dialogs import Ask
from elephantasm_cli.tui.screens.lineage import LineageScreen

if TYPE_CHECKING:
    from elephantasm_cli.tui.rows import Row
from elephantasm_cli.tui.working import start

PAGE = 500


class Taking(Base):
    """The copying half of the application."""

    def action_copy(self) -> None:
        if (row := self.selected()) is not None:
            self.copy_to_clipboard(row.id)
            self.say(f"copied {row.id}")

    def action_copy_text(self) -> None:
        main = self.main
        if self.screen is main and main.mode == "packs" and main.pack is not None:
            self.copy_to_clipboard(main.pack.text)
            self.say(f"copied the pack, {main.pack.token_count} tokens")
        elif (row := self.selected()) is not None:
            start(self, partial(self._copy_words, row), "copy", alone=False)

    async def _copy_words(self, row: Row) -> None:
        text = row.text
        if row.layer != "dream" and (item := await self.ask(self.data.item(row.id))):
            values = item.values
            text = next(values[name] for name in ("content", "statement", "disposition_summary") if name in values)
        self.copy_to_clipboard(text)
        self.say(f"copied {len(text)} characters")

    def action_export(self) -> None:
        start(self, self._export, "dialog")

    async def _export(self) -> None:
        name = "lineage" if isinstance(self.screen, LineageScreen) else self.main.mode
        suffix = {"lineage": "json", "packs": "md", "statistics": "svg"}.get(name, "jsonl")
        path = Path.cwd() / f"elephantasm-{self.data.name}-{name}.{suffix}"
        hint = "jsonl or json: values; txt or md: lines; svg: a picture of the screen"
        given = await self.push_screen_wait(Ask("Export what is seen to", str(path), hint=hint, check=new_file))
        if given is None:
            return
        target = new_file(given)
        text = await self.ask(self._contents(target.suffix, name))
        if text is not None and await self.ask(_write(target, text)):
            self.say(f"wrote {target}")

    async def _contents(self, suffix: str, name: str) -> str:
        """What is seen, in the form the file's name asks for."""
        if suffix == ".svg":
            return self.export_screenshot(title=f"elephantasm {self.data.name}")
        if isinstance(self.screen, LineageScreen):
            trace = self.screen.trace
            if trace is None:
                return ""
            if suffix in (".json", ".jsonl"):
                return json.dumps(trace.to_dict(), ensure_ascii=False, indent=2) + "\n"
            return "".join(f"{visible(str(node))}\n" for node in trace)
        pack = self.main.pack
        if name == "packs" and pack is not None and suffix not in (".json", ".jsonl"):
            return pack.text
        rows = [row async for row in self._seen()]
        if suffix in (".json", ".jsonl"):
            return "".join(json.dumps(plain(row), ensure_ascii=False) + "\n" for row in rows)
        return "".join(f"{row.id}\t{row.date}\t{visible(' '.join(row.text.split()))}\n" for row in rows)

    async def _seen(self) -> Any:
        """Every row of the list, read a page at a time."""
        rows = self.main.rows
        for first in range(0, len(rows.keys), PAGE):
            for row in await rows.read(rows.keys[first : first + PAGE]):
                yield row


def plain(row: Row) -> dict[str, Any]:
    """A row as plain values, without what it has not."""
    return {name: value for name, value in asdict(row).items() if value not in ("", None)}


def new_file(name: str) -> Path:
    """The path meant. Raises UsageError where it cannot be written anew."""
    if not name.strip():
        raise UsageError("a file needs a name")
    path = Path(name.strip()).expanduser()
    if path.exists():
        raise UsageError(f"{path} is there already: give another name")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}")
    return path


async def _write(path: Path, text: str) -> bool:
    """A private file of its own."""
    with (
        translated(path),
        os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file,
    ):
        file.write(text)
    return True
