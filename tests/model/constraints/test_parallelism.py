"""Parallelism: a training never runs on more devices than it can use."""

from __future__ import annotations

import pytest
from proof import missing, model_of, plan_of, price, row, rows
from tiny import DEVICE, training


def job(max_devices: int) -> dict[str, object]:
    return {"workloads": {"service": None, "job": training(max_devices=max_devices)}}


def test_row_by_hand() -> None:
    found = row(model_of(**job(64)), "parallelism(job,2027q2)")
    assert found.terms == {f"run(job,{DEVICE},hall,2027q2)": 1}
    assert (found.sense, found.limit) == ("<=", 64)
    assert found.because == "job can use 64 devices at once"


def test_binds() -> None:
    # On 2 devices 275 days give 2 · 0.1 · 275 = 55 PFLOP/s-days; 45 of the 100 stay undone at 100,000 HKD each.
    plan = plan_of(**job(2))
    assert plan.service["devices"].tolist() == pytest.approx([2, 2, 2])
    assert missing(plan) == pytest.approx(45)
    # One more usable device in q3 only would serve 9.2 of them, for its energy above idle (0.7 · 3,312): the fleet grows by none.
    assert price(plan, "parallelism(job,2027q3)") < 0


def test_does_not_bind() -> None:
    plan = plan_of(**job(64))
    assert missing(plan) == 0
    assert price(plan, "parallelism(job,2027q2)") == 0
    # 100 PFLOP/s-days in 275 days take 100 / 27.5 = 3.64 devices.
    assert plan.service["devices"].max() == pytest.approx(100 / 27.5)


def test_services_know_no_such_limit() -> None:
    assert rows(model_of(), "parallelism") == []
