"""What prices do over the years, and what is left of a device's."""

from __future__ import annotations

from datetime import date

import pytest
from tiny import offer, rental

from planner.domain.device_cost import price_growth_per_year, value_left
from planner.domain.economics import Economics
from planner.domain.offer import Offer

MARKET = Economics(
    new_price_growth_per_year=-0.03, used_price_growth_per_year=-0.25, rent_growth_per_year={"low": -0.3, "mid": -0.1, "high": 0}
)  # fmt: skip
FIRST, UNTIL = date(2027, 1, 1), date(2032, 1, 1)


@pytest.mark.parametrize(
    ("terms", "rate"),
    [
        (offer(), -0.03),
        (offer(channel="secondary"), -0.25),
        (rental(), -0.1),
        (offer(price_growth_per_year=0.02), 0.02),
        (rental(price_growth_per_year={"low": -0.5, "mid": -0.4, "high": 0}), -0.4),
    ],
    ids=["new", "second-hand", "rented", "an offer knows better", "and may give a range"],
)
def test_a_price_moves_as_its_market_does(terms, rate):
    assert price_growth_per_year(MARKET, Offer.model_validate(terms)) == rate


def test_prices_that_nobody_moves_stand_still():
    assert price_growth_per_year(Economics(), Offer.model_validate(offer())) == 0


@pytest.mark.parametrize(
    ("on", "share"),
    [
        (FIRST, 1.0),
        # After a year a used one fetches 75 %, where straight line has 80.
        (date(2028, 1, 1), 0.75 ** (365 / 365.25)),
        # After four years straight line is the lesser, and nothing is left in the end.
        (date(2031, 1, 1), 365 / 1826),
        (UNTIL, 0.0),
    ],
)
def test_what_is_left_of_a_price(on, share):
    assert value_left(MARKET, FIRST, UNTIL, on) == pytest.approx(share)


def test_without_a_market_for_used_devices_it_is_straight_line():
    assert value_left(Economics(), FIRST, UNTIL, date(2029, 7, 2)) == pytest.approx(913 / 1826)
