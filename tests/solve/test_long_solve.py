"""A solve that takes long is looked at by presolve and goes on; what comes out is the same."""

from __future__ import annotations

import pytest
from every_family_solved import CASES
from proof import phase
from tiny import case

from planner.errors import Infeasible
from planner.model.build import build
from planner.plan.plan import make_plan
from planner.solve import highs
from planner.study.clash.conflict import irreducible


@pytest.mark.parametrize("family", ["power", "budget", "tail_cost"])
def test_it_goes_on_from_where_it_stood(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = make_plan(case(**CASES[family]))
    monkeypatch.setattr(highs, "_long", lambda engine: 3)
    looked_at = make_plan(case(**CASES[family]))
    assert looked_at.objective_hkd == pytest.approx(whole.objective_hkd, rel=1e-9)


def test_a_clash_is_found_by_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    target = {"t": {"pflops": 9, "by": "2027q3", "basis": "peak", "precision": "fp32"}}
    starved = case(**phase(power_mw=0.001), capacity_targets=target)
    monkeypatch.setattr(highs, "_long", lambda engine: 0)
    with pytest.raises(Infeasible):
        make_plan(starved)
    families = {row.family for row in irreducible(build(starved))}
    assert {"power", "capacity_target"} <= families
