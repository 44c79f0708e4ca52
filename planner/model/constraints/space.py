"""Space: what stands at a site fits into its racks.

    Σ_a kW[a] / rack_kw[s] · fleet[a,s,n]  <=  racks[s,n]        for each site s with known racks, and n

    a  accelerator   s  site   n  node   rack_kw  IT power that a rack can feed and cool

A row's shadow price is the value of one more rack.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.constraints.power import kw_at_sites, phase_in
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per site and node with a known number of racks."""
    for site, node, kw_terms in kw_at_sites(options, x):
        phase = phase_in(options, site, node)
        if phase is None or phase.racks is None or site.rack_kw is None:
            continue
        terms = Terms.of((column, kw / site.rack_kw) for column, kw in kw_terms)
        yield Row(
            "space",
            (site.id,),
            node.id,
            terms,
            "<=",
            phase.racks,
            f"racks at {site.id}: {phase.racks:g} of {site.rack_kw:g} kW",
        )


FAMILY = Family(
    "space",
    rows,
    unit="rack",
    price_says="the value of one more rack",
    kind="limit",
    one_more=lambda at: f"One more rack at {at.what[0]} {at.when}",
)
