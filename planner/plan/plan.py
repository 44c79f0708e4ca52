"""From a case to a plan: build, solve, read back, prove."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from planner.audit import Audit, AuditFailed, audit
from planner.domain.case import Case
from planner.errors import SolverFailed
from planner.model.build import Model, build
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.tables import tables
from planner.solve import solver as solvers
from planner.solve.objective import first_asked, solve_objective
from planner.solve.outcome import Solution
from planner.solve.shadow_prices import check_duality, shadow_prices

BREAKDOWN_TOLERANCE = 1e-9
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What to buy, rent, build and run, when and where, and what it costs.

    Tables are pandas frames with units in their names.
    """

    case: Case
    objective_hkd: float
    tables: dict[str, pd.DataFrame]
    solver: dict[str, object]
    audit: Audit
    model: Model = field(repr=False)
    solution: Solution = field(repr=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """`plan.orders`, `plan.shadow_prices`: the table of that name."""
        found = self.__dict__.get("tables", {})
        if name not in found:
            raise AttributeError(f"a plan has no {name}; its tables are {', '.join(found)}")
        table: pd.DataFrame = found[name]
        return table

    @property
    def costs(self) -> pd.DataFrame:
        """By cost, HKD, discounted and expected; the parts add up to the objective."""
        sums = self.tables["spend"].groupby("cost", sort=False)["objective_hkd"].sum()
        return pd.DataFrame({"cost": sums.index, "hkd": sums.to_numpy()})


def make_plan(case: Case, *, solver: str = solvers.DEFAULT, tell: Tell = lambda doing: None) -> Plan:
    """The optimal plan of a case.

    Args:
        case: as read by `planner.read_case`.
        solver: HiGHS in process, or any solver that PuLP has ready.
        tell: is given words for what is done next.

    Raises:
        Infeasible: hard limits clash.
        SolverFailed: no solution, or one whose prices or cost breakdown do not prove it.
        AuditFailed: the plan contradicts its case.
    """
    began = time.perf_counter()
    model = build(first_asked(case))
    built = time.perf_counter()
    tell(f"{solver} solves {case.title}: {len(model.columns.all):,} columns, {len(model.rows):,} rows")
    model, solution = solve_objective(model, solver)
    tell(f"solved in {solution.seconds:.1f} s; auditing {case.title}")
    return read_plan(model, solution, build_seconds=built - began)


def read_plan(model: Model, solution: Solution, *, build_seconds: float = 0.0) -> Plan:
    """The tables of a solution, with duality and breakdown checked, and the whole audited."""
    prices_proved = not (model.case.whole.servers or model.case.whole.porting) or solution.relaxed_objective is not None
    if prices_proved:
        check_duality(model, solution)
    found = tables(model, solution.values)
    found["shadow_prices"] = shadow_prices(model, solution)
    objective_hkd = solution.objective * HKD_PER_MODEL_UNIT
    parts = math.fsum(found["spend"]["objective_hkd"])
    size = math.fsum(found["spend"]["objective_hkd"].abs())
    if not abs(parts - objective_hkd) <= max(1.0, BREAKDOWN_TOLERANCE * size):
        raise SolverFailed(f"the costs add up to HKD {parts:,.2f}, the objective is HKD {objective_hkd:,.2f}")
    facts: dict[str, object] = {
        "solver": solution.solver,
        "rows": len(model.rows),
        "columns": len(model.columns.all),
        "build_seconds": build_seconds,
        "solve_seconds": solution.seconds,
        "gap": solution.gap,
    }
    if solution.relaxed_objective is not None:
        facts["relaxed_objective_hkd"] = solution.relaxed_objective * HKD_PER_MODEL_UNIT
        facts["second_look"] = solution.second_look
    began = time.perf_counter()
    audited = audit(model.case, found, objective_hkd)
    if not audited.passed:
        raise AuditFailed(audited)
    facts["audit_seconds"] = time.perf_counter() - began
    return Plan(model.case, objective_hkd, found, facts, audited, model, solution)
