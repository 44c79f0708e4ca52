"""Supply: no more is ordered or rented than the market offers this plan.

    Σ_s order[o,s,n]  <=  supply[o] · quarters[n] · (1 + growth[o])^t         for each purchase offer o and node n
    Σ_s rent[o,s,n]   <=  supply[o] · (1 + growth[o])^t                       for each rental offer o and node n
    Σ_s rent[o,s,n]   <=  supply_total[o]                                     for each rental offer o and node n
    Σ_{s,m} order[o,s,m]  <=  supply_total[o]                                 for each purchase offer o and branch
    Σ_{s,m} months[m] · rent[o,s,m]  <=  supply_device_months[o]              for each rental offer o and branch
    Σ_{o of v,s} order[o,s,n]  <=  supply[v] · quarters[n] · (1 + growth[v])^t    for each vendor v of vendor_supply and node n,
                               or  share[v] · output[v,y] / 4 · quarters[n]       where its output is given by year

    o  offer   s  site   n  node   m  node on the way to the leaf   v  vendor   y  year of n   t  years from the decision date
    quarters, months  of the node's period, from the decision date on

A row's shadow price is the value of one more device on the market.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.offer import Offer
from planner.model.family import Family, Where
from planner.model.options import Options
from planner.model.rows import Row, Term, Terms
from planner.model.timing import growth, months_in, quarters_in
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Rows per offer and node, per offer and branch, per vendor and node, where a limit is known."""
    for offer in options.case.offers.values():
        if offer.supply_devices_per_quarter is not None:
            for node in options.case.tree:
                if terms := _bought(options, x, [offer], node):
                    limit = offered(options, offer, node)
                    yield Row(
                        "supply", (offer.id,), node.id, Terms.of(terms), "<=", limit, f"supply of offer {offer.id}"
                    )
        yield from _totals(options, x, offer)
    yield from _vendors(options, x)


def _totals(options: Options, x: Columns, offer: Offer) -> Iterator[Row]:
    """Purchases add up along a branch; what is rented at one time is free again at another."""
    total, months = offer.supply_devices_total, offer.supply_device_months
    if total is not None:
        because = f"total supply of offer {offer.id}"
        kind, ways = "total", [(leaf, leaf.path) for leaf in options.case.tree.leaves]
        if offer.kind == "rental":
            kind, ways = "at_once", [(node, (node,)) for node in options.case.tree]
        for last, way in ways:
            if terms := [term for node in way for term in _bought(options, x, [offer], node)]:
                yield Row("supply", (offer.id,), last.id, Terms.of(terms), "<=", total, because, (kind,))
    for leaf in options.case.tree.leaves if months is not None else ():
        if terms := _device_months(options, x, offer, leaf):
            because = f"device-months of offer {offer.id}"
            yield Row("supply", (offer.id,), leaf.id, Terms.of(terms), "<=", months or 0.0, because, ("device_months",))


def _device_months(options: Options, x: Columns, offer: Offer, leaf: Node) -> list[Term]:
    return [
        (column, months_in(options.case, node) * count)
        for node in leaf.path
        for column, count in _bought(options, x, [offer], node)
    ]


def offered(options: Options, offer: Offer, node: Node) -> float:
    """Devices of the offer in the node; infinite where no limit is known.

    Orders are a flow, what can be rented is there all the time.
    """
    if offer.supply_devices_per_quarter is None:
        return math.inf
    quarters = quarters_in(options.case, node) if offer.kind == "purchase" else 1.0
    return offer.supply_devices_per_quarter * quarters * growth(options.case, offer.supply_growth_per_year, node)


def _vendors(options: Options, x: Columns) -> Iterator[Row]:
    for vendor, supply in options.case.vendor_supply.items():
        offers = [
            o
            for o in options.case.offers.values()
            if options.case.accelerators[o.accelerator].vendor == vendor and o.kind == "purchase"
        ]
        for node in options.case.tree:
            if terms := _bought(options, x, offers, node):
                quarters = quarters_in(options.case, node)
                grown = growth(options.case, supply.growth_per_year, node)
                limit = supply.quarterly(node.period.start.year, grown) * quarters
                because = f"supply of {vendor} over all its devices"
                yield Row("supply", (vendor,), node.id, Terms.of(terms), "<=", limit, because, ("vendor",))


def _bought(options: Options, x: Columns, offers: list[Offer], node: Node) -> list[Term]:
    tables = [(offer.id, x.order if offer.kind == "purchase" else x.rent) for offer in offers]
    columns = (table.get((offer, site, node.id)) for offer, table in tables for site in options.case.sites)
    return [(column, 1.0) for column in columns if column is not None]


def _one_more(at: Where) -> str:
    subject, *kind = at.what
    if kind == ["total"]:
        return f"One more device of {subject} in all"
    if kind == ["device_months"]:
        return f"One more device-month of {subject} in all"
    seller = f"from {subject}" if kind == ["vendor"] else f"of {subject}"
    return f"One more device {seller} {'in each period ' if at.each else ''}{at.when}"


FAMILY = Family(
    "supply",
    rows,
    unit="device",
    price_says="the value of one more device on the market",
    kind="limit",
    one_more=_one_more,
)
