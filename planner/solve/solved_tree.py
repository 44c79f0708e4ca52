"""A model on a large tree of scenarios, solved from its futures: put together as one program, or by branch."""

from __future__ import annotations

import time
from dataclasses import replace

from planner.errors import Infeasible
from planner.model.build import Model
from planner.solve import solver as solvers
from planner.solve.of_model import arrays
from planner.solve.outcome import Solution, relative_gap
from planner.solve.tree_program import TreeProgram

FROM_FUTURES_ABOVE_COLUMNS = 200_000
"""Below, one program from scratch is as fast as its futures one by one: four of 107,000 columns in all take 2.2 s in place of
3.1, of 270,000 8.6 in place of 3.5, of 824,000 232 in place of 89 (CPU).
"""


def solved_tree(model: Model) -> Solution | None:
    """The least expected cost; of a tree solved by branch the best plan, and the gap that is proved. None of a program that is
    solved from scratch: it is small, no tree, or in whole numbers.

    Raises Infeasible when it has none, SolverFailed when none is reached.
    """
    least = min(FROM_FUTURES_ABOVE_COLUMNS, model.case.decomposition.above_columns)
    if len(model.columns.all) <= least or len(model.case.tree.leaves) == 1:
        return None
    if len(arrays(model).whole):
        return None
    began, tree = time.perf_counter(), TreeProgram(model)
    try:
        best = tree.hedged
    except Infeasible as error:
        raise Infeasible(str(error), model.case) from None
    losses = tree.program.losses(best.prices)
    seconds = time.perf_counter() - began
    solution = Solution(best.objective, best.values, best.prices, losses, seconds, solvers.DEFAULT, at=best.at)
    if tree.decomposed is None:
        return solution
    rounds = tree.decomposed.rounds
    gap = relative_gap(best.objective, rounds[-1].below)
    return replace(solution, gap=gap, optimum=replace(solution, objective=rounds[-1].below), rounds=rounds)
