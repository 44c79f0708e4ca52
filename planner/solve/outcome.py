"""What a solver comes back with: a solution, a clash, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statuses = NDArray[np.int8]
CLASH = "the hard limits of the case clash: no plan satisfies all of them"
SecondLook = Literal["confirmed", "corrected", "out of time"]


@dataclass(frozen=True)
class Standing:
    """A basis: the status of every column and every row."""

    columns: Statuses
    rows: Statuses


@dataclass(frozen=True)
class Solution:
    """An optimum, or the best plan found in the time given.

    `values` and `reduced_costs` are per column, `prices` per row: the change of the objective per unit of the row's
    limit. Prices of a program with whole numbers are those of the linear program with the whole numbers fixed; where they
    were rounded, or a near tie is told, those of the `optimum` that it is near. `gap` is 0 for a linear program. `second_look` is what
    another search for whole numbers said of the first one's answer; `at` is the basis, where it is known.
    """

    objective: float
    values: Floats
    prices: Floats
    reduced_costs: Floats
    seconds: float
    solver: str
    gap: float = 0.0
    relaxed_objective: float | None = None
    engine: Any = None
    second_look: SecondLook | None = None
    at: Standing | None = None
    optimum: Solution | None = None

    @property
    def priced(self) -> Solution:
        """The solution whose prices are told, and in which HiGHS stands."""
        return self.optimum or self


@dataclass(frozen=True)
class NoPlan:
    """The hard limits clash: no values satisfy all rows."""

    seconds: float
    solver: str


@dataclass(frozen=True)
class GaveUp:
    """The solver stopped without a solution; `reason` is its own word for why."""

    reason: str
    seconds: float
    solver: str


Outcome = Solution | NoPlan | GaveUp
