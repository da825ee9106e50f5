"""A line plot on two logarithmic axes, as SVG text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 70, 190, 20, 50
COLOURS = ("#1f6f8b", "#c0392b", "#7d8a2e", "#8e5ea2", "#d68910")


def plot(lines: Mapping[str, Sequence[tuple[float, float]]], across: str, up: str) -> str:
    """The SVG of ``lines`` (name: points, all > 0); ``across`` and ``up`` name the axes."""
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    x_from, x_to = _decades(xs)
    y_from, y_to = _decades(ys)

    def place(x: float, y: float) -> tuple[float, float]:
        right = (math.log10(x) - x_from) / (x_to - x_from) * (WIDTH - LEFT - RIGHT)
        high = (math.log10(y) - y_from) / (y_to - y_from) * (HEIGHT - TOP - BOTTOM)
        return round(LEFT + right, 1), round(HEIGHT - BOTTOM - high, 1)

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for decade in range(x_from, x_to + 1):
        x, bottom = place(10**decade, 10**y_from)
        drawn.append(f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}" stroke="#ddd"/>')
        drawn.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{10**decade:,}</text>')
    for decade in range(y_from, y_to + 1):
        left, y = place(10**x_from, 10**decade)
        drawn.append(f'<line x1="{left}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#ddd"/>')
        drawn.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{10.0**decade:g}</text>')
    drawn.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{across}</text>')
    drawn.append(
        f'<text x="16" y="{HEIGHT / 2}" transform="rotate(-90 16 {HEIGHT / 2})" text-anchor="middle">{up}</text>'
    )
    for points, colour in zip(lines.values(), COLOURS, strict=False):
        placed = [place(x, y) for x, y in points]
        joined = " ".join(f"{x},{y}" for x, y in placed)
        drawn.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in placed]
    ends = sorted(zip(lines.items(), COLOURS, strict=False), key=lambda each: -each[0][1][-1][1])
    low = 0.0
    for (name, points), colour in ends:
        x, y = place(*points[-1])
        low = max(y + 4, low + 15)
        drawn.append(f'<text x="{x + 8}" y="{low}" fill="{colour}">{name}</text>')
    return "\n".join([*drawn, "</svg>", ""])


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)
