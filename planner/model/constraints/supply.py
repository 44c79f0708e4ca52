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
from collections import defaultdict
from collections.abc import Iterator, Mapping

from planner.domain.horizon import Node
from planner.domain.offer import Offer
from planner.model.family import Family, Where
from planner.model.options import Options
from planner.model.rows import Row, Term, Terms
from planner.model.timing import growth, months_in, quarters_in
from planner.model.variables import Columns

Taken = Mapping[tuple[str, str], list[int]]
"""By offer and node: the columns of what is ordered or rented."""


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Rows per offer and node, per offer and branch, per vendor and node, where a limit is known."""
    taken = _taken(options, x)
    for offer in options.case.offers.values():
        if offer.supply_devices_per_quarter is not None:
            for node in options.case.tree:
                if some := taken[offer.id, node.id]:
                    limit, because = offered(options, offer, node), f"supply of offer {offer.id}"
                    yield Row("supply", (offer.id,), node.id, Terms.each(some, 1.0), "<=", limit, because)
        yield from _totals(options, taken, offer)
    yield from _vendors(options, taken)


def _taken(options: Options, x: Columns) -> Taken:
    """Site by site as the case has them, in whatever order an offer names them."""
    place = {site: number for number, site in enumerate(options.case.sites)}
    taken: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (offer, _, node), column in sorted((*x.order.items(), *x.rent.items()), key=lambda at: place[at[0][1]]):
        taken[offer, node].append(column)
    return taken


def _totals(options: Options, taken: Taken, offer: Offer) -> Iterator[Row]:
    """Purchases add up along a branch; what is rented at one time is free again at another."""
    total, months = offer.supply_devices_total, offer.supply_device_months
    if total is not None:
        because = f"total supply of offer {offer.id}"
        kind, ways = "total", [(leaf, leaf.path) for leaf in options.case.tree.leaves]
        if offer.kind == "rental":
            kind, ways = "at_once", [(node, (node,)) for node in options.case.tree]
        for last, way in ways:
            if some := [column for node in way for column in taken[offer.id, node.id]]:
                yield Row("supply", (offer.id,), last.id, Terms.each(some, 1.0), "<=", total, because, (kind,))
    for leaf in options.case.tree.leaves if months is not None else ():
        if terms := _device_months(options, taken, offer, leaf):
            because = f"device-months of offer {offer.id}"
            yield Row("supply", (offer.id,), leaf.id, Terms.of(terms), "<=", months or 0.0, because, ("device_months",))


def _device_months(options: Options, taken: Taken, offer: Offer, leaf: Node) -> list[Term]:
    return [(column, months_in(options.case, node)) for node in leaf.path for column in taken[offer.id, node.id]]


def offered(options: Options, offer: Offer, node: Node) -> float:
    """Devices of the offer in the node; infinite where no limit is known.

    Orders are a flow, what can be rented is there all the time.
    """
    if offer.supply_devices_per_quarter is None:
        return math.inf
    quarters = quarters_in(options.case, node) if offer.kind == "purchase" else 1.0
    return offer.supply_devices_per_quarter * quarters * growth(options.case, offer.supply_growth_per_year, node)


def _vendors(options: Options, taken: Taken) -> Iterator[Row]:
    for vendor, supply in options.case.vendor_supply.items():
        offers = [
            o.id
            for o in options.case.offers.values()
            if options.case.accelerators[o.accelerator].vendor == vendor and o.kind == "purchase"
        ]
        for node in options.case.tree:
            if some := [column for offer in offers for column in taken[offer, node.id]]:
                quarters = quarters_in(options.case, node)
                grown = growth(options.case, supply.growth_per_year, node)
                limit = supply.quarterly(node.period.start.year, grown) * quarters
                because = f"supply of {vendor} over all its devices"
                yield Row("supply", (vendor,), node.id, Terms.each(some, 1.0), "<=", limit, because, ("vendor",))


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
