"""Standing costs: what a device costs while it stands, whether it works or not.

    hosting      hosting_hkd_per_kw_month[s] · kW[a] · months[n] · present[a,s,n]
    staff        staff_hkd_per_device_year · years[n] · present[a,s,n]
    maintenance  maintenance_share_per_year · years[n] · ( value · present[a,s,n] + Σ_o (price[o] - value) · upkeep[o,s,n] )
    insurance    insurance_share_per_year · the same
    decommission decommission_hkd_per_device · retire[a,s,n]

present is devices averaged over n (`planner.model.presence`). price[o] is the price of the device in its own offer, at
today's prices. value is the middle of the catalogue's range where devices of the kind stand already (0 where it knows
none), else the price of the pair's only offer; `fleet_balance` says which devices an `upkeep` may count. What stands a part
of n has its own price.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from planner.domain.case import Case
from planner.domain.device_cost import hosting_hkd_per_month, insurance_hkd_per_year, maintenance_hkd_per_year
from planner.domain.economics import Economics
from planner.domain.horizon import Node
from planner.domain.site import Site
from planner.model.costs.line import Line, weight
from planner.model.options import Options
from planner.model.presence import owned
from planner.model.timing import months_in, years_in
from planner.model.variables import Columns

PerYear = Callable[[Economics, float], float]
PerDevice = Callable[[str, Site], float]
Length = Callable[[Case, Node], float]


def hosting(options: Options, x: Columns) -> Iterator[Line]:
    """Colocation or hall per kW of IT load."""

    def monthly(accelerator: str, site: Site) -> float:
        return hosting_hkd_per_month(site, options.case.kw_per_device(accelerator))

    yield from _per_device(options, x, "hosting", monthly, months_in)


def staff(options: Options, x: Columns) -> Iterator[Line]:
    """People who keep the devices running."""
    rate = options.case.economics.staff_hkd_per_device_year.mid
    yield from _per_device(options, x, "staff", lambda accelerator, site: rate, years_in)


def maintenance(options: Options, x: Columns) -> Iterator[Line]:
    """Spares and support."""
    yield from _upkeep(options, x, "maintenance", maintenance_hkd_per_year)


def insurance(options: Options, x: Columns) -> Iterator[Line]:
    """Premium on the value of what stands."""
    yield from _upkeep(options, x, "insurance", insurance_hkd_per_year)


def decommission(options: Options, x: Columns) -> Iterator[Line]:
    """Removal, data wiping and recycling of what is taken out."""
    hkd = options.case.economics.decommission_hkd_per_device
    for (accelerator, site, node_id), column in x.retire.items():
        if hkd:
            node = options.node(node_id)
            origin = options.case.accelerators[accelerator].vendor_country
            risky = options.marked(accelerator, options.case.sites[site], node)
            yield Line("decommission", column, node, hkd, weight(options, node), site, origin, risky=risky)


def _upkeep(options: Options, x: Columns, cost: str, yearly: PerYear) -> Iterator[Line]:
    """A yearly share of what was paid for the devices that stand."""
    economics, hkd_per_usd = options.case.economics, options.case.hkd_per_usd
    value_usd = {pair: options.value_usd(*pair) for pair in options.owned_pairs}

    def of_value(accelerator: str, site: Site) -> float:
        return yearly(economics, value_usd[accelerator, site.id] * hkd_per_usd)

    yield from _per_device(options, x, cost, of_value, years_in)
    whole = [(offer, site, node, column, 1.0) for (offer, site, node), column in x.upkeep.items()]
    parts = [
        (part.offer, *part.key[2:], x.part[part.key], part.share)
        for some in options.parts.values()
        for part in some
        if part.offer is not None
    ]
    for offer_id, site_id, node_id, column, present in (*whole, *parts):
        offer, node = options.case.offers[offer_id], options.node(node_id)
        assert offer.price_usd_per_device is not None
        beyond = offer.price_usd_per_device.mid - value_usd[offer.accelerator, site_id]
        amount = present * yearly(economics, beyond * hkd_per_usd) * years_in(options.case, node)
        if amount:
            risky = options.marked(offer.accelerator, options.case.sites[site_id], node)
            origin = options.case.accelerators[offer.accelerator].vendor_country
            yield Line(cost, column, node, amount, weight(options, node), site_id, origin, risky=risky)


def _per_device(options: Options, x: Columns, cost: str, hkd: PerDevice, length: Length) -> Iterator[Line]:
    """What a device costs a month or a year, for as many of these as the node has."""
    rates = {pair: hkd(pair[0], options.case.sites[pair[1]]) for pair in options.owned_pairs}
    lengths = {node.id: length(options.case, node) for node in options.case.tree}
    for column, share, accelerator, site, node, origin, risky in owned(options, x):
        amount = share * (rates[accelerator, site] * lengths[node.id])
        if amount:
            yield Line(cost, column, node, amount, weight(options, node), site, origin, risky=risky)
