"""Domestic supply hangs on memory: law bars the stacks, and the plan of example 18 turns as its README says."""

from datetime import date
from functools import cache

import pytest
from example_runs import EXAMPLES, plan_of

from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, items, regimes
from planner.law.outcome import outcome_of
from planner.plan.plan import make_plan
from planner.study.whatif.variant import changed, named

NAME = "18_memory_runs_out"
DOMESTIC, WITHOUT_STACKS = "huawei_ascend_910c", "nvidia_l20"
VARIANTS = ("memory_runs_out", "memory_cut_off_high", "memory_cut_off", "memory_cut_off_low")


@cache
def plan(variant):
    base = plan_of(NAME)
    return base if variant is None else make_plan(changed(base.case, *named(base.case, variant)))


def devices(variant, accelerator, before="2029"):
    orders = plan(variant).orders
    chosen = orders[(orders["accelerator"] == accelerator) & (orders["period"] < before)]
    return float(chosen["devices"].sum())


@pytest.mark.parametrize("to", ["CN", "HK"])
@pytest.mark.parametrize("year", [2027, 2028])
def test_law_bars_the_memory_that_domestic_devices_need(to, year):
    for id in ("hbm2e", "hbm3"):
        stack = items()[id].as_article(accelerators(), "KR")
        asked = Transaction(destination=to, end_user_hq=to)
        assert outcome_of(stack, asked, date(year, 1, 1), regimes()).outcome == "presumption_of_denial"


def test_without_stock_the_plan_turns_to_cards_without_stacks():
    assert accelerators()[WITHOUT_STACKS].memory_type == "GDDR6"
    assert devices(None, WITHOUT_STACKS) == pytest.approx(0, abs=1e-6)
    assert devices("memory_cut_off", WITHOUT_STACKS) > 100
    assert devices("memory_cut_off", DOMESTIC) < devices(None, DOMESTIC)


def test_while_stock_lasts_the_plan_buys_ahead():
    late = devices("memory_runs_out", DOMESTIC) - devices("memory_runs_out", DOMESTIC, before="2028")
    assert devices("memory_runs_out", DOMESTIC) == pytest.approx(devices(None, DOMESTIC), rel=1e-3)
    assert devices("memory_runs_out", DOMESTIC, before="2028") > devices(None, DOMESTIC, before="2028")
    assert late <= 2 * 300_000 * 0.0001 / 4 + 1e-6


def test_the_readme_tells_what_is_solved():
    text = (EXAMPLES / NAME / "README.md").read_text()
    for variant in (None, *VARIANTS):
        cost = plan(variant).objective_hkd / 1e6
        row = f"| {variant or 'as estimated'} | {cost:.1f} | {devices(variant, DOMESTIC):.0f} | {devices(variant, WITHOUT_STACKS):.0f} |"
        assert row in text, row
    costs = [plan(variant).objective_hkd for variant in (None, *VARIANTS)]
    assert costs == sorted(costs)
