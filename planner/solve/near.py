"""Models much like one that is solved, solved from its optimum: what both have, they know by name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from planner.model.build import Model
from planner.model.rows import Row
from planner.solve.arrays import OUTSIDE
from planner.solve.from_optimum import from_optimum
from planner.solve.objective import solve_model
from planner.solve.of_model import arrays, places, same_columns
from planner.solve.outcome import Solution
from planner.solve.resolve import Optimum, seen_from
from planner.solve.restricted import Restricted


class Near:
    """Solves models near one that is solved, and asks of that one. What it answers does not hang on what was asked before."""

    def __init__(self, model: Model, solution: Solution) -> None:
        self._model, self._solution = model, solution

    @cached_property
    def optimum(self) -> Optimum:
        """What is known of the solved model."""
        solution = self._solution.priced
        assert solution.at is not None
        return Optimum(solution.objective, solution.values, solution.prices, solution.at)

    @cached_property
    def _columns(self) -> dict[tuple[object, ...], int]:
        return {column[:2]: number for number, column in enumerate(self._model.columns.all)}

    @cached_property
    def _rows(self) -> dict[tuple[object, ...], int]:
        return {_name(row): number for number, row in enumerate(self._model.rows)}

    @property
    def known(self) -> bool:
        """Whether anybody knows where the solver stood."""
        return self._solution.priced.at is not None

    @cached_property
    def hand(self) -> Restricted:
        """The solved model, for limits to be moved in; whoever moves one takes it back."""
        return self.restricted([])

    def restricted(self, inside: Sequence[int]) -> Restricted:
        """The solved model itself in hand by the columns that may matter and those `inside`; whole numbers that were
        searched stay as they are.
        """
        program = arrays(self._model)
        if len(program.whole) and self._solution.optimum is None:
            program = program.held(program.whole, np.round(self._solution.values[program.whole]))
        return Restricted(program, self.optimum, inside)

    def solve(self, model: Model) -> Solution:
        """The optimum of the model. A search for whole numbers begins anew: an optimum nearby helps it little.

        Raises Infeasible when it has none, SolverFailed when none is found.
        """
        if not self.known or len(arrays(model, near=self._model).whole):
            return solve_model(model)
        return from_optimum(model, self.seen(model))

    def seen(self, model: Model, more: int = 0) -> Optimum:
        """The optimum in the numbers of another model's columns and rows, with so many columns more at its end."""
        if same_columns(model, self._model):
            columns = np.arange(len(model.columns.all))
        else:
            columns = np.array([self._columns.get(column[:2], OUTSIDE) for column in model.columns.all])
        rows = places(model.rows, self._model.rows)
        for number in np.flatnonzero(rows == OUTSIDE).tolist():
            rows[number] = self._rows.get(_name(model.rows[number]), OUTSIDE)
        return seen_from(self.optimum, np.append(columns, np.full(more, OUTSIDE)), rows)


def _name(row: Row) -> tuple[object, ...]:
    """What its name is made of, which takes longer to put together, as with columns."""
    return row.family, row.what, row.node, row.part
