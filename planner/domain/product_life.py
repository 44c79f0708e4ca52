"""How long a device can be had: new until its maker takes the last orders, rented until support ends, second-hand while
support outlasts its service life.

    last order    = as the maker or the press said, else release + orders_years of its cycle
    last support  = as said, else release + support_years of its cycle

Where nothing was published a cycle stands for it, which is judgement and carries its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from planner.domain.accelerator import Accelerator
from planner.domain.base import Confidence, Noun, Range
from planner.domain.horizon import Period, add_months
from planner.domain.offer import Offer
from planner.units import MONTHS_PER_YEAR


class Cycle(Noun):
    """How long makers of one kind of device take orders for it and support it."""

    orders_years: Range | None = Field(
        None, gt=0, le=30, description="release to last order, years; none: it is never sold"
    )
    support_years: Range = Field(gt=0, le=30, description="release to the end of drivers and service, years")
    confidence: Confidence = "estimate"
    source: str = ""


def with_life(record: Mapping[str, Any], cycles: Mapping[str, Cycle]) -> dict[str, Any]:
    """The record of a device with the ends of its life that nobody stated, by its cycle. Whatever does not fit is left to
    validation.
    """
    cycle, released = cycles.get(str(record.get("cycle"))), _month(record.get("release_date"))
    if cycle is None or released is None:
        return dict(record)
    ends = {}
    if cycle.orders_years is not None and record.get("last_order") is None:
        ends = {"last_order": _later(released, cycle.orders_years.mid), "life_basis": "cycle"}
    if record.get("last_support") is None:
        ends["last_support"] = _later(released, cycle.support_years.mid)
    return {**record, **ends}


def closes(offer: Offer, device: Accelerator) -> date | None:
    """First day on which the offer is no longer open; None when no end is known. An offer that states its last period
    knows better than the life of its device.
    """
    if offer.available_to is not None:
        return Period.parse(offer.available_to).end
    if offer.bought_new:
        return _end(device.last_order)
    unsupported = _end(device.last_support)
    if unsupported is None or offer.kind == "rental":
        return unsupported
    return add_months(unsupported, -offer.lifetime_years * MONTHS_PER_YEAR)


def _later(released: Period, years: float) -> str:
    return add_months(released.start, round(years * MONTHS_PER_YEAR)).isoformat()[:7]


def _month(text: object) -> Period | None:
    try:
        return _period(str(text)) if text else None
    except ValueError:
        return None


def _end(month: str | None) -> date | None:
    return None if month is None else _period(month).end


def _period(text: str) -> Period:
    """A month (2029-05) or year as a period."""
    return Period.parse(text.replace("-", "m"))
