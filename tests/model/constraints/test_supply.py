"""Supply: no more is ordered or rented than the market offers."""

from __future__ import annotations

from typing import Any

import pytest
from proof import SNAP, Break, bought, by, cells, missing, model_of, plan_of, price, row
from tiny import DEVICE, offer, rental, site

BINDS: dict[str, Any] = {"offers": {"card": {"supply_devices_per_quarter": 6}}}
BREAKS = (
    Break("supply", "supply", "card,2027q1", figure={"offers": {"card": {"supply_devices_per_quarter": 2}}}),
    Break("supply", "plain", "card,2027q4,total", figure={"offers": {"card": {"supply_devices_total": 2}}}),
    Break("supply", "plain", "NVIDIA,2027q1", figure={"vendor_supply": {"NVIDIA": {"devices_per_quarter": 2}}}),
    Break("supply", "plain", "NVIDIA,2027q1", figure={"vendor_supply": {"NVIDIA": {"output_per_year": {"2027": 800}, "share": 0.01}}}),
    Break("supply", "plain", "card,hall,2027q1,offered", figure={"offers": {"card": {"available_from": "2027q3"}}}),
)  # fmt: skip


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


def test_a_share_of_what_a_vendor_turns_out_by_hand() -> None:
    # 1.5 times 4,000 devices in 2027, of which the plan may have 2 %: 30 a quarter; 8,000 from 2029 on, 60.
    output = {"output_per_year": {"2029": 8_000, "2027": 4_000}, "output_scale": 1.5, "share": 0.02}
    model = model_of(horizon={"start": "2026q4", "end": "2030q1"}, vendor_supply={"NVIDIA": output})
    limits = {
        period: row(model, f"supply(NVIDIA,{period},vendor)").limit
        for period in ("2026q4", "2027q1", "2028q4", "2029q1")
    }
    # A year that is not given counts as the last before it, or as the first.
    assert limits == pytest.approx({"2026q4": 30, "2027q1": 30, "2028q4": 30, "2029q1": 60})


def test_a_share_binds() -> None:
    # 2 % of 1,200 a year are 6 a quarter, as in `test_binds`.
    plan = plan_of(vendor_supply={"NVIDIA": {"output_per_year": {"2027": 1_200}, "share": 0.02}})
    assert plan.orders.set_index("node")["devices"].to_dict() == pytest.approx({"2027q1": 6, "2027q2": 4})


def test_rentals_have_a_supply_too() -> None:
    changes = {
        "sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")},
        "offers": {"rent": rental(supply_devices_per_quarter=2)},
    }
    assert row(model_of(**changes), "supply(rent,2027q3)").terms == {"rent(rent,cloud,2027q3)": 1}


CLOUD = {"sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")}}


def test_the_total_of_a_rental_is_what_can_be_rented_at_one_time() -> None:
    # A device does 0.4 PFLOP/s: the service wants 2.5 devices in each of its three quarters, and has 2 in each.
    plan = plan_of(**CLOUD, offers={"card": None, "rent": rental(supply_devices_total=2)})
    assert cells(plan.rows.rentals, "devices") == pytest.approx([2, 2, 2])
    model = model_of(**CLOUD, offers={"rent": rental(supply_devices_total=2)})
    assert row(model, "supply(rent,2027q3,at_once)").terms == {"rent(rent,cloud,2027q3)": 1}
    assert row(model, "supply(rent,2027q3,at_once)").limit == 2


@pytest.mark.parametrize(("start", "end"), [("2027", "2027"), ("2027q1", "2027q4"), ("2027m01", "2027m12")])
def test_device_months_do_not_hang_on_the_step(start: str, end: str) -> None:
    # 2.5 devices over 365 days are wanted, 12 device-months may be had: 0.4 · 12 · 30.4375 of 365 PFLOP/s-days.
    job = {"service": {"start": "2027", "end": "2027"}}
    offers = {"card": None, "rent": rental(supply_device_months=12)}
    plan = plan_of(**CLOUD, horizon={"start": start, "end": end}, offers=offers, workloads=job)
    assert missing(plan) == pytest.approx(365 - 0.4 * 12 * 30.4375)


def test_device_months_are_of_rentals_alone() -> None:
    with pytest.raises(ValueError, match="a purchase takes no supply_device_months"):
        model_of(offers={"card": {"supply_device_months": 2}})


def test_a_part_of_a_first_period_has_its_part_of_supply() -> None:
    # 2027-03-21 to 03-31: 11 of 90 days of 9 devices a quarter.
    changes = {"horizon": {"decision_date": "2027-03-21"}, "offers": {"card": {"supply_devices_per_quarter": 9}}}
    model = model_of(**changes, vendor_supply={"NVIDIA": {"devices_per_quarter": 18}})
    assert row(model, "supply(card,2027q1)").limit == pytest.approx(1.1)
    assert row(model, "supply(NVIDIA,2027q1,vendor)").limit == pytest.approx(2.2)
    assert row(model, "supply(card,2027q2)").limit == pytest.approx(9)


def test_binds() -> None:
    # 6 a period: 6 stand in q2, 10 from q3 on; 4 of 10 devices are missing in q2: 0.4 · 91.
    plan = plan_of(offers={"card": {"supply_devices_per_quarter": 6}})
    assert by(plan.rows.orders, "node", "devices") == pytest.approx({"2027q1": 6, "2027q2": 4})
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
