"""What each limit is worth: one line per binding row, proved by duality.

By strong duality   Σ price · limit  +  Σ reduced cost · bound  =  objective,   over rows and over columns held at a bound other than zero.
A solver that moved rows into bounds before solving breaks that sum; its prices are refused.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from planner.errors import SolverFailed
from planner.model.build import Model
from planner.model.constraints import KNOWN
from planner.model.rows import label
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.of_model import arrays
from planner.solve.outcome import Solution

RELATIVE_TOLERANCE = 1e-6
NEGLIGIBLE_HKD = 1e-3


class ShadowPrice(TypedDict):
    """What a limit is worth, HKD in present value per unit by which it is raised; negative: raising it saves money."""

    row: str
    family: str
    key: str
    sense: str
    limit: float
    price_hkd_per_unit: float
    unit: str
    price_says: str
    because: str


def shadow_prices(model: Model, solution: Solution) -> list[ShadowPrice]:
    """One per row with a price, by name; weighted by the probability of the row's branch."""
    prices: list[ShadowPrice] = []
    hkd = solution.prices * HKD_PER_MODEL_UNIT
    priced = np.flatnonzero(np.abs(hkd) > NEGLIGIBLE_HKD)
    for number, price in zip(priced.tolist(), hkd[priced].tolist(), strict=True):
        row = model.rows[number]
        family, key = KNOWN[row.family], row.key
        prices.append({
            "row": label(row.family, *key), "family": row.family, "key": ",".join(key), "sense": row.sense, "limit": float(row.limit),
            "price_hkd_per_unit": price, "unit": family.unit, "price_says": family.price_says, "because": row.because,
        })  # fmt: skip
    return sorted(prices, key=lambda price: price["row"])


def check_duality(model: Model, solution: Solution) -> float:
    """The sum of strong duality, in million HKD.

    Raises:
        SolverFailed: it differs from the objective, so these prices are not those of this plan.
    """
    program = arrays(model)
    limits = np.where(np.isinf(program.row_high), program.row_low, program.row_high)
    lows, highs = program.low, program.high
    if solution.relaxed_objective is not None:
        lows, highs = lows.copy(), highs.copy()
        lows[program.whole] = highs[program.whole] = solution.values[program.whole]
    lows, highs = (np.where(np.isinf(bound), 0.0, bound) for bound in (lows, highs))
    bounds = np.where(solution.reduced_costs < 0, highs, lows)
    dual = float(solution.prices @ limits + solution.reduced_costs @ bounds)
    scale = max(1.0, abs(solution.objective), float(np.abs(solution.prices * limits).max(initial=0.0)))
    # Written so that prices that are no numbers fail as well.
    if not abs(dual - solution.objective) <= RELATIVE_TOLERANCE * scale:
        raise SolverFailed(
            f"the shadow prices add up to {dual:,.6f} million HKD, the plan costs {solution.objective:,.6f}; {solution.solver} moved rows"
        )
    return dual
