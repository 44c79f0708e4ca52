"""Values, not payments: unserved work, missed targets, and what devices are still worth when the horizon ends.

    unserved   unserved_hkd_per_pflops_day[w] · unserved[w,n]
    shortfall  shortfall_hkd_per_pflops[t] · shortfall[t,n]
    residual   - left · (price[o,n] + equipment) · ( order[o,s,n] - forfeit[o,s,n,leaf] )      never above straight line

    left  the lesser of (1 + g)^years since it first stood, g the growth of used prices, and the share of life, by days, that remains
          when the horizon ends

Without the residual value a plan would stop buying years before its horizon ends. What no longer stands then has none
(`fleet_balance`), nor what public money has paid for (`budget`). Removal is paid when a device is taken out: that of a device which outlives
the plan falls after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.device_cost import equipment_hkd
from planner.model.costs.line import Line, weight
from planner.model.costs.purchase import price_hkd
from planner.model.options import Options
from planner.model.timing import discount_at_end
from planner.model.variables import Columns


def unserved(options: Options, x: Columns) -> Iterator[Line]:
    """Unserved work at its value."""
    for (workload, node_id), column in x.unserved.items():
        node = options.node(node_id)
        hkd = options.case.workloads[workload].unserved_hkd_per_pflops_day.mid
        yield Line("unserved", column, node, hkd, weight(options, node), cash=False)


def shortfall(options: Options, x: Columns) -> Iterator[Line]:
    """Target capacity that does not stand."""
    for (target, node_id), column in x.shortfall.items():
        node = options.node(node_id)
        hkd = options.case.capacity_targets[target].shortfall_hkd_per_pflops or 0.0
        yield Line("shortfall", column, node, hkd, weight(options, node), cash=False)


def residual(options: Options, x: Columns) -> Iterator[Line]:
    """Value of devices that stand when the horizon ends and outlive it."""
    for key, leaves in options.outliving.items():
        order = options.orders[key]
        new = price_hkd(options, order) + equipment_hkd(options.case.economics)
        tags = order.site.id, options.case.accelerators[order.accelerator].vendor_country, order.offer.id
        for leaf, left in leaves:
            share = leaf.probability * discount_at_end(options.case, leaf)
            for column, sign in ((x.order[key], -1.0), (x.forfeit[*key, leaf.id], 1.0)):
                yield Line("residual", column, leaf, sign * new * left, share, *tags, cash=False)
