"""A program of which HiGHS has some of the columns: those of a known optimum and those that its prices nearly call for.

After each solve the others are priced, and those that would lower the cost join, until none would: then the optimum is
that of the whole program (column generation, Dantzig and Wolfe 1960; as sifting, Bixby and others 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.solve.arrays import OUTSIDE, Arrays, Numbers
from planner.solve.basis import AT_HIGH, BASIC, basis, stand, standing
from planner.solve.highs import BY_LARGEST_VALUES, SIMPLEX, Method, load
from planner.solve.outcome import Floats, Standing
from planner.solve.resolve import Optimum

FROM_NEAR: Method = (
    SIMPLEX
    | BY_LARGEST_VALUES
    | {
        "simplex_dual_edge_weight_strategy": 1,
        "dual_simplex_cost_perturbation_multiplier": 0.0,
        "primal_simplex_bound_perturbation_multiplier": 0.0,
    }
)
"""Weighed by Devex: steepest edges take longer to set up at a basis from elsewhere than most solves take in all. Nothing is
perturbed: a solve that begins near its end stalls little, and would have to clean up after each.
"""
FEW = 1_000
"""So few columns bring their kin along: what joins in one node mostly does in the next."""
GAINS = -1e-7
LITTLE, VERY_LITTLE = 0.02, 0.0005
"""Shares of its turnover: a column that loses no more comes along. Very little, where the optimum is nearly that of `near`."""


class Part:
    """The program of some of the columns, in HiGHS. `_numbers`: by its columns there, the number of each in the whole
    program; OUTSIDE for a column that the whole program has not.
    """

    def __init__(
        self, program: Arrays, near: Optimum, inside: Sequence[int] | Numbers = (), little: float = LITTLE
    ) -> None:
        self._program = program
        self._turnovers = program.turnovers(near.prices)
        self._near_values = np.clip(near.values, program.low, program.high)
        chosen = (
            (near.at.columns == BASIC) | (near.at.columns == AT_HIGH) | (self._near_values != 0) | (program.low < 0)
        )
        chosen |= program.losses(near.prices) < little * self._turnovers
        chosen[np.asarray(inside, dtype=np.int64)] = True
        self._numbers: Numbers = np.flatnonzero(chosen)
        self.engine: Any = load(program.part(self._numbers, np.arange(len(program.row_low))), FROM_NEAR)
        self._at_near = basis(Standing(near.at.columns[self._numbers], near.at.rows))
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
        out[self._numbers[self._real]] = False
        return out

    def _add(self, columns: Numbers) -> None:
        program = self._program
        start, row, value = program.by_column(columns)
        self.engine.addCols(
            len(columns), program.cost[columns], program.low[columns], program.high[columns],
            len(row), start[:-1].astype(np.int32), row.astype(np.int32), value,
        )  # fmt: skip
        self._numbers = np.append(self._numbers, columns)

    @property
    def _real(self) -> Numbers:
        """The columns at hand that the whole program has, by their numbers here."""
        return np.flatnonzero(self._numbers != OUTSIDE)

    def _told(self, values: Floats) -> Floats:
        """Values of the columns at hand, by column of the whole program."""
        amounts, real = np.zeros(len(self._program.cost)), self._real
        amounts[self._numbers[real]] = values[real]
        return amounts

    def _whole(self, values: Floats, prices: Floats) -> Optimum:
        amounts = self._told(values)
        at = standing(self.engine, self._program, amounts, self._numbers)
        return Optimum(float(self._program.cost @ amounts), amounts, prices, at)
