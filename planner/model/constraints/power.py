"""Power: what stands at a site draws no more than the site is granted.

    Σ_a kW[a] · PUE[s] / 1000 · fleet[a,s,n]  <=  power_mw[s,n]        for each site s that takes purchases, and n

    a  accelerator   s  site   n  node   kW  IT power per device with its share of the server   power_mw  at the meter, the least of the phases in n

A row's shadow price is the value of one more megawatt at s in n. Before the first phase the grant is zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.site import Phase, Site
from planner.model.family import Family
from planner.model.options import Options
from planner.model.presence import owned_at
from planner.model.rows import Row, Term, Terms
from planner.model.variables import Columns
from planner.units import KW_PER_MW


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per site and node with anything that can stand."""
    for site, node, kw_terms in kw_at_sites(options, x):
        phase = phase_in(options, site, node)
        terms = Terms.of((column, kw * site.pue / KW_PER_MW) for column, kw in kw_terms)
        limit = phase.power_mw if phase else 0.0
        yield Row("power", (site.id,), node.id, terms, "<=", limit, f"power granted at {site.id}: {limit:g} MW")


def kw_at_sites(options: Options, x: Columns) -> Iterator[tuple[Site, Node, list[Term]]]:
    """For each site and node the columns of owned devices with their IT power per device, kW: a part of a period takes
    no part of the power.
    """
    for site in options.case.sites.values():
        pairs = [accelerator for accelerator, at in options.owned_pairs if at == site.id]
        for node in options.case.tree:
            terms = [
                (column, options.case.kw_per_device(a))
                for a in pairs
                for column, _ in owned_at(options, x, a, site.id, node)
            ]
            if terms:
                yield site, node, terms


def phase_in(options: Options, site: Site, node: Node) -> Phase | None:
    """The least that the site offers on any day that the plan counts of the node's period."""
    return site.phase_within(options.case.horizon.order_date(node.period), node.period.end)


FAMILY = Family(
    "power",
    rows,
    unit="MW",
    price_says="the value of one more megawatt",
    kind="limit",
    one_more=lambda at: f"One more MW at {at.what[0]} {at.when}",
)
