"""A plan made near another: the same optimum as from nothing, and an audit that says what one says that knows nothing."""

from __future__ import annotations

import random
from typing import Any

import pytest
from random_cases import drawn
from tiny import case

from planner.audit import audit
from planner.domain.case import Case
from planner.errors import Infeasible, InvalidInput
from planner.intake.overrides.override import override
from planner.plan.plan import Plan, make_plan

MOVES: tuple[dict[str, Any], ...] = (
    {"sites.*.phases.*.power_mw": "*0.8"},
    {"offers.*.supply_devices_per_quarter": "*0.7"},
    {"offers.*.price_usd_per_device": "*1.2"},
    {"sites.*.tariff_hkd_per_kwh": "*1.3"},
    {"offers.*.lead_time_months": "+1"},
    {"offers.*.lead_time_months": "*0.5"},
    {"sites.*.fit_out_months": "+2"},
    {"controls.nvidia_h20_96gb": "uncontrolled"},
    {"controls.huawei_ascend_910c": "prohibited"},
    {"controls.huawei_ascend_910c": "compliance_risk"},
    {"budget_hkd": 5e7},
    {"workloads.*.growth_per_year": "*1.1"},
    {"economics.discount_rate": 0.02},
)


def planned(of: Case, near: Plan | None = None) -> Plan | None:
    try:
        return make_plan(of, near=near)
    except Infeasible:
        return None


def moved(before: Case, sets: dict[str, Any]) -> Case | None:
    """None where the case has nothing that could be moved so."""
    try:
        return override(before, sets)
    except InvalidInput:
        return None


def tried(seed: int, moves: int) -> int:
    """How many of so many moves could be planned; each plan is held against one made from nothing."""
    rng, before = random.Random(seed), case(**drawn(seed))
    base, count = make_plan(before), 0
    for sets in rng.sample(MOVES, moves):
        after = moved(before, sets)
        if after is None:
            continue
        nearby, scratch = planned(after, base), planned(after)
        assert (nearby is None) == (scratch is None), sets
        if nearby is None or scratch is None:
            continue
        assert nearby.objective_hkd == pytest.approx(scratch.objective_hkd, rel=1e-6, abs=1.0), sets
        assert nearby.audit == audit(nearby.case, nearby.rows.by_name, nearby.objective_hkd), sets
        count += 1
    return count


def test_a_plan_near_another_has_the_optimum_of_one_from_nothing() -> None:
    assert tried(1, 3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_plans_near_others_have_the_optima_of_those_from_nothing(seed: int) -> None:
    assert tried(seed, len(MOVES)) > 1


@pytest.mark.parametrize("table", ["service", "orders", "spend", "cash_years"])
def test_an_audit_that_knows_another_case_finds_a_planted_fault(table: str) -> None:
    before = case(**drawn(1))
    base, after = make_plan(before), override(before, {"sites.*.tariff_hkd_per_kwh": "*1.3"})
    plan = make_plan(after, near=base)
    line = plan.rows.by_name[table][0]
    amount = next(name for name, value in line.items() if isinstance(value, float) and value)
    faulty = {**plan.rows.by_name, table: [{**line, amount: line[amount] * 1.5}, *plan.rows.by_name[table][1:]]}
    verdict = audit(after, faulty, plan.objective_hkd, base.known.of(after))
    assert not verdict.passed
    assert verdict == audit(after, faulty, plan.objective_hkd)
