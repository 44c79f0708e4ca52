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

import numpy as np

from planner.domain.case import Case
from planner.model.build import Model, build
from planner.model.constraints.carbon_cap import carbon_terms
from planner.model.rows import Row
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.arrays import arrays
from planner.solve.outcome import Floats
from planner.solve.resolve import Live, Optimum

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


def frontier(case: Case, compute_steps: int = 5, carbon_steps: int = 3) -> Iterator[FrontierPoint]:
    """`compute_steps` amounts of work, from half of it to all that can be done, and `carbon_steps` caps for each.

    Raises Infeasible when the case has no plan at all.
    """
    model = build(case)
    unserved, carbon, spending = _unserved(model), _carbon(model), _spending(model)
    bounded = replace(model, rows=(*model.rows, _row("unserved", unserved), _row("carbon", carbon)))
    live, last = Live(arrays(bounded)), len(model.rows)
    asked = float(sum((model.columns.all[i].high or 0.0) * unserved[i] for i in np.flatnonzero(unserved)))

    def least(cost: Floats, most_unserved: float = math.inf, most_carbon: float = math.inf) -> Optimum:
        live.limit(last, -math.inf, most_unserved)
        live.limit(last + 1, -math.inf, most_carbon)
        live.price(cost)
        return live.solve()

    fewest = least(unserved).objective
    most = max(fewest, (1 - LEAST_SERVED) * asked)
    for allowed in np.linspace(fewest, most, compute_steps):
        room = allowed + PLAY * max(1.0, allowed)
        cheapest = least(spending, room)
        emitted = float(carbon @ cheapest.values)
        cleanest = least(carbon, room).objective
        yield _point(model, cheapest, unserved, carbon, asked)
        for cap in np.linspace(emitted, cleanest, carbon_steps)[1:] if emitted - cleanest > PLAY * emitted else ():
            yield _point(model, least(spending, room, cap + PLAY * max(1.0, cap)), unserved, carbon, asked)


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


def _point(model: Model, plan: Optimum, unserved: Floats, carbon: Floats, asked: float) -> FrontierPoint:
    missing = float(unserved @ plan.values)
    return FrontierPoint(
        served_share=1.0 - missing / asked if asked else 1.0,
        unserved_pflops_days=missing,
        carbon_t=float(carbon @ plan.values),
        spending_hkd=float(_spending(model) @ plan.values) * HKD_PER_MODEL_UNIT,
        dearest_future_hkd=max(_future_hkd(model, plan.values)),
    )


def _future_hkd(model: Model, values: Floats) -> list[float]:
    """Discounted spending in each future, HKD."""
    sums = {node.id: 0.0 for node in model.case.tree}
    for line in model.lines:
        if line.cost not in VALUES_NOT_SPENT:
            sums[line.node.id] += line.hkd * line.weight / line.node.probability * float(values[line.column])
    return [sum(sums[node.id] for node in leaf.path) for leaf in model.case.tree.leaves]
