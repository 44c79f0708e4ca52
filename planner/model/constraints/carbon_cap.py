"""Carbon cap: emissions of a calendar year stay within the cap.

    Σ_{n of year y} Σ_{a,s} factor[s,n] · energy[a,s,n]  <=  cap · (share of y that the plan covers)        for each y and branch

    a  accelerator   s  site   n  node on the way to the branch's last node in y   factor  t CO2e per MWh   energy  MWh, owned and rented

A row's shadow price is the marginal abatement cost, HKD per t CO2e.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.site import Site
from planner.model.energy import owned_mwh, rented_mwh
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.timing import growth, in_window, year_share
from planner.model.variables import Columns
from planner.units import KG_PER_TONNE, KWH_PER_MWH


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per calendar year and branch, when the case caps carbon."""
    cap = options.case.carbon_cap
    if cap is None:
        return
    for last in last_of_year(options):
        nodes = [
            n for n in last.path if n.period.start.year == last.period.start.year and in_window(n, cap.start, None)
        ]
        terms = Terms.joined(carbon_terms(options, x, node) for node in nodes)
        if terms:
            limit = cap.tonnes_per_year * year_share(options.case, nodes)
            because = f"carbon cap of {cap.tonnes_per_year:g} t a year"
            yield Row("carbon_cap", (f"y{last.period.start.year}",), last.id, terms, "<=", limit, because)


def last_of_year(options: Options) -> list[Node]:
    """The nodes whose children, if any, lie in another calendar year."""
    children = options.case.tree.children
    return [n for n in options.case.tree if all(c.period.start.year != n.period.start.year for c in children[n.id])]


def tonnes_per_mwh(options: Options, site: Site, node: Node) -> float:
    """Tonnes of CO2e per MWh at the meter of the site in the node."""
    grown = growth(options.case, site.carbon_growth_per_year, node)
    return site.carbon_kg_per_kwh * grown * KWH_PER_MWH / KG_PER_TONNE


def tonnes_at(options: Options, x: Columns, node: Node) -> Iterator[tuple[Site, Terms]]:
    """The site of each kind of device that draws power in the node, and tonnes of CO2e per unit of its columns."""
    tonnes = {site.id: tonnes_per_mwh(options, site, node) for site in options.case.sites.values()}
    for _, site, draws in (*owned_mwh(options, x, node), *rented_mwh(options, x, node)):
        yield site, draws.times(tonnes[site.id])


def carbon_terms(options: Options, x: Columns, node: Node) -> Terms:
    """Tonnes of CO2e per unit of every column that draws power in the node."""
    return Terms.joined(tonnes for _, tonnes in tonnes_at(options, x, node))


FAMILY = Family(
    "carbon_cap",
    rows,
    unit="t CO2e",
    price_says="the marginal abatement cost",
    kind="limit",
    one_more=lambda at: f"One more tonne of CO2e{at.year}",
)
