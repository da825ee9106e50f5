"""Words of a statement that no rule turns: their places in it, filled with what was said, in quotation marks. Pure.

A rule sees the words with dates resolved and slang taken out; what is quoted must be the very words. So it leaves a
mark with the numbers of the sentences, and whoever has the words fills it.
"""

from __future__ import annotations

import re

from elephantasm_cli.text.sentences import split_sentences

_SIGN = "\ue001"
_MARK = rf"{_SIGN}(?P<first>\d+)-(?P<end>\d+)/(?P<count>\d+){_SIGN}"
_PLACE = re.compile(_MARK)
_REST = re.compile(rf"; in [^;]* words: {_MARK}(?=\.$)")
_BESIDE = re.compile(rf"; {_MARK}|{_MARK.replace('?P<first>', '').replace('?P<end>', '').replace('?P<count>', '')}; ")


def place_of(first: int, end: int, count: int) -> str:
    """A mark for the sentences [``first``:``end``] of ``count``, numbered from 0."""
    return f"{_SIGN}{first}-{end}/{count}{_SIGN}"


def without_verbatim(statement: str) -> str:
    """``statement`` without what is only quoted in it: what there is to check."""
    return _BESIDE.sub("", _REST.sub("", statement))


def words_told(statement: str, words: str) -> str:
    """The sentences of ``words`` that ``statement`` tells: all that have no place in it."""
    sentences = split_sentences(words)
    left = [
        sentence.text
        for number, sentence in enumerate(sentences)
        if not any(
            int(mark["count"]) == len(sentences) and int(mark["first"]) <= number < int(mark["end"])
            for mark in _PLACE.finditer(statement)
        )
    ]
    return " ".join(left) if len(left) < len(sentences) else words


def with_verbatim(statement: str, words: str) -> str | None:
    """``statement`` with the sentences of ``words`` in their places, double quotation marks in them made single.

    None where sentences in the middle cannot be told apart: a rule may have seen more or fewer of them.
    """
    sentences = split_sentences(words)
    filled, end = [], 0
    for mark in _PLACE.finditer(statement):
        first, after, count = int(mark["first"]), int(mark["end"]), int(mark["count"])
        if count != len(sentences):
            if after != count or count - first > len(sentences):
                return None
            first, after = len(sentences) - (count - first), len(sentences)  # counted from the end
        very = words[sentences[first].start : sentences[after - 1].end].strip().rstrip(" .").replace('"', "'")
        filled += [statement[end : mark.start()], f'"{very}"']
        end = mark.end()
    return "".join([*filled, statement[end:]])
