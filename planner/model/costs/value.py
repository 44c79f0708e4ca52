"""Values, not payments: lost compute, broken promises, and what devices are still worth when the horizon ends.

    unserved   unserved_hkd_per_pflops_day[w] · unserved[w,n]
    shortfall  shortfall_hkd_per_pflops[t] · shortfall[t,n]
    residual   - remaining life share · (price[o,n] + equipment) · order[o,s,n]       at the end of each branch, straight line

Without the residual value a plan would stop buying years before its horizon ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.equipment import equipment_hkd_per_device
from planner.model.costs.line import Line, weight
from planner.model.costs.purchase import price_hkd
from planner.model.options import Options
from planner.model.timing import discount_at_end, lifetime_periods
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
    """Straight-line value of devices that outlive the horizon, credited when it ends."""
    if not options.case.economics.residual_value:
        return
    for key, order in options.orders.items():
        life = lifetime_periods(options.case, order.offer.lifetime_years)
        hkd = price_hkd(options, order) + equipment_hkd_per_device(options)
        for arrival in order.arrivals:
            for leaf in options.leaves_below(arrival.node):
                remaining = life - (leaf.position + 1 - arrival.node.position)
                if remaining > 0:
                    share = leaf.probability * discount_at_end(options.case, leaf)
                    tags = order.site.id, options.case.accelerators[order.accelerator].vendor_country, order.offer.id
                    yield Line("residual", x.order[key], leaf, -hkd * remaining / life, share, *tags, cash=False)
