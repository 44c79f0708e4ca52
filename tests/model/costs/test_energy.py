"""Energy, demand charge and carbon price."""

from __future__ import annotations

import pytest
from proof import by, cells, model_of, paid, plan_of, spending
from tiny import DEVICE, rental, site

FLEET, RUN = f"fleet({DEVICE},hall,2027q2)", f"run(service,{DEVICE},hall,2027q2)"


def test_energy_by_hand() -> None:
    # 1 kW · PUE 1.5 · 24 h · 91 days = 3,276 kWh at 1 HKD: 30 % of it idle, 70 % more when it runs.
    lines = spending(model_of(), "energy")
    assert lines[FLEET, "2027q2"] == pytest.approx(982.8)
    assert lines[RUN, "2027q2"] == pytest.approx(2_293.2)


def test_tariff_grows() -> None:
    # 1.2 HKD, +5 % a year, 90 days on.
    site_changes = {"hall": {"tariff_hkd_per_kwh": 1.2, "tariff_growth_per_year": 0.05}}
    assert spending(model_of(sites=site_changes), "energy")[FLEET, "2027q2"] == pytest.approx(
        982.8 * 1.2 * 1.05 ** (90 / 365.25)
    )


def test_demand_charge_by_hand() -> None:
    # 100 HKD per kW at the meter and month: 1.5 kW over 91 days of 30.4375.
    lines = spending(model_of(sites={"hall": {"demand_charge_hkd_per_kw_month": 100}}), "demand_charge")
    assert lines[FLEET, "2027q2"] == pytest.approx(150 * 91 / 30.4375)


def test_carbon_by_hand() -> None:
    # 3.276 MWh at 0.4 t, 500 HKD per t.
    lines = spending(model_of(economics={"carbon_price_hkd_per_tonne": 500}), "carbon")
    assert lines[FLEET, "2027q2"] == pytest.approx(0.3 * 3.276 * 0.4 * 500)
    assert lines[RUN, "2027q2"] == pytest.approx(0.7 * 3.276 * 0.4 * 500)


def test_a_rental_pays_for_its_carbon_and_not_for_its_energy() -> None:
    cloud = {
        "sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")},
        "offers": {"rent": rental()},
        "economics": {"carbon_price_hkd_per_tonne": 500},
    }
    model = model_of(**cloud)
    assert spending(model, "carbon")["rent(rent,cloud,2027q2)", "2027q2"] == pytest.approx(3.276 * 0.4 * 500)
    assert not [key for key in spending(model, "energy") if "cloud" in key[0]]


def test_they_bind() -> None:
    # Idle power makes it worth taking out what has no work left: ten devices serve q2, then demand falls to half.
    plan = plan_of(workloads={"service": {"growth_per_year": -0.9}})
    devices = by(plan.rows.fleet, "node", "devices")
    assert devices["2027q4"] < devices["2027q3"] < devices["2027q2"]
    assert paid(plan, "energy") == pytest.approx(sum(cells(plan.rows.energy, "energy_mwh")) * 1_000)


def test_they_do_not_bind_at_a_price_of_zero() -> None:
    plan = plan_of(sites={"hall": {"tariff_hkd_per_kwh": 0}})
    assert paid(plan, "energy") == 0
    assert spending(model_of(), "demand_charge") == {}
    assert spending(model_of(), "carbon") == {}
