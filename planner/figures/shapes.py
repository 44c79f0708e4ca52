"""Shapes that several figures take: a bridge from parts to a whole, and bands from low to high."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from planner.figures.figure import Trace
from planner.figures.style import INK, axis, layout

ROW, FRAME = 26, 90
ROOM, ROUNDING = 0.14, 1e-9


class Step(NamedTuple):
    """A bar of a bridge; one that is `whole` stands on zero, each other on the end of the one before."""

    label: str
    amount: float
    colour: str
    text: str
    whole: bool = False


def bridge_bars(steps: Sequence[Step], unit: str) -> tuple[list[Trace], dict[str, Any], int]:
    """Traces, layout and height of a bridge, the first step on top."""
    starts, ends, level = [], [], 0.0
    for step in steps:
        start = 0.0 if step.whole else level
        level = step.amount if step.whole else level + step.amount
        starts.append(start)
        ends.append(level)
    low, high = min(0.0, *starts, *ends), max(0.0, *starts, *ends)
    room = ROOM * (high - low)
    if low > -ROUNDING * (high - low):
        low = 0.0
    trace = {
        "type": "bar", "orientation": "h", "y": [s.label for s in steps], "x": [s.amount for s in steps], "base": starts,
        "marker": {"color": [s.colour for s in steps]}, "text": [s.text for s in steps], "textposition": "outside",
        "cliponaxis": False, "hovertemplate": "%{y}: %{text}<extra></extra>",
    }  # fmt: skip
    frame = layout(
        xaxis=axis(unit, range=[low - room if low else 0.0, high + room]),
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
    )
    return [trace], frame, FRAME + 20 + ROW * len(steps)


class Band(NamedTuple):
    """A row: an amount with how far it may be out."""

    label: str
    low: float
    mid: float
    high: float
    colour: str
    text: str = ""


def band_rows(bands: Sequence[Band], unit: str, **own: Any) -> tuple[list[Trace], dict[str, Any], int]:
    """A line from low to high and a dot at the middle for each row, the first on top."""
    colours = list(dict.fromkeys(band.colour for band in bands))
    traces: list[Trace] = []
    for colour in colours:
        mine = [band for band in bands if band.colour == colour]
        traces.append({
            "type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"color": colour, "width": 6},
            "x": [x for b in mine for x in (b.low, b.high, None)], "y": [y for b in mine for y in (b.label, b.label, None)],
        })  # fmt: skip
    traces.append({
        "type": "scatter", "mode": "markers", "x": [b.mid for b in bands], "y": [b.label for b in bands],
        "marker": {"color": "white", "size": 11, "line": {"color": [b.colour for b in bands], "width": 3}},
        "customdata": [b.text for b in bands], "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    })  # fmt: skip
    high, low = max(b.high for b in bands), min(0.0, *(b.low for b in bands))
    notes = [
        {
            "x": b.high, "y": b.label, "xanchor": "left", "xshift": 8, "showarrow": False, "text": b.text,
            "font": {"size": 11, "color": INK},
        }
        for b in bands if b.text
    ]  # fmt: skip
    frame = layout(
        xaxis=axis(unit, range=[low - 0.02 * (high - low), high + 0.3 * (high - low)]),
        yaxis={"automargin": True, "fixedrange": True, "categoryorder": "array", "categoryarray": [b.label for b in bands][::-1], "range": [-0.6, len(bands) - 0.4]},
        annotations=notes,
        **own,
    )  # fmt: skip
    return traces, frame, FRAME + ROW * len(bands)


def apart(labels: Sequence[str]) -> list[str]:
    """The labels, those that read the same told apart by what nobody sees: a category is one row."""
    return [label + "\N{ZERO WIDTH SPACE}" * list(labels[:place]).count(label) for place, label in enumerate(labels)]
