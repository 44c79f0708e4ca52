"""Stress: a two-stage toy worked by hand, then what must hold of any tree."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from tiny import case, offer, service

from planner.domain.case import Case
from planner.domain.policy import Risk
from planner.errors import UsageError
from planner.intake.read import read_case
from planner.model.build import build
from planner.plan.plan import make_plan
from planner.solve.futures import Futures
from planner.solve.objective import solve_model
from planner.study.stress.decide_by import revealed_later
from planner.study.stress.hedge import hedge, tail_cost, value
from planner.study.stress.stress import Stress, stress
from planner.study.stress.uncertain import uncertain
from planner.study.told_apart import Apart
from planner.study.whatif.replay import fixed
from planner.study.whatif.variant import under

HKD = 1e6
# A device bought in 2027q1 ships on 1 April: the snap embargo of 1 March overtakes it.
PRICE, DEPOSIT = 78_000.0, 15_600.0
ENERGY = 1.5 * 91 * 24  # one kilowatt at PUE 1.5 through 2027q2, at 1 HKD per kWh
WORTH = 0.1 * 91 * 10_000  # the work of one device in 2027q2 at its value of unserved work
BUY = PRICE + ENERGY


def toy(status_quo: float = 0.5, **changes: Any) -> Case:
    """Ten devices' work in 2027q2 alone. Buy now, and the embargo may take all but the deposit; or leave it unserved."""
    scenarios = [
        {"id": "status_quo", "probability": status_quo},
        {"id": "snap_embargo", "probability": 1 - status_quo},
    ]
    work = service(end="2027q2", unserved_hkd_per_pflops_day=10_000)
    return case(**{"scenarios": scenarios, "workloads": {"service": work}, **changes})


def costs(found: Stress, plan: str) -> dict[str, float]:
    return {cell.scenario: cell.cost_hkd or 0.0 for cell in found.matrix if cell.plan == plan}


def regrets(found: Stress, plan: str) -> dict[str, float]:
    return {cell.scenario: cell.regret.hkd if cell.regret else 0.0 for cell in found.matrix if cell.plan == plan}


def bought(found: Stress, plan: str) -> float:
    return sum(d.amount for d in found.decisions if d.plan == plan and d.decision == "order")


@pytest.fixture(scope="module")
def even() -> Stress:
    return stress(toy())


def test_toy_by_hand(even: Stress) -> None:
    assert even.first_stage == ("2027q1",)
    best = {future.scenario: future.best.hkd for future in even.futures}
    assert best == pytest.approx({"status_quo": 10 * BUY, "snap_embargo": 10 * WORTH})
    assert even.wait_and_see.hkd == pytest.approx(861_380)
    assert even.stochastic.hkd == pytest.approx(910_000)
    assert even.expected["expected_value"] == pytest.approx(0.5 * 10 * BUY + 0.5 * (10 * WORTH + 10 * DEPOSIT))
    assert even.evpi.hkd == pytest.approx(48_620)
    assert even.vss.hkd == pytest.approx(29_380)
    assert bought(even, "status_quo") == pytest.approx(10)
    assert bought(even, "stochastic") == pytest.approx(0)


def test_an_order_that_the_embargo_overtakes_loses_its_deposit(even: Stress) -> None:
    assert costs(even, "status_quo") == pytest.approx(
        {"status_quo": 10 * BUY, "snap_embargo": 10 * WORTH + 10 * DEPOSIT}
    )
    assert regrets(even, "status_quo") == pytest.approx({"status_quo": 0, "snap_embargo": 10 * DEPOSIT}, abs=0.01)


def test_what_goes_unserved(even: Stress) -> None:
    unserved = {cell.scenario: cell.unserved for cell in even.matrix if cell.plan == "stochastic"}
    assert unserved == pytest.approx({"status_quo": 91, "snap_embargo": 91})


def test_least_largest_regret_by_hand(even: Stress) -> None:
    """Regret of x devices: (10 - x) · (worth - cost) without the embargo, x · deposit with it; least where they meet."""
    gain = WORTH - BUY
    x = 10 * gain / (gain + DEPOSIT)
    assert bought(even, "minimax_regret") == pytest.approx(x, rel=1e-4)
    assert regrets(even, "minimax_regret") == pytest.approx(
        {"status_quo": x * DEPOSIT, "snap_embargo": x * DEPOSIT}, rel=1e-3
    )


