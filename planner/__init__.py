"""Plans AI compute where hardware is embargoed: what can be bought, lawfully, when, for where, and what it runs.

    case = planner.read_case("case.yaml")
    plan = planner.make_plan(case)
    plan.orders, plan.shadow_prices      # pandas

Everything is loaded when it is first named, so that `import planner` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.domain.case import Case
    from planner.errors import Infeasible, InvalidInput, PlannerError, Problem, SolverFailed, UsageError
    from planner.intake.read import read_case
    from planner.plan.plan import Plan, make_plan
    from planner.serving.choice import serve
    from planner.study.compare.compare import compare
    from planner.training.train_time import train_time

_HOMES = {
    "Case": "planner.domain.case",
    "Infeasible": "planner.errors",
    "InvalidInput": "planner.errors",
    "Plan": "planner.plan.plan",
    "PlannerError": "planner.errors",
    "Problem": "planner.errors",
    "SolverFailed": "planner.errors",
    "UsageError": "planner.errors",
    "compare": "planner.study.compare.compare",
    "make_plan": "planner.plan.plan",
    "read_case": "planner.intake.read",
    "serve": "planner.serving.choice",
    "train_time": "planner.training.train_time",
}

__all__ = [
    "Case",
    "Infeasible",
    "InvalidInput",
    "Plan",
    "PlannerError",
    "Problem",
    "SolverFailed",
    "UsageError",
    "compare",
    "make_plan",
    "read_case",
    "serve",
    "train_time",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'planner' has no attribute '{name}'; it offers {', '.join(__all__)}")
    globals()[name] = value = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
