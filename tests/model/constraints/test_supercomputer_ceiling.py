"""Supercomputer ceiling: a hall with US-origin devices stays below the end-use threshold."""

from __future__ import annotations

import pytest
from proof import bought, missing, model_of, plan_of, price, row, rows
from tiny import DEVICE

HUGE = {
    "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 100}]}},
    "workloads": {"service": {"demand_pflops": 200}},
}


def test_rows_by_hand() -> None:
    # RTX 5090D V2: 104.8 TFLOP/s FP32 and 1.64 TFLOP/s FP64; 200 and 100 PFLOP/s in each of two halls.
    model = model_of(sites={"hall": {"envelopes": 2}})
    fp32 = row(model, "supercomputer_ceiling(hall,2027q3,fp32)")
    assert fp32.terms == pytest.approx({f"fleet({DEVICE},hall,2027q3)": 0.1048})
    assert (fp32.sense, fp32.limit) == ("<=", 400)
    assert "744.23" in fp32.because
    fp64 = row(model, "supercomputer_ceiling(hall,2027q3,fp64)")
    assert fp64.terms == pytest.approx({f"fleet({DEVICE},hall,2027q3)": 0.00164})
    assert fp64.limit == 200


def test_an_unpublished_peak_is_bounded_by_bf16() -> None:
    # H20: FP32 published 44 TFLOP/s and FP64 1 TFLOP/s; Ascend 910C publishes neither, its BF16 peak stands in.
    offers = {
        "ascend": {
            "kind": "purchase",
            "accelerator": "huawei_ascend_910c",
            "channel": "domestic",
            "sites": ["hall"],
            "price_usd_per_device": 20_000,
        }
    }
    model = model_of(offers=offers, workloads={"service": {"stacks_ready": ["cuda", "cann"]}})
    found = row(model, "supercomputer_ceiling(hall,2027q2,fp64)").terms
    bf16 = model.case.accelerators["huawei_ascend_910c"].peak_tflops("bf16")
    assert bf16 is not None
    assert found["fleet(huawei_ascend_910c,hall,2027q2)"] == pytest.approx(bf16 / 1000)


def test_binds() -> None:
    # 2,000 devices are wanted for 200 PFLOP/s; 200 / 0.1048 = 1,908.4 may stand.
    plan = plan_of(**HUGE)
    assert bought(plan) == pytest.approx(200 / 0.1048)
    assert missing(plan) == pytest.approx((200 - 20 / 0.1048) * 275)
    assert price(plan, "supercomputer_ceiling(hall,2027q3,fp32)") < 0


def test_does_not_bind_in_two_halls() -> None:
    plan = plan_of(
        **{**HUGE, "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 100}], "envelopes": 2}}}
    )
    assert bought(plan) == pytest.approx(2000)
    assert price(plan, "supercomputer_ceiling(hall,2027q3,fp32)") == 0


def test_no_rows_where_the_rule_does_not_speak() -> None:
    assert rows(model_of(sites={"hall": {"destination": "OTHER", "legal_zone": "sg"}}), "supercomputer_ceiling") == []
    chinese = {"card": {"accelerator": "huawei_ascend_910c", "channel": "domestic"}}
    assert (
        rows(model_of(offers=chinese, workloads={"service": {"stacks_ready": ["cann"]}}), "supercomputer_ceiling") == []
    )
