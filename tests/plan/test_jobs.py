"""What a training costs, worked by hand."""

from __future__ import annotations

import pytest
from tiny import DEVICE, case, rental, service, site, training

from planner.plan.plan import make_plan


def test_a_training_pays_its_part_of_its_devices() -> None:
    # Cards of 10,000 USD for one workload alone: it pays every HKD of the plan.
    plan = make_plan(case(workloads={"service": None, "job": training()}))
    (job,) = plan.jobs.to_dict("records")
    assert job["cost_hkd"] == pytest.approx(plan.objective_hkd)
    assert job["hkd_per_pflops_day"] == pytest.approx(plan.objective_hkd / 100)


def test_devices_that_are_shared_are_paid_by_device_days() -> None:
    plan = make_plan(case(workloads={"service": service(), "job": training()}))
    (job,) = plan.jobs.to_dict("records")
    days = {"2027q2": 91, "2027q3": 92, "2027q4": 92}
    used = sum(plan.service["devices"] * plan.service["node"].map(days))
    assert set(plan.service["accelerator"]) == {DEVICE}
    assert job["cost_hkd"] == pytest.approx(plan.objective_hkd * job["device_days"] / used)


def test_rent_is_a_price_per_device_day() -> None:
    # 0.4 PFLOP/s per device at 2 USD an hour.
    plan = make_plan(
        case(
            offers={"card": None, "cloud": rental()},
            sites={"cloud": site(destination="OTHER", legal_zone="sg", access="rent", phases=[])},
            workloads={"service": None, "job": training()},
        )
    )
    (job,) = plan.jobs.to_dict("records")
    assert job["hkd_per_pflops_day"] == pytest.approx(2 * 24 * 7.8 / 0.4)


def test_aversion_to_risk_is_no_cost_of_a_training() -> None:
    """One future alone is its own tail: the plan is the same, and so is what the training is paid for."""
    averse = make_plan(case(workloads={"service": None, "job": training()}, risk={"weight": 0.25, "tail": 0.5}))
    assert averse.jobs["cost_hkd"].sum() == pytest.approx(averse.objective_hkd)
