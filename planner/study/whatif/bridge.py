"""The bridge from one plan's cost to another's: by cause, each taken alone, and what they do only together.

    change = Σ_cause (cost with the cause alone - cost of the base) + interaction

Each part is split by cost as well; all parts add up to the change of the objective.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planner.domain.case import Case
from planner.errors import Infeasible
from planner.plan.plan import Plan, make_plan

INTERACTION = "together"
COLUMNS = ["cause", "cost", "hkd"]


def by_cause(base: Plan, variant: Plan, alone: Mapping[str, Case]) -> pd.DataFrame:
    """One line per cause and cost, HKD.

    A cause that alone leaves no plan has no lines of its own: it counts in the interaction.
    """
    start, end = _costs(base), _costs(variant)
    parts = {cause: _difference(start, found) for cause, found in _solved(variant, alone).items()}
    if len(alone) > 1:
        explained: dict[str, float] = {}
        for part in parts.values():
            explained = _sum(explained, part)
        parts[INTERACTION] = _difference(explained, _difference(start, end))
    lines = [(cause, cost, hkd) for cause, part in parts.items() for cost, hkd in part.items() if hkd]
    return pd.DataFrame(lines, columns=COLUMNS)


def _solved(variant: Plan, alone: Mapping[str, Case]) -> dict[str, dict[str, float]]:
    """Costs with each cause alone; a single cause is the variant itself."""
    if len(alone) == 1:
        return {cause: _costs(variant) for cause in alone}
    found = {}
    for cause, case in alone.items():
        try:
            found[cause] = _costs(make_plan(case))
        except Infeasible:
            continue
    return found


def _costs(plan: Plan) -> dict[str, float]:
    return {str(cost): float(hkd) for cost, hkd in plan.costs.itertuples(index=False)}


def _difference(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {cost: after.get(cost, 0.0) - before.get(cost, 0.0) for cost in dict.fromkeys((*before, *after))}


def _sum(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {cost: one.get(cost, 0.0) + other.get(cost, 0.0) for cost in dict.fromkeys((*one, *other))}
