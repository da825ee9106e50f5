"""Words: how every other module of the program takes a text apart.

A word is a casefolded run of letters and digits; an apostrophe inside one belongs to it ("don't", "o'brien").
Chinese, Japanese and Korean write without spaces (or inflect inside them), so their runs count as overlapping
pairs of characters wherever single words are needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

CJK_RANGES = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""The letters of Chinese, Japanese and Korean, as the inside of a regular expression's character class."""

CACHED_WORDS = 65536

_CJK_RUN = re.compile(f"[{CJK_RANGES}]+")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word as it is written: letters and digits, apostrophes inside."""

STOPWORDS = frozenset(
    """
    a about above actually after again against ago all almost along already also although always am among an and
    another any anybody anyone anything anyway are aren't around as at away back be became because become been before
    being below between both but by came can can't cannot come could couldn't did didn't do does doesn't doing don't
    done down during each either else ever every everybody everyone everything few for from further get gets getting
    go goes going gone gonna got had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers
    herself hey hi him himself his how however i i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself
    just kind kinda know let let's like likely lot lots made make makes making many may maybe me might mine more most
    much must my myself neither never no nobody none nor not nothing now of off oh ok okay on once one only onto or
    other others otherwise our ours ourselves out over own perhaps please quite rather re really said same say says
    see she she'd she'll she's should shouldn't since so some somebody someone something somewhat soon still such
    sure take than thank thanks that that'll that's the their theirs them themselves then there there's these they
    they'd they'll they're they've thing things think this those though through till to together too toward towards
    under unless until up upon us very via want was wasn't way we we'd we'll we're we've well went were weren't what
    what's when when's where where's whether which while who who's whom whose why why's will with within without won't
    would wouldn't wow yeah yep yes yet you you'd you'll you're you've your yours yourself yourselves
    """.split()  # noqa: SIM905
)
"""English words that say little on their own (`words` form: casefolded, straight apostrophes)."""


NEGATIONS = frozenset(
    {"not", "no", "never", "nothing", "nobody", "none", "without", "cannot", "stop", "stopped", "longer"}
)
"""Words that deny what is said with them, beside those that end in "n't"."""


def denies(text: str) -> bool:
    """Whether ``text`` denies or forbids something."""
    return any(word in NEGATIONS or word.endswith("n't") for word in words(text))


def is_cjk(char: str) -> bool:
    """Whether ``char`` (one character) is a letter of Chinese, Japanese or Korean."""
    return _CJK_RUN.match(char) is not None


def has_cjk(text: str) -> bool:
    """Whether ``text`` holds any letter of Chinese, Japanese or Korean."""
    return not text.isascii() and _CJK_RUN.search(text) is not None


def cjk_pairs(run: str) -> list[str]:
    """The overlapping pairs of ``run``'s characters; a single character stands alone."""
    return [run] if len(run) < 2 else [run[at : at + 2] for at in range(len(run) - 1)]


def words(text: str) -> list[str]:
    """The words of ``text`` in order: casefolded runs of letters and digits, apostrophes inside them straightened."""
    found = WORD.findall(text.casefold())
    return found if text.isascii() else [word.replace("’", "'") for word in found]


def content_words(text: str) -> list[str]:
    """The words of ``text`` that carry meaning, in order, repeats kept.

    Stopwords and possessive endings are dropped, plurals folded (`fold_plural`), CJK runs given as pairs.
    """
    return [form for word in words(text) for form in _content_forms(word)]


@lru_cache(maxsize=CACHED_WORDS)
def _content_forms(word: str) -> tuple[str, ...]:
    """What of ``word`` carries meaning. Kept, since the same words come again and again."""
    if word in STOPWORDS:
        return ()
    bare = word[:-2] if word.endswith("'s") else word
    if not bare.isascii():
        return tuple(_without_spaces(bare))
    return () if bare in STOPWORDS else (fold_plural(bare),)


def fold_plural(word: str) -> str:
    """``word`` without its English plural ending, by spelling alone: "cities" city, "boxes" box, "tests" test.

    Endings that are rarely plurals ("ss", "us", "is") and words of up to three letters stay.
    """
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def content_overlap(text: str, other: str) -> float:
    """The share, in [0, 1], of the distinct content words of ``text`` that occur in ``other``; 1 where it has none."""
    wanted = set(content_words(text))
    return len(wanted & set(content_words(other))) / len(wanted) if wanted else 1.0


def _without_spaces(word: str) -> Iterator[str]:
    """A non-ASCII word as it is, its CJK parts as pairs."""
    end = 0
    for run in _CJK_RUN.finditer(word):
        if run.start() > end:
            yield fold_plural(word[end : run.start()])
        yield from cjk_pairs(run.group())
        end = run.end()
    if end < len(word):
        yield fold_plural(word[end:])
