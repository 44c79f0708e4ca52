"""HiGHS and CBC agree on what a plan costs; a solver that is not there is a mistake of the call."""

from __future__ import annotations

import pulp
import pytest
from every_family_solved import CASES
from tiny import case

from planner.errors import Infeasible, UsageError
from planner.model.build import build
from planner.plan.plan import make_plan
from planner.solve import solver
from planner.solve.by_pulp import to_pulp

needs_cbc = pytest.mark.skipif(
    "PULP_CBC_CMD" not in pulp.listSolvers(onlyAvailable=True), reason="PuLP 4 brings no CBC"
)
FEW = ("demand", "budget", "silo", "tail_cost", "capacity_target", "compute")


@needs_cbc
@pytest.mark.parametrize("family", FEW)
def test_highs_and_cbc_agree_on_the_cost(family: str) -> None:
    tiny = case(**CASES[family])
    ours, theirs = make_plan(tiny), make_plan(tiny, solver="PULP_CBC_CMD")
    assert theirs.objective_hkd == pytest.approx(ours.objective_hkd, rel=1e-6)
    assert theirs.solver["solver"] == "PULP_CBC_CMD"


def test_a_case_that_leaves_nothing_to_decide_has_a_plan_that_costs_nothing() -> None:
    nothing = make_plan(case().model_copy(update={"offers": {}, "workloads": {}}))
    assert (nothing.objective_hkd, nothing.status, nothing.solver["columns"]) == (0, "optimal", 0)


@needs_cbc
def test_they_agree_on_whole_numbers_and_cbc_tells_no_prices_it_cannot_prove() -> None:
    tiny = case(whole={"lots": True, "gap": 0})
    plan = make_plan(tiny, solver="PULP_CBC_CMD")
    assert plan.objective_hkd == pytest.approx(make_plan(tiny).objective_hkd)
    assert plan.objective_hkd == pytest.approx(16 * 78_000 + 99_000)
    assert len(plan.shadow_prices) == 0


@needs_cbc
def test_they_agree_that_there_is_no_plan() -> None:
    clash = case(capacity_targets={"t": {"pflops": 1e6, "by": "2027q2", "basis": "peak"}})
    for name in ("HiGHS", "PULP_CBC_CMD"):
        with pytest.raises(Infeasible):
            make_plan(clash, solver=name)


def test_another_solver_is_heard_by_every_pulp(monkeypatch: pytest.MonkeyPatch) -> None:
    # PuLP 4 brings no solver of its own; its adapter of HiGHS stands in for one, and a report for a status.
    monkeypatch.setattr(solver, "available", lambda: ["THEIRS"])
    monkeypatch.setattr(pulp, "getSolver", lambda name, **_: pulp.HiGHS(msg=False))
    ours, theirs = make_plan(case()), make_plan(case(), solver="THEIRS")
    assert theirs.objective_hkd == pytest.approx(ours.objective_hkd)
    with pytest.raises(Infeasible):
        make_plan(case(capacity_targets={"t": {"pflops": 1e6, "by": "2027q2", "basis": "peak"}}), solver="THEIRS")


def test_a_solver_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="no solver 'GUROBI_CMD' is ready here; there are "):
        make_plan(case(), solver="GUROBI_CMD")


def test_highs_reads_the_lp_file_to_the_same_cost(tmp_path: object) -> None:
    # What PuLP writes for others to read is the program that was solved: readable names and all.
    import highspy

    tiny = case(**CASES["budget"])
    path = f"{tmp_path}/model.lp"
    program = to_pulp(build(tiny))
    program.problem.writeLP(path)
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.readModel(path)
    engine.run()
    assert engine.getObjectiveValue() * 1e6 == pytest.approx(make_plan(tiny).objective_hkd)
    with open(path, encoding="utf-8") as lp:
        assert "budget(ceiling,own,2027q4)" in lp.read()
