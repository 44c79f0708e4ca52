"""The bridge from one plan's cost to another's: by cause, each taken alone, and what they do only together.

    change = Σ_cause (cost with the cause alone - cost of the base) + interaction

Each part is split by cost as well; all parts add up to the change of the objective.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from planner.domain.case import Case
from planner.errors import Infeasible
from planner.plan.plan import Plan, make_plan

INTERACTION = "together"


class Cause(TypedDict):
    """What a cause changes of a cost, HKD in present value."""

    cause: str
    cost: str
    hkd: float


def by_cause(base: Plan, variant: Plan, alone: Mapping[str, Case]) -> list[Cause]:
    """One line per cause and cost, HKD.

    A cause that alone leaves no plan has no lines of its own: it counts in the interaction.
    """
    start, end = base.cost_hkd, variant.cost_hkd
    parts = {cause: _difference(start, found) for cause, found in _solved(variant, alone).items()}
    if len(alone) > 1:
        explained: dict[str, float] = {}
        for part in parts.values():
            explained = _sum(explained, part)
        parts[INTERACTION] = _difference(explained, _difference(start, end))
    return [
        {"cause": cause, "cost": cost, "hkd": hkd} for cause, part in parts.items() for cost, hkd in part.items() if hkd
    ]


def _solved(variant: Plan, alone: Mapping[str, Case]) -> dict[str, dict[str, float]]:
    """Costs with each cause alone; a single cause is the variant itself."""
    if len(alone) == 1:
        return dict.fromkeys(alone, variant.cost_hkd)
    found = {}
    for cause, case in alone.items():
        try:
            found[cause] = make_plan(case).cost_hkd
        except Infeasible:
            continue
    return found


def _difference(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {cost: after.get(cost, 0.0) - before.get(cost, 0.0) for cost in dict.fromkeys((*before, *after))}


def _sum(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {cost: one.get(cost, 0.0) + other.get(cost, 0.0) for cost in dict.fromkeys((*one, *other))}
