"""What an option costs: the plan around it less the plan without it, paid as the bid says.

    NPV cost   =  Σ_c ( cost[c] of the option − cost[c] of business as usual )  +  payments  +  levies  +  running costs
                  over the costs c that are paid or credited, but purchase and what the price covers
    payments   =  Σ_k share[k] · price · df(award + month[k])
    levies     =  the same · fee of the rule that lets it ship
    running    =  asked per year · Σ_n years in service[n] · df[n]
    df(day)    =  (1 + r)^−t, t from the decision date to the middle of the period in which the day lies; to the day itself past the horizon

A price is paid in full where only a hall keeps devices out, else for those that come. Where law overtakes a bid after its award, what
was due before is lost and the rest is not paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import NamedTuple

from planner.domain.bid import Bid, Comparison
from planner.domain.case import Case
from planner.domain.horizon import add_months
from planner.intake.options_file import award_date
from planner.model.timing import discount, share_within, years_in, years_until
from planner.plan.plan import Plan
from planner.study.compare.carry_out import CarriedOut
from planner.study.compare.fleet import offer_id

VALUES = frozenset({"unserved", "shortfall", "risk"})
"""Costs that nobody pays."""
WITH_THE_PRICE = ("payments", "levies", "rental", "residual", "freight", "maintenance", "insurance")
"""Costs that rise and fall with the prices of a bid."""
AT_AWARD = 0.2
"""Part of the price that is paid at the award where a bid does not say."""


def discount_on(case: Case, day: date) -> float:
    """What one HKD paid on the day is worth on the decision date, as the plan counts it."""
    if day >= case.horizon.end_date:
        return float((1 + case.economics.discount_rate) ** -years_until(case, day))
    return discount(case, case.tree.leaves[0].at(day))


def schedule(bid: Bid, award: date) -> tuple[tuple[date, float], ...]:
    """Day and share of each payment for what is bought."""
    if not bid.payments:
        return (award, AT_AWARD), (bid.service_date, 1 - AT_AWARD)
    return tuple((add_months(award, payment.month), payment.share) for payment in bid.payments)


@dataclass(frozen=True)
class Overtaken:
    """The law of a future: from when it holds, and which parts were signed before, being lawful then."""

    since: date
    signed: frozenset[str]

    def loses(self, offer: str, due: date) -> bool:
        """Whether a payment for a part that never comes has been made by then."""
        return offer in self.signed and due < self.since


class Due(NamedTuple):
    """A payment for what is bought, HKD, and what the rule that lets it ship levies on it."""

    day: date
    hkd: float
    levy_hkd: float


@dataclass(frozen=True)
class Cost:
    """Money of an option by cost, HKD, discounted, above business as usual. `price_hkd`: of it what moves with the bid's prices."""

    by_cost: Mapping[str, float]
    price_hkd: float

    @property
    def hkd(self) -> float:
        return fsum(self.by_cost.values())


def cost_of(
    comparison: Comparison, key: str, done: CarriedOut, usual: Plan, overtaken: Overtaken | None = None
) -> Cost:
    """What the option costs above business as usual. `overtaken`: in a future whose law may keep out what was signed."""
    bid = comparison.options[key]
    own, without = done.plan.cost_hkd, usual.cost_hkd
    covered = covered_by(bid)
    by_cost = {
        cost: own.get(cost, 0.0) - without.get(cost, 0.0)
        for cost in (*own, *(c for c in without if c not in own))
        if cost not in covered
    }
    dues = payments_of(comparison, key, done, overtaken)
    case = done.plan.case
    by_cost |= {
        "payments": fsum(due.hkd * discount_on(case, due.day) for due in dues),
        "levies": fsum(due.levy_hkd * discount_on(case, due.day) for due in dues),
        "operator": _running(done, bid),
    }
    moving = fsum(by_cost.get(cost, 0.0) for cost in WITH_THE_PRICE)
    return Cost({cost: hkd for cost, hkd in by_cost.items() if hkd}, moving)


def covered_by(bid: Bid) -> frozenset[str]:
    """Costs of a plan that do not count for a bid: paid by its price, or by nobody."""
    return frozenset(("purchase", *bid.price_covers)) | VALUES


def payments_of(
    comparison: Comparison, key: str, done: CarriedOut, overtaken: Overtaken | None = None
) -> tuple[Due, ...]:
    """Every payment for what is bought, as it falls due."""
    bid = comparison.options[key]
    dates = schedule(bid, award_date(comparison, bid))
    orders, dues = done.plan.model.options.orders, []
    for name, part in bid.parts.items():
        if part.kind == "rental":
            continue
        offer, price = offer_id(key, name), part.price_hkd or 0.0
        ours = next((at for at in done.devices if at[0] == offer), None)
        if ours is None:
            lost = [(day, share) for day, share in dates if overtaken is not None and overtaken.loses(offer, day)]
            dues += [Due(day, price * share, 0.0) for day, share in lost]
            continue
        come = 1.0 if done.hall_alone else min(1.0, done.devices[ours] / part.devices)
        fee = max(arrival.answer.fee_share for arrival in orders[ours].arrivals)
        dues += [Due(day, price * come * share, price * come * share * fee) for day, share in dates]
    return tuple(dues)


def _running(done: CarriedOut, bid: Bid) -> float:
    since = in_service_from(done, bid)
    if since is None or not bid.running_hkd_per_year:
        return 0.0
    case = done.plan.case
    years = (share_within(case, node, since) * years_in(case, node) * discount(case, node) for node in case.tree)
    return bid.running_hkd_per_year * fsum(years)


def in_service_from(done: CarriedOut, bid: Bid) -> date | None:
    """Day from which all of what comes serves; None where nothing comes. What is let serves from the day that the bid says, though
    the plan counts it from the first whole period.
    """
    orders, days = done.plan.model.options.orders, []
    for key, devices in done.devices.items():
        if devices > 0:
            days.append(min(each.day for each in orders[key].arrivals) if key in orders else bid.service_date)
    return max(days, default=None)
