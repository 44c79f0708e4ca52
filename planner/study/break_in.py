"""At what price an offer would be bought: where one device more of it begins to pay.

The plan is solved again with one device forced on it; what that device adds to the cost, and how much of that follows the
price, give the price at which it adds nothing (Newton's method on a concave piecewise-linear function). The price is that of
the linear program: whole servers and whole ports are let go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from planner.domain.base import Range
from planner.domain.case import Case, Whole
from planner.domain.offer import Offer
from planner.errors import SolverFailed
from planner.model.build import Model, build
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.force import Forced, force
from planner.solve.objective import solve_model
from planner.solve.outcome import Floats
from planner.solve.plan import Plan, make_plan, read_plan

FORCED_DEVICES = 1.0
STEP = 0.01
CLOSE = 1e-7
MOST_STEPS = 12
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


def break_in(plan: Plan, offer_id: str) -> BreakIn | None:
    """The price at which the offer begins to be bought, to seven figures. None where no device of it can be had at all.

    `plan` must be a linear program (`linear`) in which the offer is not bought.
    """
    share, here = 1.0, plan
    extra = None
    for _ in range(MOST_STEPS):
        step = _step(plan.case, here, offer_id, share)
        if step is None:
            return None
        if extra is None:
            extra = step.extra_hkd
        if not step.follows_hkd or (share == 0.0 and step.extra_hkd >= 0):
            return BreakIn(offer_id, None, extra)
        move = step.extra_hkd / step.follows_hkd
        if abs(move) <= CLOSE * share:
            return BreakIn(offer_id, share - move, extra)
        share = max(share - move, 0.0)
        here = _replanned(priced(plan.case, offer_id, share))
    raise SolverFailed(f"the price at which {offer_id} begins to be bought was not found in {MOST_STEPS} steps")


class _Step(NamedTuple):
    """What one device adds to the cost, and how that grows with the share of the price, HKD."""

    extra_hkd: float
    follows_hkd: float


def _step(case: Case, plan: Plan, offer_id: str, share: float) -> _Step | None:
    """`plan` is the case's with the offer at that share of its price."""
    columns = columns_of(plan.model, case.offers[offer_id])
    one, none = (force(plan, columns, amount) if columns else None for amount in (FORCED_DEVICES, 0.0))
    if one is None or none is None:
        return None
    dearer = build(priced(case, offer_id, share + STEP))
    follows = (_dearer(plan.model, dearer, one) - _dearer(plan.model, dearer, none)) / FORCED_DEVICES / STEP
    return _Step(one.hkd_per_unit, follows)


def columns_of(model: Model, offer: Offer) -> list[int]:
    """Columns in which the offer is bought or rented."""
    table = model.columns.order if offer.kind == "purchase" else model.columns.rent
    return [column for key, column in table.items() if key[0] == offer.id]


def _dearer(model: Model, dearer: Model, at: Forced) -> float:
    """What the forced plan costs more under the dearer model, to first order, HKD: Σ Δc·x − Σ price·Δa·x."""
    change = np.array(dearer.cost_coefficients()) - np.array(model.cost_coefficients())
    rows = sum(
        float(price) * (_left(other.terms, at.values) - _left(row.terms, at.values))
        for row, other, price in zip(model.rows, dearer.rows, at.prices, strict=False)
        if price and row.terms != other.terms
    )
    return (float(change @ at.values) - rows) * HKD_PER_MODEL_UNIT


def _left(terms: list[tuple[int, float]], values: Floats) -> float:
    return sum(coefficient * float(values[column]) for column, coefficient in terms)


def _replanned(case: Case) -> Plan:
    model = build(case)
    return read_plan(model, solve_model(model))
