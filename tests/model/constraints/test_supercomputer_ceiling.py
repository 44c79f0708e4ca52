"""Supercomputer ceiling: a hall with US-origin devices stays below the end-use threshold."""

from __future__ import annotations

from typing import Any

import pytest
from proof import ASCEND, Break, bought, by, cells, hall, missing, model_of, plan_of, price, row, rows
from tiny import DEVICE, deep_merge, offer

from planner.audit import audit

HUGE = {
    "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 100}]}},
    "workloads": {"service": {"demand_pflops": 200}},
}

CHINESE = offer(accelerator=ASCEND, channel="domestic", price_usd_per_device=20_000)
MIXED = {
    "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 3}]}},
    "offers": {"ascend": CHINESE},
    "workloads": {"service": {"stacks_ready": ["cuda", "cann"], "demand_pflops": 300}},
}
"""3 MW at PUE 1.5 are 2,000 devices of 1 kW. 300 PFLOP/s take 1,000 Ascend 910C of 0.3, whose FP64 may be 0.2 each: twice the ceiling."""

BINDS: dict[str, Any] = {
    "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 100}]}},
    "workloads": {"service": {"demand_pflops": 200}},
}
BREAKS = (
    Break("supercomputer_ceiling", "supercomputer_ceiling", "hall,2027q", figure=hall(envelopes=0.5)),
)  # fmt: skip


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


def test_an_unpublished_peak_is_bounded_and_told() -> None:
    # Ascend 910C publishes neither: its TPP of 12,800 leaves at most 200 TFLOP/s of FP64.
    found = row(model_of(**MIXED), "supercomputer_ceiling(hall,2027q2,fp64)")
    assert found.terms[f"fleet({ASCEND},hall,2027q2)"] == pytest.approx(0.2)
    assert found.because.endswith(f"; unpublished, so bounded: {ASCEND}")


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


def test_rows_of_a_hall_that_may_be_declared_free_by_hand() -> None:
    # 2,000 Ascend may bring 400 PFLOP/s FP64 and 800 FP32, 300 and 600 above the ceiling, a thousandth of room added.
    model = model_of(**MIXED)
    fp64 = row(model, "supercomputer_ceiling(hall,2027q3,fp64)")
    assert fp64.terms["us_free(hall,2027q3)"] == pytest.approx(100 - 1.001 * 400)
    fp32 = row(model, "supercomputer_ceiling(hall,2027q3,fp32)")
    assert fp32.terms["us_free(hall,2027q3)"] == pytest.approx(200 - 1.001 * 800)
    free = row(model, "supercomputer_ceiling(hall,2027q3,us_origin)")
    assert free.terms == pytest.approx({f"fleet({DEVICE},hall,2027q3)": 1, "us_free(hall,2027q3)": 2002})
    assert free.limit == pytest.approx(2002)
    assert not any(column.integer for column in model.columns.all)


def test_the_ceiling_holds_where_a_us_origin_device_stands_not_where_one_is_listed() -> None:
    # 1,000 Ascend serve all; the cards that are also on offer would cost more and hold the hall to 500 Ascend.
    plan, alone = plan_of(**MIXED), plan_of(**{**MIXED, "offers": {"ascend": CHINESE, "card": None}})
    assert bought(plan, "ascend") == pytest.approx(1_000)
    assert bought(plan, "card") == 0
    assert plan.objective_hkd == pytest.approx(alone.objective_hkd)
    assert missing(plan) == 0
    free = {c.key[1] for c in plan.model.columns.all if c.kind == "us_free" and c.low == 1}
    assert free == {"2027q2", "2027q3", "2027q4"}
    assert plan.solver["gap"] == pytest.approx(0, abs=1e-9)


def test_a_us_offer_that_supplies_nothing_leaves_no_trace() -> None:
    model = model_of(**deep_merge(MIXED, {"offers": {"card": {"supply_devices_total": 0}}}))
    assert rows(model, "supercomputer_ceiling") == []
    assert not model.columns.us_free


def test_where_the_ceiling_does_not_bind_the_plan_stays_linear_and_the_hall_is_not_declared_free() -> None:
    # 60 PFLOP/s take 200 Ascend: 40 PFLOP/s FP64.
    plan = plan_of(**deep_merge(MIXED, {"workloads": {"service": {"demand_pflops": 60}}}))
    assert plan.model.columns.us_free
    assert all(column.high == 0 for column in plan.model.columns.all if column.kind == "us_free")
    assert bought(plan, "ascend") == pytest.approx(200)


def test_a_hall_with_a_standing_us_fleet_is_free_once_that_is_taken_out() -> None:
    # 100 cards stand. To let 1,000 Ascend in, the plan takes them out; while they stand no more than 500 may.
    fleet = [{"accelerator": DEVICE, "devices": 100, "installed": "2026-01-01"}]
    plan = plan_of(**deep_merge(MIXED, {"offers": {"card": None}, "sites": {"hall": {"fleet": fleet}}}))
    ascends = by([line for line in plan.rows.fleet if line["accelerator"] == ASCEND], "node", "devices")
    full = [node for node, devices in ascends.items() if devices > 500.1]
    assert full == ["2027q2", "2027q3", "2027q4"]
    for node in full:
        assert sum(cells(plan.rows.fleet, "devices", accelerator=DEVICE, node=node)) == pytest.approx(0)


def test_what_must_stand_is_found_though_it_stands_in_free_halls_alone() -> None:
    # 400 PFLOP/s BF16 promised are 500 Ascend of 0.8, 600 are 750: more than the ceiling leaves beside a card.
    target = {"pflops": 600, "by": "2027q3", "basis": "peak", "precision": "bf16"}
    plan = plan_of(
        **deep_merge(MIXED, {"workloads": {"service": {"demand_pflops": 1}}, "capacity_targets": {"t": target}})
    )
    assert bought(plan, "ascend") == pytest.approx(750)


def test_the_audit_finds_a_us_origin_device_in_a_hall_above_the_ceiling() -> None:
    plan = plan_of(**MIXED)
    line = next(line for line in plan.rows.fleet if line["node"] == "2027q3")
    tables = plan.rows.by_name | {"fleet": [*plan.rows.fleet, line | {"accelerator": DEVICE, "devices": 1.0}]}
    failed = {check.name: check for check in audit(plan.case, tables, plan.objective_hkd).failed}
    assert failed["supercomputer_ceiling"].where.startswith("hall,2027q3,fp")
