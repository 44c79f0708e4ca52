"""HiGHS may end a large program that no plan satisfies with no status at all: it is then run once more without presolve."""

from __future__ import annotations

import highspy
import pytest
from tiny import case

from planner.errors import SolverFailed
from planner.model.build import build
from planner.plan.plan import make_plan
from planner.solve.highs import solve
from planner.solve.of_model import arrays
from planner.solve.outcome import Solution


class Confused(highspy.Highs):  # type: ignore[misc]
    """Gives no status as long as presolve is on."""

    def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802 - the name is HiGHS'
        if self.getOptionValue("presolve")[1] != "off":
            return highspy.HighsModelStatus.kNotset
        return super().getModelStatus()


class Lost(Confused):
    """Gives no status at all."""

    def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802 - the name is HiGHS'
        return highspy.HighsModelStatus.kUnknown


def test_it_is_run_again_without_presolve(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = make_plan(case()).objective_hkd
    monkeypatch.setattr(highspy, "Highs", Confused)
    found = solve(arrays(build(case())))
    assert isinstance(found, Solution)
    assert found.objective * 1e6 == pytest.approx(expected)


def test_without_a_status_there_is_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highspy, "Highs", Lost)
    with pytest.raises(SolverFailed, match="HiGHS stopped without a solution: "):
        make_plan(case())
