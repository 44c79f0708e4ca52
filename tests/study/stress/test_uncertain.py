"""Scenarios that set fields of the case: each acts in its own branch, from its reveal on, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from tiny import case, offer, service

from planner.domain.case import Case
from planner.errors import InvalidInput
from planner.intake.overrides.override import override
from planner.model.build import build
from planner.plan.plan import make_plan
from planner.report.stress import page as stress_page
from planner.solve.futures import Futures
from planner.study.stress.stress import Stress, stress
from planner.study.stress.uncertain import branches, uncertain

PRICE, DEPOSIT = 78_000.0, 0.2


def two(sets: dict[str, Any], **changes: Any) -> Case:
    """Calm goes on; the other future is learnt of on 1 April 2027 and sets something."""
    scenarios = [
        {"id": "status_quo", "probability": 0.5},
        {"id": "other", "probability": 0.5, "revealed": "2027-04-01", "set": sets},
    ]
    return case(**{"scenarios": scenarios, **changes})


def futures_of(given: Case) -> Futures:
    return Futures(*branches(uncertain(given)))


def cost(found: Stress, scenario: str, plan: str = "stochastic") -> float:
    return next(c.cost_hkd or 0.0 for c in found.matrix if c.plan == plan and c.scenario == scenario)


def test_a_branch_that_sets_what_is_already_so_equals_the_tree_without() -> None:
    same = stress(two({"workloads.service.demand_pflops": 1.0}), periods_later=1)
    plain = make_plan(case()).objective_hkd
    assert same.stochastic.hkd == pytest.approx(plain)
    assert same.wait_and_see.hkd == pytest.approx(plain)


def test_demand_of_a_branch_asks_for_work_there_alone() -> None:
    futures = futures_of(two({"workloads.service.demand_pflops": 2.0}))
    limits = {row.key[-1]: row.limit for row in futures.model.rows if row.family == "demand"}
    assert limits == pytest.approx({
        "2027q2": 91, "2027q3": 92, "2027q4": 92, "2027q2_other": 182, "2027q3_other": 184, "2027q4_other": 184,
    })  # fmt: skip


def test_price_of_a_branch_holds_for_orders_placed_there() -> None:
    """Twice the price from the reveal on: an order of 2027q1 pays its balance as agreed, one of 2027q2 pays twice."""
    futures = futures_of(two({"offers.card.price_usd_per_device": "*2"}))
    model = futures.model
    paid: dict[tuple[str, str], float] = {}
    for line in model.lines:
        if line.cost == "purchase":
            key = model.columns.all[line.column].key[2], line.node.id
            paid[key] = paid.get(key, 0.0) + line.hkd
    assert paid["2027q1", "2027q1"] == pytest.approx(DEPOSIT * PRICE)
    assert paid["2027q1", "2027q2_other"] == pytest.approx((1 - DEPOSIT) * PRICE)
    assert paid["2027q2_other", "2027q2_other"] == pytest.approx(DEPOSIT * 2 * PRICE)
    assert paid["2027q2_other", "2027q3_other"] == pytest.approx((1 - DEPOSIT) * 2 * PRICE)
    assert paid["2027q2", "2027q3"] == pytest.approx((1 - DEPOSIT) * PRICE)


def test_lead_time_of_a_branch_holds_for_orders_placed_there() -> None:
    futures = futures_of(two({"offers.card.lead_time_months": 6}))
    arrives: dict[str, set[str]] = {}
    for row in futures.model.rows:
        if row.family == "fleet_balance" and len(row.key) == 3:
            for column, value in row.terms:
                index, kind = futures.model.columns.all[column].key, futures.model.columns.all[column].kind
                if kind == "order" and value < 0:
                    arrives.setdefault(index[2], set()).add(row.key[2])
    assert arrives["2027q1"] == {"2027q2", "2027q2_other"}
    assert arrives["2027q2"] == {"2027q3"}
    assert arrives["2027q2_other"] == {"2027q4_other"}


def test_power_of_a_branch() -> None:
    futures = futures_of(two({"sites.hall.power_mw": 0.006}))
    limits = {row.key[-1]: row.limit for row in futures.model.rows if row.family == "power"}
    assert limits["2027q3"] == 1.0
    assert limits["2027q3_other"] == 0.006


def test_a_control_of_a_branch_overtakes_orders_on_their_way() -> None:
    """Prohibited once revealed: what is ordered in 2027q1 ships on 1 April, and in the branch never comes."""
    found = stress(two({"controls.nvidia_rtx_5090d_v2": "prohibited"}), periods_later=0)
    assert cost(found, "other", "status_quo") > cost(found, "status_quo", "status_quo")
    futures = futures_of(two({"controls.nvidia_rtx_5090d_v2": "prohibited"}))
    arrives = {
        row.key[2]
        for row in futures.model.rows
        if row.family == "fleet_balance"
        for column, value in row.terms
        if value < 0 and futures.model.columns.all[column].kind == "order"
    }
    assert arrives == {"2027q2", "2027q3", "2027q4"}


def test_what_no_purchase_foresaw_against_direct_solves() -> None:
    """Each future's own optimum is that of a chain; with one that differs from the first day on, of the case with it set."""
    sets = {"workloads.service.unserved_hkd_per_pflops_day": 5_000}
    found = stress(two(sets, workloads={"service": service(start="2027q2")}), periods_later=0)
    best = {future.scenario: future.best.hkd for future in found.futures}
    plain = case(workloads={"service": service(start="2027q2")})
    assert best["status_quo"] == pytest.approx(make_plan(plain).objective_hkd)
    assert best["other"] == pytest.approx(make_plan(override(plain, sets)).objective_hkd)


