"""Purchase: the price of the devices, deposit with the order, balance when they stand.

    deposit_share[o] · price[o,n] · order[o,s,n]                in n
    (1 - deposit_share[o]) · price[o,n] · order[o,s,n]          in each branch's node in which the order first stands

    price[o,n] = price_usd_per_device[o] · (1 + growth[o])^t · (1 + fee) · HKD per USD        t  years from the decision date or the offer's first day   fee  levied by the rule that let it ship

A branch in which law overtakes the order pays the deposit only: that is what a cancelled order loses.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.line import Line, weight, weight_on_arrival
from planner.model.options import Options
from planner.model.procurement import Order
from planner.model.timing import price_growth
from planner.model.variables import Columns


def lines(options: Options, x: Columns) -> Iterator[Line]:
    """Deposit and balances of every order."""
    for key, order in options.orders.items():
        share, base = order.offer.deposit_share, price_hkd(options, order)
        fee = max(arrival.answer.fee_share for arrival in order.arrivals)
        payments = [(order.node, share * base, fee, weight(options, order.node))]
        for arrival in order.arrivals:
            on_arrival = weight_on_arrival(options, arrival)
            payments.append((arrival.node, (1 - share) * base, arrival.answer.fee_share, on_arrival))
        tags = order_tags(options, order)
        for node, hkd, levied, counts in payments:
            yield Line("purchase", x.order[key], node, hkd, counts, *tags, order=options.credited_order(key))
            if levied:
                yield Line("purchase", x.order[key], node, hkd * levied, counts, *tags)


def price_hkd(options: Options, order: Order) -> float:
    """Price of one device as ordered, fee not included, HKD."""
    price = order.offer.price_usd_per_device
    assert price is not None
    return price.mid * price_growth(options.case, order.offer, order.node) * options.case.hkd_per_usd


def order_tags(options: Options, order: Order) -> tuple[str, str, str, bool]:
    """Site, origin of the device, offer, and whether US rules mark the device as a risk: what strings of
    funds look at.
    """
    risky = any(arrival.answer.risky for arrival in order.arrivals)
    return order.site.id, options.case.accelerators[order.accelerator].vendor_country, order.offer.id, risky
