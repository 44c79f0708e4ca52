"""Parallelism: nothing runs on more devices at once than it can use, so that a time-to-train is not beaten and no service
makes up later for what it lacked before its devices came.

    Σ_{a,s} ( run[w,a,s,n] + run_part[w,a,s,n] )  <=  max_devices[w]        for each training w and node n of its window
    Σ_{a,s} use[w,a,n] · ( run[w,a,s,n] + run_part[w,a,s,n] ) / share[w,a,s,n]  <=  most[w,n]
        for each w and n, once over what begins within n, with an arrival or a port, once over what ends with a life

    w  workload   a  accelerator   s  site   n  node   run  devices, averaged over the node
    share  largest part of n in which devices that stand a part of it are there, or in which a port or mechanism can be in
           place: work is done evenly while it can be done
    use, most  of a training: 1 and max_devices; of a service: its work as a share of that of its best device, and how
               many of those do what is asked

A row's shadow price is what splitting the job, or one more usable device, would save.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.family import Family
from planner.model.options import Options
from planner.model.placement import Placement
from planner.model.rows import Row, Terms
from planner.model.timing import ready_share
from planner.model.variables import Columns, asked


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per training and node in which it can run; further ones where devices stand a part of the node."""
    for workload in options.case.workloads.values():
        for node in options.case.tree:
            keys = ((*placement.key, node.id) for placement in options.placements_of[workload.id])
            terms: Terms = [(run, 1.0) for key in keys for run in x.runs(key)]
            if terms and workload.max_devices is not None:
                because = f"{workload.id} can use {workload.max_devices} devices at once"
                yield Row("parallelism", (workload.id,), node.id, terms, "<=", workload.max_devices, because)
            if terms:
                yield from _parts(options, x, workload, node)


def _parts(options: Options, x: Columns, workload: Workload, node: Node) -> Iterator[Row]:
    placed = options.placements_of[workload.id]
    best = max(options.useful_work(workload, placement.accelerator, node) for placement in placed)
    most = workload.max_devices or asked(options, workload, node) / best
    for name, leaving in (("arriving", False), ("leaving", True)):
        whole, parts = Terms(), Terms()
        for placement in placed:
            key = (*placement.key, node.id)
            work = options.useful_work(workload, placement.accelerator, node)
            use, opens = (
                1.0 if workload.max_devices else work / best,
                1.0 if leaving else _opens(options, placement, node),
            )
            if key in x.run and opens:
                (whole if opens == 1 else parts).append((x.run[key], use / opens))
            shares = [part.share for part in options.parts.get(key[1:], ()) if part.stood is leaving]
            if key in x.run_part and shares and opens:
                parts.append((x.run_part[key], use / min(max(shares), opens)))
        if parts:
            because = f"{workload.id} can use {most:g} devices at once"
            terms: Terms = [*whole, *parts]
            yield Row("parallelism", (workload.id,), node.id, terms, "<=", most, because, (name,), is_limit=False)


def _opens(options: Options, placement: Placement, node: Node) -> float:
    """Largest part of the node in which the port and the mechanisms can be in place: begun with the plan."""
    case = options.case
    months = [case.governance.mechanisms[mechanism].lead_months.mid for mechanism in placement.mechanisms]
    if placement.ported:
        months.append(case.stacks[placement.stack].porting[placement.workload.workload_class].months.mid)
    return min((ready_share(case, case.tree.root, wait, node) for wait in months), default=1.0)


FAMILY = Family(
    "parallelism",
    rows,
    unit="device",
    price_says="what one more usable device would save the job",
    kind="limit",
    one_more=lambda at: f"One more device that {at.what[0]} can use at once {at.when}",
)
