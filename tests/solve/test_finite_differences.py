"""Every kind of shadow price against what it claims: the change of the plan's cost when its limit moves.

The limit of one row is moved by ± h and the program solved again. Where the price is that of a vertex at which several prices are right,
the claim is one-sided: it lies between the change on the left and the change on the right.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from every_family_solved import CASES
from tiny import case

from planner.errors import Infeasible
from planner.model.build import Model, build
from planner.solve.objective import solve_model, solve_objective

STEP = 1e-4
ROWS_PER_FAMILY = 3


def moved(model: Model, row: int, by: float) -> float:
    """Objective with the limit of one row moved; infinite where nothing satisfies it any more."""
    changed = model.rows[row]._replace(limit=model.rows[row].limit + by)
    try:
        return solve_model(replace(model, rows=(*model.rows[:row], changed, *model.rows[row + 1 :]))).objective
    except Infeasible:
        return math.inf


@pytest.mark.parametrize("family", CASES)
def test_price_is_the_slope_of_cost(family: str) -> None:
    model, solution = solve_objective(build(case(**CASES[family])))
    priced = [n for n, row in enumerate(model.rows) if row.family == family and abs(solution.prices[n]) > 1e-6]
    assert priced, f"no {family} row binds"
    for row in priced[:ROWS_PER_FAMILY]:
        step = STEP * max(1.0, abs(model.rows[row].limit))
        right = (moved(model, row, step) - solution.objective) / step
        left = (solution.objective - moved(model, row, -step)) / step
        price = float(solution.prices[row])
        # Cost is convex in a limit: its slope never falls.
        slack = 1e-6 * max(1.0, abs(price))
        assert left - slack <= price <= right + slack, f"{model.rows[row].name}: {left} <= {price} <= {right}"
        if right - left <= slack:
            assert price == pytest.approx(left, rel=1e-4, abs=1e-6)
