"""Demand: work asked for is done or counted as unserved; no more of it is done than is asked for.

    service    Σ_{a,s} useful[w,a,n] · days[n] · run[w,a,s,n] + unserved[w,n]  ==  rate[w,n] · days[n]     for each n of the window
    training   Σ_{m in path(n)} Σ_{a,s} useful[w,a,m] · days[m] · run[w,a,s,m] + unserved[w,n]  ==  work[w]  for the last n of the window

    w  workload   a  accelerator   s  site   n, m  nodes   useful  PFLOP/s per device   unserved  PFLOP/s-days
    run  with run_part

More work than is asked for is no use to anybody, yet it could dilute a share or earn at a negative price.
A row's shadow price is the marginal cost of one more PFLOP/s-day of this work. It never exceeds the value of unserved work.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.asked import asked, due
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per service and node, one per training and branch."""
    for workload in options.case.workloads.values():
        for node in due(options, workload):
            key = "demand", workload.id, node.id
            if key not in x.worked:
                x.worked[key] = _terms(x, workload, node)
            terms: Terms = x.worked[key]
            because = f"{workload.kind} {workload.id} of {workload.tenant}, {workload.start} to {workload.end}"
            yield Row("demand", (workload.id,), node.id, terms, "==", asked(options, workload, node), because)


def _terms(x: Columns, workload: Workload, node: Node) -> Terms:
    """What is left unserved, and all work done that counts towards the node."""
    runs = x.runs.of_workload
    nodes = (node,) if workload.kind == "service" else node.path
    done = [runs[workload.id, at.id] for at in nodes]
    left = Terms((x.unserved[workload.id, node.id],), (1.0,))
    return Terms.joined((left, *(Terms(runs.columns[at], runs.work[at]) for at in done)))


FAMILY = Family(
    "demand",
    rows,
    unit="PFLOP/s-day",
    price_says="the marginal cost of one more PFLOP/s-day",
    kind="work",
    one_more=lambda at: f"One PFLOP/s-day less of {at.what[0]} {'in each period ' if at.each else ''}{at.when}",
    met=True,
    binds="one tenant",
)
