"""What can give nothing changes no plan: an offer without supply, a subsidy without money or whose window is over, a
licence without quota.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from proof import plan_of
from tiny import DEVICE, offer

RATES = {"maintenance_share_per_year": 0.04, "insurance_share_per_year": 0.01, "residual_value": True}
GRANT = {"kind": "subsidy", "share_max": 0.7}
OWN = {"own": {"kind": "budget"}}
FLEET = [{"accelerator": DEVICE, "devices": 4, "installed": "2025-01-01"}]
BASES: dict[str, dict[str, Any]] = {
    "bought": {},
    "some_stand": {"sites": {"hall": {"fleet": FLEET}}},
}
NOTHINGS: dict[str, dict[str, Any]] = {
    "a cheap offer without supply": {"offers": {"cheap": offer(price_usd_per_device=100, supply_devices_total=0)}},
    "a dear offer without supply": {"offers": {"dear": offer(price_usd_per_device=90_000, supply_devices_total=0)}},
    "an offer without supply in any quarter": {
        "offers": {"cheap": offer(price_usd_per_device=100, supply_devices_per_quarter=0, lifetime_years=15)}
    },
    "a subsidy of nothing": {
        "funds": OWN | {"grant": GRANT | {"amount_hkd": 0}},
        "offers": {"card": {"subsidised_by": ["grant"]}},
    },
    "a subsidy of nothing a year": {
        "funds": OWN | {"grant": GRANT | {"amount_hkd_per_year": 0}},
        "offers": {"card": {"subsidised_by": ["grant"]}},
    },
    "a subsidy that is over": {
        "funds": OWN | {"grant": GRANT | {"end": "2026q4"}},
        "offers": {"card": {"subsidised_by": ["grant"]}},
    },
    "a fund of nothing": {"funds": OWN | {"empty": {"kind": "budget", "amount_hkd": 0}}},
    "a loan above the discount rate": {
        "funds": OWN | {"loan": {"kind": "loan", "interest_per_year": 0.08, "loan_years": 5}}
    },
    "a licence without quota": {
        "licences": {
            "hope": {"accelerators": ["nvidia_b200"], "quota_devices": 0, "approval_share": 1, "wait_months": 0}
        }
    },
}


@cache
def cost_before(base: str) -> float:
    return plan_of(economics=RATES, **BASES[base]).objective_hkd


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("nothing", NOTHINGS)
def test_what_can_give_nothing_changes_no_plan(base: str, nothing: str) -> None:
    after = plan_of(economics=RATES, **BASES[base], **NOTHINGS[nothing])
    assert after.objective_hkd == pytest.approx(cost_before(base), rel=1e-9)
