"""Plan × scenario: what each plan costs in each future, what it leaves undone, and how much of that is regret.

regret  =  cost of the plan in the future  -  least cost that anyone could have had who knew it from the start
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from planner.errors import Infeasible
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.arrays import Numbers
from planner.solve.futures import Futures
from planner.solve.outcome import Floats

LEAST_DECISION = 1e-4


@dataclass(frozen=True)
class Course:
    """A plan as it is carried out. `values` per column of the tree; `impossible`: futures in which it cannot be."""

    plan: str
    meaning: str
    values: tuple[Floats, ...]
    impossible: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One plan in one future.

    Money in HKD, discounted; `unserved` in PFLOP/s-days, `shortfall` in PFLOP/s by target; None: impossible.
    """

    plan: str
    scenario: str
    cost_hkd: float | None
    unserved: float | None
    shortfall: Mapping[str, float]
    regret_hkd: float | None


@dataclass(frozen=True)
class Decision:
    """Something that a plan decides before the first reveal: devices of an order, or the level of a port
    or mechanism.
    """

    plan: str
    decision: str
    what: str
    site: str
    period: str
    amount: float


def settled(futures: Futures, plan: str, meaning: str, columns: Numbers, values: Floats) -> Course:
    """The plan with these columns as in `values`, all else decided anew in each future as it is revealed, at least
    expected cost.
    """
    places = range(len(futures.leaves))
    try:
        return Course(plan, meaning, (futures.carried_out(columns, values).values,) * len(places))
    except Infeasible:
        found = [futures.carried_out_alone(place, columns, values) for place in places]
    impossible = tuple(futures.name(place) for place in places if found[place] is None)
    return Course(plan, meaning, tuple(values if one is None else one.values for one in found), impossible)


def whole(futures: Futures, plan: str, meaning: str, values: Floats) -> Course:
    """A plan that says what to do in every node of the tree."""
    return Course(plan, meaning, (values,) * len(futures.leaves))


def cells(futures: Futures, course: Course) -> Iterator[Cell]:
    """One per future."""
    for place, values in enumerate(course.values):
        name = futures.name(place)
        if name in course.impossible:
            yield Cell(course.plan, name, None, None, {}, None)
            continue
        cost = float(futures.leaf_costs[place] @ values)
        regret = cost - futures.alone[place].objective
        unserved = sum(amount for _, amount in _on_way(futures, place, "unserved", values))
        shortfall: dict[str, float] = {}
        for target, amount in _on_way(futures, place, "shortfall", values):
            shortfall[target] = shortfall.get(target, 0.0) + amount
        # What lies below zero by rounding is zero: nothing beats perfect information.
        regret_hkd = max(0.0, regret) if regret > -1e-6 * max(1.0, abs(cost)) else regret
        yield Cell(course.plan, name, cost * HKD_PER_MODEL_UNIT, unserved, shortfall, regret_hkd * HKD_PER_MODEL_UNIT)


def expected_hkd(futures: Futures, course: Course) -> float | None:
    """Expected cost over the futures; None when the plan is impossible in one of them."""
    if course.impossible:
        return None
    costs = [futures.leaf_costs[place] @ values for place, values in enumerate(course.values)]
    return float(futures.chances @ np.array(costs)) * HKD_PER_MODEL_UNIT


def decisions(futures: Futures, course: Course) -> Iterator[Decision]:
    """What the plan decides before the first reveal."""
    for column in futures.decisions(futures.first_stage):
        amount = float(course.values[0][column])
        kind, index = futures.model.columns.all[column].kind, futures.model.columns.all[column].key
        if amount > LEAST_DECISION:
            what, site = (index[0], index[1]) if kind == "order" else (f"{index[0]}:{index[1]}", "")
            period = str(futures.model.options.node(index[-1]).period)
            yield Decision(course.plan, kind, what, site, period, amount)


def _on_way(futures: Futures, place: int, kind: str, values: Floats) -> Iterator[tuple[str, float]]:
    way = {node.id for node in futures.leaves[place].path}
    for key, column in futures.model.columns.table(kind).items():
        if key[-1] in way:
            yield key[0], float(values[column])
