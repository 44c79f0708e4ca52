"""Energy: power drawn at the meter, demand charge, and a price put on carbon.

    energy         tariff[s,n] · 1000 · energy[a,s,n]                               HKD, MWh of owned devices (`planner.model.energy`)
    demand_charge  demand_charge_hkd_per_kw_month[s] · PUE[s] · kW[a] · months[n] · present[a,s,n]
    carbon         carbon_price · factor[s,n] · energy[a,s,n]                       owned and rented devices

A rental's price includes its energy; its carbon counts all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.device_cost import demand_charge_hkd_per_month
from planner.domain.horizon import Node
from planner.domain.site import Site
from planner.model.constraints.carbon_cap import tonnes_at
from planner.model.costs.line import NO_COLUMN, Line, Spread, weight
from planner.model.energy import owned_mwh
from planner.model.options import Options
from planner.model.presence import owned
from planner.model.timing import growth, months_in
from planner.model.variables import Columns
from planner.units import KWH_PER_MWH


def energy(options: Options, x: Columns) -> Iterator[Spread]:
    """Energy of owned devices at the site's tariff."""
    for node in options.case.tree:
        counts = weight(options, node)
        hkd_per_mwh = {site.id: _hkd_per_mwh(options, site, node) for site in options.case.sites.values()}
        for accelerator, site, draws in owned_mwh(options, x, node):
            origin = options.case.accelerators[accelerator].vendor_country
            risky = options.marked(accelerator, site, node)
            like = Line("energy", NO_COLUMN, node, 0.0, counts, site.id, origin, None, risky)
            yield Spread(like, draws.times(hkd_per_mwh[site.id]))


def _hkd_per_mwh(options: Options, site: Site, node: Node) -> float:
    grown = growth(options.case, site.tariff_growth_per_year, node)
    return site.tariff_hkd_per_kwh.mid * grown * KWH_PER_MWH


def demand_charge(options: Options, x: Columns) -> Iterator[Line]:
    """Charge on the peak that the standing devices can draw."""
    months = {node.id: months_in(options.case, node) for node in options.case.tree}
    for column, share, accelerator, site_id, node, origin, risky in owned(options, x):
        site = options.case.sites[site_id]
        if site.demand_charge_hkd_per_kw_month:
            kw = options.case.kw_per_device(accelerator)
            hkd = demand_charge_hkd_per_month(site, kw) * months[node.id] * share
            yield Line("demand_charge", column, node, hkd, weight(options, node), site_id, origin, risky=risky)


def carbon(options: Options, x: Columns) -> Iterator[Spread]:
    """Price put on every tonne of CO2e."""
    price = options.case.economics.carbon_price_hkd_per_tonne
    if not price:
        return
    for node in options.case.tree:
        for site, tonnes in tonnes_at(options, x, node):
            like = Line("carbon", NO_COLUMN, node, 0.0, weight(options, node), site.id)
            yield Spread(like, tonnes.times(price))
