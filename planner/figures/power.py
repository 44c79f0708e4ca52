"""Power drawn against power granted, a panel for each site that the plan may fill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.figures.figure import Figure, Trace
from planner.figures.names import site_names
from planner.figures.style import GRID, INK, PALETTE, layout, periods, time_axis
from planner.plan.record import PlanRecord
from planner.report.language import Language
from planner.report.tables import Table
from planner.report.words import percent
from planner.units import KW_PER_MW

MOST_PANELS, PANEL, GAP = 5, 120, 46
FULL = 0.999


def power(plan: PlanRecord, say: Language) -> Figure | None:
    """Bars of what stands, at full load with its share of the server and cooling, under a line of the grant."""
    records = list(at_the_meter(plan, rented=False))
    used = {site: [r for r in records if r["site"] == site] for site in dict.fromkeys(str(r["site"]) for r in records)}
    peak = {site: max(r["power_mw"] for r in rows) for site, rows in used.items()}
    sites = sorted((site for site in used if peak[site] > 0), key=lambda site: -peak[site])
    if not sites:
        return None
    shown, names, call = sites[:MOST_PANELS], periods(plan.case), site_names(plan.case)
    height = PANEL * len(shown) + GAP * len(shown) + 30
    step = 1.0 / len(shown)
    traces: list[Trace] = []
    axes: dict[str, object] = {}
    titles: list[dict[str, object]] = []
    for place, site in enumerate(shown):
        number = "" if place == 0 else str(place + 1)
        top, rows = 1.0 - place * step, {str(r["period"]): r for r in used[site]}
        drawn = [rows[n]["power_mw"] if n in rows else 0.0 for n in names]
        granted = [rows[n]["granted_mw"] if n in rows else None for n in names]
        common = {"x": names, "xaxis": f"x{number}", "yaxis": f"y{number}"}
        traces += [
            {"type": "bar", "name": say("drawn"), "y": drawn, "marker": {"color": PALETTE[0]}, "hovertemplate": "%{x}: %{y:.3s} MW<extra></extra>", **common},
            {"type": "scatter", "mode": "lines", "name": say("granted"), "y": granted, "line": {"color": INK, "width": 2, "shape": "hvh"}, "hovertemplate": "%{x}: %{y:.3s} MW<extra></extra>", **common},
        ]  # fmt: skip
        axes[f"xaxis{number}"] = time_axis(names, anchor=f"y{number}")
        ceiling = 1.15 * max([*drawn, *(g for g in granted if g is not None)])
        axes[f"yaxis{number}"] = {
            "domain": [top - step * PANEL / (PANEL + GAP), top], "range": [0, ceiling], "gridcolor": GRID, "nticks": 4,
            "fixedrange": True, "automargin": True, "title": {"text": "MW"}, "anchor": f"x{number}",
        }  # fmt: skip
        titles.append({
            "xref": "paper", "yref": "paper", "x": 0, "y": top, "yshift": 2, "xanchor": "left", "yanchor": "bottom", "showarrow": False,
            "text": f"<b>{call(site)}</b>", "font": {"size": 12},
        })  # fmt: skip
    full = [
        site for site in sites if any(r["granted_mw"] and r["power_mw"] >= FULL * r["granted_mw"] for r in used[site])
    ]
    most = max(records, key=lambda r: r["power_mw"] / r["granted_mw"] if r["granted_mw"] else 0.0)
    title = (
        say("Power is all used at {sites} at some time.", sites=say.listed([call(site) for site in full]))
        if full
        else say("No site uses all its power; {site} comes nearest with {share} in {period}.", site=call(str(most["site"])), share=percent(most["power_mw"] / most["granted_mw"]), period=most["period"])
    )  # fmt: skip
    note = say("Bars: full load at the meter with servers and cooling; line: what the site is granted.")
    if len(sites) > len(shown):
        note += " " + say("{count} sites that draw less are in the numbers.", count=len(sites) - len(shown))
    return Figure(
        "power",
        title,
        say("Panels of bars, one for each of {count} sites: power drawn per period in MW, under a line of the power granted.", count=len(shown)),
        traces,
        layout(annotations=titles, margin={"l": 56, "r": 12, "t": 26, "b": 40}, **axes),
        Table.of([r for site in sites for r in used[site]]),
        note=note,
        height=height,
    )  # fmt: skip


def at_the_meter(plan: PlanRecord, *, rented: bool) -> Iterator[dict[str, Any]]:
    """By site and period, expected over branches: MW at the meter, of what is owned at the sites that take it, with the MW granted on
    the least of the days, or of what is rented.
    """
    case, horizon = plan.case, plan.case.horizon
    drawn: dict[tuple[str, str], float] = {}
    for row in plan.rows.rentals if rented else (*plan.rows.fleet, *plan.rows.part_periods):
        site = case.sites[row["site"]]
        mw = row["devices"] * case.kw_per_device(row["accelerator"]) * site.pue / KW_PER_MW
        key = (row["site"], row["period"])
        drawn[key] = drawn.get(key, 0.0) + mw * plan.probability[row["node"]]
    if rented:
        yield from ({"site": site, "period": period, "power_mw": mw} for (site, period), mw in drawn.items())
        return
    for site in case.sites.values():
        if not site.takes_purchases:
            continue
        for period in horizon.periods:
            phase = site.phase_within(horizon.order_date(period), period.end)
            granted = phase.power_mw if phase else 0.0
            yield {
                "site": site.id,
                "period": str(period),
                "power_mw": drawn.get((site.id, str(period)), 0.0),
                "granted_mw": granted,
            }
