"""The frontier of cost, compute and carbon: the least spending for each amount of work and each amount of carbon.

    minimise  spending     subject to   Σ probability · unserved <= U     Σ probability · carbon <= C

U runs from what no plan can undercut up to half of the work served, C from what the cheapest plan for that U emits down
to what no plan can undercut. What unserved work is worth does not count here: that is the choice the frontier lays
open (payoff table and grid as in the epsilon-constraint method, Mavrotas 2009). Where the case has several futures,
each point tells what its dearest one costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from planner.domain.case import Case
from planner.model.build import Model, build
from planner.model.constraints.carbon_cap import carbon_terms
from planner.model.rows import Row, Terms
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.arrays import Arrays
from planner.solve.highs import FROM_SCRATCH
from planner.solve.of_model import arrays
from planner.solve.outcome import Floats
from planner.solve.resolve import Live
from planner.solve.restricted import Restricted
from planner.study.workers import ALONE, Workers, shared_out

VALUES_NOT_SPENT = ("unserved", "risk")
LEAST_SERVED = 0.5
PLAY = 1e-6


@dataclass(frozen=True)
class FrontierPoint:
    """A plan that no other undercuts in spending, unserved work and carbon at once.

    `dearest_future_hkd`: its cost in that future.
    """

    served_share: float
    unserved_pflops_days: float
    carbon_t: float
    spending_hkd: float
    dearest_future_hkd: float


def frontier(
    case: Case, compute_steps: int = 5, carbon_steps: int = 3, *, workers: Workers = ALONE
) -> Iterator[FrontierPoint]:
    """`compute_steps` amounts of work, from half of it to all that can be done, and `carbon_steps` caps for each.

    Raises Infeasible when the case has no plan at all.
    """
    room = _Room(case, carbon_steps)
    fewest = room.fewest
    amounts = np.linspace(fewest, max(fewest, (1 - LEAST_SERVED) * room.asked), compute_steps)
    fronts: dict[int, list[FrontierPoint]] = {}
    for place, points in shared_out(_at_amount, room, [float(amount) for amount in amounts], workers):
        fronts[place] = points
    for place in range(compute_steps):
        yield from fronts[place]


class _Room:
    """The case's program, bounded in unserved work and carbon, and its optimum without these bounds, from which every point
    is looked for. It travels as the case and that.
    """

    def __init__(self, case: Case, carbon_steps: int) -> None:
        self.case, self.carbon_steps = case, carbon_steps
        self.near = Live(self.program, FROM_SCRATCH).solve()
        self.fewest, _ = self.least(self.unserved)

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("case", "carbon_steps", "fewest", "near")}

    @cached_property
    def model(self) -> Model:
        return build(self.case)

    @cached_property
    def unserved(self) -> Floats:
        return _unserved(self.model)

    @cached_property
    def carbon(self) -> Floats:
        return _carbon(self.model)

    @cached_property
    def spending(self) -> Floats:
        return _spending(self.model)

    @cached_property
    def asked(self) -> float:
        """Work, PFLOP/s-days."""
        most = np.array([column.high or 0.0 for column in self.model.columns.all])
        return float(most @ self.unserved)

    @cached_property
    def program(self) -> Arrays:
        rows = (*self.model.rows, _row("unserved", self.unserved), _row("carbon", self.carbon))
        return arrays(replace(self.model, rows=rows))

    @cached_property
    def hand(self) -> Restricted:
        """The program in hand; `back` before each point, so that what comes of it hangs on no answer before."""
        return Restricted(self.program, self.near)

    def least(
        self, cost: Floats, most_unserved: float = math.inf, most_carbon: float = math.inf
    ) -> tuple[float, Floats]:
        """The least of a cost within the bounds, and the values."""
        last = len(self.model.rows)
        self.hand.engine.changeRowBounds(last, -math.inf, most_unserved)
        self.hand.engine.changeRowBounds(last + 1, -math.inf, most_carbon)
        self.hand.price(cost)
        return self.hand.solve()


def _at_amount(room: _Room, allowed: float) -> list[FrontierPoint]:
    """The points at one amount of unserved work."""
    room.hand.back()
    most = allowed + PLAY * max(1.0, allowed)
    _, cheapest = room.least(room.spending, most)
    emitted = float(room.carbon @ cheapest)
    cleanest, _ = room.least(room.carbon, most)
    plans = [cheapest]
    for cap in np.linspace(emitted, cleanest, room.carbon_steps)[1:] if emitted - cleanest > PLAY * emitted else ():
        plans.append(room.least(room.spending, most, cap + PLAY * max(1.0, cap))[1])
    return [_point(room, values) for values in plans]


def _row(name: str, terms: Floats) -> Row:
    columns = Terms.of((int(i), float(terms[i])) for i in np.flatnonzero(terms))
    return Row("frontier", (name,), None, columns, "<=", math.inf, f"{name} as asked of this point of the frontier")


def _unserved(model: Model) -> Floats:
    weights = np.zeros(len(model.columns.all))
    for (_, node), column in model.columns.unserved.items():
        weights[column] = model.options.node(node).probability
    return weights


def _carbon(model: Model) -> Floats:
    weights = np.zeros(len(model.columns.all))
    for node in model.case.tree:
        for column, tonnes in carbon_terms(model.options, model.columns, node):
            weights[column] += node.probability * tonnes
    return weights


def _spending(model: Model) -> Floats:
    weights = np.zeros(len(model.columns.all))
    for line in model.lines:
        if line.cost not in VALUES_NOT_SPENT:
            weights[line.column] += line.hkd * line.weight / HKD_PER_MODEL_UNIT
    return weights


def _point(room: _Room, values: Floats) -> FrontierPoint:
    missing = float(room.unserved @ values)
    return FrontierPoint(
        served_share=1.0 - missing / room.asked if room.asked else 1.0,
        unserved_pflops_days=missing,
        carbon_t=float(room.carbon @ values),
        spending_hkd=float(room.spending @ values) * HKD_PER_MODEL_UNIT,
        dearest_future_hkd=max(_future_hkd(room.model, values)),
    )


def _future_hkd(model: Model, values: Floats) -> list[float]:
    """Discounted spending in each future, HKD."""
    sums = {node.id: 0.0 for node in model.case.tree}
    for line in model.lines.decided(values):
        if line.cost not in VALUES_NOT_SPENT:
            sums[line.node.id] += line.hkd * line.weight / line.node.probability * float(values[line.column])
    return [sum(sums[node.id] for node in leaf.path) for leaf in model.case.tree.leaves]
