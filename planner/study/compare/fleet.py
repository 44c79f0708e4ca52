"""A bid as a case: its fleet as offers that are taken whole, and nothing else to be had.

What the price covers costs nothing beside it: freight, equipment and fit-out are those of new devices alone and are taken
out of the case; maintenance, insurance, staff and hosting are taken out of the sum (`cost.py`), for the standing fleet pays them too.

The case's funds, budget, targets and shares are left out: who pays for a bid, and what else the city should reach, is what the
comparison is made to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from planner.domain.base import Range
from planner.domain.bid import Bid, Comparison, Part
from planner.domain.case import Case
from planner.domain.horizon import Horizon, Period, add_months
from planner.domain.offer import Offer
from planner.intake.options_file import award_date
from planner.plan.usual import need
from planner.units import DAYS_PER_MONTH, MONTHS_PER_YEAR

Key = tuple[str, str, str]
"""Offer, site and node of an order or a rental."""
NOTHING = Range(low=0, mid=0, high=0)


def with_rentals(case: Case, names: tuple[str, ...]) -> Case:
    """The need with rentals of the market and nothing bought: what can be done without a grant."""
    rentals = {
        key: offer for key, offer in case.offers.items() if offer.kind == "rental" and key in (names or case.offers)
    }
    return need(case).model_copy(update={"offers": rentals})


def with_bid(case: Case, comparison: Comparison, key: str) -> Case:
    """The need with the offers of a bid."""
    bid = comparison.options[key]
    base = need(case)
    award = award_date(comparison, bid)
    offers = {offer_id(key, name): _offer(base, bid, award, key, name) for name in bid.parts}
    update: dict[str, Any] = {"offers": offers, "economics": _economics(base, bid)}
    if "fit_out" in bid.price_covers:
        built = {part.site for part in bid.parts.values() if part.kind == "purchase"}
        update["sites"] = {
            site: entry.model_copy(update={"fit_out_hkd_per_kw": NOTHING}) if site in built else entry
            for site, entry in base.sites.items()
        }
    return base.model_copy(update=update)


def offer_id(bid: str, part: str) -> str:
    """Name of the offer that stands for a part of a bid; no id holds the stop between them."""
    return f"{bid}.{part}"


def order_period(horizon: Horizon, day: date) -> Period:
    """The period of the horizon in which a day lies."""
    return next(period for period in reversed(horizon.periods) if period.start <= max(day, horizon.periods[0].start))


def rental_periods(horizon: Horizon, service: date, part: Part) -> tuple[Period, ...]:
    """The periods in which a rental is paid: those that begin once it serves and end within its term, one at least."""
    until = add_months(service, part.term_months or 0.0)
    begun = [period for period in horizon.periods if horizon.order_date(period) >= service]
    within = [period for period in begun if period.end <= until]
    return tuple(within or begun[:1])


def months_between(first: date, last: date) -> float:
    """Months that `add_months` takes from one day to the other."""
    whole = (last.year - first.year) * MONTHS_PER_YEAR + last.month - first.month
    while add_months(first, whole) > last:
        whole -= 1
    return whole + (last - add_months(first, whole)).days / DAYS_PER_MONTH


def wanted(case: Case, comparison: Comparison, key: str) -> tuple[dict[Key, float], dict[Key, float]]:
    """Devices by order and by rental that the bid fixes."""
    bid, orders, rents = comparison.options[key], {}, {}
    nodes = {str(node.period): node.id for node in case.tree}
    for name, part in bid.parts.items():
        if part.kind == "purchase":
            period = order_period(case.horizon, award_date(comparison, bid))
            orders[offer_id(key, name), part.site, nodes[str(period)]] = part.devices
        else:
            for period in rental_periods(case.horizon, bid.service_date, part):
                rents[offer_id(key, name), part.site, nodes[str(period)]] = part.devices
    return orders, rents


def _offer(case: Case, bid: Bid, award: date, key: str, name: str) -> Offer:
    part, horizon = bid.parts[name], case.horizon
    same: Mapping[str, Any] = {
        "id": offer_id(key, name), "name": f"{bid.name}, {name}", "kind": part.kind, "accelerator": part.accelerator,
        "channel": part.channel, "sites": (part.site,), "supply_devices_total": part.devices, "price_growth_per_year": 0.0,
        "assume": part.assume, "source": bid.source,
    }  # fmt: skip
    if part.kind == "rental":
        periods = rental_periods(horizon, bid.service_date, part)
        rent_usd = (part.rent_hkd_per_device_hour or 0.0) / case.hkd_per_usd
        return Offer(
            **same, rent_usd_per_device_hour=rent_usd, available_from=str(periods[0]), available_to=str(periods[-1])
        )
    period = order_period(horizon, award)
    whole = months_between(horizon.order_date(period), bid.service_date)
    lead = max(0.0, whole - part.licence_months)
    price_usd = (part.price_hkd or 0.0) / part.devices / case.hkd_per_usd
    return Offer(
        **same,
        price_usd_per_device=price_usd,
        lead_time_months=lead,
        transit_months=min(part.transit_months, lead),
        lifetime_years=part.lifetime_years,
        deposit_share=sum(payment.share for payment in bid.payments if not payment.month) if bid.payments else 0.2,
        available_from=str(period),
        available_to=str(period),
    )


def _economics(case: Case, bid: Bid) -> Any:
    none: dict[str, Any] = {}
    if "freight" in bid.price_covers:
        none["freight_share"] = NOTHING
    if "equipment" in bid.price_covers:
        none |= dict.fromkeys(("server_usd_per_device", "network_usd_per_device", "storage_usd_per_device"), NOTHING)
    return case.economics.model_copy(update=none)
