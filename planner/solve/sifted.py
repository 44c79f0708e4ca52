"""A program near one whose optimum is known, solved by the columns that may matter.

At first those are the columns of the known optimum and those that its prices nearly call for. After each solve the
others are priced, and those that would lower the cost join, until none would: then the optimum is that of the whole
program (column generation, Dantzig and Wolfe 1960; as sifting, Bixby and others 1992). Rows that the known values break
may give, at a price above all that their columns turn over. Where one gives to the end, HiGHS tells of the whole program
whether limits clash.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.solve.arrays import OUTSIDE, Arrays, Numbers
from planner.solve.highs import BY_LARGEST_VALUES, OPTIMAL, SIMPLEX, Method, load
from planner.solve.outcome import Floats
from planner.solve.quiet import quietly
from planner.solve.resolve import AT_HIGH, AT_LOW, BASIC, DUAL, PRIMAL, Live, Optimum, Standing, go_by, stand, standing

FROM_NEAR: Method = SIMPLEX | BY_LARGEST_VALUES | {"simplex_dual_edge_weight_strategy": 1}
"""Weighed by Devex: steepest edges take longer to set up at a basis from elsewhere than most solves take in all."""
MOST_ITERATIONS = 30_000
NEARLY = 0.02
"""Share of its turnover up to which what a column loses is little."""
FEW = 1_000
"""So few columns bring their kin along: what joins in one node mostly does in the next."""
GAINS, BREAKS = -1e-7, 1e-7
LEAST_PRICE, DEARER, DEAREST = 1e-3, 100.0, 1e4


def solve_near(program: Arrays, near: Optimum) -> Optimum:
    """The optimum of a program in fractions, from one of a program much like it, in the numbers of this one (`seen_from`).

    It hangs on nothing but these two. Raises Infeasible when there is none, SolverFailed when it is not found.
    """
    return _Sifted(program, near).solve() or Live(program).solve()


def seen_from(optimum: Optimum, columns: Numbers, rows: Numbers) -> Optimum:
    """An optimum in the numbers of another program. `columns`, `rows`: by number there the number here, or OUTSIDE."""
    at = Standing(_taken(optimum.at.columns, columns, AT_LOW), _taken(optimum.at.rows, rows, BASIC))
    return Optimum(optimum.objective, _taken(optimum.values, columns, 0), _taken(optimum.prices, rows, 0), at)


def _taken(amounts: NDArray[Any], places: Numbers, otherwise: int) -> NDArray[Any]:
    return np.append(amounts, amounts.dtype.type(otherwise))[places]


class _Sifted:
    """The program of some of the columns, in HiGHS. `_numbers`: by its columns there, the number of each in the whole
    program; OUTSIDE for a column by which a row gives.
    """

    def __init__(self, program: Arrays, near: Optimum) -> None:
        self._program = program
        self._turnovers = program.turnovers(near.prices)
        values = np.clip(near.values, program.low, program.high)
        standing_out = (near.at.columns == BASIC) | (near.at.columns == AT_HIGH) | (values != 0) | (program.low < 0)
        inside = standing_out | (program.losses(near.prices) < NEARLY * self._turnovers)
        self._numbers = np.flatnonzero(inside)
        self._engine = load(program.part(self._numbers, np.arange(len(program.row_low))), FROM_NEAR)
        self._engine.setOptionValue("simplex_iteration_limit", MOST_ITERATIONS)
        stand(self._engine, Standing(near.at.columns[self._numbers], near.at.rows))
        self._gives = np.empty(0, dtype=np.int32)
        self._let_give(values)

    def solve(self) -> Optimum | None:
        """The optimum of the whole program; None where it is not found in this way."""
        strategy, times = DUAL, 1.0
        while self._run(strategy):
            solution = self._engine.getSolution()
            values, prices = np.array(solution.col_value), np.array(solution.row_dual)
            if len(joining := self._joining(prices)):
                self._add(joining)
            elif (values[self._gives] <= BREAKS).all():
                return self._whole(values, prices)
            elif times < DEAREST:
                times *= DEARER
                costs = self._give_costs * times
                self._engine.changeColsCost(len(costs), self._gives, costs)
            else:
                return None
            strategy = PRIMAL
        return None

    def _run(self, strategy: int) -> bool:
        go_by(self._engine, strategy)
        with quietly():
            self._engine.run()
        return self._engine.getModelStatus() == OPTIMAL

    def _joining(self, prices: Floats) -> Numbers:
        """Columns left out that would lower the cost at these prices; where they are few, with their kin."""
        program, out = self._program, np.ones(len(self._program.cost), dtype=bool)
        out[self._numbers[self._numbers != OUTSIDE]] = False
        out &= program.high > program.low
        joining = np.flatnonzero(out & (program.losses(prices) < GAINS))
        if 0 < len(joining) < FEW and len(program.kin):
            chosen = np.zeros(int(program.kin.max()) + 1, dtype=bool)
            chosen[program.kin[joining]] = True
            return np.flatnonzero(out & chosen[program.kin])
        return joining

    def _add(self, columns: Numbers) -> None:
        program = self._program
        start, row, value = program.by_column(columns)
        self._engine.addCols(
            len(columns), program.cost[columns], program.low[columns], program.high[columns],
            len(row), start[:-1].astype(np.int32), row.astype(np.int32), value,
        )  # fmt: skip
        self._numbers = np.append(self._numbers, columns)

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
        self._engine.addCols(
            count, self._give_costs, np.zeros(count), np.full(count, np.inf),
            count, np.arange(count, dtype=np.int32), broken.astype(np.int32), np.where(under[broken] > 0, 1.0, -1.0),
        )  # fmt: skip
        self._gives = np.arange(first, first + count, dtype=np.int32)
        self._numbers = np.append(self._numbers, np.full(count, OUTSIDE))

    def _whole(self, values: Floats, prices: Floats) -> Optimum:
        real, at = self._numbers != OUTSIDE, standing(self._engine)
        amounts = np.zeros(len(self._program.cost))
        amounts[self._numbers[real]] = values[real]
        statuses = np.full(len(amounts), AT_LOW, dtype=np.int8)
        statuses[self._numbers[real]] = at.columns[real]
        return Optimum(float(self._program.cost @ amounts), amounts, prices, Standing(statuses, at.rows))
