"""The results of a plan as scripts read them: objective, costs that add up to it, and all tables."""

from __future__ import annotations

from typing import Any

from planner.solve.plan import Plan


def results(plan: Plan) -> dict[str, Any]:
    """`objective_hkd`, `costs`, `tables` and how it was solved."""
    return {
        "objective_hkd": plan.objective_hkd,
        "costs": plan.costs,
        "tables": plan.tables,
        "solver": plan.solver,
    }


def status(plan: Plan) -> str:
    """`optimal`, or `feasible` when time ran out before the gap of a whole-number plan was closed."""
    return "optimal" if plan.solution.gap <= max(plan.case.whole.gap, 1e-9) else "feasible"
