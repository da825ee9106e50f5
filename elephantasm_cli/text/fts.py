"""Text as the full-text index sees it (FTS5, tokenizer ``porter unicode61``), and queries that can never fail.

unicode61 takes a whole run of Chinese, Japanese or Korean for one word, which no query would ever equal; indexed
text and queries therefore both spell such runs as overlapping pairs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from elephantasm_cli.text.words import CJK_RANGES, STOPWORDS, cjk_pairs, is_cjk, words

MAX_TERMS = 200
"""A query keeps this many terms: a page pasted as a question stays quick, and its first words say what it is about."""

_CJK_RUN = re.compile(f"[{CJK_RANGES}]+")
_TERM_PART = re.compile(f"[{CJK_RANGES}]+|[^{CJK_RANGES}]+")
_UNENCODABLE = re.compile("[\x00\ud800-\udfff]")


def index_text(text: str) -> str:
    """``text`` as it goes into the index: itself, with CJK runs as space-separated pairs and their last character.

    A question of one character is a prefix (`match_expression`): every character begins a pair, but for the last.
    """
    if text.isascii() or _CJK_RUN.search(text) is None:
        return text
    return _CJK_RUN.sub(lambda run: f" {' '.join(_indexed_run(run.group()))} ", text)


def _indexed_run(run: str) -> list[str]:
    return cjk_pairs(run) + ([run[-1]] if len(run) > 1 else [])


def query_terms(text: str) -> list[str]:
    """The distinct terms of a question in order, stopwords left out unless nothing else is left; at most `MAX_TERMS`.

    Terms are casefolded words (`words`), possessive endings dropped; CJK runs come as pairs.
    """
    asked = words(text)
    telling = [word for word in asked if word not in STOPWORDS]
    terms: dict[str, None] = {}
    for word in telling or asked:
        bare = word[:-2] if word.endswith("'s") else word
        for part in [bare] if bare.isascii() else _TERM_PART.findall(bare):
            terms.update(dict.fromkeys(cjk_pairs(part) if is_cjk(part[0]) else [part]))
        if len(terms) >= MAX_TERMS:
            break
    return list(terms)[:MAX_TERMS]


def match_expression(terms: Iterable[str]) -> str:
    """An FTS5 MATCH expression: every term quoted, joined by OR; no input makes FTS5 raise.

    A single CJK character becomes a prefix, because the index holds pairs. No terms give ``""``, which
    matches nothing.
    """
    quoted = []
    for term in terms:
        clean = _UNENCODABLE.sub(" ", term)
        if clean.strip():
            quoted.append('"' + clean.replace('"', '""') + '"' + ("*" if len(clean) == 1 and is_cjk(clean) else ""))
    return " OR ".join(quoted) or '""'
