"""Cash of an option by Hong Kong financial year, real and undiscounted, above business as usual.

purchase    payments and levies, on the day on which each falls due
recurrent   rents, halls, energy, upkeep, staff and the rest as the plan pays them, less what the price covers, and the operator
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from planner.domain.bid import Bid, Comparison
from planner.domain.financial_year import financial_year, year_parts
from planner.plan.plan import Plan
from planner.study.compare.carry_out import CarriedOut
from planner.study.compare.cost import VALUES, covered_by, in_service_from, payments_of
from planner.units import DAYS_PER_YEAR


@dataclass(frozen=True)
class CashYear:
    """Cash of one financial year, HKD."""

    financial_year: str
    purchase_hkd: float
    recurrent_hkd: float


def cash_of(comparison: Comparison, key: str, done: CarriedOut, usual: Plan) -> tuple[CashYear, ...]:
    """Every financial year in which money moves, in order."""
    bid = comparison.options.get(key)
    purchase, recurrent = dict[str, list[float]](), dict[str, list[float]]()
    without = covered_by(bid) if bid else VALUES
    for plan, sign in ((done.plan, 1.0), (usual, -1.0)):
        for row in plan.rows.cash_years:
            if row["cost"] not in without:
                recurrent.setdefault(row["financial_year"], []).append(sign * row["paid_hkd"])
    if bid is not None:
        for due in payments_of(comparison, key, done):
            purchase.setdefault(financial_year(due.day), []).append(due.hkd + due.levy_hkd)
        for year, hkd in _operator(done, bid).items():
            recurrent.setdefault(year, []).append(hkd)
    years = [
        CashYear(year, fsum(purchase.get(year, ())), fsum(recurrent.get(year, ())))
        for year in sorted({*purchase, *recurrent})
    ]
    return tuple(year for year in years if abs(year.purchase_hkd) + abs(year.recurrent_hkd) >= 1)


def _operator(done: CarriedOut, bid: Bid) -> dict[str, float]:
    since, end = in_service_from(done, bid), done.plan.case.horizon.end_date
    if since is None or not bid.running_hkd_per_year:
        return {}
    return {part.year: bid.running_hkd_per_year * part.days / DAYS_PER_YEAR for part in year_parts(since, end)}