def test_relations_hold_with_sets() -> None:
    sets = {
        "workloads.service.demand_pflops": 3,
        "offers.card.price_usd_per_device": "+50%",
        "sites.hall.tariff_hkd_per_kwh": 2,
    }
    found = stress(two(sets), periods_later=2)
    assert found.expected["expected_value"] is not None
    assert found.wait_and_see.hkd <= found.stochastic.hkd + 1 <= found.expected["expected_value"] + 2
    assert all(cell.regret is None or cell.regret.hkd >= 0 for cell in found.matrix)


def test_a_plan_over_all_scenarios_does_not_ignore_what_they_set() -> None:
    with pytest.raises(InvalidInput, match=r"scenario other sets sites\.hall\.power_mw"):
        build(two({"sites.hall.power_mw": 2}))


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        ({"horizon.end": "2028q4"}, "scenario other cannot set horizon.end"),
        ({"capacity_targets.peak.by": "2027q3"}, "settled before the scenario is revealed"),
        ({"offers.card": None}, "scenario other cannot add or take out offers.card"),
    ],
)
def test_what_a_scenario_cannot_set_is_refused(sets: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        branches(two(sets))


@pytest.mark.slow
def test_on_a_tree_too_large_to_choose_every_hall_keeps_the_ceiling_and_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """1,000 Ascend 910C would serve all of 300 PFLOP/s in a hall free of US-origin devices; 500 may stand under the ceiling."""
    mixed = two(
        {"workloads.service.unserved_hkd_per_pflops_day": 20_000},
        sites={"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 3}]}},
        offers={"ascend": offer(accelerator="huawei_ascend_910c", channel="domestic", price_usd_per_device=20_000)},
        workloads={"service": {"stacks_ready": ["cuda", "cann"], "demand_pflops": 300}},
    )
    free = stress(mixed, periods_later=0)
    monkeypatch.setattr("planner.solve.futures.CHOSEN_BELOW_COLUMNS", 0)
    held = stress(mixed, periods_later=0)
    assert (free.halls_held, held.halls_held) == (False, True)
    assert held.stochastic.hkd > free.stochastic.hkd
    said = "every hall keeps the supercomputer ceiling"
    assert said in str(stress_page(held))
    assert said not in str(stress_page(free))
