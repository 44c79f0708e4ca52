"""A figure with the one that it is compared with drawn into it: where bars stand, a line across each where they stood before."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from planner.figures.figure import Figure, Trace
from planner.figures.style import INK
from planner.report.language import Language


def beside(now: Figure, before: Figure, say: Language) -> list[Trace]:
    """Traces of `now` with the sums of the bars of `before`, panel by panel."""
    return [
        *now.traces,
        *(mark for axes, sums in _sums(before).items() if (mark := _mark(now, axes, sums, say("pinned")))),
    ]


def reaching(layout: dict[str, Any], before: Figure) -> dict[str, Any]:
    """The layout with axes of amounts that reach what stood before too."""
    whole = dict(layout)
    for name in [key for key in layout if key.startswith(("xaxis", "yaxis"))]:
        mine, other = layout[name].get("range"), before.layout.get(name, {}).get("range")
        if mine and other and layout[name].get("type") != "category":
            whole[name] = {**layout[name], "range": [min(mine[0], other[0]), max(mine[1], other[1])]}
    return whole


def _sums(figure: Figure) -> dict[tuple[str, str, bool], dict[Any, float]]:
    """By axes and whether bars lie: the sum of bars at each name."""
    by_axes: dict[tuple[str, str, bool], dict[Any, float]] = {}
    for trace in figure.traces:
        if trace.get("type") != "bar":
            continue
        lies = trace.get("orientation") == "h"
        names, values = (trace["y"], trace["x"]) if lies else (trace["x"], trace["y"])
        sums = by_axes.setdefault((trace.get("xaxis", "x"), trace.get("yaxis", "y"), lies), defaultdict(float))
        for name, value in zip(names, values, strict=True):
            sums[name] += value or 0.0
    return by_axes


def _mark(now: Figure, axes: tuple[str, str, bool], sums: dict[Any, float], words: str) -> Trace | None:
    x, y, lies = axes
    if not any(trace.get("xaxis", "x") == x and trace.get("type") == "bar" for trace in now.traces):
        return None
    names, values = list(sums), list(sums.values())
    symbol = "line-ns" if lies else "line-ew"
    return {
        "type": "scatter", "mode": "markers", "name": words, "x": values if lies else names, "y": names if lies else values,
        "xaxis": x, "yaxis": y, "marker": {"symbol": symbol, "size": 13, "line": {"width": 2.5, "color": INK}},
        "hovertemplate": f"{words}: %{{{'x' if lies else 'y'}:.3s}}<extra></extra>", "cliponaxis": False,
    }  # fmt: skip
