"""Money and priced shortfall told apart: a target at a made-up price must not pass for money that somebody pays.

cost  =  money  +  hard shortfall  +  soft shortfall

money           what is paid and valued, unserved work included
hard shortfall  missing from targets without a price of their own, at the price made up for the stress test
soft shortfall  missing from targets with a price of their own, at that price
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.arrays import Numbers
from planner.solve.futures import Futures
from planner.solve.outcome import Floats

NOISE = 1e-6
"""Of the size of the optima compared: what differs by less is the same."""


@dataclass(frozen=True)
class Apart:
    """An amount and its parts, HKD, discounted."""

    hkd: float
    money_hkd: float
    hard_shortfall_hkd: float
    soft_shortfall_hkd: float

    def less(self, other: Apart) -> Apart:
        """The difference, part by part; what is too small to tell two optima apart is 0."""
        noise = NOISE * max(1.0, abs(self.hkd), abs(other.hkd))
        pairs = zip(self.parts, other.parts, strict=True)
        return Apart(*(above_noise(mine - theirs, noise) for mine, theirs in pairs))

    @property
    def parts(self) -> tuple[float, float, float, float]:
        """The whole, then what it consists of."""
        return self.hkd, self.money_hkd, self.hard_shortfall_hkd, self.soft_shortfall_hkd


def above_noise(difference: float, noise: float) -> float:
    """A difference of optima; 0 where it is rounding, on either side of zero."""
    return difference if abs(difference) > noise else 0.0


@dataclass(frozen=True)
class Account:
    """What plans cost in the futures of a tree. `hard`: targets whose price is made up."""

    futures: Futures
    hard: tuple[str, ...]

    def cost(self, place: int, values: Floats) -> Apart:
        """Of a plan, values per column, in one future."""
        costs = self.futures.leaf_costs[place]
        hard, soft = (float(costs[columns] @ values[columns]) * HKD_PER_MODEL_UNIT for columns in self._shortfall)
        whole = float(costs @ values) * HKD_PER_MODEL_UNIT
        return Apart(whole, whole - hard - soft, hard, soft)

    def expected(self, values: Sequence[Floats]) -> Apart:
        """Σ probability · cost, of values by future."""
        parts = np.array([self.cost(place, amounts).parts for place, amounts in enumerate(values)])
        return Apart(*(float(part) for part in self.futures.chances @ parts))

    @cached_property
    def _shortfall(self) -> tuple[Numbers, Numbers]:
        """Columns of what is missing from hard targets, and from soft ones."""
        table = self.futures.model.columns.shortfall
        return (
            np.array([column for (target, _), column in table.items() if target in self.hard], dtype=np.int64),
            np.array([column for (target, _), column in table.items() if target not in self.hard], dtype=np.int64),
        )
