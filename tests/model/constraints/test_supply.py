"""Supply: no more is ordered or rented than the market offers."""

from __future__ import annotations

import pytest
from proof import SNAP, bought, missing, model_of, plan_of, price, row
from tiny import DEVICE, offer, rental, site


def test_row_of_an_offer_by_hand() -> None:
    # 6 devices a period, +21 % a year; q2 begins 90 days after the decision date: 6 · 1.21 ^ (90 / 365.25).
    model = model_of(offers={"card": {"supply_devices_per_quarter": 6, "supply_growth_per_year": 0.21}})
    found = row(model, "supply(card,2027q2)")
    assert found.terms == {"order(card,hall,2027q2)": 1}
    assert (found.sense, found.limit) == ("<=", pytest.approx(6 * 1.21 ** (90 / 365.25)))
    assert found.because == "supply of offer card"
    assert row(model, "supply(card,2027q1)").limit == 6


def test_rows_over_sites_horizon_and_vendor_by_hand() -> None:
    model = model_of(
        sites={"annex": site()},
        offers={"card": {"sites": ["*"], "supply_devices_total": 7}, "later": offer()},
        vendor_supply={"NVIDIA": {"devices_per_quarter": 9}},
    )
    total = {f"order(card,{s},2027q{q})": 1 for s in ("hall", "annex") for q in (1, 2, 3)}
    assert row(model, "supply(card,2027q4,total)").terms == total
    assert row(model, "supply(card,2027q4,total)").limit == 7
    vendor = row(model, "supply(NVIDIA,2027q1,vendor)")
    assert vendor.terms == {"order(card,hall,2027q1)": 1, "order(card,annex,2027q1)": 1, "order(later,hall,2027q1)": 1}
    assert (vendor.limit, vendor.because) == (9, "supply of NVIDIA over all its devices")


def test_rentals_have_a_supply_too() -> None:
    changes = {
        "sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")},
        "offers": {"rent": rental(supply_devices_per_quarter=2)},
    }
    assert row(model_of(**changes), "supply(rent,2027q3)").terms == {"rent(rent,cloud,2027q3)": 1}


def test_binds() -> None:
    # 6 a period: 6 stand in q2, 10 from q3 on; 4 of 10 devices are missing in q2: 0.4 · 91.
    plan = plan_of(offers={"card": {"supply_devices_per_quarter": 6}})
    assert plan.orders.set_index("node")["devices"].to_dict() == pytest.approx({"2027q1": 6, "2027q2": 4})
    assert missing(plan) == pytest.approx(36.4)
    # One more device in q1 comes one quarter earlier: 9.1 PFLOP/s-days at 100,000 HKD less 3,276 HKD of energy.
    assert price(plan, "supply(card,2027q1)") == pytest.approx(-(910_000 - 3_276))


def test_does_not_bind() -> None:
    plan = plan_of(offers={"card": {"supply_devices_per_quarter": 60}})
    assert bought(plan) == pytest.approx(10)
    assert price(plan, "supply(card,2027q1)") == 0


def test_total_counts_along_each_branch() -> None:
    model = model_of(
        scenarios=SNAP, offers={"card": {"supply_devices_total": 7}}, controls={DEVICE: {"outcome": "uncontrolled"}}
    )
    branch = row(model, "supply(card,2027q4_snap_embargo,total)").terms
    assert branch == {"order(card,hall,2027q1)": 1} | {f"order(card,hall,2027q{q}_snap_embargo)": 1 for q in (2, 3)}
