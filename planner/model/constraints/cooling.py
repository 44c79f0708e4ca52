"""Cooling: devices too hot for air stay within the liquid cooling of the hall.

    Σ_{a needs liquid} kW[a] / 1000 · fleet[a,s,n]  <=  liquid_cooled_mw[s,n]        for each s, n with a known limit

    a  accelerator   s  site   n  node   kW  IT power per device; liquid is needed above `liquid_cooling_above_tdp_w`

A row's shadow price is the value of one more megawatt of liquid cooling. A server that no rack of the hall can feed is
refused outright.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.constraints.power import phase_in
from planner.model.family import Family
from planner.model.options import Options
from planner.model.presence import owned_at
from planner.model.rows import Row, Terms
from planner.model.variables import Columns
from planner.units import KW_PER_MW


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per site and node with a limit and hot devices."""
    for site in options.case.sites.values():
        hot = [a for a, at in options.owned_pairs if at == site.id and options.case.needs_liquid(a)]
        for node in options.case.tree:
            phase = phase_in(options, site, node)
            if phase is None or phase.liquid_cooled_mw is None:
                continue
            terms = [
                (column, options.case.kw_per_device(a) / KW_PER_MW)
                for a in hot
                for column, _ in owned_at(options, x, a, site.id, node)
            ]
            if terms:
                because = f"liquid cooling at {site.id}: {phase.liquid_cooled_mw:g} MW"
                yield Row("cooling", (site.id,), node.id, Terms.of(terms), "<=", phase.liquid_cooled_mw, because)


FAMILY = Family(
    "cooling",
    rows,
    unit="MW",
    price_says="the value of one more megawatt of liquid cooling",
    kind="limit",
    one_more=lambda at: f"One more MW of liquid cooling at {at.what[0]} {at.when}",
)
