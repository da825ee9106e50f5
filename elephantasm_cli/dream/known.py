"""What is known, by the things it speaks of: where to look for what a new statement may take the place of."""

from __future__ import annotations

from collections import Counter

from elephantasm_cli.dream.corrections import clash, keys_of, may_correct
from elephantasm_cli.dream.frames import announces
from elephantasm_cli.dream.slots import slots_in

TOUCHED_SHARE = 0.5
"""An announcement of change that shares so much of its telling words with a known statement, and two at least, is about
that."""

REPEATED_SHARE = 0.6
"""A statement of which so many telling words, and two at least, stand in a known one says it again."""


class Known:
    """Statements by id, each (words, speaker), found by the slots they fill and by the stems they share."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[str, str]] = {}
        self._slots: dict[tuple[str, str], list[str]] = {}
        self._stems: dict[str, list[str]] = {}
        self._correcting: dict[str, list[str]] = {}

    def add(self, item_id: str, words: str, speaker: str) -> None:
        self._said[item_id] = (words, speaker)
        for slot in slots_in(words, speaker):
            self._slots.setdefault((slot.subject, slot.attribute), []).append(item_id)
        corrects = may_correct(words, speaker)
        for stem in keys_of(words, speaker):
            self._stems.setdefault(stem, []).append(item_id)
            if corrects:
                self._correcting.setdefault(stem, []).append(item_id)

    def rivals(self, words: str, speaker: str) -> set[str]:
        """Those that fill a slot of the words too, and those that could clash with them, whichever was said first."""
        found = {
            item_id
            for slot in slots_in(words, speaker)
            for item_id in self._slots.get((slot.subject, slot.attribute), ())
        }
        near = self._stems if may_correct(words, speaker) else self._correcting
        return found.union(*(near.get(stem, ()) for stem in keys_of(words, speaker)))

    def overtaken_by(self, words: str, speaker: str) -> set[str]:
        """Those that the words contradict or correct."""
        return {item_id for item_id in self.rivals(words, speaker) if clash(self._said[item_id], (words, speaker))}

    def is_changed_by(self, words: str, speaker: str) -> bool:
        """Whether the words take the place of something known, or announce a change of what it speaks of."""
        said = (words, speaker)
        stems, announced = keys_of(words, speaker), announces(words) == 2
        for item_id in self.rivals(words, speaker):
            other = self._said[item_id]
            if clash(other, said):
                return True
            if announced and other[1] == speaker and other[0] != words:
                theirs = keys_of(*other)
                shared = len(stems & theirs)
                if shared > 1 and shared >= TOUCHED_SHARE * min(len(stems), len(theirs)):
                    return True
        return False

    def holds(self, words: str, speaker: str) -> bool:
        """Whether the same speaker has said something much like it: repetition is evidence."""
        stems = keys_of(words, speaker)
        shared = Counter(item_id for stem in stems for item_id in self._stems.get(stem, ()))
        return any(
            count > 1 and count >= REPEATED_SHARE * len(stems) and self._said[item_id][1] == speaker
            for item_id, count in shared.items()
        )
