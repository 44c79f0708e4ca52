"""Drawn cases: of the stated size, the same every time, and with a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.cases import SIZES, Size, drawn, write
from benchmarks.process import measured
from benchmarks.results import whole
from benchmarks.stages import STAGES
from planner.intake import read_inputs
from planner.plan.plan import make_plan

SMALL = Size(6, 2, 6, 6)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["S", "L", "XL"])
def test_a_case_has_the_size_that_its_name_says(name: str, tmp_path: Path) -> None:
    size = SIZES[name]
    inputs = read_inputs(write(name, size, tmp_path))
    case = inputs.case
    assert len({offer.accelerator for offer in case.offers.values()}) == size.accelerators
    assert len(case.sites) == size.sites
    assert len(case.horizon.periods) == size.periods
    assert len(case.workloads) == size.workloads
    assert len(case.tree.leaves) == size.scenarios
    assert inputs.warnings == ()


def test_a_seed_draws_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    texts = []
    for folder, seed in (("first", 1), ("again", 1), ("other", 2)):
        path = write("S", SIZES["S"], tmp_path / folder, seed)
        texts.append((path.read_bytes(), path.with_suffix(".csv").read_bytes()))
    assert texts[0] == texts[1]
    assert texts[0][0] != texts[2][0]
    assert texts[0][1] != texts[2][1]


def test_more_devices_than_have_a_price_are_refused() -> None:
    with pytest.raises(ValueError, match="are asked for"):
        drawn(Size(112, 4, 8, 20), 1)


@pytest.mark.slow
def test_a_drawn_case_has_a_plan_that_does_most_of_the_work(tmp_path: Path) -> None:
    plan = make_plan(read_inputs(write("S", SIZES["S"], tmp_path)).case)
    asked, missing = (plan.unserved[f"{what}_pflops_days"].sum() for what in ("asked", "unserved"))
    assert asked > 0
    assert missing < 0.1 * asked
    assert plan.audit.passed


@pytest.mark.slow
def test_stages_of_a_plan_are_timed_in_a_process_of_its_own(tmp_path: Path) -> None:
    case = write("small", SMALL, tmp_path)
    result = measured("stages", str(case), limit_s=60)
    assert list(result["stages"]) == list(STAGES)
    assert all(spent["cpu_s"] >= 0 for spent in result["stages"].values())
    assert result["stages"]["law"]["wall_s"] > 0
    assert result["stages"]["solve"]["wall_s"] > 0
    assert whole(result)["peak_mb"] > 50
    assert result["objective_hkd"] == pytest.approx(make_plan(read_inputs(case).case).objective_hkd, rel=1e-9)


@pytest.mark.slow
def test_a_measurement_that_takes_too_long_or_fails_is_told(tmp_path: Path) -> None:
    assert measured("stages", "no_such_case.yaml", limit_s=60)["stopped"].startswith("exit code")
    # Reading the tables of a large case alone takes longer than a second.
    case = write("XL", SIZES["XL"], tmp_path)
    late = measured("stages", str(case), limit_s=1)
    assert late["stopped"].startswith("not done after 1 CPU seconds")
    assert late["cpu_s"] == pytest.approx(1.0, abs=0.3)
