"""At what price an offer would be bought: where one whole device of it begins to pay.

The plan is solved again with one device forced on it; what that adds to the cost rises with the price, and Newton's
method, kept within a bracket, finds where it is nil. (Less than one device may be bought above that price, where a fund
has small change left.) The program at a price between today's and nothing is taken to lie on the straight line between
the two, which the program built at the prices found then proves or disproves: two programs answer for all offers. Prices
are those of the linear program: whole servers and whole ports are let go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from planner.domain.base import Range
from planner.domain.case import Case, Whole
from planner.domain.offer import Offer
from planner.errors import SolverFailed
from planner.model.build import Model
from planner.plan.plan import Plan, make_plan
from planner.study.worth.force import Forced, Forcing, Move

CLOSE = 1e-7
MOST_STEPS = 60
OF_OFFERS = ("order", "rent", "part", "own_part", "forfeit", "upkeep")
"""Columns whose index begins with an offer."""
Tell = Callable[[str], None]
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
    if not (whole.lots or whole.porting):
        return plan
    return make_plan(plan.case.model_copy(update={"whole": Whole()}))


def priced(case: Case, shares: Mapping[str, float]) -> Case:
    """The case with the prices of these offers at these shares of today's."""
    cheaper = {name: _at(case.offers[name], share) for name, share in shares.items()}
    return case.model_copy(update={"offers": {**case.offers, **cheaper}})


def _at(offer: Offer, share: float) -> Offer:
    name = PRICES[offer.kind]
    was: Range = getattr(offer, name)
    return offer.model_copy(update={name: Range(low=was.low * share, mid=was.mid * share, high=was.high * share)})


def columns_of(model: Model, offer: Offer) -> list[int]:
    """Columns in which the offer is bought or rented."""
    table = model.columns.order if offer.kind == "purchase" else model.columns.rent
    return [column for key, column in table.items() if key[0] == offer.id]


def break_in(plan: Plan, offers: Iterable[str], tell: Tell = lambda doing: None) -> dict[str, BreakIn | None]:
    """By offer: the price at which it begins to be bought, to seven figures. None where no device of it can be had at all.

    `plan` must be a linear program (`linear`) in which none of the offers is bought.
    """
    columns = {name: columns_of(plan.model, plan.case.offers[name]) for name in offers}
    asked = {name: forced for name, forced in columns.items() if forced}
    if not asked:
        return dict.fromkeys(columns)
    moves = _moves(plan, dict.fromkeys(asked, 0.0))
    forcing = Forcing(plan, asked.values(), moves.values())
    points: dict[str, BreakIn | None] = dict.fromkeys(columns)
    for name, move in moves.items():
        tell(f"pricing {name}")
        with forcing.along(asked[name], move) as cost:
            points[name] = _straight(name, cost)
    shares = {name: point.share for name, point in points.items() if point is not None and point.share is not None}
    for name, there in _moves(plan, shares).items():
        if not there.lies_on(moves[name], 1.0 - shares[name]):
            points[name] = _by_steps(plan, name, asked[name])
    return points


def _moves(plan: Plan, shares: Mapping[str, float]) -> dict[str, Move]:
    """By offer: what its price at that share changes. One program tells of all, for each column hangs on one price."""
    if not shares:
        return {}
    move = Move.between(plan.model, plan.program(priced(plan.case, shares)))
    owners = np.array([_priced_by(plan.model, column) for column in move.columns], dtype=object)
    return {name: move.part(move.columns[owners == name]) for name in shares}


def _priced_by(model: Model, column: int) -> str:
    """The offer on whose price a column's cost hangs: its own, or that of all devices of the kind that can be at the site."""
    kind, index = model.columns.all[column].kind, model.columns.all[column].key
    if kind in OF_OFFERS:
        return index[0]
    accelerator, site = index[:2]
    (offer,) = model.options.purchases_of[accelerator, site]
    return offer


def _straight(offer: str, cost: Callable[[float], Forced | None]) -> BreakIn | None:
    """On the straight line from today's program, 0, to that at no price, 1."""
    today = cost(0.0)
    if today is None:
        return None
    share = _root(lambda share: _turned(cost(1.0 - share)), _turned(today))
    return BreakIn(offer, share, today.extra_hkd)


def _by_steps(plan: Plan, offer: str, columns: list[int]) -> BreakIn:
    """Where another cost has a kink between the two prices: each price that is tried, by its own program."""

    def at(share: float) -> Forced:
        (move,) = _moves(plan, {offer: share}).values()
        with Forcing(plan, [columns], [move]).along(columns, move) as cost:
            there = cost(1.0)
        assert there is not None, "what can be had at one price can be had at another"
        return Forced(there.extra_hkd, there.slope_hkd / (share - 1.0) if share != 1.0 else 0.0)

    today = at(1.0)
    return BreakIn(offer, _root(at, today), today.extra_hkd)


def _turned(cost: Forced | None) -> Forced:
    """The way runs from today's price to nothing, so its slope has the other sign."""
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
