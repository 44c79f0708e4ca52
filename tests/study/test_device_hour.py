"""A plan and a training run give the same HKD per device-hour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny import case

from planner.domain.economics import Economics
from planner.intake.catalogue import accelerators
from planner.solve.plan import make_plan
from planner.study.train_cost import hkd_per_accelerator_hour
from planner.study.train_market import economics, options

HALL = {
    "access": "own", "phases": [{"from_date": "2020-01-01", "power_mw": 9}], "rack_kw": None, "fit_out_hkd_per_kw": 5_000,
    "demand_charge_hkd_per_kw_month": 68, "hosting_hkd_per_kw_month": 1_250, "tariff_growth_per_year": 0.0,
}  # fmt: skip
ONCE = ("purchase", "freight", "equipment", "fit_out")
HOURS = 366 * 24


@pytest.mark.parametrize("name", ["ascend_910c_domestic", "ascend_910b2_domestic"])
def test_of_a_purchase(name: str) -> None:
    option = next(each for each in options([]) if each.id == name)
    offer = option.offer.model_dump() | {
        "sites": ["hall"], "lead_time_months": 0, "transit_months": 0, "price_growth_per_year": 0, "lifetime_years": 5,
        "available_from": None, "supply_devices_per_quarter": None, "supply_devices_total": None, "id": "card",
    }  # fmt: skip
    device = option.accelerator.id
    prices = economics().model_dump() | {"discount_rate": 0, "residual_value": False, "availability": 1}
    service = {"demand_pflops": 1, "measured_pflops_per_device": {device: 0.1}, "stacks_ready": ["cann"]}
    service |= {"unserved_hkd_per_pflops_day": 1e6, "start": "2028", "end": "2028"}
    plan = make_plan(
        case(
            horizon={"start": "2028", "end": "2028", "decision_date": "2028-01-01"},
            sites={"hall": HALL},
            offers={"card": offer},
            workloads={"service": service},
            economics=prices,
        )
    )
    hkd = plan.spend.groupby("cost")["hkd"].sum()
    devices = plan.fleet["devices"].sum()
    once = sum(hkd.get(cost, 0.0) for cost in ONCE)
    yearly = hkd.sum() - once - hkd.get("unserved", 0.0) - hkd.get("porting", 0.0)
    site = plan.case.sites["hall"]
    asked = replace(option, site=site, offer=plan.case.offers["card"])
    # The device outlives the plan, so its removal falls after it.
    told = hkd_per_accelerator_hour(asked, economics().model_copy(update={"decommission_hkd_per_device": 0}))
    assert told == pytest.approx(once / devices / 5 / 8766 + yearly / devices / HOURS, rel=1e-3)


def test_of_a_rental() -> None:
    option = next(each for each in options([]) if each.id == "aisc_h800_rental")
    told = hkd_per_accelerator_hour(option, economics())
    assert told == pytest.approx(option.offer.rent_usd_per_device_hour.mid * economics().hkd_per_usd)


def test_power_that_nobody_published_is_assumed_alike() -> None:
    # 500 W in a server of 1.8 times the sum of its devices: 0.9 kW, in a plan and in time to train.
    prices = Economics()
    unknown = accelerators()["nvidia_l2"]
    assert unknown.tdp_w is None
    assert prices.kw_per_device(unknown) == pytest.approx(0.9)
    assert prices.assumes_power(unknown)
    measured = Economics(server_kw_per_device={"nvidia_l2": 0.3})
    assert measured.kw_per_device(unknown) == 0.3
    assert not measured.assumes_power(unknown)
