"""A large program, or a solve that takes long, is asked whether limits clash, and goes on; what comes out is the same."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import pytest
from every_family_solved import CASES
from golden.every_family import every_family
from proof import phase
from tiny import case

from planner.errors import Infeasible
from planner.intake.read import read_case
from planner.model.build import build
from planner.plan.plan import make_plan
from planner.solve import highs
from planner.solve.of_model import arrays
from planner.solve.outcome import NoPlan
from planner.solve.resolve import Live
from planner.study.clash.conflict import irreducible


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What is answered where limits may clash; every program is large, and every solve of more than one iteration long."""
    answers: list[bool] = []
    clash = highs.clash

    def told(engine: highspy.Highs) -> bool:
        answers.append(clash(engine))
        return answers[-1]

    monkeypatch.setattr(highs, "clash", told)
    monkeypatch.setattr(highs, "LONG", 0.0)
    monkeypatch.setattr(highs, "LONG_AT_LEAST", 1)
    return answers


@pytest.mark.parametrize("family", ["power", "budget", "tail_cost"])
def test_it_goes_on_to_the_same_plan(family: str, request: pytest.FixtureRequest) -> None:
    whole = make_plan(case(**CASES[family]))
    answers = request.getfixturevalue("asked")
    again = make_plan(case(**CASES[family]))
    assert answers[0] is False
    assert again.objective_hkd == pytest.approx(whole.objective_hkd, rel=1e-9)


def test_it_goes_on_from_where_it_stood(asked: list[bool]) -> None:
    program = arrays(build(every_family())).in_fractions
    dearer = np.ones(len(program.cost))
    live = Live(program)
    live.solve()
    asked.clear()
    live.price(dearer)
    again = live.solve()
    assert asked == [False]
    assert again.objective == pytest.approx(Live(replace(program, cost=dearer)).solve().objective, rel=1e-9)


def test_a_clash_is_found_before_any_cost_is(asked: list[bool]) -> None:
    target = {"t": {"pflops": 9, "by": "2027q3", "basis": "peak", "precision": "fp32"}}
    starved = case(**phase(power_mw=0.001), capacity_targets=target)
    with pytest.raises(Infeasible):
        make_plan(starved)
    assert asked == [True]
    families = {row.family for row in irreducible(build(starved))}
    assert {"power", "capacity_target"} <= families


@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, True])
def test_money_that_does_not_pay_for_what_stands(whole: bool) -> None:
    """At least cost the dual simplex method loses its way here after 20 s, its bound at a thousand times all that any plan costs."""
    city = read_case("examples/hong_kong/case.yaml")
    model = build(city if whole else city.model_copy(update={"whole": type(city.whole)()}))
    program = arrays(model)
    high = program.row_high.copy()
    for number, row in enumerate(model.rows):
        if row.family == "budget" and row.sense == "<=" and row.limit > 0:
            high[number] *= 0.05
    assert bool(len(program.whole)) is whole
    assert isinstance(highs.solve(replace(program, row_high=high)), NoPlan)
