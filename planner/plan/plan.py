"""From a case to a plan: build, solve, read back, prove."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from planner.audit import Audit, AuditFailed, Known, audit, nothing_known
from planner.collector import uncollected
from planner.domain.case import Case
from planner.errors import Infeasible, SolverFailed
from planner.model.build import Model, build
from planner.model.nearby import build_near
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.record import Measures, PlanRecord, cost_hkd
from planner.plan.rows import Frames, Rows, columns
from planner.plan.tables import tables
from planner.plan.usual import need
from planner.solve import solver as solvers
from planner.solve.near import Near
from planner.solve.objective import first_asked, solve_objective
from planner.solve.outcome import Solution
from planner.solve.shadow_prices import check_duality, shadow_prices

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure as PlotlyFigure

BREAKDOWN_TOLERANCE = 1e-9
NEARLY_NOTHING = 1e-9
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What to buy, rent, build and run, when and where, and what it costs.

    `rows` are its tables as plain records; `tables`, and each table by its name, are pandas frames with units in their names.
    """

    case: Case
    objective_hkd: float
    rows: Rows
    solver: dict[str, object]
    audit: Audit
    model: Model = field(repr=False)
    solution: Solution = field(repr=False)
    known: Known = field(repr=False)
    """What the audit was answered of law and speeds."""
    built: Model | None = field(default=None, repr=False)
    """The program as it was built, before any choice was made in it; None of a plan that was read in another way."""

    def __getattr__(self, name: str) -> pd.DataFrame:
        """`plan.orders`, `plan.shadow_prices`: the table of that name."""
        if name.startswith("_") or name not in columns():
            raise AttributeError(f"a plan has no {name}; its tables are {', '.join(columns())}")
        return self.tables[name]

    @cached_property
    def tables(self) -> Frames:
        return Frames(self.rows)

    @cached_property
    def cost_hkd(self) -> dict[str, float]:
        """By cost, HKD, discounted and expected; the parts add up to the objective."""
        return cost_hkd(self.rows)

    @property
    def costs(self) -> pd.DataFrame:
        """The same as a frame."""
        import pandas as pd

        return pd.DataFrame({"cost": list(self.cost_hkd), "hkd": list(self.cost_hkd.values())})

    @cached_property
    def neighbourhood(self) -> Near:
        """Solves the models of cases much like this one."""
        return Near(self.model, self.solution)

    def program(self, case: Case) -> Model:
        """The program of a case much like this one's; what the change does not reach is taken over."""
        return build(case) if self.built is None else build_near(self.built, case)

    @property
    def status(self) -> str:
        """`optimal`, near ties among them; `feasible` when the gap of a plan in whole numbers, or by branch, was not closed."""
        whole = self.case.whole
        proved = (
            self.case.decomposition.gap if self.solution.rounds and not (whole.lots or whole.porting) else whole.gap
        )
        near_enough = max(proved, self.case.near_tie_share + 1e-9)
        return "optimal" if self.solution.gap <= near_enough else "feasible"

    @property
    def record(self) -> PlanRecord:
        """The plan as figures and papers read it."""
        return PlanRecord(
            self.case,
            self.objective_hkd,
            self.rows,
            self.status,
            len(self.audit.checks),
            self.solver,
            version("planner"),
        )

    @cached_property
    def usual(self) -> Measures | None:
        """Business as usual, planned when it is asked for; None where the case has no plan without orders."""
        try:
            return make_plan(need(self.case)).record.measures
        except Infeasible:
            return None

    def figure(self, name: str) -> PlotlyFigure:
        """`plan.figure("fleet")`: that figure of the plan, as plotly's own. Raises UsageError where there is none."""
        return _shown("planner.figures", "figure")(self.record, name).plotly()

    def _repr_html_(self) -> str:
        """The plan in a notebook: what it costs and does, and what is ordered when."""
        return str(_shown("planner.papers.notebook", "plan_html")(self.record))

    @property
    def results(self) -> dict[str, object]:
        """As scripts read it: costs that add up to the objective, tables as lists of records, audit, and how it was solved."""
        return {
            "objective_hkd": self.objective_hkd,
            "costs": [{"cost": cost, "hkd": hkd} for cost, hkd in self.cost_hkd.items()],
            "tables": self.rows.by_name,
            "audit": self.audit.record(),
            "solver": self.solver,
        }


def _shown(module: str, how: str) -> Callable[..., Any]:
    """What shows a plan lies above it, and is asked for by name, when somebody looks."""
    shown: Callable[..., Any] = getattr(import_module(module), how)
    return shown


@uncollected
def make_plan(
    case: Case, *, solver: str = solvers.DEFAULT, near: Plan | None = None, tell: Tell = lambda doing: None
) -> Plan:
    """The optimal plan of a case.

    Args:
        case: as read by `planner.read_case`.
        solver: HiGHS in process, or any solver that PuLP has ready.
        near: a plan of a case much like this one, from whose optimum HiGHS finds this one's far sooner. Where several
            plans cost the least, the one found may be another.
        tell: is given words for what is done next.

    Raises:
        Infeasible: hard limits clash.
        SolverFailed: no solution, or one whose prices or cost breakdown do not prove it.
        AuditFailed: the plan contradicts its case.
    """
    began = time.perf_counter()
    asked = first_asked(case)
    model = built = build(asked) if near is None else near.program(asked)
    build_seconds = time.perf_counter() - began
    tell(f"{solver} solves {case.title}: {len(model.columns.all):,} columns, {len(model.rows):,} rows")
    model, solution = solve_objective(model, solver, near.neighbourhood.solve if near else None)
    tell(f"solved in {solution.seconds:.1f} s; auditing {case.title}")
    known = near.known.of(model.case) if near else None
    return replace(read_plan(model, solution, build_seconds=build_seconds, known=known), built=built)


@uncollected
def read_plan(model: Model, solution: Solution, *, build_seconds: float = 0.0, known: Known | None = None) -> Plan:
    """The tables of a solution, with duality and breakdown checked, and the whole audited. `known`: as `audit` takes it."""
    prices_proved = not (model.case.whole.lots or model.case.whole.porting) or solution.relaxed_objective is not None
    if prices_proved:
        check_duality(model, solution.priced)
    rows = tables(model, solution.values, shadow_prices(model, solution))
    objective_hkd = solution.objective * HKD_PER_MODEL_UNIT
    counted = [row["objective_hkd"] for row in rows.spend]
    parts, size = math.fsum(counted), math.fsum(map(abs, counted))
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
    if solution.gap > NEARLY_NOTHING and solution.optimum is None and solution.relaxed_objective is None:
        facts["halls_gap_hkd"] = solution.gap * abs(objective_hkd)
    if solution.relaxed_objective is not None:
        facts["relaxed_objective_hkd"] = solution.relaxed_objective * HKD_PER_MODEL_UNIT
        facts["second_look"] = solution.second_look
    if solution.rounds:
        bound_hkd = solution.priced.objective * HKD_PER_MODEL_UNIT
        facts["by_branch"] = {
            "branches": len(model.case.tree.leaves),
            "rounds": len(solution.rounds),
            "bound_hkd": bound_hkd,
            "gap_hkd": max(0.0, objective_hkd - bound_hkd),
        }
    began = time.perf_counter()
    known = known or nothing_known(model.case)
    audited = audit(model.case, rows.by_name, objective_hkd, known)
    if not audited.passed:
        raise AuditFailed(audited)
    facts["audit_seconds"] = time.perf_counter() - began
    return Plan(model.case, objective_hkd, rows, facts, audited, model, solution, known)
