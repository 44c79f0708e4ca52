"""Tail cost: how far each branch's cost lies above the value at risk, when the case is averse to dear futures."""

from __future__ import annotations

from typing import Any

import pytest
from proof import SNAP, Break, cells, model_of, plan_of, price, row, rows

AVERSE = {
    "scenarios": SNAP,
    "risk": {"weight": 0.5, "tail": 0.5},
    "workloads": {"service": {"unserved_hkd_per_pflops_day": 1_000}},
}

BINDS: dict[str, Any] = {"scenarios": SNAP, "risk": {"weight": 0.4, "tail": 0.7}}
BREAKS = (
    Break("tail_cost", "tail_cost", "risk", figure={"risk": {"weight": 0.2}}),
)  # fmt: skip


def test_row_by_hand() -> None:
    # The branch of the embargo pays the deposit of the root and 1,000 HKD for every PFLOP/s-day not done, each at its full worth there.
    found = row(model_of(**AVERSE), "tail_cost(2027q4_snap_embargo)")
    assert found.terms == pytest.approx({
        "cvar_excess(2027q4_snap_embargo)": 1, "value_at_risk": 1, "order(card,hall,2027q1)": -0.0156,
        **{f"unserved(service,2027q{q}_snap_embargo)": -0.001 for q in (2, 3, 4)},
    })  # fmt: skip
    assert (found.sense, found.limit) == (">=", 0)
    assert found.because == "risk: weight 0.5 on the dearest 50%"


def test_objective_by_hand() -> None:
    # Nothing bought: 275,000 in both branches, without risk. Ten devices: 156,000 + 275,000 in the branch of the embargo, 879,000 in the other.
    # So nothing is bought, and expected cost = CVaR = 275,000.
    assert plan_of(**AVERSE).objective_hkd == pytest.approx(275_000)


def test_binds() -> None:
    # At 100,000 HKD per PFLOP/s-day the embargo costs 27,656,000 and the other branch 879,000 on ten devices; the dearest half is the embargo:
    # 0.5 · (27,656,000 + 879,000) / 2 + 0.5 · 27,656,000.
    plan = plan_of(**AVERSE | {"workloads": {}})
    assert plan.objective_hkd == pytest.approx(0.5 * (27_656_000 + 879_000) / 2 + 0.5 * 27_656_000)
    # The tail carries its whole weight: 0.5 / 0.5 · 0.5.
    assert price(plan, "tail_cost(2027q4_snap_embargo)") / 1e6 == pytest.approx(0.5)


def test_weight_one_buys_nothing_for_a_future_in_which_it_never_arrives() -> None:
    # Only the dearest half counts, and there the deposit is lost: no order is placed before the branches part.
    plan = plan_of(scenarios=SNAP, risk={"weight": 1, "tail": 0.5})
    assert "2027q1" not in set(cells(plan.rows.orders, "node"))
    assert plan.objective_hkd == pytest.approx(27_500_000)


def test_does_not_bind_at_weight_zero() -> None:
    assert rows(model_of(scenarios=SNAP), "tail_cost") == []
