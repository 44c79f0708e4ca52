"""Business as usual: the case with nothing on offer, measured as a plan is."""

from __future__ import annotations

import pytest
from tiny import case

from planner.plan.plan import make_plan
from planner.plan.usual import need

CARD = {"accelerator": "nvidia_rtx_5090d_v2", "devices": 2, "installed": "2026-10-01", "lifetime_years": 6}


def test_nothing_stands_and_nothing_is_done() -> None:
    made = make_plan(case())
    assert made.usual is not None
    assert (made.usual.net_spending_hkd, made.usual.done_pflops_days, made.usual.carbon_t) == (0.0, 0.0, 0.0)
    assert made.usual.asked_pflops_days == made.record.measures.asked_pflops_days > 0
    assert made.usual.unserved_hkd >= made.objective_hkd


def test_what_stands_goes_on_and_targets_and_funds_play_no_part() -> None:
    standing = case(sites={"hall": {"fleet": [CARD]}})
    target = {"name": "T", "by": "2027q4", "pflops": 1000.0, "basis": "bf16"}
    aimed = need(standing.model_copy(update={"capacity_targets": {"t": target}}))
    assert (aimed.offers, aimed.capacity_targets, aimed.funds, aimed.budget_hkd) == ({}, {}, {}, None)
    usual = make_plan(standing).usual
    assert usual is not None
    assert usual.done_pflops_days > 0
    assert usual.net_spending_hkd > 0
    assert usual.net_spending_hkd + usual.unserved_hkd == pytest.approx(make_plan(need(standing)).objective_hkd)