@pytest.mark.parametrize("chance", [0.5, 0.7, 0.8, 0.9])
def test_stochastic_plan_against_brute_force(chance: float) -> None:
    found = stress(toy(chance), periods_later=0)
    amounts = np.linspace(0, 10, 101)
    expected = [chance * (x * BUY + (10 - x) * WORTH) + (1 - chance) * (10 * WORTH + x * DEPOSIT) for x in amounts]
    assert found.stochastic.hkd == pytest.approx(min(expected))


def test_hedge_costs_something_in_the_likeliest_future() -> None:
    found = stress(toy(0.55), periods_later=0)
    assert found.likeliest == "status_quo"
    assert found.hedging.hkd == pytest.approx(10 * (WORTH - BUY))


def test_decision_changes_once_the_embargo_comes_too_late_to_overtake_the_order(even: Stress) -> None:
    later = even.later[0]
    assert (later.periods, later.first_reveal, later.same) == (1, date(2027, 6, 1), False)
    assert later.extra.hkd == pytest.approx(10 * (WORTH - BUY))


def test_a_decision_that_no_reveal_changes_holds_to_the_end() -> None:
    found = stress(toy(0.9), periods_later=1)
    assert [later.same for later in found.later] == [True]


def test_myopic_is_never_better_than_foresight(even: Stress) -> None:
    assert all(regret >= 0 for regret in regrets(even, "myopic").values())
    assert even.expected["myopic"] == pytest.approx(939_380)
    assert even.myopia.hkd == pytest.approx(29_380)


@pytest.fixture(scope="module")
def hedge_example() -> Stress:
    return stress(read_case("examples/15_hedge/case.yaml"), periods_later=0)


def test_order_of_the_three_costs(hedge_example: Stress) -> None:
    found = hedge_example
    assert found.expected["expected_value"] is not None
    slack = 1e-6 * found.stochastic.hkd
    assert found.wait_and_see.hkd <= found.stochastic.hkd + slack <= found.expected["expected_value"] + 2 * slack
    assert found.evpi.hkd >= 0
    assert found.vss is not None
    assert found.vss.hkd >= 0
    assert all(cell.regret is not None and cell.regret.hkd >= 0 for cell in found.matrix)


def test_the_hedge_is_the_plan_that_planner_plan_audits(hedge_example: Stress) -> None:
    neutral = make_plan(uncertain(read_case("examples/15_hedge/case.yaml")))
    assert hedge_example.stochastic.hkd == pytest.approx(neutral.objective_hkd)
    averse = make_plan(read_case("examples/15_hedge/case.yaml"))
    shares = np.array([0.7, 0.3])
    cost = np.array(list(costs(hedge_example, "cvar").values()))
    assert 0.5 * shares @ cost + 0.5 * max(cost) == pytest.approx(averse.objective_hkd, rel=1e-5)


def test_minimax_has_the_least_largest_regret(hedge_example: Stress) -> None:
    largest = {plan: max(regrets(hedge_example, plan).values()) for plan in hedge_example.plans}
    assert largest["minimax_regret"] <= min(largest.values()) * (1 + 1e-3) + 1


def test_matrix_against_direct_solves() -> None:
    """Each plan's first-stage orders fixed in the ordinary program, and each future planned by itself."""
    given = toy(0.6)
    found, model = stress(given, periods_later=0), build(given)
    for plan in ("status_quo", "snap_embargo", "expected_value", "stochastic", "minimax_regret"):
        orders = {d.what: d.amount for d in found.decisions if d.plan == plan}
        amounts = {key: orders.get(key[0], 0.0) for key in model.columns.order if key[2] == "2027q1"}
        columns = fixed(model, {**amounts, **{k: 0.0 for k in model.columns.order if k[2] != "2027q1"}})
        assert solve_model(columns).objective * HKD == pytest.approx(found.expected[plan], rel=1e-5)
    for future in found.futures:
        assert future.best.hkd == pytest.approx(make_plan(under(given, future.scenario)).objective_hkd)
    assert found.stochastic.hkd == pytest.approx(make_plan(given).objective_hkd)


def test_branches_that_change_nothing_equal_the_chain() -> None:
    late = [
        {"id": "status_quo", "probability": 0.4},
        {"id": "snap_embargo", "probability": 0.6, "revealed": "2027-08-15"},
    ]
    found = stress(toy(scenarios=late), periods_later=0)
    chain = make_plan(toy(scenarios=[])).objective_hkd
    assert found.stochastic.hkd == pytest.approx(chain)
    assert found.wait_and_see.hkd == pytest.approx(chain)
    assert found.evpi.hkd == pytest.approx(0, abs=0.1)
    assert found.vss.hkd == pytest.approx(0, abs=0.1)


