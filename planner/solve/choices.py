"""Which halls a plan declares free of US-origin devices: a whole-number choice, made only where a ceiling binds.

The program is built with every such hall held to the supercomputer ceiling, and is linear. Where no ceiling that could
be lifted has a price, its optimum is that of the whole choice as well, for the program without those ceilings would cost
no less. Else the choice is opened, made, and held: the plan's program says which halls are free and is linear again, so
that its prices are those of a linear program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from planner.errors import Infeasible
from planner.model.build import Model
from planner.model.variables import Column
from planner.solve.outcome import Solution

NO_PRICE = 1e-9
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
    opened = solve(_with(model, lambda column, number: column._replace(high=1.0, integer=True)))
    held = _with(model, lambda column, number: _held(column, round(opened.values[number])))
    settled = solve(held)
    return held, replace(settled, gap=max(settled.gap, opened.gap))


def taken_over(model: Model, other: Model) -> Model:
    """The model with the halls declared free that another model, much like it, declares free."""
    made = {column.key: column.low for column in other.columns.all if column.kind == "us_free"}
    return _with(model, lambda column, number: _held(column, made.get(column.key, 0.0)))


def _could_gain(model: Model, closed: Solution) -> bool:
    """Whether a ceiling that may be lifted has a price, or whole numbers leave that open."""
    if any(column.integer for column in model.columns.all):
        return True
    choices = set(model.columns.us_free.values())
    return any(
        abs(price) > NO_PRICE
        for row, price in zip(model.rows, closed.prices, strict=True)
        if row.family == "supercomputer_ceiling" and any(column in choices for column, _ in row.terms)
    )


def _held(column: Column, value: float) -> Column:
    return column._replace(low=value, high=value)


def _with(model: Model, changed: Callable[[Column, int], Column]) -> Model:
    """The model with its choices changed."""
    columns = list(model.columns.all)
    for number in model.columns.us_free.values():
        columns[number] = changed(columns[number], number)
    return replace(model, columns=replace(model.columns, all=columns))
