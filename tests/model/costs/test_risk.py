"""Risk: what the aversion to dear futures adds to the expected cost."""

from __future__ import annotations

import pytest
from proof import SNAP, model_of, paid, plan_of, spending


def test_lines_by_hand() -> None:
    # Weight 0.4 on the dearest quarter: 0.4 for the value at risk, 0.4 / 0.25 for each branch's excess, and 40 % of every other line out.
    model = model_of(scenarios=SNAP, risk={"weight": 0.4, "tail": 0.25})
    lines = spending(model, "risk")
    assert lines["value_at_risk", "2027q1"] == pytest.approx(0.4e6)
    assert lines["cvar_excess(2027q4)", "2027q4"] == pytest.approx(1.6e6)
    assert lines["order(card,hall,2027q1)", "2027q2"] == pytest.approx(-0.4 * 62_400)


def test_binds() -> None:
    # Ten devices: the embargo costs 27,656,000, the other branch 879,000; the expected 14,267,500. The dearest half is the embargo: the risk
    # adds 0.4 of what it lies above the expectation.
    plan = plan_of(scenarios=SNAP, risk={"weight": 0.4, "tail": 0.5})
    assert paid(plan, "risk") == pytest.approx(0.4 * (27_656_000 - 14_267_500))


def test_does_not_bind_when_all_is_certain() -> None:
    assert paid(plan_of(risk={"weight": 0.4, "tail": 0.5}), "risk") == pytest.approx(0, abs=1e-3)


def test_a_tail_of_everything_is_the_expectation() -> None:
    plan = plan_of(scenarios=SNAP, risk={"weight": 0.4, "tail": 1})
    assert paid(plan, "risk") == pytest.approx(0, abs=1e-3)
    assert plan.objective_hkd == pytest.approx(14_267_500)
