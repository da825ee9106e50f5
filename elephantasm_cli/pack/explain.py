"""Why a pack is as it is: for programs as JSON, for people as a few aligned lines. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from elephantasm_cli.pack.forms import MARKDOWN
from elephantasm_cli.text.sentinel import PACK_JSON_KEY
from elephantasm_cli.vocabulary import Layer

if TYPE_CHECKING:
    from elephantasm_cli.pack.contents import Pack, PackLine

ID_WIDTH = 12
PARTS_WIDTH = 48
PARTS_SHOWN = 3
TEXT_WIDTH = 60
LEFT_OUT_SHOWN = 20
"""People are told of so many parts, characters and items that were left out; JSON has them all."""


def json_document(pack: Pack, *, explain: bool = False) -> str:
    """One JSON document: the text for a prompt (what the budget counts), and every line with its item and its score."""
    body: dict[str, Any] = {
        "text": MARKDOWN.document(pack.parts),
        "token_count": pack.token_count,
        "budget": pack.budget,
        "tokenizer": pack.tokenizer,
        "query": pack.query,
        "as_of": pack.as_of,
        "preset": pack.preset,
        "since": pack.since,
        "sections": [
            {
                "name": section.name,
                "token_count": pack.tokens.get(section.name, 0),
                "lines": [_line(line) for line in section.lines],
            }
            for section in pack.sections
        ],
    }
    if explain:
        body |= explanation(pack)
    return json.dumps({PACK_JSON_KEY: body}, ensure_ascii=False, indent=2) + "\n"


def explanation(pack: Pack) -> dict[str, Any]:
    """What ``--explain`` adds to the JSON document."""
    return {
        "tokens": dict(pack.tokens),
        "layer_tokens": dict(pack.layer_tokens),
        "shares": dict(pack.shares),
        "floor": None if pack.floor is None else asdict(pack.floor),
        "left_out": [
            {
                "id": left.item_id,
                "layer": left.layer.value,
                "score": left.score,
                "parts": dict(left.parts),
                "reason": left.reason,
                "text": left.text,
            }
            for left in pack.left_out
        ],
    }


def explanation_lines(pack: Pack) -> Iterator[str]:
    """The same for people: tokens and shares, the floor, then a line for every item, in or out."""
    yield f"{pack.token_count} of {pack.budget} tokens by {pack.tokenizer}"
    for name, tokens in pack.tokens.items():
        yield f"  {name:<14} {tokens:>5}"
    if pack.layer_tokens:
        yield "layers: " + ", ".join(f"{name} {tokens}" for name, tokens in pack.layer_tokens.items())
    if pack.shares:
        yield "shares: " + ", ".join(f"{_words(name)} {_share(value)}" for name, value in pack.shares.items())
    if pack.floor is not None:
        yield "floor:  " + ", ".join(f"{_words(name)} {_amount(value)}" for name, value in asdict(pack.floor).items())
    for line in pack.lines:
        yield _row("in", line.item_id, line.score, line.parts or line.reason, _cut(_said(line)))
    for left in pack.left_out[:LEFT_OUT_SHOWN]:
        yield _row("out", left.item_id, left.score, left.parts, f"({_cut(left.reason)}) {_cut(left.text)}")
    if len(pack.left_out) > LEFT_OUT_SHOWN:
        yield f"out  and {len(pack.left_out) - LEFT_OUT_SHOWN} more: --format json has them"


def _row(label: str, item_id: str, score: float, parts: Mapping[str, float] | str, text: str) -> str:
    why = parts if isinstance(parts, str) else parts_text(parts, PARTS_SHOWN)
    return f"{label:<3}  {item_id[:ID_WIDTH]:<{ID_WIDTH}}  {score:5.2f}  {why:<{PARTS_WIDTH}}  {text}"


def parts_text(parts: Mapping[str, float], most: int | None = None) -> str:
    """The parts of a score, the strongest first, ``most`` of them; those of nothing left out."""
    strongest = sorted(parts.items(), key=lambda part: (-abs(part[1]), part[0]))
    return " ".join(f"{name} {value:.2f}" for name, value in strongest[:most] if round(value, 2))


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_WIDTH else text[: TEXT_WIDTH - 1].rstrip() + "…"


def _said(line: PackLine) -> str:
    return line.text if line.layer is Layer.EVENT else line.text.removeprefix("- ")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _share(value: float) -> str:
    """Shares of the budget are floats, tokens whole."""
    return f"{value:.1%}" if isinstance(value, float) else str(value)


def _amount(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)


def _line(line: PackLine) -> dict[str, Any]:
    return {
        "text": line.text,
        "date": line.day or None,
        "id": line.item_id,
        "layer": line.layer.value,
        "score": line.score,
        "parts": dict(line.parts),
        "reason": line.reason,
        "trust": line.trust,
        "spans": [list(span) for span in line.spans],
        "sources": list(line.sources),
    }
