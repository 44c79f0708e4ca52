"""What stands of a target in a plan, and what the plan pays for what is missing."""

from __future__ import annotations

from planner.domain.horizon import Node
from planner.model.constraints.capacity_target import capacity_terms
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan


def first_due(plan: Plan, name: str) -> list[Node]:
    """The first node of each branch in which the target is due; none where that is beyond the plan."""
    due = [row.node for row in plan.model.rows if row.family == "capacity_target" and row.what == (name,)]
    nodes = [plan.model.options.node(node) for node in due if node]
    return [node for node in nodes if node.parent is None or node.parent not in nodes]


def standing_pflops(plan: Plan, name: str) -> float:
    """PFLOP/s that count towards the target when it is due: in the branch with the least."""
    options, values = plan.model.options, plan.solution.values
    target = plan.model.case.capacity_targets[name]
    stands = [
        sum(by * float(values[column]) for column, by in capacity_terms(options, plan.model.columns, target, node))
        for node in first_due(plan, name)
    ]
    return min(stands, default=0.0)


def missing_hkd(plan: Plan, name: str) -> float:
    """What the plan pays for missing the target, HKD in present value."""
    x, costs = plan.model.columns, plan.model.cost_coefficients()
    paid = (costs[c] * float(plan.solution.values[c]) for (target, _), c in x.shortfall.items() if target == name)
    return float(sum(paid)) * HKD_PER_MODEL_UNIT
