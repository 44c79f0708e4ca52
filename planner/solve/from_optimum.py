"""A model solved from the known optimum of one much like it."""

from __future__ import annotations

import time

from planner.errors import Infeasible
from planner.model.build import Model
from planner.solve import solver as solvers
from planner.solve.of_model import arrays
from planner.solve.outcome import Solution
from planner.solve.resolve import Optimum
from planner.solve.sifted import solve_near


def from_optimum(model: Model, near: Optimum) -> Solution:
    """The optimum of a model in fractions; `near` in the numbers of its columns and rows.

    Raises Infeasible when it has none, SolverFailed when none is found.
    """
    began, program = time.perf_counter(), arrays(model)
    try:
        best = solve_near(program, near)
    except Infeasible as error:
        raise Infeasible(str(error), model.case) from None
    seconds = time.perf_counter() - began
    losses = program.losses(best.prices)
    return Solution(best.objective, best.values, best.prices, losses, seconds, solvers.DEFAULT, at=best.at)
