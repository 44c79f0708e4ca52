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

from collections.abc import Iterator, Mapping, Sequence

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.family import Family
from planner.model.options import Options
from planner.model.placement import Placement
from planner.model.rows import Row, Term, Terms
from planner.model.variables import Columns, Run, asked


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per training and node in which it can run; further ones where devices stand a part of the node."""
    for workload in options.case.workloads.values():
        key = "parallelism", workload.id
        if key not in x.worked:
            x.worked[key] = list(_at_once(options, x, workload))
        for node, best, parts in x.worked[key]:
            if workload.max_devices is not None:
                terms = Terms.of((run.column, 1.0) for run in x.runs_of[workload.id, node.id])
                because = f"{workload.id} can use {workload.max_devices} devices at once"
                yield Row("parallelism", (workload.id,), node.id, terms, "<=", workload.max_devices, because)
            most = workload.max_devices or asked(options, workload, node) / best
            because = f"{workload.id} can use {most:g} devices at once"
            for name, some in parts:
                yield Row("parallelism", (workload.id,), node.id, some, "<=", most, because, (name,), is_limit=False)


def _at_once(options: Options, x: Columns, workload: Workload) -> Iterator[tuple[Node, float, list[tuple[str, Terms]]]]:
    """For each node in which the workload can run: the most that a device does, and the terms of its further rows by name."""
    months = {placement.key: _months(options, placement) for placement in options.placements_of[workload.id]}
    speeds = [
        (options.speeds.now(workload, accelerator), options.speeds.maturities(accelerator))
        for accelerator in {placement.accelerator for placement in options.placements_of[workload.id]}
    ]
    for node in options.case.tree:
        if runs := x.runs_of.get((workload.id, node.id)):
            best = max([now * grown[node.id] for now, grown in speeds]) * options.days[node.id]
            yield node, best, list(_parts(options, workload, node, runs, best, months))


def _parts(
    options: Options,
    workload: Workload,
    node: Node,
    runs: Sequence[Run],
    best: float,
    months: Mapping[tuple[str, str, str], float | None],
) -> Iterator[tuple[str, Terms]]:
    shares = {wait: options.ready_shares(wait, node)[0] if wait is not None else 1.0 for wait in {*months.values()}}
    uses = [(run.column, 1.0 if workload.max_devices else run.work / best) for run in runs]
    parted, ready = any(run.part for run in runs), {*shares.values()} == {1.0}
    for name, leaving in (("arriving", False), ("leaving", True)):
        if not parted and (leaving or ready):
            continue
        whole, parts = list[Term](), list[Term]()
        for run, (column, use) in zip(runs, uses, strict=True):
            share = 1.0 if leaving or ready else shares[months[run.placement.key]]
            if run.part:
                stands = options.part_shares[run.placement.accelerator, run.placement.site.id, node.id].get(leaving)
                if stands and share:
                    parts.append((column, use / min(stands, share)))
            elif share == 1:
                whole.append((column, use))
            elif share:
                parts.append((column, use / share))
        if parts:
            yield name, Terms.of([*whole, *parts])


def _months(options: Options, placement: Placement) -> float | None:
    """How long the placement waits for its port and mechanisms, begun with the plan; None: for nothing."""
    case = options.case
    months = [case.governance.mechanisms[mechanism].lead_months.mid for mechanism in placement.mechanisms]
    if placement.ported:
        months.append(case.stacks[placement.stack].porting[placement.workload.workload_class].months.mid)
    return max(months, default=None)


FAMILY = Family(
    "parallelism",
    rows,
    unit="device",
    price_says="what one more usable device would save the job",
    kind="limit",
    one_more=lambda at: f"One more device that {at.what[0]} can use at once {at.when}",
    binds="one tenant",
)
