"""Which halls a plan declares free of US-origin devices: a whole-number choice, made only where a ceiling binds.

The program is built with every such hall held to the supercomputer ceiling, and is linear. Where no ceiling that could
be lifted has a price, its optimum is that of the whole choice as well, for the program without those ceilings would cost
no less. Where one has, halls are declared free in part: where that saves nothing either, or where to declare them free wholly
costs no more, the choice is made. Else it is opened, searched, and held: the plan's program says which halls are free and is linear again, so
that its prices are those of a linear program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from planner.errors import Infeasible, SolverFailed
from planner.model.build import Model
from planner.model.variables import Column
from planner.solve.from_optimum import from_optimum
from planner.solve.of_model import arrays, rebounded
from planner.solve.outcome import Solution, relative_gap
from planner.solve.part import LITTLE
from planner.solve.resolve import PRIMAL, Optimum
from planner.solve.sifted import solve_near

NO_PRICE, SAME = 1e-9, 1e-9
SEARCHED_BELOW_COLUMNS = 200_000
"""Above, a search takes longer than anyone waits: the better of two choices stands, and its gap to halls free in part is told."""
Solve = Callable[[Model], Solution]


def chosen(model: Model, solve: Solve) -> tuple[Model, Solution]:
    """The model with the halls that it is best to declare free, and its optimum.

    Raises:
        Infeasible: no choice leaves a plan.
    """
    if not model.columns.us_free:
        return model, solve(model)
    closed = None
    try:
        closed = solve(model)
    except Infeasible:
        pass
    if closed is not None and not _could_gain(model, closed):
        return model, closed
    if closed is not None and (known := _in_part(model, closed)):
        return known
    opened = solve(_with(model, lambda column, number: column._replace(high=1.0, integer=True)))
    held = _with(model, lambda column, number: _held(column, round(opened.values[number])))
    settled = solve(held)
    return held, replace(settled, gap=max(settled.gap, opened.gap))


def _in_part(model: Model, closed: Solution) -> tuple[Model, Solution] | None:
    """The choice where halls that are free in part tell it; None where they do not, or nobody knows where the closed optimum stands."""
    at = closed.at
    if at is None or len(arrays(model).whole):
        return None
    program, halls = arrays(model), np.array(list(model.columns.us_free.values()), dtype=np.int64)
    opened = program.high.copy()
    opened[halls] = 1.0
    known = Optimum(closed.objective, closed.values, closed.prices, at)
    try:
        # What is open moves far, from a plan that still does: more columns at hand, by the primal simplex method.
        part = solve_near(replace(program, high=opened), known, halls, little=LITTLE, strategy=PRIMAL)
    except (Infeasible, SolverFailed):
        return None
    least = part.objective + SAME * max(1.0, abs(part.objective))
    # A tree solved by branch is known within its gap alone: what opening saves must be more than that.
    if closed.objective <= least + closed.gap * abs(closed.objective):
        return model, closed
    held = _with(model, lambda column, number: _held(column, float(part.values[number] > SAME)))
    try:
        whole = from_optimum(held, part)
    except (Infeasible, SolverFailed):
        return None
    if whole.objective <= least:
        return held, whole
    if len(model.columns.all) < SEARCHED_BELOW_COLUMNS:
        return None
    best, plan = min(((model, closed), (held, whole)), key=lambda one: one[1].objective)
    return best, replace(plan, gap=relative_gap(plan.objective, part.objective))


def taken_over(model: Model, other: Model) -> Model:
    """The model with the halls declared free that another model, much like it, declares free."""
    made = {column.key: column.low for column in other.columns.all if column.kind == "us_free"}
    return _with(model, lambda column, number: _held(column, made.get(column.key, 0.0)))


def _could_gain(model: Model, closed: Solution) -> bool:
    """Whether a ceiling that may be lifted has a price, or whole numbers leave that open."""
    program, choices = arrays(model), list(model.columns.us_free.values())
    if len(program.whole):
        return True
    lifts = np.zeros(len(program.cost), dtype=bool)
    lifts[choices] = True
    rows = program.row[lifts[program.column]]
    priced = rows[np.abs(closed.prices[rows]) > NO_PRICE].tolist()
    return any(model.rows[number].family == "supercomputer_ceiling" for number in priced)


def _held(column: Column, value: float) -> Column:
    return column._replace(low=value, high=value)


def _with(model: Model, changed: Callable[[Column, int], Column]) -> Model:
    """The model with its choices changed."""
    columns = model.columns.all
    return rebounded(model, {number: changed(columns[number], number) for number in model.columns.us_free.values()})
