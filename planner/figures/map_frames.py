"""The frames of a map of sites: which part of the world each shows, its outlines of land, and where the names of places go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, NamedTuple

from planner.figures.figure import Trace
from planner.figures.style import GRID, INK
from planner.intake.catalogue import raw

LAND, COAST, SEA = "#ecebe4", "#bdbab0", "#f6fafc"
NARROWEST = 290
"""Pixels that a frame is wide where it is narrowest: names that keep apart there do so elsewhere."""
GAP, LETTER, LINE = 0.03, 6.0, 13.0
"""Share of the width between frames; pixels that a letter and a line take."""


class Point(NamedTuple):
    """Degrees east and north."""

    east: float
    north: float


@dataclass(frozen=True)
class Frame:
    """A box of the world, degrees, drawn with one scale each way: a degree of longitude is shorter by the cosine of the latitude."""

    title: str
    outlines: tuple[str, ...]
    west: float
    east: float
    south: float
    north: float
    share: float
    """Of the width of a page that holds more than one frame."""

    def holds(self, point: Point) -> bool:
        """Whether the place lies in the frame."""
        return self.west <= point.east <= self.east and self.south <= point.north <= self.north

    @property
    def squeeze(self) -> float:
        """Length of a degree of latitude over that of one of longitude, in the middle."""
        return 1 / cos(radians((self.south + self.north) / 2))


FRAMES = (
    Frame("Hong Kong and Shenzhen", ("mainland", "hong_kong"), 113.80, 114.45, 22.15, 22.60, 0.66),
    Frame("East Asia", ("asia",), 98.0, 146.0, -3.0, 41.0, 0.34),
)
"""The closest first: a place is drawn in the first that holds it."""


def land(frame: Frame) -> Iterator[Trace]:
    """Outlines, a trace for each part; a ring ends where a coordinate is None."""
    for name in frame.outlines:
        x: list[float | None] = []
        y: list[float | None] = []
        for ring in raw("outlines.yaml")[name]:
            x += [*ring[0::2], ring[0], None]
            y += [*ring[1::2], ring[1], None]
        yield {
            "type": "scatter", "mode": "lines", "x": x, "y": y, "fill": "toself", "fillcolor": LAND, "showlegend": False,
            "line": {"color": COAST, "width": 1}, "hoverinfo": "skip",
        }  # fmt: skip


def axes(frames: Sequence[Frame]) -> dict[str, Any]:
    """Axes of the frames beside one another; what a page has over is more of the map."""
    whole, left = sum(frame.share for frame in frames), 0.0
    frame_axes: dict[str, dict[str, Any]] = {}
    width = 1 - GAP * (len(frames) - 1)
    for number, frame in enumerate(frames):
        key = str(number + 1) if number else ""
        right = left + width * frame.share / whole
        bare = {"showgrid": False, "zeroline": False, "showticklabels": False, "fixedrange": True, "showline": True, "mirror": True, "linecolor": GRID}  # fmt: skip
        frame_axes[f"xaxis{key}"] = {
            **bare,
            "range": [frame.west, frame.east],
            "domain": [left, right],
            "anchor": f"y{key}",
        }
        frame_axes[f"yaxis{key}"] = {
            **bare, "range": [frame.south, frame.north], "domain": [0.0, 1.0], "anchor": f"x{key}",
            "scaleanchor": f"x{key}", "scaleratio": frame.squeeze,
        }  # fmt: skip
        if len(frames) == 1 and frame.share < 0.5:  # its outlines end where a wide page would go on
            for axis in (f"xaxis{key}", f"yaxis{key}"):
                frame_axes[axis] |= {"constrain": "domain", "constraintoward": "left" if axis[0] == "x" else "top"}
        left = right + GAP
    return {**frame_axes, "plot_bgcolor": SEA}


def label(frame: Frame, places: Sequence[tuple[str, Point, float]], number: int, title: str) -> list[dict[str, Any]]:
    """The title of a frame and the names of its places, each where it covers no mark and no name; `places`: name, point, pixels of the mark."""
    key = str(number + 1) if number else ""
    scale = NARROWEST / (frame.east - frame.west)
    at = {place: ((p.east - frame.west) * scale, (p.north - frame.south) * scale * frame.squeeze) for place, p, _ in places}  # fmt: skip
    boxes = [(x - size / 2, y - size / 2, x + size / 2, y + size / 2) for place, _, size in places for x, y in [at[place]]]  # fmt: skip
    marks: list[dict[str, Any]] = [{
        "xref": f"x{key} domain", "yref": f"y{key} domain", "x": 0, "y": 1, "yshift": 2, "xanchor": "left", "yanchor": "bottom",
        "showarrow": False, "text": f"<b>{title}</b>", "font": {"size": 12},
    }]  # fmt: skip
    for place, point, size in places:
        (x, y), wide, reach = at[place], LETTER * len(place), size / 2 + 3
        sides = {
            "right": (x + reach, y - LINE / 2, x + reach + wide, y + LINE / 2),
            "left": (x - reach - wide, y - LINE / 2, x - reach, y + LINE / 2),
            "above": (x - wide / 2, y + reach, x + wide / 2, y + reach + LINE),
            "below": (x - wide / 2, y - reach - LINE, x + wide / 2, y - reach),
        }
        side = next((side for side, box in sides.items() if box[0] >= 0 and box[2] <= NARROWEST and not any(_meet(box, other) for other in boxes)), "right")  # fmt: skip
        boxes.append(sides[side])
        marks.append({
            "xref": f"x{key}", "yref": f"y{key}", "x": point.east, "y": point.north, "text": place, "showarrow": False,
            "font": {"size": 11, "color": INK},
            "xanchor": {"right": "left", "left": "right"}.get(side, "center"), "yanchor": {"above": "bottom", "below": "top"}.get(side, "middle"),
            "xshift": {"right": reach, "left": -reach}.get(side, 0), "yshift": {"above": reach, "below": -reach}.get(side, 0),
        })  # fmt: skip
    return marks


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
