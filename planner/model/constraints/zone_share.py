"""Zone share: no legal zone provides more than a share of the effective compute.

    Σ_{w,a, s of z} useful[w,a,n] · ( run[w,a,s,n] + run_part[w,a,s,n] )  <=  max_share · Σ_{w,a,s} useful[w,a,n] · ( run[w,a,s,n] + run_part[w,a,s,n] )    for each z and n

    w  workload   a  accelerator   s  site   n  node   z  legal zone   useful  PFLOP/s per device

A row's shadow price is the price of not depending on one jurisdiction, per useful PFLOP/s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.timing import in_window
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per legal zone and node, when the case limits zones' shares."""
    policy = options.case.zone_share
    if policy is None:
        return
    by_node: dict[str, list[tuple[str, int, float]]] = defaultdict(list)
    for run in x.runs:
        by_node[run.node.id].append((run.placement.site.legal_zone, run.column, run.useful))
    for node in options.case.tree:
        if not in_window(node, policy.start, None):
            continue
        runs = by_node[node.id]
        because = f"no legal zone above {policy.max_share:.0%} of effective compute"
        for zone in dict.fromkeys(zone for zone, _, _ in runs):
            terms = Terms.of((run, ((at == zone) - policy.max_share) * useful) for at, run, useful in runs)
            yield Row("zone_share", (zone,), node.id, terms, "<=", 0.0, because)


FAMILY = Family(
    "zone_share",
    rows,
    unit="PFLOP/s",
    price_says="the price of not depending on one jurisdiction",
    kind="limit",
    one_more=lambda at: f"One PFLOP/s in {at.what[0]} beyond its share {at.when}",
)
