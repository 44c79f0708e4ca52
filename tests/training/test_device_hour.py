"""A plan and a training run give the same HKD per device-hour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from proof import paid, plan_of
from tiny import case

from planner.domain.economics import Economics
from planner.intake.catalogue import accelerators, economics
from planner.plan.plan import make_plan
from planner.training.cost import hkd_per_accelerator_hour
from planner.training.market import options

HALL = {
    "access": "own", "phases": [{"from_date": "2020-01-01", "power_mw": 9}], "rack_kw": None, "fit_out_hkd_per_kw": 5_000,
    "demand_charge_hkd_per_kw_month": 68, "hosting_hkd_per_kw_month": 1_250, "tariff_growth_per_year": 0.0,
}  # fmt: skip
LICENCE = {"accelerators": ["nvidia_h200_sxm"], "quota_devices": 1e6, "approval_share": 1, "wait_months": 0}
ONCE = ("freight", "fit_out", "compliance")
HOURS = 366 * 24
USED = 366 / 1827
"""Of five years from 2028 on, the part within the plan."""


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("ascend_910c_domestic", "huawei_ascend_910c"),
        ("ascend_910b2_domestic", "huawei_ascend_910b2"),
        # Licensed, at a fee of 25 % of its price.
        ("ascend_910c_domestic", "nvidia_h200_sxm"),
    ],
)
def test_of_a_purchase(name: str, device: str) -> None:
    option = next(each for each in options([]) if each.id == name)
    option = replace(option, accelerator=accelerators()[device])
    if device == "nvidia_h200_sxm":
        option = replace(option, fee_share=0.25, licensed=True)
    offer = option.offer.model_dump() | {
        "sites": ["hall"], "lead_time_months": 0, "transit_months": 0, "price_growth_per_year": 0, "lifetime_years": 5,
        "available_from": None, "supply_devices_per_quarter": None, "supply_devices_total": None, "id": "card",
        "accelerator": device,
    }  # fmt: skip
    prices = economics().model_dump() | {"discount_rate": 0, "residual_value": True, "availability": 1}
    # Spread evenly over its life, a device is worth what straight line says.
    prices |= {"used_price_growth_per_year": 0}
    service = {"demand_pflops": 1, "measured_pflops_per_device": {device: 0.1}, "stacks_ready": ["cann", "cuda"]}
    service |= {"unserved_hkd_per_pflops_day": 1e6, "start": "2028", "end": "2028"}
    plan = make_plan(
        case(
            horizon={"start": "2028", "end": "2028", "decision_date": "2028-01-01"},
            sites={"hall": HALL},
            offers={"card": offer},
            workloads={"service": service},
            economics=prices,
            licences={"n": LICENCE},
        )
    )
    hkd = plan.spend.groupby("cost")["hkd"].sum()
    devices = plan.fleet["devices"].sum()
    # What is neither credited nor spread by the plan, and so counts for the part of life that it uses alone.
    once = sum(hkd.get(cost, 0.0) for cost in ONCE) + option.fee_share / (1 + option.fee_share) * hkd["purchase"]
    spent = hkd.sum() - hkd.get("unserved", 0.0) - hkd.get("porting", 0.0) - once * (1 - USED)
    asked = replace(option, site=plan.case.sites["hall"], offer=plan.case.offers["card"])
    # The device outlives the plan, so its removal falls after it.
    told = hkd_per_accelerator_hour(asked, economics().model_copy(update={"decommission_hkd_per_device": 0}))
    assert told == pytest.approx(spent / devices / HOURS, rel=1e-3)


def test_of_a_rental() -> None:
    option = next(each for each in options([]) if each.id == "aisc_h800_rental")
    device = option.accelerator.id
    offer = option.offer.model_dump() | {
        "sites": ["hall"],
        "available_from": None,
        "id": "card",
        "price_growth_per_year": 0,
    }
    service = {"measured_pflops_per_device": {device: 0.1}}
    plan = plan_of(
        offers={"card": offer}, workloads={"service": service}, economics={"hkd_per_usd": economics().hkd_per_usd}
    )
    hours = sum(plan.rentals["devices"] * plan.rentals["node"].map({n.id: n.period.days * 24 for n in plan.case.tree}))
    assert hours > 0
    assert hkd_per_accelerator_hour(option, economics()) == pytest.approx(paid(plan, "rental") / hours)


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
