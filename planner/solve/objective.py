"""The three objectives, each solved as a minimisation.

min_cost     expected discounted cost
max_compute  first the least unserved work, PFLOP/s-days; then the least cost that leaves no more of it
min_time     the earliest period in which all capacity targets can stand, at least cost; found by bisection over periods
"""

from __future__ import annotations

from dataclasses import replace

from planner.domain.case import Case
from planner.errors import Infeasible, InvalidInput, Problem, SolverFailed
from planner.model.build import Model, build
from planner.model.rows import Row, Terms
from planner.solve import solver as solvers
from planner.solve.choices import Solve, chosen
from planner.solve.near_ties import paid_in_order, simplest, told
from planner.solve.of_model import arrays
from planner.solve.outcome import CLASH, Floats, GaveUp, NoPlan, Solution
from planner.solve.reach import beyond
from planner.solve.rounding import in_fractions, in_lots, rounded, tidied
from planner.solve.solved_tree import solved_tree

SLACK = 1e-7


def first_asked(case: Case) -> Case:
    """The case whose program is built first: min_time looks for the date of its targets, so their own counts for nothing."""
    if case.objective != "min_time":
        return case
    return _due_by(case, str(case.horizon.periods[-1]))


def solve_objective(
    model: Model, solver: str = solvers.DEFAULT, least_cost: Solve | None = None
) -> tuple[Model, Solution]:
    """The model as finally solved (targets moved by min_time, a compute row added by max_compute) and its solution.

    `least_cost`: solves a model for its least cost, in place of the solver.
    """
    settled, solution = _solved(model, solver, least_cost)
    return settled, paid_in_order(settled, solution)


def _solved(model: Model, solver: str, least_cost: Solve | None) -> tuple[Model, Solution]:
    if model.case.objective == "max_compute":
        return _max_compute(model, solver)
    if model.case.objective == "min_time":
        return _min_time(model, solver)
    least = least_cost or (lambda asked: _least_cost(asked, solver))
    if model.case.rounds_lots:
        held, relaxed = chosen(in_fractions(model), least)
        guide = simplest(held, relaxed) if model.case.near_tie_share else None
        if plan := rounded(held, relaxed, guide):
            return in_lots(held), plan
    held, best = chosen(model, least)
    near = model.case.near_tie_share and not len(arrays(held).whole)
    return held, told(held, best) if near else best


def _least_cost(model: Model, solver: str) -> Solution:
    """From the futures of a large tree where HiGHS solves it, else as one program from scratch."""
    tree = solved_tree(model) if solver == solvers.DEFAULT else None
    return tree or solve_model(model, solver)


def solve_model(
    model: Model,
    solver: str = solvers.DEFAULT,
    objective: list[float] | None = None,
    start: Floats | None = None,
) -> Solution:
    """Solve a model, or raise what kept it from being solved. `start`: values of a plan that satisfies all of it."""
    whole = model.case.whole
    integers = len(arrays(model).whole)
    outcome = solvers.solve(
        model,
        objective,
        solver=solver,
        gap=whole.gap if whole.lots or whole.porting else 0.0,
        time_limit_seconds=whole.time_limit_seconds if integers else None,
        start=start if integers else None,
    )
    match outcome:
        case Solution():
            return tidied(model, outcome) if integers and model.columns.placed else outcome
        case NoPlan():
            raise Infeasible(CLASH, model.case)
        case GaveUp(reason=reason):
            raise SolverFailed(f"{outcome.solver} stopped without a solution: {reason}")


def _max_compute(model: Model, solver: str) -> tuple[Model, Solution]:
    missing = [0.0] * len(model.columns.all)
    for (_, node), column in model.columns.unserved.items():
        missing[column] = model.options.node(node).probability
    most = chosen(model, lambda asked: solve_model(asked, solver, missing))[1]
    least = most.objective
    terms = Terms.of((column, share) for column, share in enumerate(missing) if share)
    because = "objective max_compute: no more work goes unserved than the budget and the limits force"
    row = Row("compute", ("unserved",), None, terms, "<=", least + SLACK * max(1.0, least), because)
    served_most = replace(model, rows=(*model.rows, row))
    return chosen(served_most, lambda asked: solve_model(asked, solver, start=most.values))


def _min_time(model: Model, solver: str) -> tuple[Model, Solution]:
    case = model.case
    if not case.capacity_targets:
        raise InvalidInput(
            Problem("objective min_time needs at least one of capacity_targets", "State what must stand")
        )
    periods = [str(period) for period in case.horizon.periods]
    low, high, best = 0, len(periods) - 1, None
    while low <= high:
        middle = (low + high) // 2
        plan = _kept_by(model, periods[middle], solver)
        if plan is None:
            low = middle + 1
        else:
            best, high = plan, middle - 1
    if best is None:
        never = f"the capacity targets cannot stand in any period up to {periods[-1]}"
        raise Infeasible(never, _due_by(case, periods[-1]))
    return best


def _kept_by(model: Model, period: str, solver: str) -> tuple[Model, Solution] | None:
    """The plan that keeps every target by the period; None where there is none, which often shows without solving."""
    asked = _due_by(model.case, period)
    if any(beyond(model.options, asked.capacity_targets)):
        return None
    try:
        moved = build(asked)
        return chosen(moved, lambda asked: solve_model(asked, solver))
    except Infeasible:
        return None


def _due_by(case: Case, period: str) -> Case:
    """The case with every target hard, for that period."""
    hard = {"by": period, "shortfall_hkd_per_pflops": None}
    targets = {name: target.model_copy(update=hard) for name, target in case.capacity_targets.items()}
    return case.model_copy(update={"capacity_targets": targets})
