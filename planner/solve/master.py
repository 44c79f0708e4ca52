"""The master of a tree solved by branch: trunk and likeliest branch in hand, with a column for what each other branch costs,
and its cuts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.errors import Infeasible, SolverFailed
from planner.solve.arrays import OUTSIDE
from planner.solve.highs import INFEASIBLE, OPTIMAL
from planner.solve.outcome import CLASH, Floats
from planner.solve.resolve import DUAL, Optimum, seen_from
from planner.solve.restricted import Restricted
from planner.solve.split import Block, Split

NO_SLOPE = 1e-11


@dataclass(frozen=True)
class Cut:
    """`value` at the trunk's `shared` values, and what a unit more of each adds at least: to the branch's cost where it is
    `possible` there, else to what its rows break by. `prices` of the branch's rows prove it.
    """

    possible: bool
    value: float
    shared: Floats
    slope: Floats
    prices: Floats


def cut(branch: Block, optimum: Optimum, shared: Floats, *, possible: bool = True) -> Cut:
    """The cut of a branch that was solved with these values of the trunk's columns that it shares."""
    slope = branch.program.losses(optimum.prices)[: len(branch.shared)]
    return Cut(possible, optimum.objective, shared, slope, optimum.prices)


class Master(Restricted):
    """Rows have the numbers of `parts.rows`, then those of the cuts, one after the other."""

    def __init__(self, parts: Split, near: Optimum) -> None:
        """`near`: an optimum of the tree's program, or nearly, in its numbers."""
        self._parts, count = parts, len(parts.branches)
        self._costs = np.arange(len(parts.columns), len(parts.columns) + count)
        program = parts.whole.part(parts.columns, parts.rows).joined([({}, 1.0)] * count)
        low = program.low.copy()
        low[self._costs] = -np.inf
        self._of = np.full(len(parts.whole.cost), OUTSIDE)
        self._of[parts.columns] = np.arange(len(parts.columns))
        seen = seen_from(near, np.append(parts.columns, np.full(count, OUTSIDE)), parts.rows)
        super().__init__(replace(program, low=low), seen, np.concatenate([self._of[parts.shared], self._costs]))
        self._cuts: list[tuple[int, Cut]] = []

    @property
    def cost(self) -> Floats:
        """Million HKD per unit of each of its columns, those of the tree alone."""
        return self._program.cost[: len(self._parts.columns)]

    def add(self, number: int, cut: Cut) -> None:
        """A cut of the branch of that number."""
        shared, sloped = self._parts.branches[number].shared, np.abs(cut.slope) > NO_SLOPE
        columns, values = self.place(self._of[shared[sloped]]), -cut.slope[sloped]
        if cut.possible:
            columns, values = np.append(columns, self.place(self._costs[[number]])), np.append(values, 1.0)
        least = cut.value - float(cut.slope @ cut.shared)
        self.engine.addRow(least, np.inf, len(columns), columns.astype(np.int32), values)
        self._cuts.append((number, cut))

    def least(self) -> tuple[float, Floats]:
        """The bound below, and by column of the tree's program where it is reached; zero on the other branches.

        Raises Infeasible when no trunk leaves every branch a plan, SolverFailed when that is not found.
        """
        status = self.run(DUAL)
        if status == INFEASIBLE:
            raise Infeasible(CLASH)
        if status != OPTIMAL:
            raise SolverFailed(f"HiGHS stopped without a solution: {self.engine.modelStatusToString(status)}")
        values = np.zeros(len(self._of))
        values[self._parts.columns] = self.values[: len(self._parts.columns)]
        return float(self.engine.getObjectiveValue()), values

    def prices(self) -> Floats:
        """By row of the tree's program, the prices that prove the bound: those of each branch's cuts, as the master weighs
        them.
        """
        duals, rows = np.array(self.engine.getSolution().row_dual), self._parts.rows
        prices = np.zeros(len(self._parts.whole.row_low))
        prices[rows] = duals[: len(rows)]
        for weight, (number, cut) in zip(duals[len(rows) :], self._cuts, strict=True):
            prices[self._parts.branches[number].rows] += weight * cut.prices
        return prices
