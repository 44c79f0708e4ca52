"""Standing costs: what a device costs while it stands, whether it works or not, and when it is taken out."""

from __future__ import annotations

import pytest
from proof import model_of, paid, plan_of, spending
from tiny import DEVICE, offer

FLEET = f"fleet({DEVICE},hall,2027q2)"


def test_hosting_by_hand() -> None:
    # 900 HKD per kW of IT load and month: 91 days are 2.98973 months.
    lines = spending(model_of(sites={"hall": {"hosting_hkd_per_kw_month": 900}}), "hosting")
    assert lines[FLEET, "2027q2"] == pytest.approx(900 * 91 / 30.4375)


def test_staff_maintenance_and_insurance_by_hand() -> None:
    rates = {"staff_hkd_per_device_year": 3_000, "maintenance_share_per_year": 0.04, "insurance_share_per_year": 0.01}
    model = model_of(economics=rates)
    year = 91 / 365.25
    assert spending(model, "staff")[FLEET, "2027q2"] == pytest.approx(3_000 * year)
    assert spending(model, "maintenance")[FLEET, "2027q2"] == pytest.approx(0.04 * 78_000 * year)
    assert spending(model, "insurance")[FLEET, "2027q2"] == pytest.approx(0.01 * 78_000 * year)


def test_the_value_is_that_of_the_own_offer_else_of_the_catalogue() -> None:
    rates = {"insurance_share_per_year": 0.01}
    two = model_of(economics=rates, offers={"dear": offer(price_usd_per_device=20_000)})
    assert spending(two, "insurance")["upkeep(card,hall,2027q2)", "2027q2"] == pytest.approx(780 * 91 / 365.25)
    assert spending(two, "insurance")["upkeep(dear,hall,2027q2)", "2027q2"] == pytest.approx(1_560 * 91 / 365.25)
    standing = {"hall": {"fleet": [{"accelerator": "nvidia_h20_96gb", "devices": 1, "installed": "2026-01-01"}]}}
    model = model_of(economics=rates, sites=standing)
    device = model.case.accelerators["nvidia_h20_96gb"]
    assert device.unit_price_usd_low is not None
    assert device.unit_price_usd_high is not None
    middle = (device.unit_price_usd_low + device.unit_price_usd_high) / 2
    line = spending(model, "insurance")["fleet(nvidia_h20_96gb,hall,2027q2)", "2027q2"]
    assert line == pytest.approx(0.01 * middle * 7.8 * 91 / 365.25)


def test_each_device_is_insured_at_its_own_price() -> None:
    # Four cards at 10,000 USD and six at 20,000: 1 % of 160,000 USD over the 275 days that they stand.
    offers = {"card": {"supply_devices_total": 4}, "dear": offer(price_usd_per_device=20_000)}
    plan = plan_of(economics={"insurance_share_per_year": 0.01}, offers=offers)
    assert paid(plan, "insurance") == pytest.approx(0.01 * 160_000 * 7.8 * 275 / 365.25)


def test_decommission_by_hand() -> None:
    lines = spending(model_of(economics={"decommission_hkd_per_device": 800}), "decommission")
    assert lines[f"retire({DEVICE},hall,2027q3)", "2027q3"] == 800


def test_they_bind() -> None:
    # Ten devices over 275 days of 365.25; hosting over 275 / 30.4375 months.
    rates = {"staff_hkd_per_device_year": 3_000, "maintenance_share_per_year": 0.04, "insurance_share_per_year": 0.01}
    plan = plan_of(sites={"hall": {"hosting_hkd_per_kw_month": 900}}, economics=rates)
    year = 10 * 275 / 365.25
    assert paid(plan, "staff") == pytest.approx(3_000 * year)
    assert paid(plan, "maintenance") == pytest.approx(3_120 * year)
    assert paid(plan, "insurance") == pytest.approx(780 * year)
    assert paid(plan, "hosting") == pytest.approx(900 * 12 * year)


def test_what_leaves_at_the_end_of_its_life_is_removed() -> None:
    # Two devices whose life ends before 2027q3.
    fleet = [{"accelerator": DEVICE, "devices": 2, "installed": "2026-01-01", "lifetime_years": 1.4}]
    plan = plan_of(sites={"hall": {"fleet": fleet}}, economics={"decommission_hkd_per_device": 800})
    assert paid(plan, "decommission") == pytest.approx(1_600)


def test_they_do_not_bind_at_a_rate_of_zero() -> None:
    model = model_of()
    for cost in ("hosting", "staff", "maintenance", "insurance", "decommission"):
        assert spending(model, cost) == {}
