"""How far a shadow price holds: the range of the limit, and the prices on either side where the plan stands on an edge.

HiGHS' ranging gives how far one limit may move before the basis changes; inside, the price is exact. Where the plan is
degenerate that range is empty on one side or both, though the cost is still a convex, piecewise-linear function of the
limit. There the slope on each side is found by moving the limit a little and solving again from the optimum, by the
columns that may matter. A limit that is eased gives from where it is: the plan still does, and the primal simplex method goes on from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from planner.errors import SolverFailed, UsageError
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan
from planner.solve.highs import INFEASIBLE, OPTIMAL
from planner.solve.resolve import CHOOSE, PRIMAL
from planner.solve.restricted import Restricted

STEPS = (1e-4, 1e-5, 1e-6)
"""Shares of a limit. A shorter one would lie within HiGHS' tolerance."""
ROOM, STRAIGHT = 1e-9, 1e-6


class PriceRange(TypedDict):
    """Limits between which a price holds, and the price on either side, HKD per unit in present value; None where no plan
    is left there.
    """

    row: str
    limit: float
    price_hkd_per_unit: float
    holds_from: float
    holds_to: float
    price_below_hkd_per_unit: float | None
    price_above_hkd_per_unit: float | None


@dataclass(frozen=True)
class Side:
    """What the plan costs more when limits move together to one side, HKD: per unit next to them, and by one whole unit.
    None where no plan is left.
    """

    rate_hkd: float | None
    whole_hkd: float | None


@dataclass(frozen=True)
class _Slope:
    """Million HKD per unit on one side of a limit, and how far it holds; None where no plan is left on that side."""

    price: float | None
    until: float


def ranges(
    plan: Plan, rows: Sequence[str] | None = None, tell: Callable[[str], None] = lambda doing: None
) -> list[PriceRange]:
    """One line per row with a price (or per row named): the limits between which its price holds, and its price on
    either side.

    `price_below`: what one unit less of the limit costs, per unit, with the sign of a price; None where no plan is left.
    Where both sides are equal the plan stands on no edge. Prices are present values in HKD.

    Raises:
        UsageError: no such row.
        SolverFailed: nobody knows the optimum to begin at.
    """
    hand = _hand(plan)
    numbers = _numbers(plan, rows)
    hand.run()
    _, ranging = hand.engine.getRanging()
    hand.back()
    low, high = np.array(ranging.row_bound_dn.value_), np.array(ranging.row_bound_up.value_)
    records: list[PriceRange] = []
    tell("finding how far prices hold")
    for number in numbers:
        limit, price = float(plan.model.rows[number].limit), float(plan.solution.prices[number])
        room = ROOM * max(1.0, abs(limit))
        below = (
            _Slope(price, low[number]) if low[number] < limit - room else _slope(plan, hand, [number], -1, reach=True)
        )
        above = (
            _Slope(price, high[number]) if high[number] > limit + room else _slope(plan, hand, [number], +1, reach=True)
        )
        records.append({
            "row": plan.model.rows[number].name, "limit": limit, "price_hkd_per_unit": price * HKD_PER_MODEL_UNIT,
            "holds_from": below.until, "holds_to": above.until,
            "price_below_hkd_per_unit": _hkd(below.price), "price_above_hkd_per_unit": _hkd(above.price),
        })  # fmt: skip
    return records


def _hkd(price: float | None) -> float | None:
    return None if price is None else price * HKD_PER_MODEL_UNIT


def moved(plan: Plan, row: str, limit: float) -> float | None:
    """What the plan costs more, HKD, with that row's limit elsewhere: solved again, exact for any distance.

    None: no plan is left.
    """
    (number,) = _numbers(plan, [row])
    objective = _at(plan, _hand(plan), [number], limit - plan.model.rows[number].limit)[0]
    return None if objective is None else (objective - plan.solution.priced.objective) * HKD_PER_MODEL_UNIT


def beside(plan: Plan, numbers: Sequence[int], side: int) -> Side:
    """What the plan costs more when the limits of these rows all fall (side -1), or all rise (+1), by as much: solved again
    from the optimum. With whole numbers these stay as they are.

    Raises SolverFailed when nobody knows the optimum to begin at.
    """
    hand = _hand(plan)
    objective, price, _ = _at(plan, hand, numbers, side)
    whole = None if objective is None else objective - plan.solution.priced.objective
    slope: float | None = price
    if whole is None or not _straight(whole, side * price, 1.0):
        slope = _slope(plan, hand, numbers, side).price
    return Side(_rate_hkd(slope, side), None if whole is None else whole * HKD_PER_MODEL_UNIT)


