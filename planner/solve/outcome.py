"""What a solver comes back with: a solution, a clash, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statuses = NDArray[np.int8]
CLASH = "the hard limits of the case clash: no plan satisfies all of them"
NOTHING = 1e-6
SecondLook = Literal["confirmed", "corrected", "out of time"]


@dataclass(frozen=True)
class Standing:
    """A basis: the status of every column and every row."""

    columns: Statuses
    rows: Statuses


class Round(NamedTuple):
    """Of a tree solved by branch: the bound below and the cost of the best plan so far, million HKD; infinite while there is none."""

    below: float
    above: float


@dataclass(frozen=True)
class Solution:
    """An optimum, or the best plan found in the time given.

    `values` and `reduced_costs` are per column, `prices` per row: the change of the objective per unit of the row's
    limit. Prices of a program with whole numbers are those of the linear program with the whole numbers fixed; where they
    were rounded, or a near tie is told, those of the `optimum` that it is near. `gap` is 0 for a linear program. `second_look` is what
    another search for whole numbers said of the first one's answer; `at` is the basis, where it is known, of a program with whole
    numbers that with these fixed; `rounds` are those of a tree solved by branch, whose `optimum` has the prices that prove the
    last bound below, and that bound as its objective; `options` are those by which the solver went.
    """

    objective: float
    values: Floats
    prices: Floats
    reduced_costs: Floats
    seconds: float
    solver: str
    gap: float = 0.0
    relaxed_objective: float | None = None
    second_look: SecondLook | None = None
    at: Standing | None = None
    optimum: Solution | None = None
    rounds: tuple[Round, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def priced(self) -> Solution:
        """The solution whose prices are told."""
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


def relative_gap(above: float, below: float) -> float:
    """By what share of its cost a plan may lie above the least."""
    return max(0.0, above - below) / max(abs(above), NOTHING)
