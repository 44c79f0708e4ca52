"""How all figures look: colours that colour-blind readers tell apart (Okabe and Ito), one font, few lines, labels at the
series themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.domain.case import Case
from planner.figures.figure import Trace

PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442")
"""Vermilion, the seventh, is kept for what goes wrong."""
REST, ALARM, INK, GRID = "#b8b8b8", "#D55E00", "#333333", "#e4e4e4"
MOST_SERIES = len(PALETTE)
LABEL_CHARACTERS, LABEL_WIDTH = 25, 196
LEAST_GAP = 0.058
Series = Mapping[str, Sequence[float]]


def layout(**own: Any) -> dict[str, Any]:
    """The common layout with a figure's own beside it."""
    base: dict[str, Any] = {
        "font": {"family": "system-ui, 'Noto Sans', 'Noto Sans CJK HK', sans-serif", "size": 12, "color": INK},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 56, "r": 16, "t": 12, "b": 40},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "bargap": 0.15,
    }
    return {**base, **own}


def axis(title: str = "", **own: Any) -> dict[str, Any]:
    """An axis of amounts that begins at zero."""
    base = {
        "title": {"text": title},
        "gridcolor": GRID,
        "zerolinecolor": INK,
        "rangemode": "tozero",
        "tickformat": ",",
        "automargin": True,
        "fixedrange": True,
    }
    return {**base, **own}


def periods(case: Case) -> list[str]:
    """The periods of the plan, in order."""
    return [str(period) for period in case.horizon.periods]


def time_axis(names: Sequence[str], **own: Any) -> dict[str, Any]:
    """An axis of periods with the years under them."""
    firsts = [name for place, name in enumerate(names) if not place or name[:4] != names[place - 1][:4]]
    # A first year of which only the end is planned would crowd the next one's name.
    ticks = firsts[1:] if len(firsts) > 3 and names.index(firsts[1]) < 3 else firsts
    base = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(names),
        "range": [-0.6, len(names) - 0.4],
        "tickvals": ticks if len(names) > 10 else list(names),
        "ticktext": [name[:4] for name in ticks] if len(names) > 10 else list(names),
        "ticks": "outside",
        "fixedrange": True,
        "automargin": True,
    }
    return {**base, **own}


def largest(series: Series, rest: str, most: int = MOST_SERIES) -> tuple[dict[str, list[float]], dict[str, str]]:
    """The series with the largest sums, the others in one named `rest`, and the colour of each."""
    ordered = sorted(series, key=lambda name: (-sum(map(abs, series[name])), name))
    kept = ordered if len(ordered) <= most else ordered[: most - 1]
    shown = {name: list(series[name]) for name in kept}
    colours = dict(zip(kept, PALETTE, strict=False))
    others = ordered[len(kept) :]
    if others:
        name = rest.format(count=len(others))
        shown[name] = [sum(values) for values in zip(*(series[other] for other in others), strict=True)]
        colours[name] = REST
    return shown, colours


def stack(x: Sequence[str], series: Series, colours: Mapping[str, str], unit: str, **own: Any) -> list[Trace]:
    """A bar of each series at each place, one upon the other."""
    return [
        {
            "type": "bar", "name": name, "x": list(x), "y": list(values),
            "marker": {"color": colours[name], "line": {"color": "white", "width": 0.5}},
            "hovertemplate": f"{name}<br>%{{x}}: %{{y:,.3s}} {unit}<extra></extra>", **own,
        }
        for name, values in series.items()
    ]  # fmt: skip


def labels(series: Series, colours: Mapping[str, str], top: float, **own: Any) -> list[dict[str, Any]]:
    """The name of each series beside its part of the last bar, moved apart where they would overlap; a narrow page shows a
    legend in their place.
    """
    wanted, base = [], 0.0
    for values in series.values():
        last = max(values[-1], 0.0)
        wanted.append((base + last / 2) / top)
        base += last
    places = spread(wanted, LEAST_GAP)
    return [
        {
            "name": "label", "xref": "paper", "yref": "paper", "x": 1.0, "y": place, "xanchor": "left", "yanchor": "middle",
            "showarrow": False, "align": "left", "font": {"size": 12},
            "text": f'<span style="color:{colours[name]}">■</span> {cut(name)}', **own,
        }
        for name, place in zip(series, places, strict=True)
    ]  # fmt: skip


def stacked(
    series: Series, colours: Mapping[str, str], top: float, *, xaxis: Any, yaxis: Any, barmode: str = "stack"
) -> dict[str, Any]:
    """A stack with room beside it for the names of its series."""
    return layout(
        barmode=barmode,
        xaxis=xaxis,
        yaxis=yaxis,
        margin={"l": 56, "r": LABEL_WIDTH, "t": 12, "b": 40},
        annotations=labels(series, colours, top),
    )


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """The places, 0 to 1 and in rising order, moved no further than it takes to keep them apart by `gap`."""
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + gap) if places else max(place, gap / 2))
    ceiling = 1.0
    for number in range(len(places) - 1, -1, -1):
        places[number] = min(places[number], ceiling)
        ceiling = places[number] - gap
    return places


def cut(name: str, most: int = LABEL_CHARACTERS) -> str:
    """The name, shortened to what a label holds."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def legend_below(y: float = -0.18) -> dict[str, Any]:
    """A legend in lines under the axis, `y` heights of the plot below its foot, in the order of the series."""
    return {"orientation": "h", "x": 0, "y": y, "yanchor": "top", "xanchor": "left", "traceorder": "normal"}


def whole(amount: float) -> str:
    """Devices as people count them: 4,471; parts of one where there are few."""
    return f"{amount:,.0f}" if amount >= 9.95 or abs(amount - round(amount)) < 1e-6 else f"{amount:.1f}"
