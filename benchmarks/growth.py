"""The picture of growth: CPU seconds over the size of the plain program, both in powers of ten, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Point = tuple[float, float]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 440, 60, 150, 20, 50
COLOURS = ("#0b5394", "#6fa8dc", "#b45f06", "#6aa84f", "#666666")
APART = 15
"""Pixels between two labels."""


class Line(NamedTuple):
    """What is measured, and by size: columns and CPU seconds, in order."""

    name: str
    points: Sequence[Point]


class Axis(NamedTuple):
    """From powers of ten to pixels."""

    low: int
    high: int
    first: float
    last: float

    @classmethod
    def over(cls, values: Sequence[float], first: float, last: float) -> Axis:
        """The whole powers of ten around the values."""
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(low, max(high, low + 1), first, last)

    def at(self, value: float) -> float:
        """Pixel of a value."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.first + share * (self.last - self.first), 1)

    @property
    def ticks(self) -> list[float]:
        """The powers of ten."""
        return [10.0**power for power in range(self.low, self.high + 1)]


def svg(lines: Sequence[Line], marks: dict[float, str]) -> str:
    """The picture. `marks`: a word for some sizes."""
    across = Axis.over([x for line in lines for x, _ in line.points], LEFT, WIDTH - RIGHT)
    up = Axis.over([y for line in lines for _, y in line.points], HEIGHT - BOTTOM, TOP)
    body, names = [*_grid(across, up, marks)], list[str]()
    label_at = -math.inf
    # From the bottom up, so that labels which would overlap move upwards.
    for number, line in sorted(enumerate(lines), key=lambda one: one[1].points[-1][1]):
        colour = COLOURS[number % len(COLOURS)]
        places = [(across.at(x), up.at(y)) for x, y in line.points]
        path = " ".join(f"{x},{y}" for x, y in places)
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places]
        label_at = max(label_at + APART, HEIGHT - places[-1][1])
        # Rimmed with white and above all lines, since a line that goes on may pass below the name of one that ends.
        rim = 'stroke="white" stroke-width="5" stroke-linejoin="round" paint-order="stroke"'
        at = f'x="{places[-1][0] + 8}" y="{HEIGHT - label_at + 4:.1f}"'
        names.append(f'<text {at} {rim} fill="{colour}">{line.name}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n' + "\n".join(body + names) + "\n</svg>\n"
    )


def _grid(across: Axis, up: Axis, marks: dict[float, str]) -> Iterator[str]:
    stroke = 'stroke="#dddddd"'
    for x in across.ticks:
        yield f'<line x1="{across.at(x)}" y1="{TOP}" x2="{across.at(x)}" y2="{HEIGHT - BOTTOM}" {stroke}/>'
        yield f'<text x="{across.at(x)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,.0f}</text>'
    for y in up.ticks:
        yield f'<line x1="{LEFT}" y1="{up.at(y)}" x2="{WIDTH - RIGHT}" y2="{up.at(y)}" {stroke}/>'
        yield f'<text x="{LEFT - 6}" y="{up.at(y) + 4}" text-anchor="end">{y:g}</text>'
    for x, word in marks.items():
        yield f'<text x="{across.at(x)}" y="{TOP + 12}" text-anchor="middle" font-weight="bold">{word}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">columns of the plain program</text>'
    yield f'<text x="14" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 {HEIGHT / 2})">CPU seconds</text>'
