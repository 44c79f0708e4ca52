"""The results of a plan as scripts read them: plain numbers and texts, no frames, nothing that is not a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan.plan import Plan


def plan_results(plan: Plan) -> dict[str, Any]:
    """`objective_hkd`, `costs` that add up to it, `tables` as lists of records, `audit`, and how it was solved."""
    return {
        "objective_hkd": plan.objective_hkd,
        "costs": records(plan.costs),
        "tables": all_records(plan.tables),
        "audit": plan.audit.record(),
        "solver": plan.solver,
    }


def plan_status(plan: Plan) -> str:
    """`optimal`, or `feasible` when time ran out before the gap of a whole-number plan was closed."""
    return "optimal" if plan.solution.gap <= max(plan.case.whole.gap, 1e-9) else "feasible"


def all_records(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    """Every table as records."""
    return {name: records(frame) for name, frame in tables.items()}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The lines of a table; an empty cell is None."""
    names = [str(name) for name in frame.columns]
    cells = ([None if cell != cell else cell for cell in frame[name].tolist()] for name in frame.columns)
    return [dict(zip(names, line, strict=True)) for line in zip(*cells, strict=True)]
