"""A program in hand by the columns that may matter, asked again and again while limits, bounds and costs move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import Infeasible, SolverFailed
from planner.solve.arrays import OUTSIDE, Arrays, Numbers
from planner.solve.basis import AT_LOW, BASIC, stand
from planner.solve.highs import INFEASIBLE, OPTIMAL, run
from planner.solve.outcome import CLASH, Floats, Standing
from planner.solve.part import GAINS, Part
from planner.solve.resolve import CHOOSE, Optimum, go_by


class Restricted(Part):
    """A program in hand by the columns that may matter: whoever has it moves limits, costs and terms of those `inside`,
    adds rows, asks, and takes all that back; `back` is then where it began, at a known optimum.

    Rows have their own numbers in `engine`, columns those that `place` gives.
    """

    def __init__(self, program: Arrays, near: Optimum | None = None, inside: Sequence[int] | Numbers = ()) -> None:
        super().__init__(program, near or _nothing(program), inside)
        self._first = len(self._numbers)

    def place(self, columns: Sequence[int] | Numbers) -> NDArray[np.int32]:
        """The numbers in `engine` of columns that are inside."""
        places, real = np.full(len(self._program.cost), OUTSIDE, dtype=np.int32), self._real
        places[self._numbers[real]] = real
        return places[columns]

    def give(self, rows: Sequence[int], by: float) -> None:
        """Let the limits of these rows give by so much each, until `back`, each by a column that costs nothing: what is known
        still does, and the primal simplex method goes on from it.
        """
        count = len(rows)
        self.engine.addCols(
            count, np.zeros(count), np.zeros(count), np.full(count, abs(by)),
            count, np.arange(count, dtype=np.int32), np.array(rows, dtype=np.int32), np.full(count, -np.sign(by)),
        )  # fmt: skip
        self._numbers = np.append(self._numbers, np.full(count, OUTSIDE))

    def price(self, cost: Floats) -> None:
        """Give every column of the whole program a new cost."""
        self._program = replace(self._program, cost=cost)
        real = self._real
        self.engine.changeColsCost(len(real), real.astype(np.int32), cost[self._numbers[real]])

    def solve(self, strategy: int = CHOOSE) -> tuple[float, Floats]:
        """The optimum of the whole program and its values. Raises Infeasible when there is none, SolverFailed when it is not
        found.
        """
        status = self.run(strategy)
        if status == INFEASIBLE:
            raise Infeasible(CLASH)
        if status != OPTIMAL:
            raise SolverFailed(f"HiGHS stopped without a solution: {self.engine.modelStatusToString(status)}")
        return self.engine.getObjectiveValue(), self.values

    def run(self, strategy: int = CHOOSE) -> Any:
        """Solve, at first by this simplex method, and give the status, which is that of the whole program."""
        while True:
            go_by(self.engine, strategy)
            status = run(self.engine)
            strategy = CHOOSE
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
        gains = self._program.brought(prices) > -GAINS * np.abs(prices).max(initial=0.0)
        return np.flatnonzero(self._outside & gains)

    def keep(self) -> None:
        """From now on, `back` is here."""
        self._first, self._at_near = len(self._numbers), self.engine.getBasis()

    def back(self) -> None:
        """Begin the next solve at the known optimum, with none of the columns that have joined since."""
        if (count := len(self._numbers)) > self._first:
            self.engine.deleteCols(count - self._first, np.arange(self._first, count, dtype=np.int32))
            self._numbers = self._numbers[: self._first]
        stand(self.engine, self._at_near)

    @property
    def optimum(self) -> Optimum:
        """The optimum of the whole program, as last solved."""
        solution = self.engine.getSolution()
        return self._whole(np.array(solution.col_value), np.array(solution.row_dual))

    @property
    def values(self) -> Floats:
        """By column of the whole program, as last solved."""
        return self._told(np.array(self.engine.getSolution().col_value))


def _nothing(program: Arrays) -> Optimum:
    """What is known of a program of which nothing was solved."""
    columns, rows = len(program.cost), len(program.row_low)
    at = Standing(np.full(columns, AT_LOW, dtype=np.int8), np.full(rows, BASIC, dtype=np.int8))
    return Optimum(0.0, np.zeros(columns), np.zeros(rows), at)
