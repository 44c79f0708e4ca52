"""Whole servers: where servers come whole, an order is a number of servers."""

from __future__ import annotations

import pytest
from proof import Break, bought, model_of, plan_of, row, rows

BREAKS = (
    Break("whole_servers", "plain", "card,hall,2027q1", figure={"whole": {"servers": True}}),
)  # fmt: skip


def test_row_by_hand() -> None:
    found = row(model_of(whole={"servers": True}), "whole_servers(card,hall,2027q1)")
    assert found.terms == {"order(card,hall,2027q1)": 1, "servers(card,hall,2027q1)": -8}
    assert (found.sense, found.limit, found.because) == ("==", 0, "servers of 8")


def test_binds() -> None:
    # Ten devices are wanted: two servers of eight at 624,000 HKD each; the six idle ones are taken out at once.
    plan = plan_of(whole={"servers": True, "gap": 0})
    assert bought(plan) == pytest.approx(16)
    assert plan.objective_hkd == pytest.approx(16 * 78_000 + 99_000)
    assert plan.solver["relaxed_objective_hkd"] == pytest.approx(879_000)
    assert plan.solver["gap"] == 0


def test_does_not_bind_on_servers_of_one() -> None:
    plan = plan_of(whole={"servers": True}, economics={"devices_per_server": 1})
    assert plan.objective_hkd == pytest.approx(879_000)
    assert rows(model_of(), "whole_servers") == []
