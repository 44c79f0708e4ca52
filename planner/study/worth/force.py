"""What the plan would cost with a decision forced upon it while prices move: solved again from where the
solver stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

import numpy as np

from planner.errors import SolverFailed
from planner.model.build import Model
from planner.model.rows import Terms
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan
from planner.solve.highs import run
from planner.solve.outcome import Floats
from planner.solve.resolve import stand, standing

OPTIMAL = "Optimal"
AMOUNT = 1.0


@dataclass(frozen=True)
class Forced:
    """`extra_hkd`: what one unit more of the forced decision adds to the cost; `slope_hkd`: how that grows with the
    move.
    """

    extra_hkd: float
    slope_hkd: float


@dataclass(frozen=True)
class Move:
    """What changes from one model to another of the same columns and rows, per unit of the way: costs and
    coefficients.
    """

    cost: Floats
    terms: tuple[tuple[int, int, float, float], ...]
    """Row, column, coefficient at the start, and its change."""

    @classmethod
    def between(cls, start: Model, end: Model) -> Move:
        """Costs in million HKD."""
        cost = np.array(end.cost_coefficients()) - np.array(start.cost_coefficients())
        terms = [
            (number, column, now.get(column, 0.0), then.get(column, 0.0) - now.get(column, 0.0))
            for number, (here, there) in enumerate(zip(start.rows, end.rows, strict=False))
            if here.terms != there.terms
            for now, then in [(_summed(here.terms), _summed(there.terms))]
            for column in now.keys() | then.keys()
        ]
        return cls(cost, tuple(term for term in terms if term[3]))


class Forcing:
    """`with Forcing(plan, columns, move) as forcing:` the plan's own program, which leaves it as it was.

    Raises SolverFailed when the plan was not solved by HiGHS in process.
    """

    def __init__(self, plan: Plan, columns: Sequence[int], move: Move) -> None:
        if plan.solution.engine is None:
            raise SolverFailed(f"{plan.solution.solver} keeps no program to force a decision on; plan with HiGHS")
        self._engine, self._columns, self._move = plan.solution.engine, columns, move
        self._cost = np.array(plan.model.cost_coefficients())
        self._moving = np.flatnonzero(move.cost).astype(np.int32)

    def __enter__(self) -> Forcing:
        self._row = self._engine.getNumRow()
        self._stood = standing(self._engine)
        self._engine.setOptionValue("solver", "simplex")
        count = len(self._columns)
        self._engine.addRow(0.0, 0.0, count, np.array(self._columns, dtype=np.int32), np.ones(count))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._go(0.0)
        self._engine.deleteRows(1, np.array([self._row], dtype=np.int32))
        stand(self._engine, self._stood)
        run(self._engine)

    def at(self, way: float) -> Forced | None:
        """With so much of the move made. None when not one unit can be had, whatever it costs."""
        self._go(way)
        one = self._solved(AMOUNT)
        if one is None:
            return None
        none = self._solved(0.0)
        assert none is not None
        slope = (self._worth(*one) - self._worth(*none)) / AMOUNT
        return Forced(float(one[1][self._row]) * HKD_PER_MODEL_UNIT, slope * HKD_PER_MODEL_UNIT)

    def _go(self, way: float) -> None:
        cost = (self._cost + way * self._move.cost)[self._moving]
        self._engine.changeColsCost(len(self._moving), self._moving, cost)
        for row, column, start, change in self._move.terms:
            self._engine.changeCoeff(row, column, start + way * change)

    def _solved(self, amount: float) -> tuple[Floats, Floats] | None:
        self._engine.changeRowBounds(self._row, amount, amount)
        run(self._engine)
        status = self._engine.modelStatusToString(self._engine.getModelStatus())
        if status == "Infeasible":
            return None
        if status != OPTIMAL:
            raise SolverFailed(f"HiGHS stopped with a decision forced on the plan: {status}")
        solution = self._engine.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)

    def _worth(self, values: Floats, prices: Floats) -> float:
        """Derivative of the optimum along the move, million HKD: Σ Δcost · value − Σ price · Δcoefficient · value."""
        rows = sum(prices[row] * change * values[column] for row, column, _, change in self._move.terms)
        return float(self._move.cost @ values - rows)


def _summed(terms: Terms) -> dict[int, float]:
    sums: dict[int, float] = {}
    for column, coefficient in terms:
        sums[column] = sums.get(column, 0.0) + coefficient
    return sums
