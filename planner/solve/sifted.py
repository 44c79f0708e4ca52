"""A program near one whose optimum is known, solved by the columns that may matter.

Rows that the known values break may give, at a price above all that their columns turn over. Where one gives to the end, the columns at hand and those
that the proof calls for tell whether limits clash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.errors import Infeasible
from planner.solve.arrays import OUTSIDE, Arrays, Numbers
from planner.solve.begun import from_nothing
from planner.solve.highs import OPTIMAL, clash, load
from planner.solve.outcome import CLASH, Floats
from planner.solve.part import GAINS, VERY_LITTLE, Part
from planner.solve.quiet import quietly
from planner.solve.resolve import DUAL, PRIMAL, Optimum, go_by
from planner.solve.restricted import Restricted

MOST_ITERATIONS = 30_000
BREAKS, NOTHING = 1e-7, 1e-10
LEAST_PRICE, DEARER, DEAREST = 1e-3, 100.0, 1e4


def solve_near(
    program: Arrays,
    near: Optimum,
    inside: Sequence[int] | Numbers = (),
    *,
    little: float = VERY_LITTLE,
    strategy: int = DUAL,
) -> Optimum:
    """The optimum of a program in fractions, from one of a program much like it, in the numbers of this one (`seen_from`).
    Columns `inside` may matter too, and those that lose so `little`; the simplex method is that of `strategy` at first.

    It hangs on nothing but these. Raises Infeasible when there is none, SolverFailed when it is not found.
    """
    if stands(program, near):
        return replace(near, objective=float(program.cost @ near.values))
    elastic = _Elastic(program, near, inside, little)
    if best := elastic.solve(strategy):
        return best
    if elastic.gives:
        Restricted(program, near, elastic.inside).solve()
    return from_nothing(program)


def stands(program: Arrays, optimum: Optimum) -> bool:
    """Whether an optimum of a program much like it is one of this program too: it keeps all bounds and rows, no column gains at
    its prices, and what it costs beyond the bound that these prove (weak duality) is nothing.
    """
    values, prices = optimum.values, optimum.prices
    sums = program.sums(values)
    above, below = sums - program.row_low, program.row_high - sums
    if (np.minimum(above, below) < -BREAKS * np.maximum(1.0, np.abs(sums))).any():
        return False
    over, under = values - program.low, program.high - values
    losses = program.losses(prices)
    if (np.minimum(over, under) < -BREAKS).any() or ((losses < GAINS) & np.isinf(under)).any():
        return False
    losses = np.where((losses < 0) & np.isinf(under), 0.0, losses)
    gap = _paid(prices, above, below) + _paid(losses, over, under)
    return bool(gap <= NOTHING * max(1.0, abs(float(program.cost @ values))))


def _paid(prices: Floats, above: Floats, below: Floats) -> float:
    """What is lost by what lies above the lower limit where the price is positive, and below the upper one where it is negative."""
    up, down = prices > 0, prices < 0
    return float(np.abs(prices[up] * above[up]).sum() + np.abs(prices[down] * below[down]).sum())


class _Elastic(Part):
    """The part that one solve needs, with a column for every row that the known values break, by which it may give."""

    def __init__(self, program: Arrays, near: Optimum, inside: Sequence[int] | Numbers, little: float) -> None:
        super().__init__(program, near, inside, little)
        self.engine.setOptionValue("simplex_iteration_limit", MOST_ITERATIONS)
        self.gives = False
        """Whether a row gives to the end."""
        self._gives = np.empty(0, dtype=np.int32)
        self._let_give(self._near_values)

    def solve(self, strategy: int) -> Optimum | None:
        """The optimum of the whole program, at first by this simplex method; None where it is not found in this way."""
        times = 1.0
        while self._run(strategy):
            solution = self.engine.getSolution()
            values, prices = np.array(solution.col_value), np.array(solution.row_dual)
            if len(joining := self._joining(prices)):
                self._add(joining)
            elif (values[self._gives] <= BREAKS).all():
                return self._whole(values, prices)
            elif times == 1 and clash(load(self._program)):
                raise Infeasible(CLASH)
            elif times < DEAREST:
                times *= DEARER
                costs = self._give_costs * times
                self.engine.changeColsCost(len(costs), self._gives, costs)
            else:
                self.gives = True
                return None
            strategy = PRIMAL
        return None

    @property
    def inside(self) -> Numbers:
        """The columns of the whole program that are at hand."""
        numbers: Numbers = self._numbers[self._numbers != OUTSIDE]
        return numbers

    def _run(self, strategy: int) -> bool:
        go_by(self.engine, strategy)
        with quietly():
            self.engine.run()
        return bool(self.engine.getModelStatus() == OPTIMAL)

    def _let_give(self, values: Floats) -> None:
        """A column for every row that the values break, by which it gives: at a price per unit as high as the largest
        turnover of one of the row's columns, per unit of its term in it.
        """
        program, sums = self._program, self._program.sums(values)
        under, over = program.row_low - sums, sums - program.row_high
        broken = np.flatnonzero(np.maximum(under, over) > BREAKS * np.maximum(1.0, np.abs(sums)))
        of_broken = np.isin(program.row, broken) & (program.value != 0)
        worth = self._turnovers[program.column[of_broken]] / np.abs(program.value[of_broken])
        prices = np.zeros(len(program.row_low))
        np.maximum.at(prices, program.row[of_broken], worth)
        self._give_costs = np.maximum(prices[broken], LEAST_PRICE)
        first, count = len(self._numbers), len(broken)
        self.engine.addCols(
            count, self._give_costs, np.zeros(count), np.full(count, np.inf),
            count, np.arange(count, dtype=np.int32), broken.astype(np.int32), np.where(under[broken] > 0, 1.0, -1.0),
        )  # fmt: skip
        self._gives = np.arange(first, first + count, dtype=np.int32)
        self._numbers = np.append(self._numbers, np.full(count, OUTSIDE))
