"""Small cases drawn at random with a fixed seed, as changes of the tiny case."""

from __future__ import annotations

import random
from typing import Any

from tiny import DEVICE, deep_merge, offer, rental, service, site, training

ASCEND = "huawei_ascend_910c"
CANN = {
    "cann": {
        "name": "CANN",
        "porting": {
            "inference_llm": {"engineer_months": 2, "months": 2},
            "pretrain": {"engineer_months": 6, "months": 4},
        },
    }
}
Changes = dict[str, Any]


def drawn(seed: int, **fixed: Any) -> Changes:
    """A case of a hall, an annex and a cloud, three offers, two services and a training; about half of the limits are there."""
    rng = random.Random(seed)
    pick = rng.uniform

    def perhaps(value: Any) -> Any:
        return value if rng.random() < 0.5 else None

    changes: Changes = {
        "horizon": {"start": "2027q1", "end": "2028q2"},
        "sites": {
            "hall": site(
                phases=[{"from_date": "2020-01-01", "power_mw": pick(0.01, 0.04), "racks": perhaps(pick(2, 5))}],
                rack_kw=perhaps(pick(8, 16)),
                fleet=[
                    {
                        "accelerator": DEVICE,
                        "devices": pick(1, 5),
                        "installed": "2025-01-01",
                        "lifetime_years": pick(2, 4),
                    }
                ],
                tariff_hkd_per_kwh=pick(0.8, 1.6),
                hosting_hkd_per_kw_month=pick(0, 900),
            ),
            "annex": site(
                destination="CN",
                legal_zone="cn_gba",
                phases=[{"from_date": "2027-03-01", "power_mw": pick(0.005, 0.02)}],
            ),
            "cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg"),
        },
        "offers": {
            "card": offer(sites=["*"], lead_time_months=pick(1, 5), supply_devices_per_quarter=perhaps(pick(3, 9))),
            "ascend": offer(
                accelerator=ASCEND,
                channel="domestic",
                sites=["*"],
                price_usd_per_device=pick(15_000, 40_000),
                lead_time_months=pick(0, 3),
            ),
            "rent": rental(rent_usd_per_device_hour=pick(1.5, 9), supply_devices_per_quarter=pick(1, 4)),
        },
        "workloads": {
            "service": service(
                end="2028q2", growth_per_year=pick(0, 0.8), unserved_hkd_per_pflops_day=pick(3_000, 60_000)
            ),
            "private": service(
                tenant="bank",
                data_class="personal_hk",
                end="2028q2",
                demand_pflops=pick(0.2, 0.8),
                unserved_hkd_per_pflops_day=pick(3_000, 60_000),
            ),
            "job": training(
                end="2028q1",
                work_pflops_days=pick(30, 120),
                max_devices=rng.randint(2, 9),
                unserved_hkd_per_pflops_day=pick(3_000, 60_000),
            ),
        },
        "stacks": CANN,
        "budget_hkd": perhaps(pick(8e5, 3e6)),
        "carbon_cap": perhaps({"tonnes_per_year": pick(30, 90)}),
        "vendor_share": perhaps({"max_share": pick(0.5, 0.95)}),
        "licences": {
            "hope": {"accelerators": [DEVICE], "quota_devices": pick(5, 20), "approval_share": 0.8, "wait_months": 1}
        },
        "controls": perhaps({DEVICE: {"outcome": "case_by_case"}}),
        "economics": {
            "discount_rate": pick(0, 0.08),
            "residual_value": rng.random() < 0.5,
            "availability": pick(0.85, 1),
        },
    }
    for key in ("hall", "annex"):
        changes["sites"][key] = {k: v for k, v in changes["sites"][key].items() if v is not None}
    return deep_merge({k: v for k, v in changes.items() if v is not None}, fixed)


def more(seed: int) -> Changes:
    """What the drawn case lacks: futures and risk, silos, funds of four kinds, whole numbers, a promise, a decision within the first period."""
    rng = random.Random(1_000 + seed)
    futures = [{"id": "status_quo", "probability": 0.7}, {"id": "snap_embargo", "probability": 0.3}]
    funds = {
        "own": {"kind": "budget", "amount_hkd": rng.uniform(3e5, 3e6)},
        "venture": {"kind": "budget", "origin": "US", "amount_hkd_per_year": rng.uniform(1e5, 1e6)},
        "loan": {"kind": "loan", "interest_per_year": 0.05, "loan_years": 6},
        "grant": {"kind": "subsidy", "share_max": 0.4},
    }
    promise = {
        "pflops": 2,
        "by": "2027q4",
        "basis": "peak",
        "precision": "fp32",
        "shortfall_hkd_per_pflops": 5e5,
        "rented_counts": True,
    }
    pieces: list[Changes] = [
        {"scenarios": futures, "risk": {"weight": 0.3, "tail": 0.4}},
        {"silos": {"west": {"tenants": ["city"], "entity_hkd_per_year": 1e4}, "east": {"tenants": ["bank"]}}},
        {"funds": funds, "offers": {"card": {"subsidised_by": ["grant"]}}},
        {"whole": {"lots": True, "porting": True, "gap": 1e-3}},
        {"capacity_targets": {"promise": promise}},
        {"horizon": {"start": "2026q4", "end": "2027q4", "decision_date": "2026-11-20"}},
        {"objective": "max_compute"},
        {"offers": {"card": {"available_from": "2027q2", "price_growth_per_year": -0.2}}},
        {"vendor_supply": {"NVIDIA": {"output_per_year": {"2027": 400, "2028": 900}, "share": 0.03}}},
        {"zone_share": {"max_share": 0.7, "start": "2027q3"}},
    ]
    chosen: Changes = {
        "economics": {"freight_share": 0.03, "staff_hkd_per_device_year": 3_000, "decommission_hkd_per_device": 300}
    }
    for piece in pieces:
        if rng.random() < 0.45:
            chosen = deep_merge(chosen, piece)
    return chosen
