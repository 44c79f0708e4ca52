"""Parallelism: nothing runs on more devices at once than it can use, so that a time-to-train is not beaten and no service
makes up later for what it lacked before its devices came.

    Σ_{a,s} ( run[w,a,s,n] + run_part[w,a,s,n] )  <=  max_devices[w]        for each training w and node n of its window
    Σ_{a,s} use[w,a,n] · ( run[w,a,s,n] + run_part[w,a,s,n] / share[a,s,n] )  <=  most[w,n]
        for each w and n, once over the parts of n that begin with an arrival, once over those that end with a life

    w  workload   a  accelerator   s  site   n  node   run  devices, averaged over the node
    share  largest part of n in which devices that stand a part of it are there: they run evenly while they stand
    use, most  of a training: 1 and max_devices; of a service: its work as a share of that of its best device, and how
               many of those do what is asked

A row's shadow price is what splitting the job, or one more usable device, would save.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.variables import Columns, asked


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per training and node in which it can run; further ones where devices stand a part of the node."""
    for workload in options.case.workloads.values():
        for node in options.case.tree:
            keys = ((*placement.key, node.id) for placement in options.placements_of[workload.id])
            terms: Terms = [(run, 1.0) for key in keys for run in x.runs(key)]
            if terms and workload.max_devices is not None:
                because = f"{workload.id} can use {workload.max_devices} devices at once"
                yield Row("parallelism", (workload.id, node.id), terms, "<=", workload.max_devices, because)
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
            use = 1.0 if workload.max_devices else work / best
            if key in x.run:
                whole.append((x.run[key], use))
            shares = [part.share for _, part in options.parts.get(key[1:], ()) if part.stood is leaving]
            if key in x.run_part and shares:
                parts.append((x.run_part[key], use / max(shares)))
        if parts:
            because = f"{workload.id} can use {most:g} devices at once"
            yield Row("parallelism", (workload.id, node.id, name), [*whole, *parts], "<=", most, because)
