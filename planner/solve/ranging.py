"""How far a shadow price holds: the range of the limit, and the prices on either side where the plan stands on an edge.

HiGHS' ranging gives how far one limit may move before the basis changes; inside, the price is exact. Where the plan is
degenerate that range is empty on one side or both, though the cost is still a convex, piecewise-linear function of the
limit. There the slope on each side is found by moving the limit a little and solving again from where the solver
stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from planner.errors import SolverFailed, UsageError
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.highs import run
from planner.solve.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

FIRST_STEP, SMALLEST_STEP, SHORTER = 1e-4, 1e-6, 0.1
ROOM, STRAIGHT = 1e-9, 1e-6
COLUMNS = [
    "row", "limit", "price_hkd_per_unit", "holds_from", "holds_to", "price_below_hkd_per_unit", "price_above_hkd_per_unit",
]  # fmt: skip


@dataclass(frozen=True)
class _Slope:
    """Million HKD per unit on one side of a limit, and how far it holds; None where no plan is left on that side."""

    price: float | None
    until: float


def ranges(
    plan: Plan, rows: Sequence[str] | None = None, tell: Callable[[str], None] = lambda doing: None
) -> pd.DataFrame:
    """One line per row with a price (or per row named): the limits between which its price holds, and its price on
    either side.

    `price_below`: what one unit less of the limit costs, per unit, with the sign of a price; NaN where no plan is left.
    Where both sides are equal the plan stands on no edge. Prices are present values in HKD.

    Raises:
        UsageError: no such row.
        SolverFailed: the plan was not solved by HiGHS in process.
    """
    import pandas as pd

    engine = _engine(plan)
    numbers = _numbers(plan, rows)
    run(engine)
    _, ranging = engine.getRanging()
    low, high = np.array(ranging.row_bound_dn.value_), np.array(ranging.row_bound_up.value_)
    found = []
    tell("finding how far prices hold")
    for number in numbers:
        limit, price = plan.model.rows[number].limit, float(plan.solution.prices[number])
        room = ROOM * max(1.0, abs(limit))
        below = _Slope(price, low[number]) if low[number] < limit - room else _slope(plan, engine, number, -1)
        above = _Slope(price, high[number]) if high[number] > limit + room else _slope(plan, engine, number, +1)
        prices = [np.nan if p is None else p * HKD_PER_MODEL_UNIT for p in (price, below.price, above.price)]
        found.append((plan.model.rows[number].name, limit, prices[0], below.until, above.until, *prices[1:]))
    return pd.DataFrame(found, columns=COLUMNS)


def moved(plan: Plan, row: str, limit: float) -> float | None:
    """What the plan costs more, HKD, with that row's limit elsewhere: solved again, exact for any distance.

    None: no plan is left.
    """
    engine, (number,) = _engine(plan), _numbers(plan, [row])
    objective = _at(plan, engine, number, limit)[0]
    return None if objective is None else (objective - plan.solution.objective) * HKD_PER_MODEL_UNIT


def _slope(plan: Plan, engine: Any, number: int, side: int) -> _Slope:
    """The slope next to the limit: of a step so short that cost is straight along it."""
    limit = plan.model.rows[number].limit
    step = FIRST_STEP * max(1.0, abs(limit))
    while True:
        at = limit + side * step
        objective, price, until = _at(plan, engine, number, at, side)
        if objective is None:
            # A shorter step may still leave a plan; the shortest that does not shows the wall.
            if step <= SMALLEST_STEP * max(1.0, abs(limit)):
                return _Slope(None, limit)
        else:
            change = objective - plan.solution.objective
            straight = abs(change - side * price * step) <= STRAIGHT * abs(price) * step + ROOM
            if straight or step <= SMALLEST_STEP * max(1.0, abs(limit)):
                return _Slope(price if straight else side * change / step, until)
        step *= SHORTER


def _at(plan: Plan, engine: Any, number: int, limit: float, side: int = 1) -> tuple[float | None, float, float]:
    """Objective and price with the limit there, and how far on that side the price holds; the engine stands as before
    afterwards.
    """
    sense, own = plan.model.rows[number].sense, plan.model.rows[number].limit
    basis = engine.getBasis()
    try:
        engine.changeRowBounds(number, *_bounds(sense, limit))
        status = run(engine)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None, 0.0, own
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverFailed(f"HiGHS stopped with a limit moved: {engine.modelStatusToString(status)}")
        price = float(engine.getSolution().row_dual[number])
        _, ranging = engine.getRanging()
        ends = ranging.row_bound_up if side > 0 else ranging.row_bound_dn
        return float(engine.getObjectiveValue()), price, float(ends.value_[number])
    finally:
        engine.changeRowBounds(number, *_bounds(sense, own))
        engine.setBasis(basis)


def _bounds(sense: str, limit: float) -> tuple[float, float]:
    return (-np.inf if sense == "<=" else limit), (np.inf if sense == ">=" else limit)


def _engine(plan: Plan) -> Any:
    engine = plan.solution.engine
    if engine is None:
        raise SolverFailed(f"{plan.solution.solver} keeps no program to move limits in; plan with HiGHS")
    engine.setOptionValue("solver", "simplex")
    return engine


def _numbers(plan: Plan, rows: Sequence[str] | None) -> list[int]:
    """Numbers of the rows, those with a price without names given."""
    if rows is None:
        priced = set(plan.shadow_prices["row"])
        return [number for number, row in enumerate(plan.model.rows) if row.name in priced]
    known = {row.name: number for number, row in enumerate(plan.model.rows)}
    missing = [row for row in rows if row not in known]
    if missing:
        raise UsageError(f"the plan has no row {missing[0]}")
    return [known[row] for row in rows]
