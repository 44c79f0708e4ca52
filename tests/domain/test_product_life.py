"""The life of a device: ends by its cycle or as said, and when offers of it close."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tiny import DEVICE, ageless, case, offer, rental, site

from planner.domain.base import Range
from planner.domain.case import Case
from planner.domain.horizon import Period
from planner.domain.offer import Offer
from planner.domain.product_life import Cycle, closes, with_life

CYCLES = {
    "card": Cycle(orders_years=Range(low=2, mid=2.5, high=4), support_years=Range(low=8, mid=10, high=12)),
    "own": Cycle(support_years=Range(low=4, mid=7, high=9)),
}
CLOUD = site(access="rent", phases=[], destination="OTHER", legal_zone="sg", operator_parent="SG")


def of_life(**ends: str | None) -> Any:
    """The device of the tiny case with these ends."""
    return ageless()[DEVICE].model_copy(update=ends)


def living(changes: dict[str, Any], device: str = DEVICE, **ends: str | None) -> Case:
    """The tiny case with changes, in which the device has these ends."""
    plain = case(**changes)
    aged = plain.accelerators[device].model_copy(update=ends)
    return plain.model_copy(update={"accelerators": {**plain.accelerators, device: aged}})


def test_a_cycle_tells_the_ends_that_nobody_said():
    record = with_life({"cycle": "card", "release_date": "2024-09"}, CYCLES)
    assert (record["last_order"], record["life_basis"], record["last_support"]) == ("2027-03", "cycle", "2034-09")
    # A year alone is its first month.
    assert with_life({"cycle": "card", "release_date": "2024"}, CYCLES)["last_order"] == "2026-07"


def test_what_was_said_beats_the_cycle():
    said = {"cycle": "card", "release_date": "2024-09", "last_order": "2025-01", "life_basis": "press"}
    record = with_life(said, CYCLES)
    assert (record["last_order"], record["life_basis"], record["last_support"]) == ("2025-01", "press", "2034-09")


def test_what_is_never_sold_has_no_last_order():
    record = with_life({"cycle": "own", "release_date": "2024-05"}, CYCLES)
    assert "last_order" not in record
    assert record["last_support"] == "2031-05"


@pytest.mark.parametrize("record", [{}, {"cycle": "card"}, {"cycle": "card", "release_date": 7}, {"cycle": "none"}])
def test_without_a_cycle_or_a_release_nothing_follows(record):
    assert with_life(record, CYCLES) == record


@pytest.mark.parametrize(
    ("kind", "changes", "end"),
    [
        (offer, {}, date(2028, 3, 1)),
        (offer, {"channel": "secondary", "lifetime_years": 3}, date(2028, 8, 1)),
        (rental, {}, date(2031, 8, 1)),
        (offer, {"available_to": "2029q4"}, date(2030, 1, 1)),
        (rental, {"available_to": "2027q2"}, date(2027, 7, 1)),
    ],
    ids=["new", "second-hand while it is supported for its life", "rented", "an offer knows better", "or less"],
)
def test_when_an_offer_closes(kind, changes, end):
    terms = Offer.model_validate(kind(**changes))
    assert closes(terms, of_life(last_order="2028-02", last_support="2031-07")) == end


def test_without_a_known_end_it_never_closes():
    assert closes(Offer.model_validate(offer()), of_life()) is None


def test_an_order_needs_its_day_and_a_rental_its_whole_period():
    aged = living(
        {"offers": {"rent": rental(accelerator=DEVICE)}, "sites": {"cloud": CLOUD}},
        last_order="2027-04",
        last_support="2027-08",
    )
    periods = [Period.parse(f"2027q{quarter}") for quarter in (1, 2, 3, 4)]
    assert [aged.is_open(aged.offers["card"], period) for period in periods] == [True, True, False, False]
    assert [aged.is_open(aged.offers["rent"], period) for period in periods] == [True, True, False, False]
