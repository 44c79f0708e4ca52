"""A program that stays in HiGHS: its costs, bounds and limits change, and it is solved again from where it stands.

A re-solve after such a change costs a fraction of the first, since the last basis is still nearly right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from planner.errors import Infeasible, SolverFailed
from planner.solve.arrays import OUTSIDE, Arrays, Numbers
from planner.solve.basis import AT_LOW, BASIC, basis, stand, standing
from planner.solve.highs import SIMPLEX, Method, load, run, take
from planner.solve.outcome import CLASH, Floats, Standing

CHOOSE, DUAL, PRIMAL = 0, 1, 4


@dataclass(frozen=True)
class Optimum:
    """Objective, a value per column, a price per row (change of the objective per unit of the row's limit), and the basis."""

    objective: float
    values: Floats
    prices: Floats
    at: Standing


def seen_from(optimum: Optimum, columns: Numbers, rows: Numbers) -> Optimum:
    """An optimum in the numbers of another program. `columns`, `rows`: by number there the number here, or OUTSIDE."""
    at = Standing(_taken(optimum.at.columns, columns, AT_LOW), _taken(optimum.at.rows, rows, BASIC))
    return Optimum(optimum.objective, _taken(optimum.values, columns, 0), _taken(optimum.prices, rows, 0), at)


def told_by(optimum: Optimum, whole: Arrays, columns: Numbers, rows: Numbers) -> Optimum:
    """An optimum of these columns and rows of a program, in the numbers of the whole; zero elsewhere."""
    of_column, of_row = np.full(len(whole.cost), OUTSIDE), np.full(len(whole.row_low), OUTSIDE)
    of_column[columns], of_row[rows] = np.arange(len(columns)), np.arange(len(rows))
    return seen_from(optimum, of_column, of_row)


def _taken(amounts: NDArray[Any], places: Numbers, otherwise: int) -> NDArray[Any]:
    return np.append(amounts, amounts.dtype.type(otherwise))[places]


class Live:
    """A program in HiGHS, in fractions. Numbers of columns and rows are those of the arrays."""

    def __init__(self, program: Arrays, method: Method = SIMPLEX) -> None:
        self._program = program
        self.engine = load(program.in_fractions, method)

    def take(self, program: Arrays) -> None:
        """Another program in place of this one, solved by the same method as if it were the first."""
        self._program = program
        take(self.engine, program.in_fractions)

    def solve(self, *, costs_changed: bool = False) -> Optimum:
        """The optimum as the program stands, as `values` takes it."""
        values = self.values(costs_changed=costs_changed)
        prices = np.array(self.engine.getSolution().row_dual)
        at = standing(self.engine, self._program, values)
        return Optimum(self.engine.getObjectiveValue(), values, prices, at)

    def values(self, *, costs_changed: bool = False) -> Floats:
        """By column, the value in the optimum: all that is told of it. Raises Infeasible when there is none, SolverFailed when it is not found.

        `costs_changed`: nothing else did, so the last plan is still possible, and the primal simplex goes on from it.
        """
        go_by(self.engine, PRIMAL if costs_changed else CHOOSE)
        status, states = run(self.engine), highspy.HighsModelStatus
        if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
            raise Infeasible(CLASH)
        if status not in (states.kOptimal, states.kModelEmpty):
            raise SolverFailed(f"HiGHS stopped without a solution: {self.engine.modelStatusToString(status)}")
        return np.array(self.engine.getSolution().col_value)

    def price(self, cost: Floats) -> None:
        """Give every column a new cost."""
        self.engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)

    def fix(self, columns: Numbers, values: Floats) -> None:
        """Hold columns at values; a value that lies outside its bounds by rounding is taken to the bound."""
        held = np.clip(values, self._program.low[columns], self._program.high[columns])
        self.engine.changeColsBounds(len(columns), columns.astype(np.int32), held, held)

    def free(self, columns: Numbers) -> None:
        """Give columns their own bounds back."""
        own = self._program.low[columns], self._program.high[columns]
        self.engine.changeColsBounds(len(columns), columns.astype(np.int32), *own)

    def limit_sum(self, values: Floats, high: float) -> None:
        """A new row, the last: the sum of value times column stays within `high`."""
        columns = np.flatnonzero(values)
        self.engine.addRow(-np.inf, high, len(columns), columns.astype(np.int32), values[columns])

    def stand(self, at: Standing) -> None:
        """Begin the next solve here."""
        start = basis(at)
        # Factored as it is taken: which of plans that cost the same the next solve ends at may hang on that.
        start.alien = True
        stand(self.engine, start)


def go_by(engine: Any, strategy: int) -> None:
    """Take this simplex method from now on."""
    engine.setOptionValue("simplex_strategy", strategy)
