"""Offers of a case in whole lots of which no lot can ever be had: the least order is more than a period brings."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from planner.domain.case import Case
from planner.domain.offer import Offer
from planner.errors import Problem
from planner.units import DAYS_PER_YEAR

MONTHS_PER_QUARTER = 3


def never_in_lots(case: Case, file: str) -> Iterator[Problem]:
    """A warning for each such offer."""
    for offer in case.offers.values() if case.whole.lots else ():
        lot = case.lot_devices(offer)
        least = lot * ceil((offer.min_order_devices or 1) / lot)
        most = _most(case, offer)
        if most is not None and most < least:
            what = f"offers.{offer.id}: its least order of {least:,} devices is more than the {most:,.0f} that a period of this plan brings at most"
            yield Problem(
                what,
                "It is never ordered; give it smaller lots (lot_devices, min_order_devices), or more supply.",
                file=file,
            )


def _most(case: Case, offer: Offer) -> float | None:
    """Devices that the period with the most brings; None where no limit is known."""
    limits = [] if offer.supply_devices_total is None else [offer.supply_devices_total]
    if offer.supply_devices_per_quarter is not None:
        limits.append(max((_brought(case, offer, at) for at in range(len(case.horizon.periods))), default=0.0))
    return min(limits, default=None)


def _brought(case: Case, offer: Offer, at: int) -> float:
    period = case.horizon.periods[at]
    if not case.is_open(offer, period) or offer.supply_devices_per_quarter is None:
        return 0.0
    counted = (period.end - case.horizon.order_date(period)).days / period.days
    quarters = period.months / MONTHS_PER_QUARTER * counted if offer.kind == "purchase" else 1.0
    years = max(0, (period.start - case.horizon.first_day).days) / DAYS_PER_YEAR
    return float(offer.supply_devices_per_quarter * quarters * (1 + offer.supply_growth_per_year) ** years)
