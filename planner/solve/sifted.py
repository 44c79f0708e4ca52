"""Programs near one whose optimum is known, solved by the columns that may matter.

At first those are the columns of the known optimum and those that its prices nearly call for. After each solve the
others are priced, and those that would lower the cost join, until none would: then the optimum is that of the whole
program (column generation, Dantzig and Wolfe 1960; as sifting, Bixby and others 1992). Rows that the known values break
may give, at a price above all that their columns turn over. Where one gives to the end, HiGHS tells of the whole program
whether limits clash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.solve.arrays import OUTSIDE, Arrays, Numbers
from planner.solve.highs import BY_LARGEST_VALUES, INFEASIBLE, OPTIMAL, SIMPLEX, Method, load, run
from planner.solve.outcome import Floats, Standing
from planner.solve.quiet import quietly
from planner.solve.resolve import AT_HIGH, AT_LOW, BASIC, DUAL, PRIMAL, Live, Optimum, go_by, stand, standing

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
    return _Elastic(program, near).solve() or Live(program).solve()


def seen_from(optimum: Optimum, columns: Numbers, rows: Numbers) -> Optimum:
    """An optimum in the numbers of another program. `columns`, `rows`: by number there the number here, or OUTSIDE."""
    at = Standing(_taken(optimum.at.columns, columns, AT_LOW), _taken(optimum.at.rows, rows, BASIC))
    return Optimum(optimum.objective, _taken(optimum.values, columns, 0), _taken(optimum.prices, rows, 0), at)


def _taken(amounts: NDArray[Any], places: Numbers, otherwise: int) -> NDArray[Any]:
    return np.append(amounts, amounts.dtype.type(otherwise))[places]


class _Part:
    """The program of some of the columns, in HiGHS. `_numbers`: by its columns there, the number of each in the whole
    program; OUTSIDE for a column that the whole program has not.
    """

    def __init__(self, program: Arrays, near: Optimum, inside: Sequence[int] | Numbers = ()) -> None:
        self._program = program
        self._turnovers = program.turnovers(near.prices)
        self._near_values = np.clip(near.values, program.low, program.high)
        chosen = (
            (near.at.columns == BASIC) | (near.at.columns == AT_HIGH) | (self._near_values != 0) | (program.low < 0)
        )
        chosen |= program.losses(near.prices) < NEARLY * self._turnovers
        chosen[np.asarray(inside, dtype=np.int64)] = True
        self._numbers = np.flatnonzero(chosen)
        self.engine: Any = load(program.part(self._numbers, np.arange(len(program.row_low))), FROM_NEAR)
        self._at_near = Standing(near.at.columns[self._numbers], near.at.rows)
        stand(self.engine, self._at_near)

    def _joining(self, prices: Floats) -> Numbers:
        """Columns left out that would lower the cost at these prices; where they are few, with their kin."""
        program, out = self._program, self._outside
        joining = np.flatnonzero(out & (program.losses(prices[: len(program.row_low)]) < GAINS))
        if 0 < len(joining) < FEW and len(program.kin):
            chosen = np.zeros(int(program.kin.max()) + 1, dtype=bool)
            chosen[program.kin[joining]] = True
            return np.flatnonzero(out & chosen[program.kin])
        return joining

    @property
    def _outside(self) -> NDArray[np.bool_]:
        """By column of the whole program: whether it is left out, though it could be other than zero."""
        out = self._program.high > self._program.low
        out[self._numbers[self._numbers != OUTSIDE]] = False
        return out

    def _add(self, columns: Numbers) -> None:
        program = self._program
        start, row, value = program.by_column(columns)
        self.engine.addCols(
            len(columns), program.cost[columns], program.low[columns], program.high[columns],
            len(row), start[:-1].astype(np.int32), row.astype(np.int32), value,
        )  # fmt: skip
        self._numbers = np.append(self._numbers, columns)


class Restricted(_Part):
    """A program in hand by the columns that may matter: whoever has it moves limits, costs and terms of those `inside`,
    adds rows, asks, and takes all that back; `back` is then where it began, at a known optimum.

    Rows have their own numbers in `engine`, columns those that `place` gives.
    """

    def __init__(self, program: Arrays, near: Optimum | None = None, inside: Sequence[int] | Numbers = ()) -> None:
        super().__init__(program, near or _nothing(program), inside)
        self._first = len(self._numbers)

    def place(self, columns: Sequence[int] | Numbers) -> NDArray[np.int32]:
        """The numbers in `engine` of columns that are inside."""
        places = np.full(len(self._program.cost), OUTSIDE, dtype=np.int32)
        places[self._numbers] = np.arange(len(self._numbers), dtype=np.int32)
        return places[columns]

    def run(self) -> Any:
        """Solve and give the status, which is that of the whole program."""
        while True:
            status = run(self.engine)
            if status == OPTIMAL:
                joining = self._joining(np.array(self.engine.getSolution().row_dual))
            elif status == INFEASIBLE:
                joining = self._mending()
            else:
                joining = np.flatnonzero(self._outside)
            if not len(joining):
                return status
            self._add(joining)

    def _mending(self) -> Numbers:
        """Columns left out without which the proof that limits clash does not hold (Farkas)."""
        _, there, ray = self.engine.getDualRay()
        if not there:
            return np.flatnonzero(self._outside)
        prices = np.array(ray)[: len(self._program.row_low)]
        weight = -np.bincount(
            self._program.column, self._program.value * prices[self._program.row], minlength=len(self._program.cost)
        )
        return np.flatnonzero(self._outside & (weight < GAINS * np.abs(prices).max(initial=0.0)))

    def keep(self) -> None:
        """From now on, `back` is here."""
        self._first, self._at_near = len(self._numbers), standing(self.engine)

    def back(self) -> None:
        """Begin the next solve at the known optimum, with none of the columns that have joined since."""
        if (count := len(self._numbers)) > self._first:
            self.engine.deleteCols(count - self._first, np.arange(self._first, count, dtype=np.int32))
            self._numbers = self._numbers[: self._first]
        stand(self.engine, self._at_near)

    @property
    def values(self) -> Floats:
        """By column of the whole program, as last solved."""
        amounts = np.zeros(len(self._program.cost))
        amounts[self._numbers] = self.engine.getSolution().col_value
        return amounts


def _nothing(program: Arrays) -> Optimum:
    """What is known of a program of which nothing was solved."""
    columns, rows = len(program.cost), len(program.row_low)
    at = Standing(np.full(columns, AT_LOW, dtype=np.int8), np.full(rows, BASIC, dtype=np.int8))
    return Optimum(0.0, np.zeros(columns), np.zeros(rows), at)


class _Elastic(_Part):
    """The same for one solve, with a column for every row that the known values break, by which it may give."""

    def __init__(self, program: Arrays, near: Optimum) -> None:
        super().__init__(program, near)
        self.engine.setOptionValue("simplex_iteration_limit", MOST_ITERATIONS)
        self._gives = np.empty(0, dtype=np.int32)
        self._let_give(self._near_values)

    def solve(self) -> Optimum | None:
        """The optimum of the whole program; None where it is not found in this way."""
        strategy, times = DUAL, 1.0
        while self._run(strategy):
            solution = self.engine.getSolution()
            values, prices = np.array(solution.col_value), np.array(solution.row_dual)
            if len(joining := self._joining(prices)):
                self._add(joining)
            elif (values[self._gives] <= BREAKS).all():
                return self._whole(values, prices)
            elif times < DEAREST:
                times *= DEARER
                costs = self._give_costs * times
                self.engine.changeColsCost(len(costs), self._gives, costs)
            else:
                return None
            strategy = PRIMAL
        return None

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

    def _whole(self, values: Floats, prices: Floats) -> Optimum:
        real, at = self._numbers != OUTSIDE, standing(self.engine)
        amounts = np.zeros(len(self._program.cost))
        amounts[self._numbers[real]] = values[real]
        statuses = np.full(len(amounts), AT_LOW, dtype=np.int8)
        statuses[self._numbers[real]] = at.columns[real]
        return Optimum(float(self._program.cost @ amounts), amounts, prices, Standing(statuses, at.rows))
