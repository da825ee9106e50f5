"""What the operator does from the keyboard: each act is confirmed, runs in a thread, and can be taken back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rich.text import Text

from elephantasm_cli.text.visible import one_line
from elephantasm_cli.tui.base import Base
from elephantasm_cli.tui.screens.dialogs import Confirm, Reword

if TYPE_CHECKING:
    from elephantasm_cli.tui.rows import Row
from elephantasm_cli.tui.working import start

SHOWN = 12
MEANS = {
    "approve": "It is active and sure, and gives way to nobody but you.",
    "reject": "It leaves with all that says the same, and does not come back.",
    "archive": "It is put away; what rests on it alone is looked at again.",
    "restore": "It comes back as it was before it was archived, rejected or superseded.",
}
PAST = {"approve": "approved", "reject": "rejected", "archive": "archived", "restore": "restored", "edit": "edited"}


class Acts(Base):
    """The correcting half of the application."""

    def action_approve(self) -> None:
        self._confirm("approve")

    def action_reject(self) -> None:
        self._confirm("reject")

    def action_archive(self) -> None:
        self._confirm("archive")

    def action_restore(self) -> None:
        self._confirm("restore")

    def _confirm(self, verb: str) -> None:
        if (row := self.selected()) is not None:
            start(self, partial(self._judge, verb, row), "dialog")

    async def _judge(self, verb: str, row: Row) -> None:
        about = Text(f"{one_line(row.text)}\n\n").append(MEANS[verb], self.palette["dim"])
        if await self.push_screen_wait(Confirm(f"{verb.capitalize()} this {row.layer}?", about)):
            await self._done(verb, await self.ask(self.data.act(verb, row.id)), row.id)

    def action_edit(self) -> None:
        if (row := self.selected()) is not None:
            start(self, partial(self._edit, row), "dialog")

    async def _edit(self, row: Row) -> None:
        item = await self.ask(self.data.item(row.id))
        if item is None:
            return
        if item.values["layer"] == "event":
            self.say("what was said stays as it was: f forgets it", wrong=True)
            return
        text = next(
            item.values[name] for name in ("content", "statement", "disposition_summary") if name in item.values
        )
        hint = "It becomes an event of yours that the new words rest on; the old ones give way and stay away."
        words = await self.push_screen_wait(Reword(f"This {row.layer} in your own words", text, hint=hint))
        if words is not None and words != text:
            await self._done("edit", await self.ask(self.data.act("edit", row.id, words)), row.id)

    async def _done(self, verb: str, entries: list[dict[str, Any]] | None, item_id: str) -> None:
        """Say what was done, and show it."""
        if entries is None:
            return
        changed = len({entry["target_id"] for entry in entries})
        more = f" and {changed - 1} more" if changed > 1 else ""
        self.say(f"{PAST[verb]} {item_id[:12]}{more}; u takes it back" if entries else "nothing to change")
        self.reload()

    def action_note(self) -> None:
        start(self, self._note, "dialog")

    async def _note(self) -> None:
        hint = "An event of yours, which outranks any other source; the next dream reflects on it."
        text = await self.push_screen_wait(Reword("A note", hint=hint))
        if text and (event := await self.ask(self.data.note(text))):
            self.say(f"noted as {event[:12]}")
            self.reload()

    def action_undo(self) -> None:
        start(self, self._undo, "dialog")

    async def _undo(self) -> None:
        row = self.selected()
        if row is not None and row.layer == "dream":
            act, name = row.id, f"all that the dream {row.id[:12]} did"
        else:
            last = await self.ask(self.data.last_act())
            if last is None:
                self.say("there is no act of yours to take back")
                return
            act, name = last["id"], f"your {last['workflow_name']} of {last['target_id'][:12]}"
        plan = await self.ask(self.data.undo(act, dry_run=True))
        if plan is None:
            return
        about = Text()
        for entry in plan.undone[:SHOWN]:
            about.append(f"{entry['transformation_type']} of {entry['target_id'][:12]}", self.palette["dim"])
            about.append(f"  {one_line(words_of(entry))[:120]}\n")
        if len(plan.undone) > SHOWN:
            about.append(f"and {len(plan.undone) - SHOWN} more\n", self.palette["dim"])
        if plan.dependent:
            about.append(f"\n{len(plan.dependent)} of these are later acts that depend on it.", self.palette["bad"])
        if await self.push_screen_wait(Confirm(f"Undo {name}?", about)):
            done = await self.ask(self.data.undo(act, dry_run=False))
            if done is not None:
                self.say(f"undone: {len(done.undone)} changes")
                self.reload()

    def action_forget(self) -> None:
        if (row := self.selected()) is not None:
            start(self, partial(self._forget, row), "dialog")

    async def _forget(self, row: Row) -> None:
        listed = await self.ask(self.data.forgettable(row.id))
        if listed is None:
            return
        about = Text(
            "The words are erased from rows, log, packs and pages. This cannot be undone.\n\n", self.palette["bad"]
        )
        for each in listed[:SHOWN]:
            about.append(f"{each['layer']} {each['id'][:12]}  ", self.palette[each["layer"]])
            about.append(f"{one_line(each['text'])[:120]}\n")
        if len(listed) > SHOWN:
            about.append(f"and {len(listed) - SHOWN} more\n", self.palette["dim"])
        if await self.push_screen_wait(
            Confirm(f"Forget {len(listed)} item{'' if len(listed) == 1 else 's'} for good?", about)
        ):
            certificate = await self.ask(self.data.forget(row.id))
            if certificate is not None:
                erased = ", ".join(f"{count} {name}" for name, count in certificate["erased"].items() if count)
                pending = "" if certificate["complete"] else "; not proved yet: `elephantasm forget --finish`"
                self.say(f"forgotten: {erased}{pending}")
                self.reload()

    def action_dream(self) -> None:
        start(self, self._dream, "dreaming", alone=False)

    async def _dream(self) -> None:
        if not self.data.exists:
            self.say("there is nothing to dream about yet: `elephantasm ingest FILE`", wrong=True)
            return
        about = "It runs in a process of its own and goes on if you leave. You can look around meanwhile."
        if await self.push_screen_wait(Confirm("Dream now?", about)):
            self.say("dreaming; 6 shows how far it is")
            code, line = await self.data.dream_now()
            self.say(line or f"the dream ended with {code}", wrong=code != 0)
            self.reload()


def words_of(entry: dict[str, Any]) -> str:
    """What the row of a log entry said."""
    row = entry["after"] or entry["before"] or {}
    return str(next((row[name] for name in ("content", "statement", "disposition_summary") if name in row), ""))