def next_to(plan: Plan, numbers: Sequence[int], side: int) -> float | None:
    """The rate of `beside` alone, which takes far less where a whole unit is much."""
    return _rate_hkd(_slope(plan, _hand(plan), numbers, side).price, side)


def _rate_hkd(slope: float | None, side: int) -> float | None:
    return None if slope is None else side * slope * HKD_PER_MODEL_UNIT


def _slope(plan: Plan, hand: Restricted, numbers: Sequence[int], side: int, reach: bool = False) -> _Slope:
    """The slope next to the limits: of a step so short that cost is straight along it."""
    limit = max((plan.model.rows[number].limit for number in numbers), key=abs)
    for share in STEPS:
        step = share * max(1.0, abs(limit))
        objective, price, until = _at(plan, hand, numbers, side * step, reach)
        # Where no plan is left, a shorter step may still leave one.
        if objective is not None:
            change = objective - plan.solution.priced.objective
            straight = _straight(change, side * price, step)
            if straight or share == STEPS[-1]:
                return _Slope(price if straight else side * change / step, until)
    return _Slope(None, limit)


def _straight(change: float, rate: float, step: float) -> bool:
    """Whether the rate at the end of a step is that of all of it."""
    return abs(change - rate * step) <= STRAIGHT * abs(rate) * step + ROOM


def _at(
    plan: Plan, hand: Restricted, numbers: Sequence[int], shift: float, reach: bool = False
) -> tuple[float | None, float, float]:
    """Objective and price with all these limits shifted; with `reach`, which takes far longer than to solve again, how
    far beyond the shift the price of the first holds. All is as before afterwards.
    """
    rows, engine = [plan.model.rows[number] for number in numbers], hand.engine
    gives = not reach and all(row.sense == ("<=" if shift > 0 else ">=") for row in rows)
    try:
        if gives:
            hand.give(numbers, shift)
        else:
            for number, row in zip(numbers, rows, strict=True):
                engine.changeRowBounds(number, *_bounds(row.sense, row.limit + shift))
        status = hand.run(PRIMAL if gives else CHOOSE)
        if status == INFEASIBLE:
            return None, 0.0, np.nan
        if status != OPTIMAL:
            raise SolverFailed(f"HiGHS stopped with a limit moved: {engine.modelStatusToString(status)}")
        duals = engine.getSolution().row_dual
        price = sum(float(duals[number]) for number in numbers)
        return (
            float(engine.getObjectiveValue()),
            price,
            _reach(engine, numbers[0], rows[0].sense, shift) if reach else np.nan,
        )
    finally:
        for number, row in zip(numbers, rows, strict=True):
            engine.changeRowBounds(number, *_bounds(row.sense, row.limit))
        hand.back()


def _reach(engine: Any, number: int, sense: str, shift: float) -> float:
    if engine.getSolution().row_dual[number] == 0 and sense == ("<=" if shift > 0 else ">="):
        return float(np.copysign(np.inf, shift))  # more room for what does not bind changes nothing, however much
    _, ranging = engine.getRanging()
    return float((ranging.row_bound_up if shift > 0 else ranging.row_bound_dn).value_[number])


def _bounds(sense: str, limit: float) -> tuple[float, float]:
    return (-np.inf if sense == "<=" else limit), (np.inf if sense == ">=" else limit)


def _hand(plan: Plan) -> Restricted:
    if not plan.neighbourhood.known:
        raise SolverFailed(f"{plan.solution.solver} keeps no program to move limits in; plan with HiGHS")
    return plan.neighbourhood.hand


def _numbers(plan: Plan, rows: Sequence[str] | None) -> list[int]:
    """Numbers of the rows, those with a price without names given."""
    if rows is None:
        priced = {price["row"] for price in plan.rows.shadow_prices}
        return [number for number, row in enumerate(plan.model.rows) if row.name in priced]
    known = {row.name: number for number, row in enumerate(plan.model.rows)}
    missing = [row for row in rows if row not in known]
    if missing:
        raise UsageError(f"the plan has no row {missing[0]}")
    return [known[row] for row in rows]
