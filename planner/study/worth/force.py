"""What the plan would cost with a decision forced upon it while prices move: solved again from the plan's own optimum, by
the columns that may matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from planner.errors import SolverFailed
from planner.model.build import Model
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan
from planner.solve.arrays import Numbers
from planner.solve.highs import INFEASIBLE, OPTIMAL
from planner.solve.outcome import Floats

AMOUNT = 1.0
SAME = 1e-9


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
        cost = end.cost_coefficients() - start.cost_coefficients()
        terms = [
            (number, column, now.get(column, 0.0), then.get(column, 0.0) - now.get(column, 0.0))
            for number, (here, there) in enumerate(zip(start.rows, end.rows, strict=False))
            if here.terms != there.terms
            for now, then in [(here.terms.summed(), there.terms.summed())]
            for column in now.keys() | then.keys()
        ]
        return cls(cost, tuple(term for term in terms if term[3]))

    @cached_property
    def columns(self) -> Numbers:
        """Those that move."""
        terms = np.zeros(len(self.cost), dtype=bool)
        terms[[column for _, column, _, _ in self.terms]] = True
        return np.flatnonzero(terms | (self.cost != 0))

    def part(self, columns: Numbers) -> Move:
        """The move of these columns alone."""
        inside = np.isin(np.arange(len(self.cost)), columns)
        return Move(np.where(inside, self.cost, 0.0), tuple(term for term in self.terms if inside[term[1]]))

    def lies_on(self, other: Move, way: float) -> bool:
        """Whether this is so much of the way of the other move."""
        if not np.allclose(self.cost, way * other.cost, rtol=SAME, atol=0.0):
            return False
        here, there = ({(row, column): change for row, column, _, change in move.terms} for move in (self, other))
        return all(
            math.isclose(here.get(term, 0.0), way * there.get(term, 0.0), rel_tol=SAME, abs_tol=SAME**2)
            for term in here.keys() | there.keys()
        )


class Forcing:
    """A plan's program in hand, in which decisions are forced one after another; none leaves a trace.

    Raises SolverFailed when the plan was not solved by HiGHS in process.
    """

    def __init__(self, plan: Plan, forced: Iterable[Sequence[int]], moves: Iterable[Move]) -> None:
        if not plan.neighbourhood.known:
            raise SolverFailed(f"{plan.solution.solver} keeps no program to force a decision on; plan with HiGHS")
        columns = [*chain.from_iterable(forced), *(column for move in moves for column in move.columns)]
        self._restricted = plan.neighbourhood.restricted(columns)
        self._cost, self._values = plan.model.cost_coefficients(), plan.solution.values
        self._row = len(plan.model.rows)

    @contextmanager
    def along(self, columns: Sequence[int], move: Move) -> Iterator[Callable[[float], Forced | None]]:
        """While inside: what one unit of these columns together adds, with so much of the move made; None when not one
        unit can be had, whatever it costs.
        """
        engine, place = self._restricted.engine, self._restricted.place
        moving = np.flatnonzero(move.cost)
        terms = [(row, int(place([column])[0]), start, change) for row, column, start, change in move.terms]

        def go(way: float) -> None:
            engine.changeColsCost(len(moving), place(moving), self._cost[moving] + way * move.cost[moving])
            for row, column, start, change in terms:
                engine.changeCoeff(row, column, start + way * change)

        def at(way: float) -> Forced | None:
            go(way)
            one = self._solved(AMOUNT, move)
            if one is None:
                return None
            extra, worth = one
            if self._values[move.columns].any():
                none = self._solved(0.0, move)
                assert none is not None
                worth -= none[1]
            return Forced(extra * HKD_PER_MODEL_UNIT, worth / AMOUNT * HKD_PER_MODEL_UNIT)

        self._restricted.back()
        engine.addRow(0.0, 0.0, len(columns), place(columns), np.ones(len(columns)))
        try:
            yield at
        finally:
            go(0.0)
            engine.deleteRows(1, np.array([self._row], dtype=np.int32))

    def _solved(self, amount: float, move: Move) -> tuple[float, float] | None:
        """The price of the forced amount and the derivative of the optimum along the move, million HKD: Σ Δcost · value −
        Σ price · Δcoefficient · value.
        """
        engine = self._restricted.engine
        engine.changeRowBounds(self._row, amount, amount)
        status = self._restricted.run()
        if status == INFEASIBLE:
            return None
        if status != OPTIMAL:
            raise SolverFailed(
                f"HiGHS stopped with a decision forced on the plan: {engine.modelStatusToString(status)}"
            )
        solution = engine.getSolution()
        moving = move.columns
        values = dict(zip(moving.tolist(), np.array(solution.col_value)[self._restricted.place(moving)], strict=True))
        prices = solution.row_dual
        rows = sum(prices[row] * change * values[column] for row, column, _, change in move.terms)
        costs = sum(float(move.cost[column]) * value for column, value in values.items())
        return float(prices[self._row]), costs - rows
