"""What must not come back: what an operator rejected or corrected, its paraphrases too, and what was forgotten.

A paraphrase is near in meaning, of the same speaker, and differs in no number, name, kin or denial: "I deploy on
Fridays" keeps "Fridays are when I deploy" away, and neither "I deploy on Tuesdays" nor "I never deploy on Fridays".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream import claims
from elephantasm_cli.dream.curate import distinguishing
from elephantasm_cli.dream.pairs import settled
from elephantasm_cli.dream.slots import conflict, slots_in
from elephantasm_cli.dream.statements import words_of
from elephantasm_cli.ids import layer_of
from elephantasm_cli.services.answers import Relation
from elephantasm_cli.store.rows import TABLES
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import content_words, denies, words
from elephantasm_cli.vocabulary import Layer, TombstoneReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy

    from elephantasm_cli.dream.context import DreamContext
    from elephantasm_cli.store.changes import Change

CONTAINED_COSINE = 0.75
"""Enough where one statement's telling stems are all among the other's; else it takes the cosine of a merge."""
LEAST_STEMS = 2
"""With fewer telling stems a sentence of a longer text is not looked at by itself."""
_NOT_THE_OTHER = re.compile(r",\s*(?:and\s+)?not\s+", re.IGNORECASE)
_MARKS = ("(denies)", "(first) ")


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says: its speaker ("" where there is none) and the bare words."""

    speaker: str
    words: str

    @classmethod
    def of(cls, layer: Layer, row: Mapping[str, Any]) -> Told:
        """What a row of ``layer`` says; a lesson or knowledge without its quotation marks and speaker."""
        metadata = row.get("metadata") or {}
        if layer is Layer.MEMORY:
            text = metadata.get("quote") or row["content"]
        elif layer is Layer.LESSON:
            text = metadata.get("words") or words_of(row["content"])
        elif layer is Layer.KNOWLEDGE:
            text = metadata.get("words") or words_of(row["statement"])
        else:
            text = row["disposition_summary"]
        return cls(str(metadata.get("speaker", "")), str(text))

    @classmethod
    def all_of(cls, layer: Layer, row: Mapping[str, Any]) -> tuple[Told, ...]:
        """The bare words of a row, and what it states where that is worded otherwise ("Ada prefers ...")."""
        told = cls.of(layer, row)
        stated = cls(told.speaker, words_of(str(row[TABLES[layer].text_columns[-1]])))
        return (told,) if stated == told else (told, stated)


@dataclass(frozen=True, slots=True)
class Barred:
    """One tombstone with the words below it, which the file still holds; ``instead``: the vector of what an edit says.

    Whatever is nearer to the operator's words than to the old ones may be said.
    """

    item_id: str
    told: Told
    vector: numpy.ndarray
    instead: numpy.ndarray | None


