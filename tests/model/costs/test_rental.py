"""Rental: devices rented by the hour, energy included."""

from __future__ import annotations

import pytest
from proof import bought, cells, model_of, paid, plan_of, spending
from tiny import rental, site


def cloud(**changes: object) -> dict[str, object]:
    return {
        "sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")},
        "offers": {"rent": rental(**changes)},
    }


def test_line_by_hand() -> None:
    # 2 USD · 7.8 · 24 h · 91 days; +12 % a year over 90 days.
    lines = spending(model_of(**cloud(price_growth_per_year=0.12)), "rental")
    assert lines["rent(rent,cloud,2027q2)", "2027q2"] == pytest.approx(2 * 7.8 * 24 * 91 * 1.12 ** (90 / 365.25))


def test_rents_move_with_their_market() -> None:
    lines = spending(model_of(economics={"rent_growth_per_year": -0.12}, **cloud()), "rental")
    assert lines["rent(rent,cloud,2027q2)", "2027q2"] == pytest.approx(2 * 7.8 * 24 * 91 * 0.88 ** (90 / 365.25))


def test_the_first_period_is_paid_from_the_decision_date_on() -> None:
    # 2027-03-12 to 03-31: 20 days.
    lines = spending(model_of(horizon={"decision_date": "2027-03-12"}, **cloud()), "rental")
    assert lines["rent(rent,cloud,2027q1)", "2027q1"] == pytest.approx(2 * 7.8 * 24 * 20)


def test_binds_where_renting_is_cheaper() -> None:
    # A rented H100 does 0.4 PFLOP/s for 15.6 · 24 · 275 days = 102,960 HKD, 2.5 of them serve all: 257,400 against 879,000.
    plan = plan_of(**cloud())
    assert bought(plan) == 0
    assert cells(plan.rows.rentals, "devices") == pytest.approx([2.5, 2.5, 2.5])
    assert paid(plan, "rental") == pytest.approx(257_400)


def test_does_not_bind_where_buying_is_cheaper() -> None:
    # At 7 USD it would take 900,900 HKD.
    plan = plan_of(**cloud(rent_usd_per_device_hour=7))
    assert len(plan.rows.rentals) == 0
    assert paid(plan, "rental") == 0
