"""Scores by hand, switching values against closed forms, draws that never hang on order."""

from __future__ import annotations

import numpy as np
import pytest

from planner.domain.base import Range
from planner.study.compare.ranking import Candidate, ranks, scores, stability, switches

WEIGHTS = {"cost": 60.0, "months": 40.0}
PRICES = Range(low=0.9, mid=1.0, high=1.5)


def one(option, cost, months, moving=None):
    return Candidate(option, {"cost": cost, "months": months}, cost if moving is None else moving, {"calm": cost})


A, B, C = one("a", 100.0, 0.2), one("b", 125.0, 0.6), one("c", 200.0, 0.1)


def test_scores_by_hand():
    assert scores([A, B, C], WEIGHTS) == pytest.approx([60 + 8, 48 + 24, 30 + 4])
    assert ranks([A, B, C], scores([A, B, C], WEIGHTS)) == [2, 1, 3]


def test_an_option_that_is_worse_in_all_changes_no_score():
    worse = one("worse", 1e6, 0.0)
    assert scores([A, B, C, worse], WEIGHTS)[:3] == pytest.approx(scores([A, B, C], WEIGHTS))


def test_prices_that_would_turn_it_are_those_of_the_closed_form():
    turns = {(each.moved, each.of): each for each in switches([A, B], WEIGHTS)}
    # 60 · 100 / (125 f) + 24 = 60 + 8, and 60 + 8 = 60 · 100 f / 125 + 24 below f = 1.
    assert turns["price", "b"].at == pytest.approx(100 / 125 * 60 / 44, rel=1e-9)
    assert turns["price", "b"].then_first == "a"
    assert turns["price", "a"].at == pytest.approx(1 - (72 - 68) / 4 * (1 - 0.92308) / 1, rel=0.02)
    assert turns["price", "a"].then_first == "a"


def test_the_weight_that_would_turn_it_is_where_two_lines_cross():
    turns = {(each.moved, each.of): each for each in switches([A, B], WEIGHTS)}
    # w · 1 + (1 − w) · 0.2 = w · 0.8 + (1 − w) · 0.6
    assert turns["weight", "cost"].at == pytest.approx(100 * 0.4 / 0.6)
    assert turns["weight", "cost"].now == pytest.approx(60)
    assert turns["weight", "months"].at == pytest.approx(100 * 0.2 / 0.6)


def test_what_leads_in_all_is_first_in_every_draw():
    best = one("best", 50.0, 0.9)
    steady = {each.option: each for each in stability([A, best, C], WEIGHTS, Range(low=0.95, mid=1, high=1.05))}
    assert steady["best"].first_share_both == 1
    assert (steady["best"].mean_rank, steady["best"].worst_rank) == (1, 1)
    assert steady["c"].rank_by_scenario == {"calm": 3}
    assert sum(each.first_share_weights for each in steady.values()) == pytest.approx(1)


def test_draws_hang_on_no_order_and_are_the_same_again():
    first = stability([A, B, C], WEIGHTS, PRICES)
    assert stability([C, A, B], WEIGHTS, PRICES) == first
    assert 0 < {each.option: each for each in first}["a"].first_share_both < 1


def test_prices_that_are_sure_turn_nothing():
    steady = {each.option: each for each in stability([A, B], WEIGHTS, Range(low=1, mid=1, high=1))}
    assert steady["b"].first_share_prices == 1


def test_weights_near_nothing_and_of_nothing_count_as_little():
    assert scores([A, B], {"cost": 1.0, "months": 0.0}) == pytest.approx([100, 80])
    assert np.isfinite(stability([A, B], {"cost": 1.0, "months": 1e-9}, PRICES)[0].mean_rank)