class Unwanted:
    """The tombstones of a file, asked by everything that would make a new row. Ask outside of a transaction."""

    def __init__(self, context: DreamContext) -> None:
        self._context = context
        self._store = context.store
        self._version: tuple[Any, ...] | None = None
        self._keys: dict[str, str] = {}
        self._barred: list[Barred] = []
        self._spans: dict[str, list[tuple[int, int, str]]] = {}

    def reason(self, change: Change) -> str | None:
        """Why a new row must not be made, or None."""
        if not self._refreshed():
            return None
        for source in change.sources:
            if source.layer is Layer.EVENT and source.quote is not None:
                for start, end, item_id in self._spans.get(source.id, ()):
                    if start <= source.quote[0] and source.quote[1] <= end:
                        return f"these words were judged already, in {item_id}"
        reasons = (self.said(told) for told in Told.all_of(change.layer, change.values))
        return next((reason for reason in reasons if reason is not None), None)

    def said(self, told: Told) -> str | None:
        """Why this must not be said again, or None; of several sentences one is enough."""
        if not self._refreshed():
            return None
        parts = [told.words, *(part.text for part in split_sentences(told.words))]
        parts = list(
            dict.fromkeys(part for part in parts if part == told.words or len(content_words(part)) >= LEAST_STEMS)
        )
        for part in parts:
            if (item_id := self._keys.get(key_of(self._store, Told(told.speaker, part)))) is not None:
                return f"says what was said in {item_id}"
        rivals = [barred for barred in self._barred if barred.told.speaker == told.speaker]
        if not rivals:
            return None
        for part, vector in zip(parts, self._context.vectors(parts), strict=True):
            for barred in rivals:
                cosine = round(float(vector @ barred.vector), 6)
                if barred.instead is not None and round(float(vector @ barred.instead), 6) >= cosine:
                    continue
                if is_paraphrase(barred.told, Told(told.speaker, part), cosine, self._context.settings.merge_cosine):
                    return f"says in other words what was said in {barred.item_id} (cosine {cosine:.2f})"
        return None

    def _refreshed(self) -> bool:
        """Read the tombstones if they have changed; whether there are any."""
        version = self._store.tombstones.version()
        if version != self._version:
            self._version = version
            self._read()
        return bool(self._keys)

    def _read(self) -> None:
        import numpy

        standing = self._store.tombstones.standing()
        self._keys = {each["content_hmac"]: each["metadata"]["item"] for each in standing}
        self._barred, self._spans = [], {}
        model = self._store.agent.get()["embedding_sha256"]
        for each in standing:
            item_id, layer = each["metadata"]["item"], layer_of(each["metadata"]["item"])
            row = self._store.derived.any_state(layer, item_id) if layer not in (None, Layer.EVENT) else None
            if each["reason"] == TombstoneReason.FORGET or row is None or layer is None:
                continue
            told, *stated = Told.all_of(layer, row)
            if each["embedding"] is not None and each["metadata"]["model"] == model:
                vector = numpy.frombuffer(each["embedding"], dtype="<f4")
            else:
                vector = self._context.vectors([told.words])[0]
            new = self._store.derived.any_state(layer, each["metadata"]["instead"] or "")
            instead = None if new is None else self._context.vectors([Told.of(layer, new).words])[0]
            self._barred.append(Barred(item_id, told, vector, instead))
            for other in stated:
                self._keys.setdefault(key_of(self._store, other), item_id)
                self._barred.append(Barred(item_id, other, self._context.vectors([other.words])[0], instead))
            for edge in self._store.log.sources_of(item_id):
                if edge["source_type"] == Layer.EVENT.value and edge["quote_start"] is not None:
                    span = (edge["quote_start"], edge["quote_end"], item_id)
                    self._spans.setdefault(edge["source_id"], []).append(span)


def key_of(store: Any, told: Told) -> str:
    """The keyed hash by which a statement of a speaker is known again."""
    return str(store.tombstones.key(told.speaker, told.words))


def is_paraphrase(old: Told, new: Told, cosine: float, least: float) -> bool:
    """Whether two statements of one speaker, of this cosine, say the same in other words."""
    if cosine < min(least, CONTAINED_COSINE):
        return False
    stems = set(claims.stems(old.words)), set(claims.stems(new.words))
    if cosine < least and not (stems[0] <= stems[1] or stems[1] <= stems[0]):
        return False
    if _denies(old.words) != _denies(new.words) or _first(old.words, new.words):
        return False
    if _lacks(old.words, new.words) or _lacks(new.words, old.words):
        return False
    if Relation.UNRELATED in (settled(old.words, new.words), settled(new.words, old.words)):
        return False
    slots = slots_in(old.words, old.speaker), slots_in(new.words, new.speaker)
    return not any(conflict(one, other) for one in slots[0] for other in slots[1])


def _denies(text: str) -> bool:
    """Whether a statement denies; "X, not Y" affirms X as "X instead of Y" does."""
    return denies(_NOT_THE_OTHER.sub(" instead of ", text))


def _first(old: str, new: str) -> bool:
    """Whether both put something first, and not the same."""
    first = [{mark for mark in distinguishing(text) if mark.startswith(_MARKS[1])} for text in (old, new)]
    return all(first) and first[0] != first[1]


def _lacks(text: str, other: str) -> bool:
    """Whether a number or name of ``text`` does not occur in ``other``."""
    here = {mark for mark in distinguishing(text) if not mark.startswith(_MARKS)}
    there = {*words(other), *content_words(other)}
    return any(not ({mark, *content_words(mark)} & there or set(content_words(mark)) <= there) for mark in here)
