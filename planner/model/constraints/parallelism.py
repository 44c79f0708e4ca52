"""Parallelism: a training never runs on more devices than it can use, so that its time-to-train is not beaten.

    Σ_{a,s} run[w,a,s,n]  <=  max_devices[w]        for each training w and node n of its window

    w  workload   a  accelerator   s  site   n  node   run  devices, averaged over the node

A row's shadow price is what splitting the job, or one more usable device, would save.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.options import Options
from planner.model.rows import Row
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per training and node in which it can run."""
    for workload in options.case.workloads.values():
        if workload.max_devices is None:
            continue
        for node in options.case.tree:
            keys = ((*placement.key, node.id) for placement in options.placements_of[workload.id])
            terms = [(x.run[key], 1.0) for key in keys if key in x.run]
            if terms:
                because = f"{workload.id} can use {workload.max_devices} devices at once"
                yield Row("parallelism", (workload.id, node.id), terms, "<=", workload.max_devices, because)
