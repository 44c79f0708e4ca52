"""Lots that are too many to be searched: rounded, audited, with a gap that holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_cases import drawn, more
from tiny import case

from planner.domain.case import Case
from planner.errors import Infeasible
from planner.intake import read_case
from planner.plan.plan import Plan, make_plan
from planner.study.whatif.variant import what_if

LOTS = {"whole": {"lots": True, "gap": 0}}
COSTS = {"order_hkd": 20_000, "rental_contract_hkd": 3_000, "new_kind_hkd_per_hall": 8_000, "devices_per_server": 2}
NOT_ROUNDED = ("whole", "objective")


@pytest.fixture
def none_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.domain.case.SEARCHED_LOTS", 0)


def lots_of(seed: int) -> Case:
    """A random case in whole lots, with futures, funds and a least order, or none of these."""
    pieces = {part: changes for part, changes in more(seed).items() if part not in NOT_ROUNDED}
    pieces["economics"] = {**pieces.get("economics", {}), **COSTS}
    changes = drawn(seed, **pieces, **LOTS)
    changes["offers"]["ascend"] = {**changes["offers"]["ascend"], "lot_devices": 2, "min_order_devices": 4}
    changes["offers"]["rent"] = {**changes["offers"]["rent"], "lot_devices": 1, "min_term_months": 5}
    return case(**changes)


def bound_hkd(plan: Plan) -> float:
    return float(str(plan.solver["relaxed_objective_hkd"]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 10))])
def test_the_best_plan_lies_between_the_bound_and_the_plan_that_is_told(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lots_of(seed)
    best = make_plan(whole)
    monkeypatch.setattr("planner.domain.case.SEARCHED_LOTS", 0)
    assert whole.rounds_lots
    plan = make_plan(whole)
    slack = 1e-6 * abs(best.objective_hkd) + 1.0
    assert bound_hkd(plan) - slack <= best.objective_hkd <= plan.objective_hkd + slack
    assert plan.solution.gap == pytest.approx(
        (plan.objective_hkd - bound_hkd(plan)) / abs(plan.objective_hkd), abs=1e-9
    )
    assert plan.audit.passed


@pytest.mark.usefixtures("none_is_searched")
def test_prices_are_those_of_the_optimum_in_fractions() -> None:
    plan = make_plan(lots_of(1))
    assert plan.solution.optimum is not None
    assert (plan.solution.prices == plan.solution.optimum.prices).all()


@pytest.mark.slow
@pytest.mark.usefixtures("none_is_searched")
def test_what_ifs_compare_fractions_and_say_so() -> None:
    whole = lots_of(1)
    answer = what_if(whole, {"sites.hall.pue": 1.9})
    fractions = what_if(
        whole.model_copy(update={"whole": whole.whole.model_copy(update={"lots": False})}), {"sites.hall.pue": 1.9}
    )
    assert answer.change_hkd == pytest.approx(fractions.change_hkd)
    assert answer.base.case.overrides == {"whole.lots": False}
    asked = what_if(whole, {"whole.lots": False})
    assert asked.change_hkd < 0


@pytest.mark.usefixtures("none_is_searched")
def test_limits_that_no_whole_lot_keeps_are_told_as_a_clash() -> None:
    # Ten devices keep the target; of fifteen on the market one server of eight can be had.
    peak = {"pflops": 5.9, "by": "2027q2", "basis": "peak", "precision": "fp8"}
    with pytest.raises(Infeasible):
        make_plan(case(**LOTS, offers={"card": {"supply_devices_total": 15}}, capacity_targets={"peak": peak}))


def test_small_cases_are_searched_and_hong_kong_is_rounded() -> None:
    assert not lots_of(0).rounds_lots
    assert read_case(Path(__file__).parents[2] / "examples/hong_kong/case.yaml").rounds_lots
