"""For every family a change of the tiny case under which one of its rows binds, with a price."""

from __future__ import annotations

from typing import Any

from proof import SNAP
from tiny import DEVICE, offer, service, training

ASCEND = "huawei_ascend_910c"
CANN = {"cann": {"name": "CANN", "porting": {"inference_llm": {"engineer_months": 2, "months": 1.5}}}}
CHEAP = {"service": {"unserved_hkd_per_pflops_day": 100}}
LICENCE = {"accelerators": [DEVICE], "quota_devices": 10, "approval_share": 0.8, "wait_months": 0}


def _phase(**limits: float) -> dict[str, Any]:
    return {"phases": [{"from_date": "2020-01-01", "power_mw": 1.0, **limits}]}


CASES: dict[str, dict[str, Any]] = {
    "demand": {},
    "parallelism": {"workloads": {"service": None, "job": training(max_devices=2)}},
    "fleet_balance": {},
    "capacity": {},
    "licence_quota": {"controls": {DEVICE: {"outcome": "case_by_case"}}, "licences": {"hope": LICENCE}},
    "supply": {"offers": {"card": {"supply_devices_per_quarter": 6}}},
    "supercomputer_ceiling": {
        "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 100}]}},
        "workloads": {"service": {"demand_pflops": 200}},
    },
    "power": {"sites": {"hall": _phase(power_mw=0.009)}},
    "cooling": {"sites": {"hall": _phase(liquid_cooled_mw=0.006)}, "economics": {"liquid_cooling_above_tdp_w": 500}},
    "space": {"sites": {"hall": _phase(racks=0.6) | {"rack_kw": 10}}},
    "budget": {"funds": {"own": {"kind": "budget", "amount_hkd": 4e5}}},
    "data_governance": {"workloads": {"service": {"data_class": "personal_hk"}}},
    "porting": {"offers": {"card": {"accelerator": ASCEND, "channel": "domestic"}}, "stacks": CANN},
    "vendor_share": {
        "offers": {"ascend": offer(accelerator=ASCEND, channel="domestic", price_usd_per_device=60_000)},
        "workloads": {"service": {"stacks_ready": ["cuda", "cann"]}},
        "vendor_share": {"max_share": 0.6},
    },
    "carbon_cap": {"carbon_cap": {"tonnes_per_year": 20}},
    "capacity_target": {"capacity_targets": {"t": {"pflops": 2, "by": "2027q3", "basis": "peak", "precision": "fp32"}}},
    "silo": {
        "workloads": {"service": {"end": "2027q2"}, "second": service(tenant="bank", start="2027q4")},
        "silos": {"west": {"tenants": ["city"]}, "east": {"tenants": ["bank"]}},
    },
    "tail_cost": {"scenarios": SNAP, "risk": {"weight": 0.4, "tail": 0.7}},
    "compute": {"objective": "max_compute", "sites": {"hall": _phase(power_mw=0.009)}, "workloads": CHEAP},
}
