"""Porting: a workload runs on a foreign stack only once it has been ported.

    Σ_{a of k, s} useful[w,a,n] · days[n] · run[w,a,s,n]  <=  Σ_b open[w,b,n] · port[w,k,b]    for each w, stack k it is not ready for, and n
    Σ_{m in path(n)} port[w,k,m]  <=  1                for each w, k and the last n of each way

    w  workload   k  stack   a  accelerator   s  site   n, m  nodes
    b  node: n or an ancestor of it from which a port begun there is finished before n ends
    open  work that may be done in n once it is finished, PFLOP/s-days: as under `data_governance`

The work asked for bounds the left side where the port is finished when n begins. A row's shadow price is the cost of
the software gap: what a finished port would save in n.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.constraints.data_governance import Gate, begun_once, gated
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per workload, stack and node; those that keep a port from being begun twice."""
    for workload in options.case.workloads.values():
        stacks = dict.fromkeys(p.stack for p in options.placements_of[workload.id] if p.ported)
        for stack in stacks:
            months = options.case.stacks[stack].porting[workload.workload_class].months.mid
            because = f"{workload.id} must be ported to {stack}, {months:g} months"
            gate = Gate("port", (workload.id, stack), months)
            for node, terms in gated(options, x, workload, x.runs.on_stack, stack, gate):
                yield Row("porting", (workload.id, stack), node.id, terms, "<=", 0.0, because)
    yield from begun_once(options, x, "port", "porting")


FAMILY = Family(
    "porting",
    rows,
    unit="PFLOP/s-day",
    price_says="the cost of the software gap",
    kind="gap",
    one_more=lambda at: f"One PFLOP/s-day of {' ported to '.join(at.what[:2])} before its port is done {at.when}",
    binds="one tenant",
)
