"""At what price an offer would be bought: where one device more of it begins to pay.

The plan is solved again with one device forced on it; what that device adds to the cost is a concave, piecewise linear function
of the price, and Newton's method finds where it is nil. The program at a price between today's and nothing is taken to lie on
the straight line between the two, then checked by building it. Prices are those of the linear program: whole servers and
whole ports are let go.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.base import Range
from planner.domain.case import Case, Whole
from planner.domain.offer import Offer
from planner.errors import SolverFailed
from planner.model.build import Model, build
from planner.solve.force import Forced, Forcing, Move
from planner.solve.plan import Plan, make_plan

CLOSE = 1e-7
MOST_STEPS = 20
PRICES = {"purchase": "price_usd_per_device", "rental": "rent_usd_per_device_hour"}


@dataclass(frozen=True)
class BreakIn:
    """`share` of today's price at which the offer begins to be bought, 0.8: its price must fall by a fifth; None: not even as a gift.

    `extra_hkd_per_device`: what one device forced on the plan would add to its cost.
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
        share = _root(nothing, today)
    if share is not None:
        share = _checked(plan, offer_id, columns, share)
    return BreakIn(offer_id, share, today.extra_hkd)


def _towards(plan: Plan, offer_id: str, columns: list[int], share: float) -> Forcing:
    """The plan's program on its way to the one with the price at that share."""
    return Forcing(plan, columns, Move.between(plan.model, build(priced(plan.case, offer_id, share))))


def _root(nothing: Forcing, found: Forced) -> float | None:
    """Newton's method over shares of the price from 1 down; None when even at 0 a device costs more than it is worth."""
    share = 1.0
    for _ in range(MOST_STEPS):
        if share == 0.0 and found.extra_hkd >= 0:
            return None
        # The way runs from today's price to nothing, so its slope has the other sign.
        fall = found.extra_hkd / -found.slope_hkd if found.slope_hkd else share
        if abs(fall) <= CLOSE * share:
            return share - fall
        share = max(share - fall, 0.0)
        found = _had(nothing.at(1.0 - share))
    raise SolverFailed(f"the price at which an offer begins to be bought was not found in {MOST_STEPS} steps")


def _checked(plan: Plan, offer_id: str, columns: list[int], share: float) -> float:
    """The same with programs built at the price itself, which the straight line may miss where another cost has a kink."""
    for _ in range(MOST_STEPS):
        with _towards(plan, offer_id, columns, share) as there:
            found = _had(there.at(1.0))
        fall = found.extra_hkd / found.slope_hkd * (share - 1.0) if found.slope_hkd else 0.0
        share -= fall
        if abs(fall) <= CLOSE * share:
            return share
    raise SolverFailed(f"the price at which {offer_id} begins to be bought was not found in {MOST_STEPS} steps")


def _had(found: Forced | None) -> Forced:
    assert found is not None, "what can be had at one price can be had at another"
    return found
