"""The assumptions that decide a case are the first bars of its tornado, and are kept beside it until its inputs change."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from planner.cli.run import run
from planner.domain.case import Case
from planner.intake import read_case
from planner.plan.plan import make_plan
from planner.report.deciding import beside, end_of_summary, kept
from planner.study.sweep.deciding import Deciding, deciding
from planner.study.sweep.designs import estimates, tornado
from planner.study.sweep.effects import tornado_bars
from planner.study.sweep.runs import run_one

EXAMPLE = Path(__file__).parents[3] / "examples" / "1_power_limit" / "case.yaml"


@cache
def example() -> Case:
    return read_case(EXAMPLE)


@cache
def bars() -> Deciding:
    return deciding(make_plan(example()), lambda doing: None)


@pytest.mark.slow
def test_they_are_the_first_bars_of_the_tornado() -> None:
    parameters = estimates(example())
    whole = tornado_bars(parameters, [run_one(example(), point) for point in tornado(parameters)])[:5]
    assert [bar.path for bar in bars().bars] == [bar["path"] for bar in whole]
    for bar, wanted in zip(bars().bars, whole, strict=True):
        assert (bar.at_low_hkd, bar.at_high_hkd) == pytest.approx((wanted["at_low"], wanted["at_high"]), abs=1.0)


@pytest.mark.slow
def test_kept_beside_the_case_until_its_inputs_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.yaml"
    shutil.copy(EXAMPLE, case)
    assert kept(case, "any") is None
    assert "finds which estimates decide it" in str(end_of_summary(None, case))
    assert run(["assumptions", str(case), "--most", "1"]) == 0
    assert beside(case) == tmp_path / "case.assumptions.json"
    shown = capsys.readouterr().out
    assert run(["plan", str(case)]) == 0
    assert shown.splitlines()[-1] in capsys.readouterr().out
    case.write_text(case.read_text() + "# another\n")
    assert run(["plan", str(case)]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "found before the case or the catalogue changed" in page
    assert "planner assumptions" in page


def test_what_is_kept_and_broken_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    beside(case).write_text('{"results": {"bars": 3}}')
    assert kept(case, "any") is None
