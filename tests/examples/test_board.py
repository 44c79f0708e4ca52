"""What Hong Kong's README tells the board is what the plan says: every sentence, from the tables."""

from __future__ import annotations

from functools import cache
from typing import Any

import board
import pytest
from example_runs import plan_of

from planner.domain.case import Case
from planner.intake import read_case
from planner.intake.overrides.override import override
from planner.plan.plan import Plan, make_plan
from planner.report import deciding
from planner.study.reach.standing import standing_pflops

CLOSE = 1e-6


@cache
def in_fractions() -> Plan:
    return make_plan(plan_of("hong_kong").case.comparable)


def same(here: Any, there: Any) -> bool:
    """Whether two facts agree: numbers within a millionth."""
    if isinstance(here, dict):
        return here.keys() == there.keys() and all(same(value, there[key]) for key, value in here.items())
    if isinstance(here, list | tuple):
        return len(here) == len(there) and all(map(same, here, there))
    if isinstance(here, float):
        return here == pytest.approx(there, rel=CLOSE, abs=CLOSE)
    return bool(here == there)


@pytest.mark.long
def test_the_readme_says_what_the_kept_facts_say() -> None:
    assert board.told() == board.section(board.kept())


@pytest.mark.long
def test_the_kept_facts_are_those_of_the_plan() -> None:
    kept = board.kept()
    assert [name for name, fact in board.facts(plan_of("hong_kong")).items() if not same(fact, kept[name])] == []


@pytest.mark.long
def test_the_moves_that_the_readme_tells_meet_the_target() -> None:
    base, way = in_fractions(), board.kept()["way"]
    plan = make_plan(override(base.case, way["sets"]), near=base)
    assert standing_pflops(plan, board.TARGET) >= 180_000 * (1 - CLOSE)
    assert plan.objective_hkd == pytest.approx(way["objective_hkd"], rel=CLOSE)
    assert base.cost_hkd["shortfall"] == pytest.approx(way["missing_hkd"], rel=CLOSE)


@pytest.mark.long
def test_what_the_carbon_cap_costs_is_what_a_plan_without_it_saves() -> None:
    base, kept = in_fractions(), board.kept()["variants"]
    free = make_plan(override(base.case, {"carbon_cap": None}), near=base)
    assert base.objective_hkd == pytest.approx(kept[""][1], rel=CLOSE)
    assert free.objective_hkd == pytest.approx(kept["no_carbon_cap"][1], rel=CLOSE)


@pytest.mark.long
def test_the_assumption_that_moves_the_cost_most_moves_it_as_is_kept_beside_the_case() -> None:
    result = deciding.kept(board.FOLDER / "case.yaml", "")
    assert result
    base, bar = in_fractions(), result.deciding.bars[0]
    plan = make_plan(override(base.case, {bar.path: bar.low}), near=base)
    assert result.deciding.objective_hkd == pytest.approx(base.objective_hkd, rel=CLOSE)
    assert plan.objective_hkd - base.objective_hkd == pytest.approx(bar.at_low_hkd, rel=1e-4)


def test_five_of_the_assumptions_are_kept_and_few_plans_found_them() -> None:
    result = deciding.kept(board.FOLDER / "case.yaml", "")
    assert result
    assert len(result.deciding.bars) == 5
    assert result.deciding.runs < result.deciding.estimates


def test_every_variant_of_the_case_is_told() -> None:
    assert [name for name in board.kept()["variants"] if name] == list(case().variants)


def test_what_is_ordered_before_2028_is_announced() -> None:
    kept = board.kept()
    assert not set(kept["variants"][""][3]) & set(kept["unannounced"])


def test_the_screen_had_not_said_what_keeps_sandy_ridge_and_the_readme_had_blamed_power() -> None:
    least, *_ = board.kept()["alone"]
    assert least[0] == "money"


def test_round_numbers_have_a_source_or_a_range_and_a_variant() -> None:
    """Makers' share, the carbon cap and the money for devices had decided the headline with neither."""
    shares = [supply.share for supply in case().vendor_supply.values()]
    assert all(share.low < share.mid < share.high for share in shares)
    assert case().carbon_cap
    assert "Climate Action Plan" in case().carbon_cap.source
    assert "TrendForce" in case().funds["sandy_ridge_private"].note
    assert {"no_carbon_cap", "makers_share_low", "makers_share_high", "sandy_ridge_servers"} <= set(case().variants)


@cache
def case() -> Case:
    return read_case(board.FOLDER / "case.yaml")
