"""Vendor share: no vendor provides more than a share of the effective compute."""

from __future__ import annotations

from typing import Any

import pytest
from proof import ASCEND, Break, by, cells, model_of, paid, plan_of, price, row, rows
from tiny import DEVICE, offer

TWO = {
    "offers": {"ascend": offer(accelerator=ASCEND, channel="domestic", price_usd_per_device=60_000)},
    "workloads": {"service": {"stacks_ready": ["cuda", "cann"]}},
}

BINDS: dict[str, Any] = {
    "offers": {"ascend": offer(accelerator=ASCEND, channel="domestic", price_usd_per_device=60_000)},
    "workloads": {"service": {"stacks_ready": ["cuda", "cann"]}},
    "vendor_share": {"max_share": 0.6},
}
BREAKS = (
    Break("vendor_share", "vendor_share", "2027q", figure={"vendor_share": {"max_share": 0.5}}),
)  # fmt: skip


def test_row_by_hand() -> None:
    # NVIDIA at most 60 %: its 0.1 PFLOP/s a device, less 60 % of what it and Huawei give together.
    model = model_of(**TWO, vendor_share={"max_share": 0.6})
    of_nvidia, of_huawei = "effective(NVIDIA,2027q2)", "effective(Huawei__HiSilicon_,2027q2)"
    counted = row(model, "vendor_share(NVIDIA,2027q2,counted)")
    assert counted.terms == pytest.approx({f"run(service,{DEVICE},hall,2027q2)": 0.1, of_nvidia: -1})
    assert (counted.sense, counted.limit) == ("==", 0)
    counted = row(model, "vendor_share(Huawei__HiSilicon_,2027q2,counted)")
    assert counted.terms == pytest.approx({f"run(service,{ASCEND},hall,2027q2)": 0.3, of_huawei: -1})
    limit = row(model, "vendor_share(NVIDIA,2027q2)")
    assert limit.terms == pytest.approx({of_nvidia: 0.4, of_huawei: -0.6})
    assert (limit.sense, limit.limit) == ("<=", 0)
    assert limit.because == "no vendor above 60% of effective compute"


def test_binds() -> None:
    # 0.6 PFLOP/s on six cards at 10,000 USD, 0.4 on 4/3 Ascends at 60,000.
    plan = plan_of(**TWO, vendor_share={"max_share": 0.6})
    assert by(plan.rows.orders, "offer", "devices") == pytest.approx({"card": 6, "ascend": 4 / 3})
    assert paid(plan, "purchase") == pytest.approx((6 * 10_000 + 4 / 3 * 60_000) * 7.8)
    assert sum(price(plan, f"vendor_share(NVIDIA,2027q{q})") for q in (2, 3, 4)) < 0


def test_does_not_bind() -> None:
    plan = plan_of(**TWO, vendor_share={"max_share": 1})
    assert cells(plan.rows.orders, "offer") == ["card"]
    assert price(plan, "vendor_share(NVIDIA,2027q2)") == 0
    assert rows(model_of(**TWO), "vendor_share") == []


def test_it_holds_from_its_start_on() -> None:
    names = rows(model_of(**TWO, vendor_share={"max_share": 0.6, "start": "2027q4"}), "vendor_share")
    vendors = "NVIDIA", "Huawei__HiSilicon_"
    assert names == [f"vendor_share({vendor},2027q4{end})" for end in (",counted", "") for vendor in vendors]


def test_idle_runs_dilute_no_share() -> None:
    # With energy for nothing, cheap Ascends running beyond what is asked would make room for more of NVIDIA's share.
    plan = plan_of(**TWO, vendor_share={"max_share": 0.6}, sites={"hall": {"tariff_hkd_per_kwh": 0}})
    done = by(plan.rows.service, "node", "work_pflops_days")
    assert done == pytest.approx({"2027q2": 91, "2027q3": 92, "2027q4": 92})
