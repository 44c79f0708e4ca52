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

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.asked import asked
from planner.model.family import Family
from planner.model.options import Options
from planner.model.placement import Placement
from planner.model.rows import Row, Terms, decimals, whole_numbers
from planner.model.runs import Floats, Numbers, Runs
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per training and node in which it can run; further ones where devices stand a part of the node."""
    of, workloads = x.runs.of_workload, options.case.workloads.values()
    keys = {workload.id: ("parallelism", workload.id) for workload in workloads}
    stands = _stands(options, x.runs) if any(key not in x.worked for key in keys.values()) else {}
    for workload in workloads:
        key = keys[workload.id]
        if key not in x.worked:
            x.worked[key] = list(_at_once(options, x, workload, stands))
        for node, best, parts in x.worked[key]:
            if workload.max_devices is not None:
                terms = Terms.each(of.columns[of[workload.id, node.id]], 1.0)
                because = f"{workload.id} can use {workload.max_devices} devices at once"
                yield Row("parallelism", (workload.id,), node.id, terms, "<=", workload.max_devices, because)
            most = workload.max_devices or asked(options, workload, node) / best
            because = f"{workload.id} can use {most:g} devices at once"
            for name, some in parts:
                yield Row("parallelism", (workload.id,), node.id, some, "<=", most, because, (name,), is_limit=False)


def _at_once(
    options: Options, x: Columns, workload: Workload, stands: Mapping[bool, Floats]
) -> Iterator[tuple[Node, float, list[tuple[str, Terms]]]]:
    """For each node in which the workload can run: the most that a device does, and the terms of its further rows by name."""
    speeds = [
        (options.speeds.now(workload, accelerator), options.speeds.maturities(accelerator))
        for accelerator in {placement.accelerator for placement in options.placements_of[workload.id]}
    ]
    runs, nodes = x.runs, x.runs.nodes
    some = runs.of_workload.order[runs.of_workload.all_of(workload.id)]
    best = {
        number: max([now * grown[nodes[number].id] for now, grown in speeds]) * options.days[nodes[number].id]
        for number in dict.fromkeys(runs.node[some].tolist())
    }
    parts = _parts(options, runs, workload, stands, some, best)
    for number, most in best.items():
        yield nodes[number], most, parts[number]


def _parts(
    options: Options,
    runs: Runs,
    workload: Workload,
    stands: Mapping[bool, Floats],
    some: Numbers,
    best: Mapping[int, float],
) -> Mapping[int, list[tuple[str, Terms]]]:
    """By number of a node: the terms of its further rows by name. `some`: the runs of the workload, node after node."""
    further: dict[int, list[tuple[str, Terms]]] = {number: [] for number in best}
    node, part, most = runs.node[some], runs.part[some], np.zeros(len(runs.nodes))
    most[[*best]] = [*best.values()]
    use = np.ones(len(some)) if workload.max_devices else runs.work[some] / most[node]
    for name, leaving in (("arriving", False), ("leaving", True)):
        share = np.ones(len(some)) if leaving else _ready(options, runs, workload, some)
        parted = part | (share != 1)
        share[part] = np.minimum(share[part], stands[leaving][runs.placement[some[part]], node[part]])
        kept = np.flatnonzero(share)
        cell = 2 * node[kept] + parted[kept]
        kept = kept[np.argsort(cell, kind="stable")]
        columns, values = whole_numbers(runs.column[some[kept]]), decimals(use[kept] / share[kept])
        ends = [0, *np.cumsum(np.bincount(cell, minlength=2 * len(runs.nodes))).tolist()]
        for number in best:
            first, parts, end = ends[2 * number : 2 * number + 3]
            if parts < end:
                further[number].append((name, Terms(columns[first:end], values[first:end])))
    return further


def _stands(options: Options, runs: Runs) -> Mapping[bool, Floats]:
    """For what is there from the period before, and what is not: by placement and node, the largest part of the node in which such devices
    that stand a part of it do so.
    """
    stands = {leaving: np.zeros((len(runs.placements), len(runs.nodes))) for leaving in (False, True)}
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, placement in enumerate(runs.placements):
        numbers[placement.accelerator, placement.site.id].append(number)
    for (accelerator, site, node), shares in options.part_shares.items():
        for leaving, share in shares.items():
            stands[leaving][numbers[accelerator, site], runs.number_of[node]] = share
    return stands


def _ready(options: Options, runs: Runs, workload: Workload, some: Numbers) -> Floats:
    """By run: the part of its node that is left once the port and the mechanisms that it waits for, begun with the plan, are in place."""
    numbers: dict[float | None, list[int]] = defaultdict(list)
    for number in runs.numbers_of[workload.id]:
        numbers[_months(options, runs.placements[number])].append(number)
    ready, waits = np.ones(len(some)), np.zeros(len(runs.placements), dtype=bool)
    for months, waiting in numbers.items():
        if months is not None:
            waits[:] = False
            waits[waiting] = True
            at = waits[runs.placement[some]]
            opens = options.openings(months)
            ready[at] = opens.share[opens.ends[runs.node[some[at]]]]
    return ready


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
