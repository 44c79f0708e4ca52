"""At what price an offer would be bought: where one whole device of it begins to pay.

The plan is solved again with one device forced on it; what that adds to the cost rises with the price, and Newton's
method, kept within a bracket, finds where it is nil. (Less than one device may be bought above that price, where a fund
has small change left.) The program at a price between today's and nothing is taken to lie on the straight line between
the two, then checked by building it just below and just above. Prices are those of the linear program: whole servers
and whole ports are let go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planner.domain.base import Range
from planner.domain.case import Case, Whole
from planner.domain.offer import Offer
from planner.errors import SolverFailed
from planner.model.build import Model, build
from planner.plan.plan import Plan, make_plan
from planner.study.worth.force import Forced, Forcing, Move

CLOSE = 1e-7
NEAR = 1e-6
MOST_STEPS = 60
PRICES = {"purchase": "price_usd_per_device", "rental": "rent_usd_per_device_hour"}


@dataclass(frozen=True)
class BreakIn:
    """`share` of today's price at which the offer begins to be bought, 0.8: its price must fall by a fifth; None: not
    even as a gift.

    `extra_hkd_per_device`: what one device, forced on the plan, would add to its cost.
    """

    offer: str
    share: float | None
    extra_hkd_per_device: float


def linear(plan: Plan) -> Plan:
    """The plan, or where it has whole numbers the plan without."""
    whole = plan.case.whole
    if not (whole.servers or whole.porting):
        return plan
    return make_plan(plan.case.model_copy(update={"whole": Whole()}))


def priced(case: Case, offer_id: str, share: float) -> Case:
    """The case with the offer's price at that share of today's."""
    offer = case.offers[offer_id]
    name = PRICES[offer.kind]
    was: Range = getattr(offer, name)
    now = Range(low=was.low * share, mid=was.mid * share, high=was.high * share)
    return case.model_copy(update={"offers": {**case.offers, offer_id: offer.model_copy(update={name: now})}})


def columns_of(model: Model, offer: Offer) -> list[int]:
    """Columns in which the offer is bought or rented."""
    table = model.columns.order if offer.kind == "purchase" else model.columns.rent
    return [column for key, column in table.items() if key[0] == offer.id]


def break_in(plan: Plan, offer_id: str) -> BreakIn | None:
    """The price at which the offer begins to be bought, to seven figures. None where no device of it can be had at all.

    `plan` must be a linear program (`linear`) in which the offer is not bought.
    """
    if not (columns := columns_of(plan.model, plan.case.offers[offer_id])):
        return None
    with _towards(plan, offer_id, columns, 0.0) as nothing:
        today = nothing.at(0.0)
        if today is None:
            return None
        # The way runs from today's price to nothing, so its slope has the other sign.
        share = _root(lambda share: _turned(nothing.at(1.0 - share)), Forced(today.extra_hkd, -today.slope_hkd))
    if share is None:
        return BreakIn(offer_id, None, today.extra_hkd)

    def exact(share: float) -> Forced:
        with _towards(plan, offer_id, columns, share) as there:
            cost = there.at(1.0)
        assert cost is not None
        return Forced(cost.extra_hkd, cost.slope_hkd / (share - 1.0) if share != 1.0 else 0.0)

    # Where another cost has a kink between the two prices, the straight line misses.
    if not exact(share * (1 - NEAR)).extra_hkd <= 0 <= exact(share * (1 + NEAR)).extra_hkd:
        share = _root(exact, Forced(today.extra_hkd, -today.slope_hkd))
    return BreakIn(offer_id, share, today.extra_hkd)


def _towards(plan: Plan, offer_id: str, columns: list[int], share: float) -> Forcing:
    """The plan's program on its way to the one with the price at that share."""
    return Forcing(plan, columns, Move.between(plan.model, build(priced(plan.case, offer_id, share))))


def _turned(cost: Forced | None) -> Forced:
    assert cost is not None, "what can be had at one price can be had at another"
    return Forced(cost.extra_hkd, -cost.slope_hkd)


def _root(at: Callable[[float], Forced], today: Forced) -> float | None:
    """The share at which the extra cost changes its sign; None when even for nothing a device costs more than it is
    worth.

    Newton's method from today's price down; where a step leaves the bracket, its middle. The extra cost may jump where
    a fund runs dry.
    """
    low, high, share, cost = 0.0, 1.0, 1.0, today
    if at(0.0).extra_hkd >= 0:
        return None
    for _ in range(MOST_STEPS):
        step = share - cost.extra_hkd / cost.slope_hkd if cost.slope_hkd else 0.0
        if abs(step - share) <= CLOSE * share or high - low <= CLOSE * high:
            return share
        share = step if low < step < high else (low + high) / 2
        cost = at(share)
        low, high = (share, high) if cost.extra_hkd < 0 else (low, share)
    raise SolverFailed(f"the price at which an offer begins to be bought was not found in {MOST_STEPS} steps")
