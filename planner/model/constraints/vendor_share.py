"""Vendor share: no vendor provides more than a share of the effective compute.

    effective[v,n]  =  Σ_{w, a of v, s} useful[w,a,n] · ( run[w,a,s,n] + run_part[w,a,s,n] )    for each vendor v and n
    effective[v,n]  <=  max_share · Σ_{v'} effective[v',n]                          for each vendor v and n

    w  workload   a  accelerator   s  site   n  node   v  vendor (v' any)   useful  PFLOP/s per device   effective  PFLOP/s

The sums have columns of their own, since with a dozen vendors every run would stand in a dozen rows.

A row's shadow price is the price of not depending on one vendor, per useful PFLOP/s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms, decimals
from planner.model.runs import Groups
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Two rows per vendor and node, when the case limits vendors' shares."""
    policy = options.case.vendor_share
    if policy is None:
        return
    vendors: dict[str, dict[str, int]] = defaultdict(dict)
    for (vendor, node_id), column in x.effective.items():
        vendors[node_id][vendor] = column
    catalogue = options.case.accelerators
    runs = Groups(x.runs, lambda placement: catalogue[placement.accelerator].vendor)
    useful = decimals(x.runs.useful[runs.order])
    because = f"no vendor above {policy.max_share:.0%} of effective compute"
    for node_id, columns in vendors.items():
        for vendor, column in columns.items():
            counted = f"effective compute of {vendor}"
            at = runs[vendor, node_id]
            sums = Terms(runs.columns[at], useful[at]) + Terms((column,), (-1.0,))
            yield Row("vendor_share", (vendor,), node_id, sums, "==", 0.0, counted, ("counted",), is_limit=False)
        for vendor in columns:
            terms = Terms.of((column, float(other == vendor) - policy.max_share) for other, column in columns.items())
            yield Row("vendor_share", (vendor,), node_id, terms, "<=", 0.0, because)


FAMILY = Family(
    "vendor_share",
    rows,
    unit="PFLOP/s",
    price_says="the price of not depending on one vendor",
    kind="limit",
    one_more=lambda at: f"One PFLOP/s of {at.what[0]} beyond its share {at.when}",
)
