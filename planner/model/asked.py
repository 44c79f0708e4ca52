"""Work asked for: how much in each node, and in which of them it is counted."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.horizon import Node, Period
from planner.domain.workload import Workload
from planner.model.options import Options
from planner.model.timing import days_in, growth, window_share


def asked(options: Options, workload: Workload, node: Node) -> float:
    """Work asked for in the node, PFLOP/s-days: a training's part within the horizon, a service's rate times the days
    of the node.
    """
    key = workload.id, node.id
    if key not in options.asked:
        options.asked[key] = _asked(options, workload, node)
    return options.asked[key]


def _asked(options: Options, workload: Workload, node: Node) -> float:
    if workload.work_pflops_days is not None:
        return workload.work_pflops_days.mid * window_share(options.case.horizon, workload.start, workload.end)
    grown = growth(options.case, workload.growth_per_year, node, Period.parse(workload.start).start)
    return options.speeds.busy_pflops(workload) * grown * days_in(options.case, node)


def due(options: Options, workload: Workload) -> Iterable[Node]:
    """Nodes in which the workload's work is counted: every one of a service's window, the last of a training's."""
    active = [node for node in options.case.tree if options.active(workload, node)]
    if workload.kind == "service":
        return active
    last = max((node.position for node in active), default=-1)
    return [node for node in active if node.position == last]
