"""Values, not payments: lost compute, broken promises, and what devices are still worth when the horizon ends.

    unserved   unserved_hkd_per_pflops_day[w] · unserved[w,n]
    shortfall  shortfall_hkd_per_pflops[t] · shortfall[t,n]
    residual   - share of life left, by days, · own share[o] · (price[o,n] + equipment) · ( order[o,s,n] - forfeit[o,s,n,leaf] )    straight line

    own share  1 - Σ share_max of the subsidies that can pay for o: what public money may have paid is not credited to the
               plan; one without money, or whose window has none of the order's payments, can pay nothing

Without the residual value a plan would stop buying years before its horizon ends. What no longer stands then has none
(`fleet_balance`).
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.line import Line, weight
from planner.model.costs.purchase import price_hkd
from planner.model.device_cost import equipment_hkd
from planner.model.options import Options
from planner.model.procurement import Order
from planner.model.timing import discount_at_end, in_window
from planner.model.variables import Columns


def unserved(options: Options, x: Columns) -> Iterator[Line]:
    """Work not done, at its value of lost compute."""
    for (workload, node_id), column in x.unserved.items():
        node = options.node(node_id)
        hkd = options.case.workloads[workload].unserved_hkd_per_pflops_day.mid
        yield Line("unserved", column, node, hkd, weight(options, node), cash=False)


def shortfall(options: Options, x: Columns) -> Iterator[Line]:
    """Promised capacity that does not stand."""
    for (target, node_id), column in x.shortfall.items():
        node = options.node(node_id)
        hkd = options.case.capacity_targets[target].shortfall_hkd_per_pflops or 0.0
        yield Line("shortfall", column, node, hkd, weight(options, node), cash=False)


def residual(options: Options, x: Columns) -> Iterator[Line]:
    """Straight-line value of devices that stand when the horizon ends and outlive it."""
    if not options.case.economics.residual_value:
        return
    for key, order in options.orders.items():
        hkd = _value_new_hkd(options, order)
        tags = order.site.id, options.case.accelerators[order.accelerator].vendor_country, order.offer.id
        for leaf, left in options.outliving(order):
            share = leaf.probability * discount_at_end(options.case, leaf)
            for column, sign in ((x.order[key], -1.0), (x.forfeit[*key, leaf.id], 1.0)):
                yield Line("residual", column, leaf, sign * hkd * left, share, *tags, cash=False)


def _value_new_hkd(options: Options, order: Order) -> float:
    """Price and equipment of a device as ordered, less the part that subsidies may pay."""
    days = [order.node, *(arrival.node for arrival in order.arrivals)]
    funds = [
        fund
        for fund_id in order.offer.subsidised_by
        if (fund := options.case.funds.get(fund_id)) is not None
        and fund.amount_hkd != 0
        and fund.amount_hkd_per_year != 0
        and any(in_window(node, fund.start, fund.end) for node in days)
    ]
    own_share = max(0.0, 1.0 - sum(fund.share_max or 0.0 for fund in funds))
    return own_share * (price_hkd(options, order) + equipment_hkd(options.case.economics))
