"""Targets at every precision, by hand and on the screen."""

from __future__ import annotations

import pytest
from proof import SNAP, cells, plan_of
from tiny import DEVICE, rental, site

from planner.intake.catalogue import accelerators
from planner.plan.plan import Plan
from planner.report.screen import screen
from planner.report.summary import summarise
from planner.report.tables import Table

CLOUD = {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")}


def target(**changes: object) -> dict[str, object]:
    return {"capacity_targets": {"t": {"pflops": 1, "by": "2027q3", "basis": "peak", "precision": "fp32", **changes}}}


def peaks(plan: Plan, **where: object) -> dict[str, float]:
    rows = [row for row in plan.rows.target_peaks if all(row[key] == value for key, value in where.items())]  # type: ignore[literal-required]
    return {row["precision"]: row["peak_pflops"] for row in rows}


def test_by_hand() -> None:
    # Ten cards stand; each counts what its data sheet says.
    device = accelerators()[DEVICE]
    found = peaks(plan_of(**target()))
    assert list(found) == ["fp32", "bf16", "fp16", "fp8"]
    for precision, pflops in found.items():
        assert pflops == pytest.approx(10 * (device.peak_tflops(precision) or 0) / 1000)


def test_a_device_without_a_rate_counts_nothing_and_is_told() -> None:
    silent = {"offers": {"card": {"accelerator": "huawei_ascend_910c", "channel": "domestic"}}}
    ready = {"workloads": {"service": {"stacks_ready": ["cann"]}}}
    plan = plan_of(**target(precision="bf16"), **silent, **ready)
    (fp8,) = [row for row in plan.rows.target_peaks if row["precision"] == "fp8"]
    assert (fp8["peak_pflops"], fp8["devices_without_rate"]) == (0, pytest.approx(fp8["devices"]))
    (table,) = [part for part in screen(summarise(plan)) if isinstance(part, Table) and "precision" in part.title]
    assert (table.rows[0][0], table.rows[0][-1]) == ("t", "–")
    assert "publish no FP8 rate" in table.note


def test_rented_devices_count_where_the_target_says_so() -> None:
    rented = {"sites": CLOUD, "offers": {"card": None, "rent": rental()}}
    soft = {"shortfall_hkd_per_pflops": 1.0}
    assert peaks(plan_of(**target(**soft), **rented))["bf16"] == 0
    assert peaks(plan_of(**target(**soft, rented_counts=True), **rented))["bf16"] > 0


def test_each_branch_is_told_and_targets_elsewhere_or_beyond_the_plan_are_not() -> None:
    plan = plan_of(**target(shortfall_hkd_per_pflops=1.0), scenarios=SNAP)
    assert len(set(cells(plan.rows.target_peaks, "node"))) == 2
    assert plan_of(**target(by="2031q1")).rows.target_peaks == []
