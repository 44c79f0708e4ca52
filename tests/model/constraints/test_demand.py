"""Demand: work asked for is done or counted as unserved."""

from __future__ import annotations

from typing import Any

import pytest
from proof import SNAP, Break, cells, missing, model_of, plan_of, price, row
from tiny import DEVICE, case, training

from planner.domain.base import Range
from planner.plan.plan import make_plan

BINDS: dict[str, Any] = {}
BREAKS = (
    Break("demand", "plain", "service,2027q2,asked", cell=("unserved", 0, "asked_pflops_days", 1.0)),
    Break("demand", "plain", "service,2027q3", figure={"workloads": {"service": {"demand_pflops": 1.2}}}),
    Break("demand", "plain", "outside its window or sites", figure={"workloads": {"service": {"sites_allowed": []}}}),
)  # fmt: skip


def test_service_row_by_hand() -> None:
    # 2027q2 has 91 days: a device of 0.1 PFLOP/s does 9.1 PFLOP/s-days, the service asks for 1 PFLOP/s, 91.
    found = row(model_of(), "demand(service,2027q2)")
    assert found.terms == pytest.approx({"unserved(service,2027q2)": 1, f"run(service,{DEVICE},hall,2027q2)": 9.1})
    assert (found.sense, found.limit) == ("==", 91)
    assert found.because == "service service of city, 2027q2 to 2027q4"


def test_growth_counts_from_the_services_first_period() -> None:
    # 1 PFLOP/s in 2027q2, +44 % a year; 2027q4 begins 183 days after it.
    model = model_of(workloads={"service": {"growth_per_year": 0.44}})
    assert row(model, "demand(service,2027q2)").limit == pytest.approx(91)
    assert row(model, "demand(service,2027q4)").limit == pytest.approx(92 * 1.44 ** (183 / 365.25))
    # A service that began on 2025-01-01 has grown for 820 days by 2027-04-01.
    running = model_of(workloads={"service": {"growth_per_year": 0.44, "start": "2025q1"}})
    assert row(running, "demand(service,2027q2)").limit == pytest.approx(91 * 1.44 ** (820 / 365.25))


def test_a_training_owes_the_share_of_its_window_that_the_horizon_covers() -> None:
    # 2027q2 to 2028q1 has 366 days, 275 of them until the end of 2027: 100 · 275 / 366.
    changes = {"workloads": {"service": None, "job": training(end="2028q1")}}
    assert row(model_of(**changes), "demand(job,2027q4)").limit == pytest.approx(100 * 275 / 366)
    assert cells(plan_of(**changes).rows.jobs, "asked_pflops_days") == pytest.approx([100 * 275 / 366])
    # What lies before the decision is no part of its window: all of the work is still to be done.
    late = {"horizon": {"decision_date": "2027-03-01"}, "workloads": {"service": None, "job": training(start="2026q1")}}
    assert row(model_of(**late), "demand(job,2027q4)").limit == 100


def test_training_row_by_hand() -> None:
    # One row in its last node over all nodes of the window: 91, 92 and 92 days at 0.1 PFLOP/s.
    found = row(model_of(workloads={"service": None, "job": training()}), "demand(job,2027q4)")
    runs = {f"run(job,{DEVICE},hall,2027q{q})": days * 0.1 for q, days in ((2, 91), (3, 92), (4, 92))}
    assert found.terms == pytest.approx(runs | {"unserved(job,2027q4)": 1})
    assert (found.sense, found.limit) == ("==", 100)


def test_binds_at_the_marginal_cost_of_work() -> None:
    # One more PFLOP/s-day in q2 takes 1/9.1 device more: 78,000 HKD and its energy of three quarters; but that device would then idle in q3
    # and q4, which is 30 % of 3,312 HKD in each: (78,000 + 3,276 + 2 · 0.3 · 3,312) / 9.1, or less where q3 and q4 bear a part of it.
    plan = plan_of(workloads={"service": {"end": "2027q2"}})
    # With demand in q2 only the device is taken out afterwards: (78,000 + 3,276) / 9.1.
    assert price(plan, "demand(service,2027q2)") == pytest.approx((78_000 + 3_276) / 9.1)
    assert missing(plan) == 0


def test_unserved_where_lost_compute_is_cheaper_than_a_device() -> None:
    # 275 PFLOP/s-days at 100 HKD are 27,500 HKD; ten devices cost 780,000: nothing is bought, the price is the value of lost compute.
    plan = plan_of(workloads={"service": {"unserved_hkd_per_pflops_day": 100}})
    assert len(plan.rows.orders) == 0
    assert missing(plan) == pytest.approx(275)
    assert price(plan, "demand(service,2027q3)") == pytest.approx(100)


def test_never_more_than_is_asked_for_even_where_energy_is_paid_for_being_used() -> None:
    # No file may give such a tariff. At -1 HKD per kWh every device-hour would earn 1.5 HKD: all 100 devices would run.
    standing = [{"accelerator": DEVICE, "devices": 100, "installed": "2026-06-01"}]
    asked = case(offers={"card": None}, sites={"hall": {"fleet": standing}})
    paid = Range(low=-1.0, mid=-1.0, high=-1.0)
    hall = asked.sites["hall"].model_copy(update={"tariff_hkd_per_kwh": paid})
    plan = make_plan(asked.model_copy(update={"sites": {"hall": hall}}))
    assert sum(cells(plan.rows.service, "work_pflops_days")) == pytest.approx(275)


def test_one_row_per_branch() -> None:
    model = model_of(scenarios=SNAP)
    for node in ("2027q2", "2027q2_snap_embargo"):
        assert row(model, f"demand(service,{node})").limit == 91
    job = row(
        model_of(
            scenarios=SNAP,
            workloads={"service": None, "job": training(start="2027q1")},
            sites={"hall": {"fleet": [{"accelerator": DEVICE, "devices": 2, "installed": "2026-01-01"}]}},
        ),
        "demand(job,2027q4_snap_embargo)",
    )
    # The branch's work is done in the shared root and in its own nodes, never in those of the other branch.
    assert {name.split(",")[-1].rstrip(")") for name in job.terms} == {
        "2027q1", "2027q2_snap_embargo", "2027q3_snap_embargo", "2027q4_snap_embargo",
    }  # fmt: skip
