"""What burdens cost: each by planning without it, adding up with their interaction; and what a year costs."""

from __future__ import annotations

import pytest
from tiny import case, offer, service

from planner.intake.read import read_case
from planner.plan.plan import make_plan
from planner.study.worth.burdens import burdens, delayed, pooled, totals


@pytest.mark.slow
@pytest.mark.parametrize("example", ["12_silos", "6_fund_with_strings", "5_porting"])
def test_parts_add_up(example: str) -> None:
    found = totals(make_plan(read_case(f"examples/{example}/case.yaml")))
    assert sum(part.hkd or 0.0 for part in found.parts) == pytest.approx(found.base_hkd - found.lifted_hkd, abs=0.01)
    # What is notified no longer arrives 25 days sooner, and ages while it waits for its work: orders have fixed days.
    assert all((part.hkd or 0.0) >= -0.02 * found.base_hkd for part in found.parts[:-1])


def test_balkanisation_is_siloed_less_pooled() -> None:
    given = read_case("examples/12_silos/case.yaml")
    found = totals(make_plan(given))
    cost = next(part.hkd for part in found.parts if part.burden == "balkanisation")
    assert cost == pytest.approx(make_plan(given).objective_hkd - make_plan(pooled(given)).objective_hkd)


def test_burdens_are_those_of_the_case() -> None:
    assert "balkanisation" not in burdens(case())
    assert "balkanisation" in burdens(read_case("examples/12_silos/case.yaml"))
    assert any(name.startswith("strings_of_") for name in burdens(read_case("examples/6_fund_with_strings/case.yaml")))


def test_delay_by_hand() -> None:
    """Demand of 1 PFLOP/s from 2027q2 to 2028q4. Orders wait for 2028q1, so that devices stand in 2028q2: four quarters go unserved."""
    given = case(
        horizon={"start": "2027q1", "end": "2028q4"},
        offers={"card": offer(price_growth_per_year=0.0)},
        workloads={"service": service(end="2028q4")},
    )
    late = make_plan(delayed(given))
    assert set(late.unserved.query("unserved_pflops_days > 0.5")["period"]) == {"2027q2", "2027q3", "2027q4", "2028q1"}
    assert set(late.orders["period"]) == {"2028q1"}
    assert totals(make_plan(given)).delay.hkd == pytest.approx(late.objective_hkd - make_plan(given).objective_hkd)


def test_delay_moves_hard_promises_with_it() -> None:
    promise = {"peak": {"pflops": 1, "by": "2027q2", "basis": "peak", "precision": "fp8"}}
    given = case(horizon={"start": "2027q1", "end": "2028q4"}, capacity_targets=promise)
    assert delayed(given).capacity_targets["peak"].by == "2028q2"
    assert delayed(case(capacity_targets=promise)).capacity_targets == {}
