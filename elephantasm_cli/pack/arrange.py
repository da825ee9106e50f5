"""Arranging chosen lines: sections in their order, inside the budget to the token, with what each takes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from elephantasm_cli.pack.contents import NO_ROOM, LeftOut, Pack, PackLine, Section
from elephantasm_cli.pack.forms import Form
from elephantasm_cli.pack.render import HEADINGS
from elephantasm_cli.services.tokens import TokenCounter
from elephantasm_cli.vocabulary import Layer


def arranged(
    sections: Sequence[Section], pack: Pack, counter: TokenCounter, form: Form, *, front: Sequence[Section] = ()
) -> Pack:
    """``pack`` with ``sections`` behind those of ``front``, without their weakest lines where it would be over budget.

    The lines of ``front`` must be inside the budget and are never touched.
    """
    whole = joined(front, sections)
    parts = form.parts(whole)
    dropped: list[LeftOut] = []
    while (count := form.count(counter, parts)) > pack.budget and sections:
        weakest = weakest_line(sections)
        dropped.append(LeftOut.line(weakest, NO_ROOM))
        sections = without(sections, weakest)
        whole = joined(front, sections)
        parts = form.parts(whole)
    return replace(
        pack,
        left_out=(*dropped, *pack.left_out),
        text=form.document(parts),
        parts=parts,
        token_count=count if parts else 0,
        sections=whole,
        tokens=section_tokens(whole, counter, form),
        layer_tokens=layer_tokens(whole, counter, form),
    )


def joined(front: Sequence[Section], behind: Sequence[Section]) -> tuple[Section, ...]:
    """The sections of both in their fixed order; in one that both have, the lines of ``front`` come first."""
    lines: dict[str, tuple[PackLine, ...]] = {}
    for section in (*front, *behind):
        lines[section.name] = lines.get(section.name, ()) + section.lines
    return tuple(Section(name, lines[name]) for name in HEADINGS if name in lines)


def layer_tokens(sections: Sequence[Section], counter: TokenCounter, form: Form) -> dict[str, int]:
    """The tokens of each layer's lines, without headings and dates, to the nearest one."""
    found: dict[str, float] = {}
    for section in sections:
        for line in section.lines:
            found[line.layer.value] = found.get(line.layer.value, 0.0) + counter.weigh(form.line(line))
    return {layer: round(tokens) for layer, tokens in found.items()}


def section_tokens(sections: Sequence[Section], counter: TokenCounter, form: Form) -> dict[str, int]:
    """The tokens of each section, headings and dates included, to the nearest one."""
    return {
        section.name: round(form.section_tokens(counter, section, first=place == 0))
        for place, section in enumerate(sections)
    }


def weakest_line(sections: Sequence[Section]) -> PackLine:
    """The lowest-scored line, of evidence if there is any."""
    return min(
        (line for section in sections for line in section.lines),
        key=lambda line: (line.layer is not Layer.EVENT, line.score, line.item_id, line.order),
    )


def without(sections: Sequence[Section], dropped: PackLine) -> tuple[Section, ...]:
    """The sections without one of their lines, and without those that are empty then."""
    kept = (Section(s.name, tuple(line for line in s.lines if line is not dropped)) for s in sections)
    return tuple(section for section in kept if section.lines)
