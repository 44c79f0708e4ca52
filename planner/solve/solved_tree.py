"""A model on a large tree of scenarios, solved by branch as others are solved whole."""

from __future__ import annotations

import time
from dataclasses import replace

from planner.errors import Infeasible
from planner.model.build import Model
from planner.solve import solver as solvers
from planner.solve.outcome import Solution, relative_gap
from planner.solve.tree_program import TreeProgram


def solved_by_branch(model: Model) -> Solution | None:
    """The best plan of a tree and the gap that is proved; None where it is solved as one program: it is small, no tree, in
    whole numbers, or a row ties its branches together.

    Raises Infeasible when it has none, SolverFailed when none is reached.
    """
    if len(model.columns.all) <= model.case.decomposition.above_columns:
        return None
    if len(model.case.tree.leaves) == 1 or any(column.integer for column in model.columns.all):
        return None
    began, tree = time.perf_counter(), TreeProgram(model)
    try:
        result = tree.decomposed
    except Infeasible as error:
        raise Infeasible(str(error), model.case) from None
    if result is None:
        return None
    best, (below, _) = result.best, result.rounds[-1]
    losses = tree.program.losses(best.prices)
    seconds = time.perf_counter() - began
    bound = Solution(below, best.values, best.prices, losses, seconds, solvers.DEFAULT, at=best.at)
    gap = relative_gap(best.objective, below)
    return replace(bound, objective=best.objective, gap=gap, optimum=bound, rounds=result.rounds)
