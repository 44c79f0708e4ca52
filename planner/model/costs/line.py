"""A line of spending: what one unit of a column costs in one node, for whom and where."""

from __future__ import annotations

from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.domain.horizon import Node
from planner.model.options import Options
from planner.model.stay import Arrival


class Line(NamedTuple):
    """`hkd` per unit of the column, real and undiscounted, spent in `node`; `weight` is its probability times its
    discount.

    `cash` lines must be paid by funds; the others (unserved work, residual value, shortfalls) are values, not payments.
    `order`: the order whose residual value is credited for what the line pays.
    """

    cost: str
    column: int
    node: Node
    hkd: float
    weight: float
    site: str | None = None
    device_origin: str | None = None
    offer: str | None = None
    risky: bool = False
    cash: bool = True
    order: tuple[str, str, str] | None = None


class Lines(tuple[Line, ...]):
    """Lines in their order, with what is asked of all of them at once."""

    @cached_property
    def columns(self) -> NDArray[np.int64]:
        """By line: its column."""
        return np.fromiter(map(attrgetter("column"), self), dtype=np.int64, count=len(self))

    def decided(self, values: NDArray[np.float64]) -> Lines:
        """Those of a column whose value is not zero."""
        return Lines(map(self.__getitem__, np.flatnonzero(values[self.columns]).tolist()))

    @cached_property
    def weighted_hkd(self) -> NDArray[np.float64]:
        """By line: what a unit of its column counts in the objective, HKD."""
        hkd, weights = (
            np.fromiter(map(attrgetter(field), self), dtype=float, count=len(self)) for field in ("hkd", "weight")
        )
        return np.asarray(hkd * weights)


class Bucket(NamedTuple):
    """The cash lines that the same funds may pay; apart for an order whose residual value hangs on who pays."""

    funds: tuple[str, ...]
    order: tuple[str, str, str] | None = None

    @property
    def name(self) -> str:
        """As one index of a name."""
        return (".".join(self.funds) or "nobody") + ("@" + ".".join(self.order) if self.order else "")


def weight(options: Options, node: Node) -> float:
    """What a HKD spent in the node counts in the objective: probability times mid-period discount."""
    return options.weights[node.id]


def weight_on_arrival(options: Options, arrival: Arrival) -> float:
    """What a HKD spent on an arrival counts: of the period in which it arrives, though it may stand from the next."""
    node = arrival.node
    if node.parent is None or arrival.day >= node.period.start:
        return options.weights[node.id]
    return options.weights[node.parent.id] * node.probability / node.parent.probability
