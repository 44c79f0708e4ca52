"""Vendor share: no vendor provides more than a share of the effective compute.

    Σ_{w, a of v, s} useful[w,a,n] · run[w,a,s,n]  <=  max_share · Σ_{w,a,s} useful[w,a,n] · run[w,a,s,n]        for each vendor v and n

    w  workload   a  accelerator   s  site   n  node   v  vendor   useful  PFLOP/s per device

A row's shadow price is the price of not depending on one vendor, per useful PFLOP/s.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.model.options import Options
from planner.model.rows import Row
from planner.model.timing import in_window
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per vendor and node, when the case limits vendors' shares."""
    policy = options.case.vendor_share
    if policy is None:
        return
    for node in options.case.tree:
        if not in_window(node, policy.start, None):
            continue
        runs = effective_runs(options, x, node)
        for vendor in dict.fromkeys(vendor for _, _, vendor in runs):
            terms = [(column, useful * ((owner == vendor) - policy.max_share)) for column, useful, owner in runs]
            yield Row(
                "vendor_share",
                (vendor, node.id),
                terms,
                "<=",
                0.0,
                f"no vendor above {policy.max_share:.0%} of effective compute",
            )


def effective_runs(options: Options, x: Columns, node: Node) -> list[tuple[int, float, str]]:
    """(column, useful PFLOP/s per device, vendor) of everything that can run in the node."""
    return [
        (
            x.run[key],
            options.speeds.useful_pflops(placement.workload, placement.accelerator, node),
            options.case.accelerators[placement.accelerator].vendor,
        )
        for placement in options.placements
        if (key := (*placement.key, node.id)) in x.run
    ]
