"""Which offers of a case end inside its horizon, when, and by whose word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.domain.accelerator import Accelerator
from planner.domain.case import Case
from planner.domain.offer import Offer
from planner.domain.product_life import closes
from planner.intake.catalogue import cycles

BASIS = {
    "notice": "as its maker says",
    "press": "as the press says",
    "cycle": "by its maker's cycle",
}


@dataclass(frozen=True)
class OfferEnd:
    """An offer that is no longer open when the horizon ends. `last_period`: the last in which it can be taken; None: it
    is open in none.
    """

    offer: str
    accelerator: str
    kind: str
    last_period: str | None
    because: str


def offer_ends(case: Case) -> list[OfferEnd]:
    """One line per offer that ends, the soonest first."""
    lines = list(_ends(case))
    return sorted(lines, key=lambda line: line.last_period or "")


def _ends(case: Case) -> Iterator[OfferEnd]:
    for offer in case.offers.values():
        end = closes(offer, case.accelerators[offer.accelerator])
        if end is not None and end <= case.horizon.order_date(case.horizon.periods[-1]):
            open_in = [period for period in case.horizon.periods if case.is_open(offer, period)]
            last = str(open_in[-1]) if open_in else None
            because = why_closed(offer, case.accelerators[offer.accelerator])
            yield OfferEnd(offer.id, offer.accelerator, offer.kind, last, because)


def why_closed(offer: Offer, device: Accelerator) -> str:
    """What ends the offer."""
    if offer.available_to is not None:
        return f"on offer to {offer.available_to}"
    if offer.bought_new:
        return f"last order in {device.last_order}, {BASIS.get(device.life_basis or '', 'as the case says')}{_span(device)}"
    supported = f"support ends in {device.last_support}"
    return supported if offer.kind == "rental" else f"{supported}, and it serves for {offer.lifetime_years:g} years"


def _span(device: Accelerator) -> str:
    """The range of a cycle, which is judgement."""
    cycle = cycles().get(device.cycle or "") if device.life_basis == "cycle" else None
    years = cycle.orders_years if cycle else None
    return f" of {years.low:g} to {years.high:g} years" if years else ""
