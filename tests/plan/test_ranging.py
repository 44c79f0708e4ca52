"""Prices within their ranges: every one equals a finite difference, and on an edge each side has its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tiny import case, offer, service

from planner.errors import Infeasible, UsageError
from planner.intake.read import read_case
from planner.model.build import build
from planner.plan.plan import Plan, make_plan
from planner.plan.ranging import beside, moved, next_to, ranges
from planner.solve.objective import solve_model

SHARE = 0.3


def afresh(plan: Plan, row: str, limit: float) -> float:
    """Change of the cost, HKD, with the limit of one row elsewhere, the program built and solved anew."""
    model = build(plan.case)
    for number, one in enumerate(model.rows):
        if one.name == row:
            rows = (*model.rows[:number], one._replace(limit=limit), *model.rows[number + 1 :])
            object.__setattr__(model, "rows", rows)
    return solve_model(model).objective * 1e6 - plan.objective_hkd


@pytest.mark.slow
@pytest.mark.parametrize("example", ["1_power_limit", "3_licence_quota", "6_fund_with_strings", "10_carbon_cap"])
def test_every_price_inside_its_range_equals_a_finite_difference(example: str) -> None:
    plan = make_plan(read_case(f"examples/{example}/case.yaml"))
    found = ranges(plan)
    assert len(found) == len(plan.shadow_prices)
    for price in found:
        row, limit = price["row"], price["limit"]
        for end, rate in (
            (price["holds_from"], price["price_below_hkd_per_unit"]),
            (price["holds_to"], price["price_above_hkd_per_unit"]),
        ):
            if rate is None or end == limit:
                continue
            step = SHARE * float(np.clip(end - limit, -max(1.0, abs(limit)), max(1.0, abs(limit))))
            assert moved(plan, row, limit + step) == pytest.approx(rate * step, rel=1e-4, abs=1.0), row


def test_moved_equals_a_program_built_anew() -> None:
    plan = make_plan(read_case("examples/1_power_limit/case.yaml"))
    for limit in (0.3, 0.49, 0.6, 2.0):
        row = "power(hk_hsitp_loop,2028q4)"
        assert moved(plan, row, limit) == pytest.approx(afresh(plan, row, limit), abs=1.0)


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize(("example", "family"), [("1_power_limit", "power"), ("6_fund_with_strings", "budget")])
def test_limits_moved_together_cost_what_a_program_built_anew_does(example: str, family: str, side: int) -> None:
    plan = make_plan(read_case(f"examples/{example}/case.yaml"))
    priced = {price["row"] for price in plan.rows.shadow_prices}
    rows = [number for number, row in enumerate(plan.model.rows) if row.family == family and row.name in priced]
    found = beside(plan, rows, side)
    try:
        whole, little = (afresh_together(plan, rows, by) for by in (side, side * 1e-5))
    except Infeasible:
        assert found.whole_hkd is None
        return
    assert found.whole_hkd == pytest.approx(whole, rel=1e-6, abs=1.0)
    assert found.rate_hkd == pytest.approx(little * 1e5, rel=1e-3, abs=10.0)
    assert next_to(plan, rows, side) == pytest.approx(found.rate_hkd, rel=1e-6, abs=1.0)


def afresh_together(plan: Plan, numbers: list[int], by: float) -> float:
    """Change of the cost, HKD, with the limits of these rows moved by so much, solved anew."""
    rows = list(plan.model.rows)
    for number in numbers:
        rows[number] = rows[number]._replace(limit=rows[number].limit + by)
    return solve_model(replace(plan.model, rows=tuple(rows))).objective * 1e6 - plan.objective_hkd


def hall_of(devices: float) -> dict[str, Any]:
    return {"sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": devices * 0.0015}]}}}


def test_range_by_hand() -> None:
    """Room for five devices where ten are asked for: the price of a supply of five holds up to ten, and down to none."""
    plan = make_plan(case(offers={"card": offer(supply_devices_total=5)}))
    row = "supply(card,2027q4,total)"
    found = ranges(plan, [row])[0]
    assert (found["holds_from"], found["holds_to"]) == pytest.approx((0, 10))
    assert found["price_below_hkd_per_unit"] == found["price_above_hkd_per_unit"] == found["price_hkd_per_unit"] < 0


def test_one_sided_prices_where_the_plan_stands_on_an_edge() -> None:
    """A supply of exactly what is asked for: one device less leaves work unserved, one more changes nothing."""
    plan = make_plan(case(offers={"card": offer(supply_devices_total=10)}))
    found = ranges(plan, ["supply(card,2027q4,total)"])[0]
    short = ranges(make_plan(case(offers={"card": offer(supply_devices_total=5)})), ["supply(card,2027q4,total)"])[0]
    assert found["price_below_hkd_per_unit"] == pytest.approx(short["price_hkd_per_unit"])
    assert found["price_above_hkd_per_unit"] == pytest.approx(0, abs=1e-3)
    assert found["holds_to"] == np.inf


def test_what_no_longer_binds_has_no_price_however_far_its_limit_is_eased() -> None:
    plan = make_plan(read_case("examples/1_power_limit/case.yaml"))
    row = "power(hk_hsitp_loop,2028q2)"
    found = ranges(plan, [row])[0]
    assert (found["price_above_hkd_per_unit"], found["holds_to"]) == (0.0, np.inf)
    assert moved(plan, row, 5.0) == pytest.approx(0.0, abs=1.0)


def test_a_wall_has_no_price_beyond_it() -> None:
    promise = {"peak": {"pflops": 1000 * 0.5938, "by": "2027q2", "basis": "peak", "precision": "fp8"}}
    plan = make_plan(case(capacity_targets=promise, workloads={"service": service(demand_pflops=0.5)}, **hall_of(1000)))
    found = ranges(plan, ["capacity_target(peak,2027q2)"])[0]
    assert found["price_above_hkd_per_unit"] is None
    assert found["price_below_hkd_per_unit"] >= 0
    assert moved(plan, "capacity_target(peak,2027q2)", 2000.0) is None


def test_the_plan_stands_as_before_afterwards() -> None:
    plan = make_plan(read_case("examples/1_power_limit/case.yaml"))
    first, second = ranges(plan), ranges(plan)
    for one, other in zip(first, second, strict=True):
        (name, *figures), (same_name, *same) = one.values(), other.values()
        assert (same_name, [x is None for x in same]) == (name, [x is None for x in figures])
        assert [x or 0.0 for x in same] == pytest.approx([x or 0.0 for x in figures], rel=1e-9)


def test_unknown_row() -> None:
    with pytest.raises(UsageError, match="no row power"):
        ranges(make_plan(case()), ["power(nowhere)"])
