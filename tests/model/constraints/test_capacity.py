"""Capacity: what runs on a device at a site is there and in working order."""

from __future__ import annotations

from typing import Any

import pytest
from proof import Break, bought, economics, model_of, plan_of, price, row
from tiny import DEVICE, rental, site

CLOUD = {
    "sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")},
    "offers": {"rent": rental()},
}
H100 = "nvidia_h100_sxm"

BINDS: dict[str, Any] = {}
BREAKS = (
    Break("capacity", "job_mid_period", "nvidia_rtx_5090d_v2,hall,2027q2,part", figure=economics(availability=0.5)),
    Break("capacity", "plain", "nvidia_rtx_5090d_v2,hall,2027q", figure=economics(availability=0.5)),
)  # fmt: skip


def test_row_by_hand() -> None:
    # 95 % of the devices work: run <= 0.95 fleet.
    found = row(model_of(economics={"availability": 0.95}), f"capacity({DEVICE},hall,2027q2)")
    assert found.terms == {f"run(service,{DEVICE},hall,2027q2)": 1, f"fleet({DEVICE},hall,2027q2)": -0.95}
    assert (found.sense, found.limit) == ("<=", 0)
    assert found.because == f"{DEVICE} at hall in working order"


def test_rented_devices_count() -> None:
    found = row(model_of(**CLOUD), f"capacity({H100},cloud,2027q3)")
    assert found.terms == {f"run(service,{H100},cloud,2027q3)": 1, "rent(rent,cloud,2027q3)": -1}


def test_binds_so_that_broken_devices_are_bought_in_excess() -> None:
    # Ten must work of which 80 % do: 12.5 are bought.
    plan = plan_of(economics={"availability": 0.8})
    assert bought(plan) == pytest.approx(12.5)
    assert price(plan, f"capacity({DEVICE},hall,2027q2)") < 0


def test_does_not_bind_on_a_fleet_larger_than_the_work() -> None:
    # Idle devices that draw power would be taken out, and then each one standing would have its price.
    fleet = [{"accelerator": DEVICE, "devices": 30, "installed": "2026-01-01"}]
    plan = plan_of(sites={"hall": {"fleet": fleet}}, economics={"idle_power_share": 0})
    assert len(plan.rows.orders) == 0
    assert price(plan, f"capacity({DEVICE},hall,2027q2)") == 0
