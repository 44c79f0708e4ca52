"""The best set of bids against every set tried out, and in parts against the price of the grant."""

from __future__ import annotations

from itertools import combinations

import pytest
from bids import bid, comparison, need, rental, written

import planner
from planner.intake.options_file import read_options
from planner.study.compare.carry_out import carry_out
from planner.study.compare.evaluate import Worlds
from planner.study.compare.findings import Dear
from planner.study.compare.fleet import wanted, with_bid

GRANT = 7_000_000
SERVED_HKD = 20_000
"""Value of a PFLOP/s-day."""


def bids(**each):
    """Three fleets of other sizes and prices that want more than the hall's power, and a rental."""
    changes = each or {}
    return {
        "small": bid(1_600_000, 20, **changes),
        "middle": bid(2_700_000, 40, **changes),
        "large": bid(6_000_000, 60, **changes),
        "cloud": rental(parts={"nodes": {"devices": 4}}, **changes),
    }


def asked(**each):
    return {**comparison(grant_hkd=GRANT), "options": bids(**each)}


def value_of(inputs, worlds, answer, names, grant):
    """Net value of a set of bids that are taken whole; None where it asks for too much or the hall is too small."""
    if sum(answer.option(name).price_hkd for name in names) > grant:
        return None
    orders, rents, offers, terms = {}, {}, {}, 0.0
    case = with_bid(worlds.now.case, inputs.comparison, "small")
    for name in names:
        alone = with_bid(worlds.now.case, inputs.comparison, name)
        offers |= alone.offers
        more, let = wanted(alone, inputs.comparison, name)
        orders |= more
        rents |= let
        # Its own terms: what the comparison counts beside what the plan of the bid alone does.
        plan = carry_out(alone, more, let).plan
        paid = sum(hkd for cost, hkd in plan.cost_hkd.items() if cost != "unserved")
        terms += answer.option(name).npv_cost_hkd - paid
    done = carry_out(case.model_copy(update={"offers": offers}), orders, rents)
    if done.limits:
        return None
    paid = sum(hkd for cost, hkd in done.plan.cost_hkd.items() if cost != "unserved")
    return worlds.now.total_hkd - done.plan.cost_hkd.get("unserved", 0.0) - paid - terms


@pytest.mark.slow
def test_the_best_set_is_the_best_of_all_sets(tmp_path):
    path = written(tmp_path, asked(), need(sites={"hall": {"power_mw": 0.1}}))
    inputs, answer = read_options(path), planner.compare(path)
    worlds, best = Worlds(inputs.comparison, inputs.case), answer.portfolio
    names = ("cloud", "large", "middle", "small")
    sets = [some for size in range(5) for some in combinations(names, size)]
    values = {some: value for some in sets if (value := value_of(inputs, worlds, answer, some, GRANT)) is not None}
    assert len(values) < len(sets)
    most = max(values, key=values.__getitem__)
    assert tuple(each.option for each in best.taken) == most
    assert best.net_value_hkd == pytest.approx(values[most], rel=1e-5)
    assert best.hkd_per_grant_hkd is None


@pytest.mark.slow
def test_the_best_set_of_one_is_the_option_itself(tmp_path):
    path = written(tmp_path, {**comparison(grant_hkd=GRANT), "options": {"only": bid()}})
    answer = planner.compare(path)
    assert [(each.option, each.share) for each in answer.portfolio.taken] == [("only", 1.0)]
    only = answer.option("only")
    assert answer.portfolio.npv_cost_hkd == pytest.approx(only.npv_cost_hkd, rel=1e-6)
    assert answer.portfolio.net_value_hkd == pytest.approx(only.net_value_hkd, rel=1e-6)
    assert answer.portfolio.work_pflops_days == pytest.approx(only.work_pflops_days, rel=1e-6)


@pytest.mark.slow
def test_a_part_of_a_divisible_bid_is_had_at_a_part_of_its_price_and_the_grant_has_a_price(tmp_path):
    path = written(tmp_path, {**comparison(), "options": {"only": bid(divisible=True)}})
    half = planner.compare(path, grant_hkd=1_500_000)
    more = planner.compare(path, grant_hkd=1_600_000)
    assert half.portfolio.taken[0].share == pytest.approx(0.5)
    assert half.option("only").excluded_by == (Dear(3_000_000, 1_500_000),)
    gained = more.portfolio.net_value_hkd - half.portfolio.net_value_hkd
    assert half.portfolio.hkd_per_grant_hkd == pytest.approx(gained / 100_000, rel=1e-4)


@pytest.mark.slow
def test_a_bid_that_costs_more_than_its_work_is_worth_is_left(tmp_path):
    dear = {**comparison(grant_hkd=1e12), "options": {"dear": bid(400_000_000)}}
    answer = planner.compare(written(tmp_path, dear))
    assert answer.portfolio.taken == ()
    assert answer.portfolio.net_value_hkd == pytest.approx(0, abs=1)
    assert answer.recommendation.verdict == "not_worth_it"


@pytest.mark.slow
def test_ids_that_join_to_the_same_word_stay_apart(tmp_path):
    cards = bid()["parts"]["cards"]
    twins = {"a": bid(parts={"cards": None, "b_c": cards}), "a_b": bid(3_600_000, parts={"cards": None, "c": {**cards, "price_hkd": 3_600_000}})}  # fmt: skip
    answer = planner.compare(written(tmp_path, {**comparison(grant_hkd=1e8), "options": twins}))
    assert {each.option: each.price_hkd for each in answer.portfolio.taken}["a"] == 3_000_000
    assert answer.option("a").npv_cost_hkd < answer.option("a_b").npv_cost_hkd