SETS = {"offers.card.price_usd_per_device": "*2"}
UNEQUAL = [
    {"id": "status_quo", "probability": 0.5},
    {"id": "snap_embargo", "probability": 0.3},
    {"id": "dear", "probability": 0.2, "revealed": "2027-07-01", "set": SETS},
]


@pytest.mark.slow
@pytest.mark.parametrize("listed", [UNEQUAL, UNEQUAL[1:]])
def test_the_order_of_the_list_changes_no_figure(listed: list[dict[str, Any]]) -> None:
    """Also where every scenario changes something, so that the trunk has no name and ends."""
    share = sum(one["probability"] for one in listed)
    weighed = [{**one, "probability": one["probability"] / share} for one in listed]
    first, *others = (stress(toy(scenarios=list(order)), periods_later=1) for order in permutations(weighed))
    assert first.plans["myopic"]
    for other in others:
        assert other.futures == first.futures
        assert other.expected == pytest.approx(first.expected, rel=1e-9)
        assert [(c.plan, c.scenario) for c in other.matrix] == [(c.plan, c.scenario) for c in first.matrix]
        assert [c.cost_hkd for c in other.matrix] == pytest.approx([c.cost_hkd for c in first.matrix], rel=1e-9)
        assert other.decisions == first.decisions
        assert other.later == first.later


def cvar_plan(weight: float, tail: float, chance: float = 0.8) -> tuple[float, Futures, np.ndarray]:
    futures = Futures(uncertain(toy(chance)))
    measure = tail_cost(futures.chances, Risk(weight=weight, tail=tail))
    values = hedge(futures, measure, [futures.hedged.values])
    return value(measure, futures.chances, futures.costs(values)), futures, futures.costs(values)


def test_no_weight_on_the_tail_is_risk_neutral() -> None:
    objective, futures, _ = cvar_plan(0.0, 0.2)
    assert objective == pytest.approx(futures.hedged.objective, rel=1e-6)


def test_all_weight_on_a_tail_of_one_future_is_its_worst_case() -> None:
    objective, futures, found = cvar_plan(1.0, 0.2)
    assert objective * HKD == pytest.approx(10 * WORTH, rel=1e-5)
    assert max(found) == pytest.approx(objective, rel=1e-5)
    assert max(found) == pytest.approx(max(best.objective for best in futures.alone), rel=1e-5)


def test_cost_of_the_tail_falls_and_expected_cost_rises_with_its_weight() -> None:
    plans = [cvar_plan(weight, 0.2) for weight in (0.0, 0.3, 0.6, 1.0)]
    expected = [float(futures.chances @ found) for _, futures, found in plans]
    worst = [max(found) for *_, found in plans]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(expected))
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(worst))


@pytest.mark.parametrize("weight", [0.3, 0.7, 1.0])
def test_mixture_equals_the_program_with_tail_rows(weight: float) -> None:
    """The same risk written as rows of one linear program (`risk` of a case)."""
    direct = make_plan(toy(0.8, risk={"weight": weight, "tail": 0.2})).objective_hkd
    assert cvar_plan(weight, 0.2)[0] * HKD == pytest.approx(direct, rel=1e-5)


def test_a_promise_that_a_future_breaks_has_a_price_and_shows_as_shortfall() -> None:
    promise = {"peak": {"pflops": 1.0, "by": "2027q2", "basis": "peak", "precision": "fp8"}}
    found = stress(toy(capacity_targets=promise), periods_later=0)
    assert found.priced["peak"] > 0
    missing = {cell.scenario: cell.shortfall["peak"] for cell in found.matrix if cell.plan == "stochastic"}
    assert missing["status_quo"] == pytest.approx(0, abs=1e-6)
    assert missing["snap_embargo"] == pytest.approx(1.0)
    cells = {cell.scenario: cell.cost for cell in found.matrix if cell.plan == "stochastic"}
    told = cells["snap_embargo"]
    assert told is not None
    # One PFLOP/s is missing, once, at no discount: its made-up price is no money.
    assert told.hard_shortfall_hkd == pytest.approx(1.0 * found.priced["peak"])
    assert told.soft_shortfall_hkd == 0
    assert told.money_hkd == pytest.approx(told.hkd - told.hard_shortfall_hkd)


