"""Whether a text is English, which most of what the dreamer knows of grammar is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from elephantasm_cli.text.words import STOPWORDS, has_cjk, words

SMALL_WORDS = 0.2
"""Of an English sentence at least this share are `STOPWORDS`."""
FEW = 5
"""Of fewer words no share tells anything."""
_OTHER_LETTERS = re.compile(r"[ąćęłńśźżčďěňřšťůžăâîșțğışőűãõñßåøæàèìòùâêîôûçáéíóúýäöüïë]")
SHARE_MARKED = 0.2
"""Of the words with letters that English has not: a name or two is none."""
FOREIGN = frozenset(
    """ich nicht und der das ist mit wir auf für ein eine einen kein keine je nous les des une est pas dans pour avec
    sur el los las una que para con
    auch noch schon wird sich habe haben sind zum zur beim vom doch wenn aber oder heute
    mais avec cette sont leur ont où qui oui c'est j'ai tu déjà ça très même stp être
    alle delle dello gli anche questo perché siamo che della dei nostro nostra
    não você isso também são está meu minha então agora lá quando outra muito ainda mas é pra hoje amanhã
    sono nel più cosa tutto adesso è
    pero también muy tengo porque más desde hasta trabajo estoy está te oye cuando por del hoy mañana él
    og jeg ikke inte och jag är niet een het maar ook ik się jest że nie bir için değil
    grad erst schon immer wieder jetzt dann ihr""".split()  # noqa: SIM905
)
"""Small words of German, French, Italian, Portuguese, Spanish, Dutch, Polish, Turkish and of Scandinavia that English
has not, nor names or commands."""


def is_english(text: str) -> bool:
    """Whether ``text`` is surely not in another language: of what is short or has no small words nobody can say."""
    if is_foreign(text):
        return False
    found = words(text)
    return len(found) < FEW or sum(word in STOPWORDS for word in found) >= SMALL_WORDS * len(found)


def is_foreign(text: str) -> bool:
    """Whether ``text`` is surely in another language."""
    found = words(text)
    marked = sum(_OTHER_LETTERS.search(word) is not None for word in found)
    return has_cjk(text) or not FOREIGN.isdisjoint(found) or (marked > 1 and marked >= SHARE_MARKED * len(found))


def are_foreign(texts: Iterable[str]) -> bool:
    """Whether most of ``texts``, those of more than a few words, are surely in another language.

    A sentence without one of the words that tell so is foreign all the same among such ("per i Santi").
    """
    told = [is_foreign(text) for text in texts if len(words(text)) >= FEW or has_cjk(text)]
    return 2 * sum(told) > len(told)
