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
from planner.model.rows import Row
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.arrays import Arrays, arrays
from planner.solve.outcome import Floats
from planner.solve.resolve import Live, Optimum
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
    """The case's program, bounded in unserved work and carbon, and where it stands with the fewest work unserved. It
    travels as the case and that.
    """

    def __init__(self, case: Case, carbon_steps: int) -> None:
        self.case, self.carbon_steps = case, carbon_steps
        live = Live(self.program)
        self.fewest = self.least(live, self.unserved).objective
        self._at_fewest = live.standing

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("case", "carbon_steps", "fewest", "_at_fewest")}

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

    def live(self) -> Live:
        """The program in a solver of its own, so that what comes of it hangs on no answer before."""
        live = Live(self.program)
        live.stand(self._at_fewest)
        return live

    def least(
        self, live: Live, cost: Floats, most_unserved: float = math.inf, most_carbon: float = math.inf
    ) -> Optimum:
        last = len(self.model.rows)
        live.limit(last, -math.inf, most_unserved)
        live.limit(last + 1, -math.inf, most_carbon)
        live.price(cost)
        return live.solve()


def _at_amount(room: _Room, allowed: float) -> list[FrontierPoint]:
    """The points at one amount of unserved work."""
    live, most = room.live(), allowed + PLAY * max(1.0, allowed)
    cheapest = room.least(live, room.spending, most)
    emitted = float(room.carbon @ cheapest.values)
    cleanest = room.least(live, room.carbon, most).objective
    plans = [cheapest]
    for cap in np.linspace(emitted, cleanest, room.carbon_steps)[1:] if emitted - cleanest > PLAY * emitted else ():
        plans.append(room.least(live, room.spending, most, cap + PLAY * max(1.0, cap)))
    return [_point(room, plan) for plan in plans]


def _row(name: str, terms: Floats) -> Row:
    columns = [(int(i), float(terms[i])) for i in np.flatnonzero(terms)]
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


def _point(room: _Room, plan: Optimum) -> FrontierPoint:
    missing = float(room.unserved @ plan.values)
    return FrontierPoint(
        served_share=1.0 - missing / room.asked if room.asked else 1.0,
        unserved_pflops_days=missing,
        carbon_t=float(room.carbon @ plan.values),
        spending_hkd=float(room.spending @ plan.values) * HKD_PER_MODEL_UNIT,
        dearest_future_hkd=max(_future_hkd(room.model, plan.values)),
    )


def _future_hkd(model: Model, values: Floats) -> list[float]:
    """Discounted spending in each future, HKD."""
    sums = {node.id: 0.0 for node in model.case.tree}
    for line in model.lines:
        if line.cost not in VALUES_NOT_SPENT:
            sums[line.node.id] += line.hkd * line.weight / line.node.probability * float(values[line.column])
    return [sum(sums[node.id] for node in leaf.path) for leaf in model.case.tree.leaves]