def test_scenarios_of_the_rule_book_when_the_case_has_none() -> None:
    taken = uncertain(case(offers={"card": offer()}))
    assert {s.id: s.probability for s in taken.scenarios} == pytest.approx(
        {"status_quo": 0.55, "tightening": 0.2, "relaxation": 0.2, "snap_embargo": 0.05}
    )


def test_weights_of_the_call() -> None:
    taken = uncertain(case(), {"tightening": 0.3, "status_quo": 0.7})
    assert [(s.id, s.probability) for s in taken.scenarios] == [("status_quo", 0.7), ("tightening", 0.3)]
    with pytest.raises(UsageError, match=r"no scenario 'tightning'\. Did you mean 'tightening'"):
        uncertain(case(), {"tightning": 1.0})
    with pytest.raises(UsageError, match=r"add up to 1, not 0\.9"):
        uncertain(case(), {"tightening": 0.3, "status_quo": 0.6})


def test_one_future_is_no_stress() -> None:
    with pytest.raises(UsageError, match="two scenarios that part"):
        stress(case(), {"status_quo": 1.0})


def test_halls_that_the_tree_declares_free_are_free_in_every_future():
    # 1,000 Ascend pass the ceiling in a hall for which cards are also on offer; each costs HKD 156,000 and HKD 9,900 of energy.
    ascend = offer(accelerator="huawei_ascend_910c", channel="domestic", price_usd_per_device=20_000)
    tree = case(
        sites={"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 3}]}},
        offers={"ascend": ascend},
        workloads={"service": {"stacks_ready": ["cuda", "cann"], "demand_pflops": 300}},
        scenarios=[{"id": "status_quo", "probability": 0.5}, {"id": "snap_embargo", "probability": 0.5}],
    )
    futures = Futures(tree)
    assert futures.hedged.objective == pytest.approx(165.9)
    assert [alone.objective for alone in futures.alone] == pytest.approx([165.9, 165.9])


def test_a_tree_with_the_reveal_moved_is_the_same_with_what_is_known_of_law() -> None:
    known = Futures(toy())
    moved = revealed_later(known.case, 1)
    near, anew = Futures(moved, near=known, halls="as near").model, Futures(moved, halls="held").model
    assert [row[:] for row in near.rows] == [row[:] for row in anew.rows]
    assert [column[:] for column in near.columns.all] == [column[:] for column in anew.columns.all]
    assert near.cost_coefficients().tolist() == anew.cost_coefficients().tolist()
    assert near.options.refused == anew.options.refused


def test_a_plan_made_for_one_future_regrets_nothing_in_it(even: Stress, hedge_example: Stress) -> None:
    three = stress(toy(scenarios=UNEQUAL), periods_later=0)
    for found in (even, hedge_example, three):
        for future in found.futures:
            assert regrets(found, future.scenario)[future.scenario] == 0
            assert costs(found, future.scenario)[future.scenario] == pytest.approx(future.best.hkd, rel=1e-12)


def test_what_rounding_makes_is_zero_on_either_side() -> None:
    """A millionth of a billion is HKD 1,000: HKD 93.5 is noise, HKD 1,001 is not."""
    best = Apart(1e9, 1e9, 0.0, 0.0)
    assert Apart(1e9 + 93.5, 1e9 + 93.5, 0.0, 0.0).less(best).parts == (0, 0, 0, 0)
    assert Apart(1e9 - 93.5, 1e9, -93.5, 0.0).less(best).parts == (0, 0, 0, 0)
    assert Apart(1e9 + 1_001, 1e9, 0.0, 1_001.0).less(best).parts == (1_001, 0, 0, 1_001)


def test_a_soft_target_is_told_at_its_own_price() -> None:
    """Nobody buys at HKD 1 a PFLOP/s: each future misses the same, so that knowing it saves money alone."""
    promise = {"pflops": 1.0, "by": "2027q2", "basis": "peak", "precision": "fp8", "shortfall_hkd_per_pflops": 1.0}
    found = stress(toy(capacity_targets={"peak": promise}), periods_later=0)
    missed = [cell.cost for cell in found.matrix if cell.plan == "stochastic"]
    assert all(one is not None and one.hard_shortfall_hkd == 0 and one.soft_shortfall_hkd > 0 for one in missed)
    assert found.priced == {}
    assert found.evpi.hard_shortfall_hkd == 0
