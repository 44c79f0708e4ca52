"""Standing costs: what a device costs while it stands, whether it works or not.

    hosting      hosting_hkd_per_kw_month[s] · kW[a] · months[n] · present[a,s,n]
    staff        staff_hkd_per_device_year · years[n] · present[a,s,n]
    maintenance  maintenance_share_per_year · value[a] · years[n] · present[a,s,n]
    insurance    insurance_share_per_year · value[a] · years[n] · present[a,s,n]
    decommission decommission_hkd_per_device · retire[a,s,n]

present is devices averaged over n (`planner.model.presence`). value[a] is the price of a device of that kind: of the case's cheapest purchase offer, else the middle of the
catalogue's range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from planner.domain.horizon import Node
from planner.domain.site import Site
from planner.model.costs.line import Line, weight
from planner.model.options import Options
from planner.model.presence import owned
from planner.model.timing import months_in, years_in
from planner.model.variables import Columns

PerDevice = Callable[[str, Site, Node], float]


def hosting(options: Options, x: Columns) -> Iterator[Line]:
    """Colocation or hall per kW of IT load."""

    def hkd(accelerator: str, site: Site, node: Node) -> float:
        return (
            site.hosting_hkd_per_kw_month.mid * options.case.kw_per_device(accelerator) * months_in(options.case, node)
        )

    yield from _per_device(options, x, "hosting", hkd)


def staff(options: Options, x: Columns) -> Iterator[Line]:
    """People who keep the devices running."""
    rate = options.case.economics.staff_hkd_per_device_year.mid
    yield from _per_device(options, x, "staff", lambda a, site, node: rate * years_in(options.case, node))


def maintenance(options: Options, x: Columns) -> Iterator[Line]:
    """Spares and support."""
    share = options.case.economics.maintenance_share_per_year.mid
    yield from _per_device(
        options, x, "maintenance", lambda a, site, node: share * value_hkd(options, a) * years_in(options.case, node)
    )


def insurance(options: Options, x: Columns) -> Iterator[Line]:
    """Premium on the value of what stands."""
    share = options.case.economics.insurance_share_per_year.mid
    yield from _per_device(
        options, x, "insurance", lambda a, site, node: share * value_hkd(options, a) * years_in(options.case, node)
    )


def decommission(options: Options, x: Columns) -> Iterator[Line]:
    """Removal, data wiping and recycling of what is taken out."""
    hkd = options.case.economics.decommission_hkd_per_device
    for (accelerator, site, node_id), column in x.retire.items():
        if hkd:
            node = options.node(node_id)
            origin = options.case.accelerators[accelerator].vendor_country
            risky = options.marked(accelerator, options.case.sites[site], node)
            yield Line("decommission", column, node, hkd, weight(options, node), site, origin, risky=risky)


def value_hkd(options: Options, accelerator: str) -> float:
    """Price of one device of the kind, HKD; 0 where neither offers nor catalogue know one."""
    prices = [
        offer.price_usd_per_device.mid
        for offer in options.case.offers.values()
        if offer.accelerator == accelerator and offer.price_usd_per_device is not None
    ]
    device = options.case.accelerators[accelerator]
    if not prices and device.unit_price_usd_low is not None and device.unit_price_usd_high is not None:
        prices = [(device.unit_price_usd_low + device.unit_price_usd_high) / 2]
    return min(prices, default=0.0) * options.case.hkd_per_usd


def _per_device(options: Options, x: Columns, cost: str, hkd: PerDevice) -> Iterator[Line]:
    for column, share, accelerator, site, node in owned(options, x):
        amount = share * hkd(accelerator, options.case.sites[site], node)
        if amount:
            yield Line(
                cost,
                column,
                node,
                amount,
                weight(options, node),
                site,
                options.case.accelerators[accelerator].vendor_country,
                risky=options.marked(accelerator, options.case.sites[site], node),
            )
