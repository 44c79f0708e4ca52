"""The three objectives, each solved as a minimisation."""

from __future__ import annotations

import pytest
from proof import SNAP, bought, missing, paid, plan_of, price
from tiny import DEVICE, case

from planner.errors import Infeasible, InvalidInput
from planner.plan.plan import make_plan

SCARCE = {"sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 0.009}]}}}
CHEAP = {"workloads": {"service": {"unserved_hkd_per_pflops_day": 100}}}


def test_max_compute_serves_what_min_cost_would_not() -> None:
    assert missing(plan_of(**CHEAP)) == pytest.approx(275)
    plan = plan_of(**CHEAP, objective="max_compute")
    assert missing(plan) == pytest.approx(0, abs=1e-5)
    assert bought(plan) == pytest.approx(10, rel=1e-6)


def test_max_compute_within_a_budget() -> None:
    # 439,500 HKD buy five devices with their energy; the price of the last PFLOP/s-day served is told.
    plan = plan_of(**CHEAP, objective="max_compute", budget_hkd=439_500)
    assert bought(plan) == pytest.approx(5, rel=1e-6)
    assert paid(plan, "purchase") + paid(plan, "energy") == pytest.approx(439_500, rel=1e-6)
    assert price(plan, "compute(unserved)") < 0


def test_max_compute_weighs_branches_by_their_probability() -> None:
    # In the branch of the embargo nothing arrives whatever is ordered: 275 of 550 PFLOP/s-days stay undone.
    plan = plan_of(**CHEAP, objective="max_compute", scenarios=SNAP)
    assert missing(plan) == pytest.approx(275, abs=1e-4)


def test_min_time_finds_the_first_period_by_trying_each() -> None:
    # A promise for q4 can stand in q2 already, since devices take three months.
    promise = {"t": {"pflops": 1, "by": "2027q4", "basis": "peak", "precision": "fp32"}}
    plan = plan_of(objective="min_time", capacity_targets=promise)
    assert plan.case.capacity_targets["t"].by == "2027q2"
    slow = plan_of(objective="min_time", capacity_targets=promise, offers={"card": {"supply_devices_per_quarter": 4}})
    # 9.54 devices at four a period: 12 stand in q4.
    assert slow.case.capacity_targets["t"].by == "2027q4"
    for by in ("2027q3", "2027q2"):
        with pytest.raises(Infeasible):
            plan_of(
                capacity_targets={"t": promise["t"] | {"by": by}}, offers={"card": {"supply_devices_per_quarter": 4}}
            )


def test_min_time_does_not_mind_a_date_that_nothing_could_keep() -> None:
    # Asked for in the first period, in which nothing has arrived yet: it stands in the second.
    promise = {"t": {"pflops": 1, "by": "2027q1", "basis": "peak", "precision": "fp32"}}
    with pytest.raises(Infeasible):
        plan_of(capacity_targets=promise)
    plan = plan_of(objective="min_time", capacity_targets=promise)
    assert plan.case.capacity_targets["t"].by == "2027q2"


def test_min_time_buys_a_promise_no_price_could() -> None:
    # The shortfall that the case would allow for a price is not allowed to speed.
    soft = {"t": {"pflops": 1, "by": "2027q4", "basis": "peak", "precision": "fp32", "shortfall_hkd_per_pflops": 1}}
    plan = plan_of(objective="min_time", capacity_targets=soft, **CHEAP)
    assert bought(plan) == pytest.approx(1 / 0.1048)


def test_min_time_that_never_comes() -> None:
    big = {"t": {"pflops": 5, "by": "2027q4", "basis": "peak", "precision": "fp32"}}
    with pytest.raises(Infeasible, match="the capacity targets cannot stand in any period up to 2027q4"):
        plan_of(objective="min_time", capacity_targets=big, **SCARCE)


def test_min_time_asks_for_a_target() -> None:
    with pytest.raises(InvalidInput, match="objective min_time needs at least one of capacity_targets"):
        make_plan(case(objective="min_time"))


def test_a_case_without_anything_to_do_is_a_plan_of_nothing() -> None:
    plan = plan_of(workloads={"service": None})
    assert plan.objective_hkd == 0
    assert len(plan.orders) == 0
    assert DEVICE not in set(plan.fleet["accelerator"])
