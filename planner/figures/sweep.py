"""What matters: a tornado, Morris effects, the course along one parameter, how a measure is spread, a frontier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.cells import number
from planner.figures.figure import Figure, Trace
from planner.figures.style import ALARM, GRID, PALETTE, axis, cut, layout
from planner.report.tables import Table
from planner.report.words import money, percent, short_money
from planner.study.sweep.answer import Answer
from planner.units import HKD_PER_MILLION

MOST, LEAST_HKD, ROW, FRAME, BINS = 20, 0.5, 26, 100, 24
OBJECTIVE = "objective_hkd"


def sweep_figures(answer: Answer) -> list[Figure]:
    """Those that fit the design of the sweep."""
    return [*_tornado(answer), *_morris(answer), *_course(answer), *_spread(answer), *_frontier(answer)]


def _tornado(answer: Answer) -> Iterator[Figure]:
    bars = [bar for bar in answer.bars if bar["size"] >= LEAST_HKD]
    if not bars:
        return
    shown = bars[:MOST]
    labels = [cut(bar["path"], 40) for bar in shown]
    traces: list[Trace] = [
        {
            "type": "bar", "orientation": "h", "name": f"at the {end} value", "y": labels,
            "x": [(bar[f"at_{end}"] or 0.0) / HKD_PER_MILLION for bar in shown], "marker": {"color": colour},
            "customdata": [[str(bar[end]), short_money(bar[f"at_{end}"] or 0.0)] for bar in shown],
            "text": [str(bar[end]) for bar in shown], "textposition": "auto", "textfont": {"size": 10}, "insidetextanchor": "end",
            "hovertemplate": "%{y} = %{customdata[0]}: %{customdata[1]} HKD<extra></extra>",
        }
        for end, colour in (("low", PALETTE[0]), ("high", PALETTE[1]))
    ]  # fmt: skip
    first = shown[0]
    title = f"{first['path']} matters most of {len(bars)} estimates: over its range the plan's cost moves by up to {money(first['size'])}."
    alt = f"Tornado of {len(shown)} bars: the change of the plan's cost when each estimate is at its low and at its high value, the widest on top."
    yield Figure(
        "tornado", title, alt, traces,
        layout(
            barmode="overlay",
            xaxis=axis("change of the plan's cost, million HKD in present value", rangemode="normal"),
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "tickfont": {"size": 11}},
            showlegend=True, legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "xanchor": "left"},
            margin={"l": 56, "r": 16, "t": 34, "b": 44},
        ),
        Table.of(answer.bars), height=FRAME + ROW * len(shown),
    )  # fmt: skip


def _morris(answer: Answer) -> Iterator[Figure]:
    effects = [effect for effect in answer.effects if effect["mu_star"] >= LEAST_HKD][:MOST]
    if not effects:
        return
    first = effects[0]
    title = f"{first['path']} matters most: through its whole span the plan's cost moves by {money(first['mu_star'])} on average."
    alt = f"Bars of the mean size of the effect of {len(effects)} estimates on the plan's cost, the largest on top."
    yield Figure(
        "effects", title, alt,
        [
            {
                "type": "bar", "orientation": "h", "y": [cut(e["path"], 40) for e in effects], "x": [e["mu_star"] / HKD_PER_MILLION for e in effects],
                "error_x": {"type": "data", "array": [e["sigma"] / HKD_PER_MILLION for e in effects], "color": "#555555"},
                "marker": {"color": PALETTE[0]}, "hovertemplate": "%{y}: %{x:,.3s} M HKD<extra></extra>",
            }
        ],
        layout(xaxis=axis("mean size of the effect, million HKD; whiskers: standard deviation"), yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True}),
        Table.of(answer.effects), height=FRAME + ROW * len(effects),
    )  # fmt: skip


def _course(answer: Answer) -> Iterator[Figure]:
    """Along one parameter of a grid."""
    if answer.question.design != "grid" or len(answer.question.parameters) != 1:
        return
    parameter = answer.question.parameters[0]
    runs = [run for run in answer.runs if run.status == "optimal"]
    if len(runs) < 2:
        return
    values = [run.point[parameter.path] for run in runs]
    hkd = [run.measures[OBJECTIVE] for run in runs]
    low, high = min(range(len(hkd)), key=hkd.__getitem__), max(range(len(hkd)), key=hkd.__getitem__)
    title = f"The plan costs {money(hkd[low])} at {parameter.path} = {_said(values[low])} and {money(hkd[high])} at {_said(values[high])}."
    alt = f"Line of the plan's cost over {len(runs)} values of {parameter.path}."
    gaps = len(answer.runs) - len(runs)
    yield Figure(
        "course", title, alt,
        [{"type": "scatter", "mode": "lines+markers", "x": values, "y": [v / HKD_PER_MILLION for v in hkd], "line": {"color": PALETTE[0], "width": 3}, "marker": {"size": 8}, "hovertemplate": "%{x}: %{y:,.4s} M HKD<extra></extra>"}],
        layout(xaxis={"title": {"text": parameter.path}, "gridcolor": GRID, "fixedrange": True, "automargin": True}, yaxis=axis("cost, million HKD in present value", rangemode="normal")),
        Table.of([{parameter.path: value, OBJECTIVE: cost} for value, cost in zip(values, hkd, strict=True)]),
        note=f"{gaps} runs have no plan and are not shown." if gaps else "",
    )  # fmt: skip


def _spread(answer: Answer) -> Iterator[Figure]:
    """How the cost is spread over sampled runs."""
    values = [run.measures[OBJECTIVE] for run in answer.runs if run.status == "optimal"]
    line = next((each for each in answer.spread if each["measure"] == OBJECTIVE), None)
    if answer.question.design not in ("lhs", "monte_carlo") or line is None or len(set(values)) < 2:
        return
    edges = [line["p05"], line["p50"], line["p95"]]
    title = f"In nine of ten runs the plan costs between {money(edges[0])} and {money(edges[2])}; the median is {money(edges[1])}."
    alt = f"Histogram of the plan's cost over {len(values)} runs, with marks at the fifth, fiftieth and ninety-fifth percentile."
    marks = [
        {"type": "line", "xref": "x", "yref": "paper", "x0": e / HKD_PER_MILLION, "x1": e / HKD_PER_MILLION, "y0": 0, "y1": 1, "line": {"color": ALARM, "dash": "dot"}}
        for e in edges
    ]  # fmt: skip
    names = [
        {"xref": "x", "yref": "paper", "x": e / HKD_PER_MILLION, "y": 1, "yanchor": "bottom", "showarrow": False, "text": n, "font": {"size": 11}}
        for e, n in zip(edges, ("5 %", "50 %", "95 %"), strict=True)
    ]  # fmt: skip
    yield Figure(
        "spread", title, alt,
        [{"type": "histogram", "x": [v / HKD_PER_MILLION for v in values], "nbinsx": BINS, "marker": {"color": PALETTE[0]}, "hovertemplate": "%{x} M HKD: %{y} runs<extra></extra>"}],
        layout(xaxis=axis("cost, million HKD in present value", rangemode="normal"), yaxis=axis("runs"), shapes=marks, annotations=names, margin={"l": 56, "r": 16, "t": 28, "b": 44}),
        Table.of(answer.spread),
    )  # fmt: skip


def _frontier(answer: Answer) -> Iterator[Figure]:
    points = answer.frontier
    if not points:
        return
    ordered = sorted(points, key=lambda p: (p.carbon_t, p.served_share))
    cheap, most = (
        min(points, key=lambda p: p.spending_hkd),
        max(points, key=lambda p: (p.served_share, -p.spending_hkd)),
    )
    title = (
        f"Spending runs from {money(cheap.spending_hkd)} for {percent(cheap.served_share)} of the work to {money(most.spending_hkd)} for "
        f"{percent(most.served_share)}."
    )
    alt = f"{len(points)} plans that no other undercuts: spending over the share of work done, darker with more carbon."
    yield Figure(
        "frontier", title, alt,
        [
            {
                "type": "scatter", "mode": "markers", "x": [100 * p.served_share for p in ordered], "y": [p.spending_hkd / HKD_PER_MILLION for p in ordered],
                "marker": {"size": 13, "color": [p.carbon_t for p in ordered], "colorscale": "Cividis", "reversescale": True, "showscale": True, "colorbar": {"title": {"text": "t CO2e"}, "thickness": 12}},
                "hovertemplate": "%{x:.1f} %: %{y:,.4s} M HKD, %{marker.color:,.3s} t<extra></extra>",
            }
        ],
        layout(xaxis=axis("work done, %", rangemode="normal"), yaxis=axis("spending, million HKD", rangemode="normal")),
        Table.of([vars(p) for p in ordered]),
    )  # fmt: skip


def _said(value: Any) -> str:
    return number(value) if isinstance(value, int | float) else str(value)
